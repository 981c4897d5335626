"""`yinuo snapshots`: take, list, bulletin."""

import io
import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from docx import Document
from pytest_django import Settings

from tests.city import JULY, OFFICE, City, make_city
from yinuo.kernel.errors import YinuoError
from yinuo.parties.viewer import NotAllowed
from yinuo.project.cli.snapshots import snapshots
from yinuo.web import clock

pytestmark = pytest.mark.django_db


@pytest.fixture
def home(db: None, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> City:
    """The small city as an installation that is there, on a day in July."""
    monkeypatch.setattr(clock, "now", lambda: JULY)
    settings.INSTALLATION = object()
    return make_city()


def run(*arguments: str) -> Result:
    return CliRunner().invoke(snapshots, list(arguments))


def test_taken_listed_and_written(home: City, tmp_path: Path) -> None:
    taken = run("take", "7 月调度会", "--office", OFFICE, "--account", "supervisor")
    assert (taken.exit_code, taken.output) == (0, "SN2024-07\n")
    listed = run("list", "--json", "--account", "supervisor")
    (one,) = json.loads(listed.output)
    assert (one["code"], one["as_of"], one["released"]) == ("SN2024-07", "2024-07-15", False)
    assert "7 月调度会　未发放" in run("list", "--account", "supervisor").output
    for name, start in (("a.docx", b"PK"), ("a.pdf", b"%PDF-")):
        file = tmp_path / name
        done = run("bulletin", "SN2024-07", str(file), "--account", "supervisor")
        assert done.exit_code == 0, done.output
        assert file.read_bytes().startswith(start)
    out = run("bulletin", "SN2024-07", "-", "--account", "supervisor")
    assert Document(io.BytesIO(out.stdout_bytes)).paragraphs[0].text == "市政府督查室"


def test_who_may_not_is_told(home: City) -> None:
    refused = run("take", "会", "--office", OFFICE, "--account", "lushun")
    assert isinstance(refused.exception, NotAllowed)
    assert "还没有调度会数据" in run("list", "--account", "lushun").output
    unknown = run("list", "--account", "nobody")
    assert unknown.exit_code == 2
    assert "没有账号 nobody" in unknown.output


def test_a_day_ahead_is_refused(home: City) -> None:
    ahead = run(
        "take", "会", "--office", OFFICE, "--account", "supervisor", "--as-of", "2024-07-16"
    )
    assert isinstance(ahead.exception, YinuoError)
    assert "截至日期不能晚于今天" in str(ahead.exception)
