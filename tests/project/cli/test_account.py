"""Erasing a person from the command line: still two persons."""

import json

import pytest
from click.testing import CliRunner, Result

from tests.city import City, make_city
from tests.protectors import add_protectors
from tests.tables import tables_holding
from yinuo.ledger.commands.erasing import SamePerson
from yinuo.ledger.replay import replay
from yinuo.parties.errors import UnknownParty
from yinuo.parties.viewer import NotAllowed
from yinuo.project.cli.account import account

pytestmark = pytest.mark.django_db


@pytest.fixture
def city(db: None) -> City:
    made = make_city()
    add_protectors(made)
    return made


def run(*arguments: str, answer: str | None = None) -> Result:
    return CliRunner().invoke(account, arguments, input=answer)


def asked() -> Result:
    return run("erase", "lushun", "--ground", "ended", "--by", "protect1")


def test_asked_listed_approved(city: City) -> None:
    assert "还没有依法删除的申请" in run("erasures").output
    assert "已申请，编号 E1、E2" in asked().output
    listed = run("erasures").output
    who = city["lushun"].actor
    assert f"E1、E2  待批准  {who} 的姓名和用户名  第二项" in listed
    assert "林甲" not in listed
    done = run("approve-erasure", "E1", "--by", "protect2", answer="y\n")
    assert "  林甲\n  lushun\n" in done.output
    assert "已删除，编号 E1、E2" in done.output
    assert tables_holding("林甲") == []
    (one,) = json.loads(run("erasures", "--json").output)["erasures"]
    assert (one["codes"], one["state"]) == (["E1", "E2"], "已删除")
    assert replay().faults == []


def test_no_answer_erases_nothing(city: City) -> None:
    asked()
    assert run("approve-erasure", "E1", "--by", "protect2", answer="\n").exit_code == 1
    assert run("approve-erasure", "E1", "--by", "protect2", "--json").exit_code == 2
    assert tables_holding("林甲") == ["ledger_text"]
    done = run("approve-erasure", "E1", "--by", "protect2", "--yes", "--json")
    assert json.loads(done.output) == {"erased": ["E1", "E2"]}


def test_the_same_person_twice_an_outsider_and_nobody_are_refused(city: City) -> None:
    asked()
    twice = run("approve-erasure", "E1", "--by", "protect1", "--yes")
    assert isinstance(twice.exception, SamePerson)
    outsider = run("erase", "pulandian", "--ground", "ended", "--by", "admin")
    assert isinstance(outsider.exception, NotAllowed)
    unknown = run("erase", "pulandian", "--ground", "ended", "--by", "谁也不是")
    assert isinstance(unknown.exception, UnknownParty)
    assert tables_holding("林甲") == ["ledger_text"]
