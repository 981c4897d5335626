import sqlite3
from pathlib import Path

import pytest
from django.db import connection

from yinuo.project.database import BadDatabaseUrl, database_settings

HOME = Path("var")


def test_without_a_url_it_is_sqlite_in_the_home() -> None:
    chosen = database_settings("", home=HOME)
    assert chosen["NAME"] == HOME / "yinuo.sqlite3"
    assert chosen["OPTIONS"]["transaction_mode"] == "IMMEDIATE"
    assert chosen["OPTIONS"]["timeout"] == 30


def test_every_part_of_a_postgresql_url_counts() -> None:
    chosen = database_settings(
        "postgresql://us%40er:p%2Fw@db.example:5433/city?sslmode=require", home=HOME
    )
    assert chosen["ENGINE"] == "django.db.backends.postgresql"
    assert (chosen["USER"], chosen["PASSWORD"]) == ("us@er", "p/w")
    assert (chosen["HOST"], chosen["PORT"], chosen["NAME"]) == ("db.example", "5433", "city")
    assert chosen["OPTIONS"] == {"sslmode": "require"}


def test_a_socket_folder_may_stand_in_the_query() -> None:
    chosen = database_settings("postgresql://yinuo@/city?host=/run/pg", home=HOME)
    assert (chosen["HOST"], chosen["NAME"], chosen["OPTIONS"]) == ("/run/pg", "city", {})


@pytest.mark.parametrize("url", ["mysql://x/y", "城市数据库"])
def test_another_database_is_refused_with_the_form_to_use(url: str) -> None:
    with pytest.raises(BadDatabaseUrl, match="postgresql://"):
        database_settings(url, home=HOME)


def test_sqlite_is_durable_and_lets_readers_in(tmp_path: Path) -> None:
    opening = database_settings("", home=tmp_path)["OPTIONS"]["init_command"]
    opened = sqlite3.connect(tmp_path / "new.sqlite3")
    opened.executescript(opening)
    found = {
        name: opened.execute(f"PRAGMA {name}").fetchone()[0]
        for name in ("journal_mode", "synchronous", "foreign_keys")
    }
    opened.close()
    assert found == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1}


@pytest.mark.django_db
@pytest.mark.engine("sqlite")
def test_only_the_database_of_tests_is_not_durable() -> None:
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA synchronous")
        assert cursor.fetchone() == (0,)
