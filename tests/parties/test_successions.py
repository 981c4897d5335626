"""One unit in the place of others: who may, what is refused, who owes after a chain."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from yinuo.ledger.replay import replay
from yinuo.parties.commands import (
    OPERATOR,
    NewUnit,
    approve_succession,
    ask_succession,
    found_duties,
    open_account,
    refuse_succession,
    register_units,
)
from yinuo.parties.errors import (
    InvalidSuccession,
    SuccessionDecided,
    SuccessionTooEarly,
    UnknownSuccession,
)
from yinuo.parties.hierarchy import below
from yinuo.parties.models import Succession, Unit
from yinuo.parties.queries import (
    duties_in_force,
    public_successor,
    public_units,
    public_viewer,
    succession,
    successions,
)
from yinuo.parties.viewer import ANYONE, NotAllowed, Viewer

START = datetime(2024, 3, 1, 1, 0, tzinfo=UTC)
DAY = date(2024, 8, 1)
AUGUST = datetime(2024, 8, 2, 1, 0, tzinfo=UTC)
UNITS = "ABCDE"


def make_people() -> dict[str, Viewer]:
    """A city with five departments, two administrators, an auditor and an officer of A."""
    register_units(
        units=[
            NewUnit(code="X", name="市", kind="city"),
            *(
                NewUnit(code=code, name=f"{code}局", kind="department", parent="X")
                for code in UNITS
            ),
            NewUnit(code="A1", name="A局下属", kind="institution", parent="A"),
            NewUnit(
                code="N",
                name="新局",
                kind="department",
                parent="X",
                valid_from=date(2024, 7, 1),
            ),
        ],
        by=OPERATOR,
        at=START,
    )
    roles = {
        "one": ("administrator", "X"),
        "two": ("administrator", "X"),
        "small": ("administrator", "A"),
        "auditor": ("auditor", "X"),
        "officer": ("officer", "A"),
    }
    numbers = {
        who: open_account(
            username=who, name=who, password="一个足够长的密码 2024", by=OPERATOR, at=START
        )
        for who in roles
    }
    found_duties(duties=[(who, role, unit) for who, (role, unit) in roles.items()], at=START)
    return {who: public_viewer(number) for who, number in numbers.items()}


@pytest.fixture
def people(db: None) -> dict[str, Viewer]:
    return make_people()


def ask(by: Viewer, *units: str, successor: str = "B", **kw: Any) -> int:
    plain: dict[str, Any] = {"effective_date": DAY, "basis_title": "机构改革方案", "at": AUGUST}
    return ask_succession(units=units, successor=successor, by=by, **(plain | kw))


def succeed(people: dict[str, Viewer], *units: str, successor: str, **kw: Any) -> None:
    number = ask(people["one"], *units, successor=successor, **kw)
    approve_succession(number=number, by=people["two"], at=AUGUST)


def test_two_administrators_let_a_successor_in(people: dict[str, Viewer]) -> None:
    number = ask(people["one"], "A", "C", basis_number="大委办发〔2024〕15号")
    first, second = approve_succession(number=number, by=people["two"], at=AUGUST)
    assert (first.unit, first.successor, second.unit) == ("A", "B", "C")
    assert first.basis == "《机构改革方案》（大委办发〔2024〕15号）"
    ended = {u.code: u.valid_to for u in public_units() if u.valid_to}
    assert ended == {"A": DAY, "C": DAY}
    assert Unit.objects.get(code="A1").parent_id == "B"
    assert not replay().faults


def test_the_asker_does_not_approve(people: dict[str, Viewer]) -> None:
    number = ask(people["one"], "A")
    with pytest.raises(NotAllowed):
        approve_succession(number=number, by=people["one"], at=AUGUST)


@pytest.mark.parametrize("who", ["small", "auditor", "officer"])
def test_only_who_administers_both_units_may(people: dict[str, Viewer], who: str) -> None:
    with pytest.raises(NotAllowed):
        ask(people[who], "A")
    number = ask(people["one"], "A")
    with pytest.raises(NotAllowed):
        approve_succession(number=number, by=people[who], at=AUGUST)


def test_it_is_decided_once(people: dict[str, Viewer]) -> None:
    number = ask(people["one"], "A")
    approve_succession(number=number, by=people["two"], at=AUGUST)
    with pytest.raises(SuccessionDecided):
        approve_succession(number=number, by=people["two"], at=AUGUST)
    with pytest.raises(UnknownSuccession):
        approve_succession(number=9, by=people["two"], at=AUGUST)


def test_a_refusal_needs_a_reason_and_leaves_all_as_it_is(people: dict[str, Viewer]) -> None:
    number = ask(people["one"], "A")
    with pytest.raises(InvalidSuccession):
        refuse_succession(number=number, reason=" ", by=people["two"], at=AUGUST)
    refuse_succession(number=number, reason="文件还没有印发", by=people["two"], at=AUGUST)
    assert public_successor("A", date.max) is None
    view = succession(number=number, viewer=people["one"])
    assert view is not None
    assert (view.state, view.refusal, view.may_decide) == ("未批准", "文件还没有印发", False)
    assert ask(people["one"], "A") == number + 1


def test_not_before_its_day(people: dict[str, Viewer]) -> None:
    number = ask(people["one"], "A", effective_date=date(2024, 9, 1))
    with pytest.raises(SuccessionTooEarly):
        approve_succession(number=number, by=people["two"], at=AUGUST)


@pytest.mark.parametrize(
    ("units", "kw", "field", "what"),
    [
        (("A",), {"successor": "A"}, "units", "不能由自己承接"),
        ((), {}, "units", "至少选一个"),
        (("A", "A"), {}, "units", "写了两次"),
        (("Z",), {}, "units", "没有单位 Z"),
        (("A",), {"successor": "Z"}, "successor", "没有单位 Z"),
        (("A",), {"successor": "N", "effective_date": date(2024, 6, 1)}, "successor", "早于"),
        (("N",), {"effective_date": date(2024, 7, 1)}, "units", "不晚于"),
        (("A",), {"basis_title": " "}, "basis_title", "依据文件"),
    ],
)
def test_what_makes_no_sense_is_refused(
    people: dict[str, Viewer], units: tuple[str, ...], kw: dict[str, Any], field: str, what: str
) -> None:
    with pytest.raises(InvalidSuccession) as caught:
        ask(people["one"], *units, **kw)
    assert what in dict(caught.value.faults)[field]
    assert not Succession.objects.exists()


def test_a_unit_waits_for_one_successor_only(people: dict[str, Viewer]) -> None:
    ask(people["one"], "A")
    with pytest.raises(InvalidSuccession, match="已有一项待批准"):
        ask(people["one"], "A", successor="C")


def test_a_chain_leads_to_who_owes_on_the_day(people: dict[str, Viewer]) -> None:
    succeed(people, "A", successor="B", effective_date=date(2024, 5, 1))
    succeed(people, "B", successor="C", effective_date=DAY)
    assert public_successor("A", date(2024, 4, 30)) is None
    first = public_successor("A", date(2024, 5, 1))
    last = public_successor("A", DAY)
    assert first is not None
    assert last is not None
    assert (first.successor, last.successor, last.since_date) == ("B", "C", date(2024, 5, 1))
    assert first.sentence == "A局 已于 2024-05-01 并入 B局"
    assert last.sentence == "A局 已于 2024-05-01 并入 B局，现由 C局 承接"
    assert public_successor("C", DAY) is None


def test_an_ended_unit_neither_succeeds_nor_ends_again(people: dict[str, Viewer]) -> None:
    succeed(people, "A", successor="B")
    with pytest.raises(InvalidSuccession, match="A局 已于 2024-08-01 并入 B局，请直接写 B局"):
        ask(people["one"], "C", successor="A")
    with pytest.raises(InvalidSuccession, match="请直接写 B局"):
        ask(people["one"], "A", successor="C")


def test_two_that_wait_for_each_other_do_not_both_pass(people: dict[str, Viewer]) -> None:
    there, back = ask(people["one"], "A", successor="B"), ask(people["one"], "B", successor="A")
    approve_succession(number=there, by=people["two"], at=AUGUST)
    with pytest.raises(InvalidSuccession, match="已于"):
        approve_succession(number=back, by=people["two"], at=AUGUST)


def test_a_successor_from_below_comes_out_first(people: dict[str, Viewer]) -> None:
    succeed(people, "A", successor="A1")
    assert Unit.objects.get(code="A1").parent_id == "X"
    assert below(["X"]) == {"X", *UNITS, "A1", "N"}


def test_who_may_look(people: dict[str, Viewer]) -> None:
    number = ask(people["one"], "A")
    assert succession(number=number, viewer=people["two"]).may_decide  # type: ignore[union-attr]
    assert not succession(number=number, viewer=people["auditor"]).may_decide  # type: ignore[union-attr]
    for viewer in (people["officer"], ANYONE):
        with pytest.raises(NotAllowed):
            successions(viewer=viewer)


def test_duties_that_are_to_be_granted_anew(people: dict[str, Viewer]) -> None:
    found = duties_in_force(units=["A"], viewer=people["two"])
    assert {(duty.username, duty.role) for duty in found} == {
        ("small", "管理员"),
        ("officer", "填报人"),
    }
    assert duties_in_force(units=["A"], viewer=people["officer"]) == ()
