"""What units are compared by: counted by the original promise, and nothing filled in."""

from datetime import UTC, date, datetime

import pytest

from tests.city import LUSHUN, MARCH, OFFICE, PULANDIAN, City, make_city, promise
from yinuo.commitments.commands import change, curve, deliver, evidence, judge
from yinuo.commitments.commands.register import NewCommitment, Registration, register
from yinuo.commitments.life import ChangeKind
from yinuo.commitments.queries.race import (
    MILLION,
    Planned,
    Rate,
    UnitFacts,
    behind_plans,
    race_facts,
    supervising_offices,
)
from yinuo.parties.viewer import ANYONE, NotAllowed
from yinuo.web.files import store

pytestmark = pytest.mark.django_db
FIRST, END, BEFORE = date(2024, 4, 1), date(2024, 7, 1), date(2024, 1, 1)
MAY = datetime(2024, 5, 20, 2, 0, tzinfo=UTC)
JUNE = datetime(2024, 7, 2, 2, 0, tzinfo=UTC)
PLAN = "2024-03-31 25%\n2024-06-30 50%\n2024-12-31 100%"


@pytest.fixture
def city() -> City:
    return make_city()


def put(city: City, *made: NewCommitment) -> None:
    register(registration=Registration(commitments=made), office=OFFICE, by=city["admin"], at=MARCH)


def facts(city: City, unit: str = LUSHUN) -> UnitFacts:
    found = race_facts(
        office=OFFICE, first=FIRST, end=END, first_before=BEFORE, viewer=city["supervisor"]
    )
    return found.get(unit, UnitFacts())


def deliver_on(city: City, code: str, day: date) -> None:
    deliver.deliver(commitment=code, delivered_date=day, note="已完成", by=city["lushun"], at=JUNE)


def reported(city: City, code: str, day: date, value: str) -> None:
    evidence.report(
        commitment=code,
        as_of_date=day,
        value=value,
        note="进展",
        files=(),
        store=store(),
        by=city["lushun"],
        at=JUNE,
    )


def test_cases_fall_due_by_their_original_deadline(city: City) -> None:
    put(city, *(promise(f"LS-A{n}", due=date(2024, 6, 30)) for n in range(4)))
    asked = change.ask(
        commitment="LS-A0",
        kind=ChangeKind.MOVED,
        new={"due": "2024-09-30"},
        reason="场地",
        by=city["lushun"],
        at=MAY,
    )
    change.approve(change=asked, reason="属实", by=city["supervisor"], at=MAY)
    deliver_on(city, "LS-A1", date(2024, 6, 30))
    judge.verify(commitment="LS-A1", note="看过", by=city["supervisor"], at=JUNE)
    deliver_on(city, "LS-A2", date(2024, 6, 28))  # waits for its verifier
    found = facts(city)
    # LS-001 fell due on 30 June as well.
    assert found.promises == Rate(due=5, kept=1, waiting=1)
    assert (found.moves, found.dated) == (1, 7)


def test_what_is_declared_late_waits_for_nobody(city: City) -> None:
    put(city, promise("LS-A1", due=date(2024, 5, 31)))
    deliver_on(city, "LS-A1", date(2024, 6, 20))
    assert facts(city).promises == Rate(due=2, kept=0, waiting=0)


def test_a_first_deadline_is_no_move(city: City) -> None:
    put(city, promise("LS-U1"))
    asked = change.ask(
        commitment="LS-U1",
        kind=ChangeKind.MOVED,
        new={"due": "2024-12-31"},
        reason="补定时限",
        by=city["lushun"],
        at=MAY,
    )
    change.approve(change=asked, reason="同意", by=city["supervisor"], at=MAY)
    assert facts(city).moves == 0


def test_reports_and_orders_are_counted_apart(city: City) -> None:
    put(
        city,
        promise("LS-R1", kind="report", due=date(2024, 4, 10)),
        promise("LS-R2", kind="report", due=date(2024, 5, 10)),
        promise("LS-O1", kind="order", due=date(2024, 6, 10)),
    )
    deliver.hand_in(
        commitment="LS-R1",
        delivered_date=date(2024, 4, 9),
        note="已报",
        by=city["lushun"],
        at=JUNE,
    )
    judge.verify(commitment="LS-R1", note="收到", by=city["supervisor"], at=JUNE)
    found = facts(city)
    assert (found.reports, found.orders) == (Rate(due=2, kept=1), Rate(due=1))
    assert found.promises == Rate(due=1)
    assert found.dated == 3  # reports and orders have no deadline to move here


def test_progress_is_the_share_of_the_own_plan(city: City) -> None:
    put(city, promise("LS-C1", due=date(2024, 12, 31)), promise("LS-C2", due=date(2024, 12, 31)))
    for code in ("LS-C1", "LS-C2"):
        curve.set_curve(commitment=code, text=PLAN, by=city["lushun"], at=MARCH)
    reported(city, "LS-C1", date(2024, 3, 31), "20")
    reported(city, "LS-C1", date(2024, 6, 30), "40")
    found = facts(city)
    assert found.planned == Planned(compared=1, millionths=MILLION * 4 // 5, missing=1)
    assert found.planned_before == Planned(compared=1, millionths=MILLION * 4 // 5, missing=1)
    told = behind_plans(office=OFFICE, unit=LUSHUN, first=FIRST, end=END, viewer=city["lushun"])
    assert {row.code: row.counts for row in told.rows} == {
        "LS-C1": "达到计划的 80.0%（实际 40.0%，计划 50.0%）",
        "LS-C2": "未报送",
    }


def test_more_than_the_plan_is_no_more_than_the_plan(city: City) -> None:
    put(city, promise("LS-C1", due=date(2024, 12, 31)))
    curve.set_curve(commitment="LS-C1", text=PLAN, by=city["lushun"], at=MARCH)
    reported(city, "LS-C1", date(2024, 6, 30), "90")
    assert facts(city).planned == Planned(compared=1, millionths=MILLION)


def test_a_plan_lowered_later_does_not_help(city: City) -> None:
    put(city, promise("LS-C1", due=date(2024, 12, 31)))
    curve.set_curve(commitment="LS-C1", text=PLAN, by=city["lushun"], at=MARCH)
    for text, at in (("2024-06-30 40%\n2024-12-31 100%", MAY), ("2024-06-30 10%", JUNE)):
        asked = change.ask(
            commitment="LS-C1",
            kind=ChangeKind.REPLANNED,
            new={"curve": text},
            reason="调整安排",
            by=city["lushun"],
            at=at,
        )
        change.approve(change=asked, reason="同意", by=city["supervisor"], at=at)
    reported(city, "LS-C1", date(2024, 6, 30), "40")
    assert facts(city).planned == Planned(compared=1, millionths=MILLION * 4 // 5)


def test_a_target_revised_later_does_not_help(city: City) -> None:
    put(
        city,
        promise("LS-C1", due=date(2024, 12, 31), operator="ge", value="100", unit="个"),
    )
    curve.set_curve(commitment="LS-C1", text=PLAN, by=city["lushun"], at=MARCH)
    asked = change.ask(
        commitment="LS-C1",
        kind=ChangeKind.REVISED,
        new={"value": "50"},
        reason="指标调减",
        by=city["lushun"],
        at=MAY,
    )
    change.approve(change=asked, reason="同意", by=city["supervisor"], at=MAY)
    reported(city, "LS-C1", date(2024, 6, 30), "40")
    assert facts(city).planned == Planned(compared=1, millionths=MILLION * 4 // 5)


def test_lumpy_plans_are_honoured_by_the_days_first_promised(city: City) -> None:
    put(
        city,
        promise("LS-P1", kind="project", due=date(2024, 12, 31)),
        promise("LS-P1-M1", kind="milestone", due=date(2024, 5, 31), parent="LS-P1"),
        promise("LS-P1-M2", kind="milestone", due=date(2024, 6, 30), parent="LS-P1"),
        promise("LS-P1-M3", kind="milestone", due=date(2024, 12, 31), parent="LS-P1"),
    )
    text = "LS-P1-M1 20\nLS-P1-M2 30\nLS-P1-M3 50"
    curve.set_curve(commitment="LS-P1", text=text, by=city["lushun"], at=MARCH)
    asked = change.ask(
        commitment="LS-P1-M2",
        kind=ChangeKind.MOVED,
        new={"due": "2024-11-30"},
        reason="汛期",
        by=city["lushun"],
        at=MAY,
    )
    change.approve(change=asked, reason="同意", by=city["supervisor"], at=MAY)
    deliver_on(city, "LS-P1-M1", date(2024, 5, 30))
    # 20 of the 50 that were first promised by the end of June.
    assert facts(city).planned == Planned(compared=1, millionths=MILLION * 2 // 5)


def test_what_is_declared_done_has_reached_its_plan(city: City) -> None:
    put(city, promise("LS-C1", due=date(2024, 12, 31)))
    curve.set_curve(commitment="LS-C1", text=PLAN, by=city["lushun"], at=MARCH)
    deliver_on(city, "LS-C1", date(2024, 6, 20))
    assert facts(city).planned == Planned(compared=1, millionths=MILLION)


def test_other_offices_do_not_count_and_only_watchers_may_ask(city: City) -> None:
    put(city, promise("LS-X1", due=date(2024, 5, 31), creditor_unit=PULANDIAN))
    assert facts(city).promises.due == 1
    for viewer in (city["lushun"], ANYONE):
        with pytest.raises(NotAllowed):
            race_facts(office=OFFICE, first=FIRST, end=END, first_before=BEFORE, viewer=viewer)


def test_an_officer_knows_which_offices_compare_them(city: City) -> None:
    assert supervising_offices(viewer=city["lushun"]) == {OFFICE}
    assert supervising_offices(viewer=ANYONE) == frozenset()
