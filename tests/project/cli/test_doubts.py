"""`yinuo doubts` in a home of its own."""

import json
from datetime import date

import pytest
from click.testing import CliRunner
from pytest_django import Settings

from tests.city import JULY, City
from tests.supervision.doubtful import publish_thresholds
from tests.visits import city, july
from yinuo.commitments.commands import deliver
from yinuo.ledger.commands.sealing import seal
from yinuo.ledger.memory import Memory
from yinuo.ledger.tlog.note import Signer
from yinuo.project.cli import doubts as cli
from yinuo.project.cli.doubts import doubts
from yinuo.project.home import NoHome
from yinuo.supervision.errors.doubts import NoThresholds
from yinuo.web.files import store

__all__ = ["city", "july"]
pytestmark = pytest.mark.django_db


@pytest.fixture
def home(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """Commands take the tests' database for an installation."""
    settings.INSTALLATION = object()
    monkeypatch.setattr(cli, "check_tables", lambda: None)


@pytest.fixture
def fallen(city: City, signer: Signer, memory: Memory) -> City:
    """A figure that fell, sealed."""
    for day, value in ((date(2024, 5, 31), "5"), (date(2024, 6, 30), "4")):
        deliver.report(
            commitment="LS-001",
            as_of_date=day,
            value=value,
            note="进展",
            by=city["lushun"],
            at=JULY,
        )
    seal(signer=signer, memory=memory)
    return city


def run(*arguments: str) -> str:
    done = CliRunner().invoke(doubts, arguments, catch_exceptions=False)
    assert done.exit_code == 0
    return done.stdout


def test_looking_finds_once_and_lists_by_kind(
    home: None, fallen: City, signer: Signer, memory: Memory
) -> None:
    with pytest.raises(NoThresholds):
        run("look")
    publish_thresholds(fallen, store())
    seal(signer=signer, memory=memory)
    assert run("look").endswith("2 次报送、0 张照片，新提出 1 个疑点\n")
    assert json.loads(run("look", "--json"))["doubts"] == 0
    again = json.loads(run("index", "--anew", "--json"))
    assert (again["reports"], again["doubts"]) == (2, 0)
    assert "累计数回落：待答复 1" in run("list")
    found = json.loads(run("list", "--json"))
    assert found["kinds"] == {"falling": {"open": 1, "answered": 0, "closed": 0}}


def test_an_empty_list_says_so(home: None, city: City) -> None:
    assert run("list").startswith("没有疑点\n照片 0 张")


def test_without_a_home_nothing_is_looked_at(city: City, settings: Settings) -> None:
    settings.INSTALLATION = None
    with pytest.raises(NoHome):
        run("look")
