"""`yinuo answers` as people run it."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from pytest_django import Settings

from tests.credit.asking.counter import HOSPITAL, prepare
from tests.credit.asking.counter import open_city as open_small_city
from yinuo.api.answer_errors import SameAdministrator
from yinuo.api.queries.answer_keys import public_key_of
from yinuo.commitments.errors import Invalid
from yinuo.project.cli.answers import answers
from yinuo.project.home import Home, NoHome

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def city(settings: Settings, tmp_path: Path) -> None:
    prepare(tmp_path, settings)
    settings.INSTALLATION = Home(city="大连市", origin="x", demo_date="2024-03-07")
    settings.YINUO_DEMO_DATE = "2024-03-07"
    open_small_city(tables=())


def run(*arguments: str) -> Result:
    return CliRunner().invoke(answers, arguments)


def add(code: str, *more: str) -> Result:
    title = ("--title", "收费系统", "--unit", HOSPITAL)
    return run("add", code, *title, "--scenario", "medicine", "--by", "admin", *more)


def token(result: Result) -> str:
    assert result.exit_code == 0, result.output
    return result.stdout.splitlines()[0].partition("：")[2]


def test_from_asking_to_ending() -> None:
    first = token(add("hospital", "--per-minute", "5"))
    assert public_key_of(token=first) is None
    assert isinstance(run("approve", "hospital", "--by", "admin").exception, SameAdministrator)
    assert run("approve", "hospital", "--by", "admin2").exit_code == 0
    found = public_key_of(token=first)
    assert found is not None
    assert found.asker.units == {HOSPITAL}
    (row,) = json.loads(run("list", "--by", "admin", "--json").stdout)
    assert (row["code"], row["state"], row["per_minute"]) == ("hospital", "active", 5)
    assert "收费系统" in run("list", "--by", "admin").stdout
    second = token(run("renew", "hospital", "--by", "admin2"))
    assert public_key_of(token=first) is None
    assert public_key_of(token=second) is not None
    assert run("end", "hospital", "--by", "admin").exit_code == 0
    assert public_key_of(token=second) is None


def test_all_faults_at_once() -> None:
    wrong = add("Bad Code", "--scenario", "finance")
    assert isinstance(wrong.exception, Invalid)
    assert [field for field, _ in wrong.exception.faults] == ["code", "scenarios"]


def test_without_a_home(settings: Settings) -> None:
    settings.INSTALLATION = None
    assert isinstance(run("list", "--by", "admin").exception, NoHome)
