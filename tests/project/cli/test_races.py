"""`yinuo races` as an office, and as a ranked unit, types it."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from pytest_django import Settings

from tests.city import JULY, OFFICE, City, make_city
from tests.supervision.race_city import CODE, publish_scheme, quarter
from yinuo.kernel.filestore import FileStore
from yinuo.parties.viewer import NotAllowed
from yinuo.project.cli import races as module
from yinuo.project.cli.races import FileUnreadable, races
from yinuo.supervision.queries.races import download
from yinuo.supervision.race.file import RaceFileUnreadable
from yinuo.web import clock

GOLDEN = Path(__file__).resolve().parents[2] / "golden" / "race" / "small.json"


def run(*arguments: str, stdin: bytes | None = None) -> Result:
    return CliRunner().invoke(races, list(arguments), input=stdin)


@pytest.fixture
def city(db: None, settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> City:
    settings.YINUO_FILES = tmp_path / "files"
    monkeypatch.setattr(clock, "now", lambda: JULY)
    monkeypatch.setattr(module, "now", lambda: JULY)
    found = make_city()
    publish_scheme(found, FileStore(settings.YINUO_FILES))
    quarter(found)
    return found


@pytest.mark.django_db
def test_a_race_by_hand(city: City, settings: Settings, tmp_path: Path) -> None:
    computed = run("compute", "--office", OFFICE, "--period", "2024Q2", "--by", "supervisor")
    assert computed.exit_code == 0, computed.output
    assert "区市县组  210212  70.00  第 1 档" in computed.output
    assert f"已存为草稿 {CODE}" in computed.output
    own = run("publish", CODE, "--by", "supervisor")
    assert isinstance(own.exception, NotAllowed)
    done = run("publish", CODE, "--by", "supervisor2")
    assert "2 个单位分档" in done.output
    (listed,) = json.loads(run("list", "--by", "lushun", "--json").output)
    assert (listed["code"], listed["status"], listed["public"]) == (CODE, "published", False)
    assert "已发布  2024年二季度赛马" in run("list", "--by", "lushun").output
    store = FileStore(settings.YINUO_FILES)
    file = tmp_path / "race.json"
    file.write_bytes(download(code=CODE, store=store, viewer=city["lushun"])[1])
    again = run("recompute", str(file))
    assert (again.exit_code, "全部 3 个单位一致" in again.output) == (0, True)
    assert listed["sha256"] in again.output


def test_a_tampered_file_is_named_and_fails() -> None:
    data = json.loads(GOLDEN.read_bytes())
    data["results"][0]["score"] = 100_00
    found = run("recompute", "-", stdin=json.dumps(data).encode())
    assert found.exit_code == 1
    assert "D1  D1区  不一致" in found.output
    assert "得分：文件写 10000，算出 8770" in found.output
    assert "D2  D2区  一致" in found.output
    told = json.loads(run("recompute", "-", "--json", stdin=json.dumps(data).encode()).output)
    assert [each["unit"] for each in told["units"] if not each["same"]] == ["D1"]


def test_what_is_no_race_is_refused(tmp_path: Path) -> None:
    assert isinstance(run("recompute", "-", stdin=b"{}").exception, RaceFileUnreadable)
    assert isinstance(run("recompute", str(tmp_path / "none")).exception, FileUnreadable)


@pytest.mark.slow
def test_recomputing_needs_neither_home_nor_database(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "yinuo.project", "races", "recompute", GOLDEN],
        env=os.environ | {"YINUO_HOME": str(tmp_path / "none")},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert "全部 7 个单位一致" in done.stdout
    assert not (tmp_path / "none").exists()
