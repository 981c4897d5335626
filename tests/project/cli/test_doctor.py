"""`yinuo doctor` on an installation that is well, and on one that is not."""

import json
from pathlib import Path

import pytest

from tests.installation import Installation, installed

pytestmark = [pytest.mark.slow, pytest.mark.stored]

AHEAD = """
from yinuo.project.main import cli
from django.db import connection
with connection.cursor() as cursor:
    cursor.execute("UPDATE ledger_entry SET recorded_at = '2999-01-01 00:00:00+00:00' WHERE id = 1")
"""


def states(city: Installation, *arguments: str) -> dict[str, str]:
    done = city.run("doctor", *arguments, "--json")
    seen = json.loads(done.stdout)["seen"]
    assert done.returncode == int(any(one["state"] != "well" for one in seen)), done.stderr
    return {one["name"]: one["state"] for one in seen}


def test_what_is_well_and_what_is_not(tmp_path: Path) -> None:
    with installed(tmp_path) as city:
        found = states(city)
        assert {found[name] for name in ("secret", "tables", "clock", "log")} == {"well"}
        (city.home / "secret.key").chmod(0o644)
        done = city.python("-c", AHEAD)
        assert done.communicate(timeout=60)[1] == ""
        said = city.run("doctor", "--backups", str(tmp_path / "none"))
    assert said.returncode == 1
    for words in ("会话密钥的权限是 644", "时钟曾经快过", "这里没有备份", "项要处理"):
        assert words in said.stdout


def test_a_database_that_does_not_answer_is_named_without_a_trace(tmp_path: Path) -> None:
    with installed(tmp_path) as city:
        city.env["DATABASE_URL"] = "postgresql://nobody@127.0.0.1:1/none"
        looked = city.run("doctor")
        other = city.run("ledger", "verify")
    assert looked.returncode == other.returncode == 1
    assert "数据库不答应" in looked.stdout
    assert "HOME-E021" in other.stderr
    assert "Traceback" not in other.stderr
