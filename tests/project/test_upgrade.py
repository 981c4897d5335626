"""`yinuo upgrade`: from the tables of an earlier version to ours, with a way back and a proof."""

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.installation import Installation, empty, installed

pytestmark = [pytest.mark.slow, pytest.mark.stored]

EARLIER = (("goals", "0003_depth"), ("commitments", "0003_report_source"))
"""Where the tables are put back to: what the version before had."""
PUT_BACK = """
import sys
from yinuo.project.main import cli
from django.core.management import call_command
for app, name in zip(sys.argv[1::2], sys.argv[2::2], strict=True):
    call_command("migrate", app, name, verbosity=0, skip_checks=True)
"""
LATER = """
from yinuo.project.main import cli
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
MigrationRecorder(connection).record_applied("goals", "0999_from_a_later_version")
"""
HOLD = """
from yinuo.project.main import cli
from django.db import connection
connection.cursor().execute("SELECT count(*) FROM django_migrations")
print("open", flush=True)
input()
"""


def script(city: Installation, text: str, *arguments: str) -> None:
    process = city.python("-c", text, *arguments)
    out, err = process.communicate(timeout=120)
    assert process.returncode == 0, out + err


def make_earlier(city: Installation) -> None:
    script(city, PUT_BACK, *(part for one in EARLIER for part in one))


@pytest.fixture
def earlier(tmp_path: Path) -> Iterator[Installation]:
    """An installation whose software is new and whose tables are not, with something in them."""
    with installed(tmp_path) as city:
        city.json("account", "add", "someone", "--name", "测试人")
        city.json("ledger", "seal")
        make_earlier(city)
        yield city


def rows(city: Installation) -> dict[str, int]:
    """How many rows each table has, by a backup's own count."""
    file = city.home / "counting.zip"
    told = city.json("backup", "--without-files", str(file))
    file.unlink()
    return {table["name"]: table["rows"] for table in told["tables"]}


def test_what_is_there_is_backed_up_brought_up_and_proven(earlier: Installation) -> None:
    refused = earlier.run("serve")
    assert "HOME-E005" in refused.stderr
    looked = earlier.run("upgrade", "--look")
    assert looked.returncode == 1
    assert "goals.0004_lit_register" in looked.stdout
    done = earlier.json("upgrade")
    assert {"goals.0004_lit_register", "commitments.0004_promisor_by_source"} <= set(
        done["changes"]
    )
    assert (done["faults"], done["known_before"], done["standing"]) == ([], [], "sound")
    assert Path(done["backup"]).parent == earlier.home / "backups"
    assert Path(done["backup"]).stat().st_mode & 0o777 == 0o600
    assert earlier.run("upgrade", "--look").returncode == 0
    assert "没有要更新的" in earlier.run("upgrade").stdout
    assert len(list((earlier.home / "backups").iterdir())) == 1


def test_its_words_say_what_was_proven(earlier: Installation) -> None:
    done = earlier.run("upgrade")
    assert done.returncode == 0, done.stdout + done.stderr
    for words in ("升级前的内容已备份到", "未发现不符", "根哈希相同", "封存记忆：与账本一致"):
        assert words in done.stdout


def test_the_backup_of_the_version_before_goes_into_an_empty_place(
    earlier: Installation, tmp_path: Path
) -> None:
    kept = earlier.json("upgrade")["backup"]
    (tmp_path / "second").mkdir()
    with empty(tmp_path / "second") as other:
        done = other.run("restore", kept)
        assert "未发现不符" in done.stdout, done.stdout + done.stderr
        assert other.run("upgrade", "--look").returncode == 0
        assert rows(other) == rows(earlier)


def test_it_does_not_go_over_what_is_there(earlier: Installation) -> None:
    kept = earlier.json("upgrade")["backup"]
    before = rows(earlier)
    refused = earlier.run("restore", kept, "--replace")
    assert refused.returncode == 1
    assert "BACKUP-E005" in refused.stderr
    assert rows(earlier) == before


def test_nobody_else_may_work_meanwhile(earlier: Installation) -> None:
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLD],
        env=earlier.env,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert holder.stdout is not None
    assert holder.stdout.readline() == "open\n"
    refused = earlier.run("upgrade")
    holder.communicate("\n", timeout=30)
    assert "UPGRADE-E001" in refused.stderr
    assert earlier.run("upgrade", "--look").returncode == 1
    assert not (earlier.home / "backups").exists()
    assert earlier.json("upgrade")["faults"] == []


def test_what_was_wrong_before_is_told_apart(earlier: Installation) -> None:
    script(earlier, TAMPER)
    done = earlier.json("upgrade")
    assert done["faults"] == []
    assert ["正文" in fault["what"] for fault in done["known_before"]].count(True) == 1


TAMPER = """
from yinuo.project.main import cli
from django.db import connection
with connection.cursor() as cursor:
    cursor.execute("UPDATE ledger_entry SET salt = body WHERE leaf_index = 3")
"""


def test_tables_of_a_later_version_are_left_alone(tmp_path: Path) -> None:
    with installed(tmp_path) as city:
        script(city, LATER)
        for command in ("upgrade", "serve"):
            refused = city.run(command)
            assert "UPGRADE-E002" in refused.stderr
            assert "goals.0999_from_a_later_version" in refused.stderr


def test_a_home_that_is_none_is_named(tmp_path: Path) -> None:
    with empty(tmp_path) as nothing:
        assert "HOME-E001" in nothing.run("upgrade").stderr


def test_json_lists_what_is_to_be_done(earlier: Installation) -> None:
    looked = earlier.run("upgrade", "--look", "--json")
    assert looked.returncode == 1
    assert len(json.loads(looked.stdout)["missing"]) >= len(EARLIER)
