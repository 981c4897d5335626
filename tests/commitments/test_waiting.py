"""Naming what one waits for: who may claim, answer, rule and end, and who gets to read what."""

from datetime import date

import pytest
from django.db import connection

from tests.commitments.conftest import DUE, City, at
from yinuo.commitments.commands import judge, waiting
from yinuo.commitments.commands.deliver import deliver
from yinuo.commitments.errors import Invalid, UnknownCommitment, UnknownWait, WrongState
from yinuo.commitments.life import Visibility
from yinuo.commitments.models import Commitment, Wait
from yinuo.commitments.permission import visible
from yinuo.commitments.queries.detail import detail
from yinuo.commitments.queries.waits import WaitView, wait, wait_page, wait_work, waits_of
from yinuo.ledger.models import Entry
from yinuo.ledger.replay import replay
from yinuo.parties.viewer import ANYONE, NotAllowed, Viewer

pytestmark = pytest.mark.django_db
CLAIMED = "2024-11-10"


def claim(city: City, code: str = "P", since: str = "2024-11-01", day: str = CLAIMED) -> str:
    return waiting.claim(
        commitment=code,
        on_unit="B",
        since_date=date.fromisoformat(since),
        what="用地批复",
        by=city.officer,
        at=at(day),
    )


def seen(viewer: Viewer, code: str, day: str = "2025-01-20") -> WaitView:
    return wait(code=code, viewer=viewer, today=date.fromisoformat(day)).view


def dispute(city: City, code: str) -> None:
    waiting.dispute(wait=code, note="批复早已发出", by=city.neighbour, at=at("2024-11-12"))


def test_a_claim_is_answered_and_ended(city: City) -> None:
    city.promise("P")
    code = claim(city)
    assert code == "P/W1"
    assert seen(city.neighbour, code).steps == ("answer", "end")
    waiting.accept(wait=code, note="材料补齐后即办", by=city.neighbour, at=at("2024-11-12"))
    waiting.end(wait=code, ended_date=date(2024, 12, 1), by=city.neighbour, at=at("2024-12-02"))
    found = seen(city.officer, code)
    assert (found.state, found.days, found.counted) == ("对方已认可", 30, True)
    assert (found.what, found.answer) == ("用地批复", "材料补齐后即办")
    assert not replay().faults


def test_a_disputed_claim_is_ruled(city: City) -> None:
    city.promise("P")
    code = claim(city)
    dispute(city, code)
    assert seen(city.supervisor, code).steps == ("rule",)
    waiting.rule(wait=code, upheld=True, note="批复日期为证", by=city.second, at=at("2024-11-15"))
    assert seen(city.officer, code).ruling == "批复日期为证"
    assert Wait.objects.get(code=code).status == "upheld"
    assert not replay().faults


def test_a_dismissed_claim_does_not_count(city: City) -> None:
    city.promise("P")
    code = claim(city)
    dispute(city, code)
    waiting.rule(wait=code, upheld=False, note="没有提交", by=city.second, at=at("2024-11-15"))
    found = waits_of(commitment="P", viewer=city.officer, today=date(2025, 1, 20))
    assert found is not None
    assert found.delay is not None
    assert found.delay.delay.own == found.delay.delay.total == 20


def test_whoever_belongs_to_either_unit_does_not_rule(city: City) -> None:
    city.promise("P")
    code = claim(city)
    dispute(city, code)
    for viewer in (city.torn, city.officer, city.admin, city.auditor):
        with pytest.raises(NotAllowed):
            waiting.rule(wait=code, upheld=True, note="有", by=viewer, at=at("2024-11-15"))


@pytest.mark.parametrize(
    ("unit", "since", "what", "fields"),
    [
        ("A", "2024-11-01", "有", {"on_unit"}),
        ("DC", "2024-11-01", "有", {"on_unit"}),
        ("Z", "2024-11-01", "有", {"on_unit"}),
        ("B", "2024-11-11", " ", {"since_date", "what"}),
    ],
)
def test_a_faulty_claim_names_its_fields(
    city: City, unit: str, since: str, what: str, fields: set[str]
) -> None:
    city.promise("P")
    with pytest.raises(Invalid) as caught:
        waiting.claim(
            commitment="P",
            on_unit=unit,
            since_date=date.fromisoformat(since),
            what=what,
            by=city.officer,
            at=at(CLAIMED),
        )
    assert {field for field, _what in caught.value.faults} == fields
    assert not Wait.objects.exists()


def test_only_the_lead_unit_claims(city: City) -> None:
    city.promise("P")
    for viewer in (city.neighbour, city.supervisor, city.admin):
        with pytest.raises(NotAllowed):
            waiting.claim(
                commitment="P",
                on_unit="B",
                since_date=date(2024, 11, 1),
                what="有",
                by=viewer,
                at=at(CLAIMED),
            )


def test_nothing_is_claimed_for_what_is_over(city: City) -> None:
    city.promise("P")
    judge.waive(commitment="P", note="依据废止", by=city.supervisor, at=at("2024-10-01"))
    with pytest.raises(WrongState):
        claim(city)


def test_each_side_does_its_own_part_only(city: City) -> None:
    city.promise("P")
    code = claim(city)
    with pytest.raises(NotAllowed):
        waiting.accept(wait=code, by=city.officer, at=at("2024-11-12"))
    with pytest.raises(NotAllowed):
        waiting.take_back(wait=code, by=city.neighbour, at=at("2024-11-12"))
    with pytest.raises(NotAllowed):
        waiting.end(
            wait=code, ended_date=date(2024, 11, 11), by=city.supervisor, at=at("2024-11-12")
        )
    with pytest.raises(Invalid):
        waiting.dispute(wait=code, note="", by=city.neighbour, at=at("2024-11-12"))
    waiting.accept(wait=code, by=city.neighbour, at=at("2024-11-12"))
    with pytest.raises(WrongState):
        dispute(city, code)


@pytest.mark.parametrize("ended", ["2024-10-31", "2024-11-13"])
def test_it_ends_between_its_start_and_today(city: City, ended: str) -> None:
    city.promise("P")
    code = claim(city)
    with pytest.raises(Invalid):
        waiting.end(
            wait=code, ended_date=date.fromisoformat(ended), by=city.officer, at=at("2024-11-12")
        )


def test_it_ends_once(city: City) -> None:
    city.promise("P")
    code = claim(city)
    waiting.end(wait=code, ended_date=date(2024, 11, 11), by=city.officer, at=at("2024-11-12"))
    with pytest.raises(WrongState, match="已于 2024-11-11 结束"):
        waiting.end(wait=code, ended_date=date(2024, 11, 12), by=city.officer, at=at("2024-11-12"))


def test_the_claimant_takes_back_but_not_after_a_ruling(city: City) -> None:
    city.promise("P")
    first, second = claim(city), claim(city)
    waiting.take_back(wait=first, note="已收到", by=city.officer, at=at("2024-11-12"))
    assert seen(city.officer, first).closing == "已收到"
    dispute(city, second)
    waiting.rule(wait=second, upheld=True, note="有", by=city.second, at=at("2024-11-15"))
    with pytest.raises(WrongState):
        waiting.take_back(wait=second, by=city.officer, at=at("2024-11-16"))


def test_whose_delay_it_is(city: City) -> None:
    city.promise("P")
    code = claim(city, since="2024-12-21", day="2024-12-25")
    waiting.accept(wait=code, by=city.neighbour, at=at("2024-12-26"))
    waiting.end(wait=code, ended_date=date(2025, 1, 5), by=city.officer, at=at("2025-01-06"))
    deliver(
        commitment="P",
        delivered_date=date(2025, 1, 20),
        note="已完成",
        by=city.officer,
        at=at("2025-01-21"),
    )
    found = waits_of(commitment="P", viewer=city.supervisor, today=date(2025, 3, 1))
    assert found is not None
    assert found.delay is not None
    assert found.delay.until == date(2025, 1, 20)
    assert found.delay.lines == (
        "比原定时限晚 20 天（自然日）。",
        "等待过：乙部门 15 天；合并计 15 天。",
        "乙部门承担 15 天。",
        "甲部门承担 5 天。",
    )


def test_a_claim_entered_late_is_marked(city: City) -> None:
    city.promise("P")
    late, fresh = claim(city, since="2024-11-01"), claim(city, since="2024-11-09")
    today = date(2024, 11, 10)
    assert wait(code=late, viewer=city.officer, today=today).late
    assert not wait(code=fresh, viewer=city.officer, today=today).late


def test_the_unit_waited_for_reads_what_it_is_asked_about_and_nothing_else(city: City) -> None:
    city.promise("P", visibility=Visibility.CLOSED)
    city.promise("Q", visibility=Visibility.CLOSED)
    for code in ("P", "Q"):
        with pytest.raises(UnknownCommitment):
            detail(code=code, viewer=city.neighbour, today=DUE)
    number = claim(city)
    assert detail(code="P", viewer=city.neighbour, today=DUE).row.code == "P"
    with pytest.raises(UnknownCommitment):
        detail(code="Q", viewer=city.neighbour, today=DUE)
    waiting.take_back(wait=number, by=city.officer, at=at("2024-11-12"))
    with pytest.raises(UnknownCommitment):
        detail(code="P", viewer=city.neighbour, today=DUE)
    with pytest.raises(UnknownWait):
        seen(city.neighbour, number)


def test_sight_ends_when_the_thing_came(city: City) -> None:
    city.promise("P", visibility=Visibility.CLOSED)
    code = claim(city)
    waiting.end(wait=code, ended_date=date(2024, 11, 11), by=city.officer, at=at("2024-11-12"))
    assert seen(city.neighbour, code).steps == ("answer",)
    waiting.accept(wait=code, by=city.neighbour, at=at("2024-11-13"))
    assert not Commitment.objects.filter(visible(city.neighbour), code="P").exists()


def test_sight_ends_with_the_commitment(city: City) -> None:
    city.promise("P", visibility=Visibility.CLOSED)
    claim(city)
    judge.waive(commitment="P", note="依据废止", by=city.supervisor, at=at("2024-12-01"))
    assert not Commitment.objects.filter(visible(city.neighbour), code="P").exists()


def test_the_public_sees_no_waits(city: City) -> None:
    city.promise("P")
    code = claim(city)
    assert waits_of(commitment="P", viewer=ANYONE, today=DUE) is None
    assert wait_page(viewer=ANYONE, today=DUE).rows == ()
    with pytest.raises(UnknownWait):
        seen(ANYONE, code)
    assert Entry.objects.get(subject=f"wait:{code}").thread == f"wait:{code}"
    assert not Wait.objects.filter(Wait.public_rows()).exists()


def test_an_officer_elsewhere_sees_no_waits_of_a_public_commitment(city: City) -> None:
    city.promise("P")
    assert waits_of(commitment="P", viewer=city.neighbour, today=DUE) is None


def test_what_waits_for_whom(city: City) -> None:
    city.promise("P")
    first, second = claim(city), claim(city, since="2024-11-05")
    dispute(city, second)
    today = date(2024, 11, 20)
    theirs = wait_work(viewer=city.neighbour, today=today)
    assert [w.code for w in theirs.to_answer] == [first]
    assert [w.code for w in wait_work(viewer=city.officer, today=today).own] == [first, second]
    ruling = wait_work(viewer=city.supervisor, today=today)
    assert [w.code for w in ruling.to_rule] == [second]
    assert "rule" not in wait_work(viewer=city.torn, today=today).to_rule[0].steps


def test_the_list_adds_up_by_unit(city: City) -> None:
    city.promise("P")
    codes = [claim(city), claim(city, since="2024-11-05"), claim(city)]
    waiting.accept(wait=codes[0], by=city.neighbour, at=at("2024-11-12"))
    waiting.accept(wait=codes[1], by=city.neighbour, at=at("2024-11-12"))
    waiting.end(wait=codes[1], ended_date=date(2024, 11, 10), by=city.officer, at=at("2024-11-12"))
    found = wait_page(viewer=city.supervisor, today=date(2024, 11, 20))
    (total,) = found.totals
    assert (total.name, total.to_answer, total.waiting, total.over) == ("乙部门", 1, 1, 1)
    assert total.days == 19 + 5
    assert found.total == 3
    over = wait_page(viewer=city.supervisor, today=date(2024, 11, 20), state="over", unit="B")
    assert [w.code for w in over.rows] == [codes[1]]


def test_totals_without_any_settled_claim(city: City) -> None:
    city.promise("P")
    claim(city)
    (total,) = wait_page(viewer=city.supervisor, today=date(2024, 11, 20)).totals
    assert (total.days, total.to_answer) == (0, 1)


@pytest.mark.engine("sqlite")
def test_what_an_officer_may_see_is_found_by_indexes(city: City) -> None:
    rows = Commitment.objects.filter(visible(city.officer)).order_by()
    sql, values = rows.query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN QUERY PLAN {sql}", values)
        plan = [str(step[3]) for step in cursor.fetchall()]
    assert not [step for step in plan if step.startswith("SCAN commitments_commitment")], plan
