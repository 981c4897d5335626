"""`yinuo orders` as people run it."""

import json
from typing import Any

import pytest
from click.testing import CliRunner, Result
from django.conf import settings

from tests.city import JULY, City, make_city
from tests.supervision.orders import issued, publish_tables
from yinuo.kernel.filestore import FileStore
from yinuo.project.cli import orders as command_line
from yinuo.project.cli.orders import orders
from yinuo.web import clock

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def city(db: None, monkeypatch: pytest.MonkeyPatch) -> City:
    monkeypatch.setattr(clock, "now", lambda: JULY)
    monkeypatch.setattr(command_line, "_ready", lambda: None)
    made = make_city()
    publish_tables(made, FileStore(settings.YINUO_FILES))
    return made


def run(*arguments: str) -> Result:
    return CliRunner().invoke(orders, list(arguments))


def read(*arguments: str) -> Any:
    return json.loads(run(*arguments, "--json").stdout)


def test_what_is_due_with_its_rule() -> None:
    said = run("due", "--as", "supervisor").stdout
    assert "LS-001 解决历史遗留办证难（逾期：已逾期 15 天；规则 4）" in said
    found = read("due", "--as", "supervisor")
    assert (found["total"], found["due"][0]["step"], found["due"][0]["rule"]) == (1, "order", "4")
    assert read("due", "--as", "lushun")["total"] == 0


def test_what_runs_and_one_whole(city: City) -> None:
    code = issued(city)
    assert "督办〔2024〕1号" in run("list", "--as", "auditor").stdout
    assert read("list", "--as", "supervisor", "--state", "lapsed")["total"] == 0
    shown = read("show", code, "--as", "lushun")
    assert (shown["state"], [x["code"] for x in shown["about"]]) == ("unsigned", ["LS-001"])
    assert [x["what"] for x in shown["timeline"]] == ["发出"]
    assert "要求：请说明原因" in run("show", code, "--as", "lushun").stdout


def test_reminders_are_counted(city: City) -> None:
    issued(city)
    assert read("remind") == {"messages": 0}
