"""From raised to zero: who may do what, what the promise says, what time brings about."""

from datetime import date
from typing import Any

import pytest

from tests.cases.problems.ground import (
    CALENDAR,
    FRIDAY,
    SECRET,
    areas,
    days,
    put_problem,
    told,
)
from tests.city import LUSHUN, OFFICE, PULANDIAN, City
from yinuo.cases.commands import problem_clock, problem_words, problems
from yinuo.cases.commands.problems import Raised
from yinuo.cases.errors.problems import (
    NoTerms,
    TooLateToReopen,
    UnknownProblem,
    UnknownProblemTrack,
    WrongProblemState,
)
from yinuo.cases.models import Problem
from yinuo.commitments.commands import deliver, judge
from yinuo.commitments.errors import Invalid, ThroughOrigin
from yinuo.commitments.models import Commitment
from yinuo.commitments.queries.detail import detail
from yinuo.ledger.models import Entry
from yinuo.ledger.replay import replay
from yinuo.notices.models import Message
from yinuo.parties.viewer import ANYONE, NotAllowed

pytestmark = pytest.mark.django_db
MONDAY = FRIDAY + days(3)
LATER = FRIDAY + days(10)


def row(raised: Raised) -> Problem:
    return Problem.objects.select_related("commitment").get(code=raised.code)


def owned(desk: City, raised: Raised) -> Commitment:
    code = problems.own(
        problem=raised.code, unit=LUSHUN, areas=areas(), by=desk["lushun"], at=MONDAY
    )
    return Commitment.objects.get(code=code)


def answer(desk: City, raised: Raised) -> None:
    problems.answer(
        problem=raised.code, note="已加插电位", calendar=CALENDAR, by=desk["lushun"], at=LATER
    )


def test_the_days_count_from_the_day_it_was_raised(desk: City) -> None:
    raised = put_problem()
    assert (raised.own_due, raised.answer_due) == (date(2024, 7, 8), date(2024, 7, 12))
    assert raised.code == "WT-2024-000001"
    assert put_problem().code == "WT-2024-000002"


def test_the_track_is_kept_nowhere_and_opens_only_its_own(desk: City) -> None:
    raised = put_problem()
    kept = row(raised)
    assert raised.track not in str(vars(kept))
    with pytest.raises(UnknownProblemTrack):
        problem_words.confirm(track="AAAA-AAAA-AAAA-AAAA", at=MONDAY)


def test_every_fault_is_told_at_once(desk: City) -> None:
    new = told(area="nowhere", title="", said="x" * 4_001, name="长" * 121, contact="", kind="?")
    with pytest.raises(Invalid) as found:
        problems.raise_problem(new=new, areas=areas(), calendar=CALENDAR, at=FRIDAY)
    fields = [field for field, _ in found.value.faults]
    assert fields == ["title", "said", "name", "contact", "area", "kind"]


def test_without_a_published_table_nothing_is_promised(city: City) -> None:
    with pytest.raises(NoTerms):
        put_problem()


def test_owning_is_a_promise_to_whoever_raised_it_without_a_name(desk: City) -> None:
    promise = owned(desk, put_problem())
    assert (promise.kind, promise.lead_id, promise.creditor_unit_id) == ("problem", LUSHUN, OFFICE)
    assert (promise.creditor, promise.due, promise.visibility) == (
        "提出问题的企业",
        date(2024, 7, 12),
        "closed",
    )
    bodies = b"".join(bytes(body) for body in Entry.objects.values_list("body", flat=True))
    assert SECRET.encode() not in bodies


def test_only_the_unit_that_was_asked_owns_it(desk: City) -> None:
    raised = put_problem()
    with pytest.raises(UnknownProblem):
        problems.own(
            problem=raised.code, unit=PULANDIAN, areas=areas(), by=desk["pulandian"], at=MONDAY
        )
    with pytest.raises(NotAllowed):
        problems.own(
            problem=raised.code, unit=LUSHUN, areas=areas(), by=desk["supervisor"], at=MONDAY
        )
    with pytest.raises(UnknownProblem):
        problems.answer(problem=raised.code, note="好", calendar=CALENDAR, by=ANYONE, at=MONDAY)


def test_the_office_chooses_where_an_area_has_several_owners(desk: City) -> None:
    raised = put_problem(area="labour")
    assert row(raised).asked_id is None
    ask: dict[str, Any] = {
        "problem": raised.code,
        "areas": areas(),
        "by": desk["supervisor"],
        "at": FRIDAY,
    }
    with pytest.raises(Invalid):
        problems.ask(**ask, to=OFFICE)
    problems.ask(**ask, to=PULANDIAN)
    assert row(raised).asked_id == PULANDIAN


def test_passed_on_with_a_reason_the_clock_runs_on(desk: City) -> None:
    raised = put_problem(area="labour")
    plain: dict[str, Any] = {"problem": raised.code, "areas": areas(), "at": MONDAY}
    problems.ask(**plain, to=LUSHUN, by=desk["supervisor"])
    with pytest.raises(Invalid):
        problems.pass_on(**plain, to=PULANDIAN, reason=" ", by=desk["lushun"])
    problems.pass_on(**plain, to=PULANDIAN, reason="用工备案在普兰店", by=desk["lushun"])
    found = row(raised)
    assert (found.asked_id, found.passed, found.own_due) == (PULANDIAN, 1, date(2024, 7, 8))


def test_handed_over_the_first_unit_is_released_and_the_days_run_on(desk: City) -> None:
    raised = put_problem(area="labour")
    plain: dict[str, Any] = {"problem": raised.code, "areas": areas(), "at": MONDAY}
    problems.ask(**plain, to=LUSHUN, by=desk["supervisor"])
    first = owned(desk, raised)
    problems.hand_over(**plain, to=PULANDIAN, reason="职责在普兰店", by=desk["supervisor"])
    second = problems.own(**plain, unit=PULANDIAN, by=desk["pulandian"])
    first.refresh_from_db()
    assert (first.status, second) == ("waived", f"{raised.code}-2")
    assert Commitment.objects.get(code=second).due == first.due


def test_a_unit_cannot_close_its_own_problem(desk: City) -> None:
    raised = put_problem()
    owned(desk, raised)
    with pytest.raises(WrongProblemState):
        problem_words.confirm(track=raised.track, at=MONDAY)
    answer(desk, raised)
    assert row(raised).status == "answered"


def test_answered_not_solved_cleared_reopened_cleared(desk: City) -> None:
    raised = put_problem()
    promise = owned(desk, raised)
    answer(desk, raised)
    problem_words.not_solved(track=raised.track, reason="还在排队", calendar=CALENDAR, at=LATER)
    promise.refresh_from_db()
    assert (row(raised).not_solved, promise.status) == (1, "open")
    answer(desk, raised)
    problem_words.confirm(track=raised.track, at=LATER)
    promise.refresh_from_db()
    assert (row(raised).status, promise.status, promise.outcome) == ("zero", "kept", "kept_late")
    problem_words.reopen(track=raised.track, reason="又排队了", calendar=CALENDAR, at=LATER)
    found = row(raised)
    assert (found.status, found.reopened, found.ended_at) == ("owned", 1, None)
    # The second time that it was not solved: it went up by the table.
    assert (found.up_where, found.up_rule) == ("联席会议", "两次没有解决")
    answer(desk, raised)
    problem_words.confirm(track=raised.track, at=LATER)
    assert row(raised).status == "zero"
    assert replay().faults == []


def test_nobody_owns_it_in_a_day_and_the_supervisor_is_told_once(desk: City) -> None:
    raised = put_problem()
    assert problem_clock.tell_unowned(at=MONDAY) == 0
    assert problem_clock.tell_unowned(at=MONDAY + days(1)) == 1
    assert problem_clock.tell_unowned(at=MONDAY + days(2)) == 0
    assert row(raised).unowned_told
    told_to = Message.objects.filter(topic="problem.unowned").values_list("account", flat=True)
    assert set(told_to) == {desk["supervisor"].account_id, desk["supervisor2"].account_id}


def test_more_than_fifteen_working_days_go_to_the_joint_meeting(desk: City) -> None:
    raised = put_problem()
    # The fifteenth working day after 5 July 2024 is 26 July, a Friday.
    assert problem_clock.go_up(calendar=CALENDAR, at=FRIDAY + days(21)) == 0
    assert problem_clock.go_up(calendar=CALENDAR, at=FRIDAY + days(24)) == 1
    assert row(raised).up_where == "联席会议"


def test_no_word_for_fifteen_working_days_is_no_zero(desk: City) -> None:
    raised = put_problem()
    promise = owned(desk, raised)
    answer(desk, raised)
    due = row(raised).confirm_due
    assert due == date(2024, 8, 5)
    assert problem_clock.lapse(at=LATER + days(21)) == 0
    assert problem_clock.lapse(at=LATER + days(22)) == 1
    promise.refresh_from_db()
    assert (row(raised).status, promise.status) == ("lapsed", "waived")
    problem_words.reopen(
        track=raised.track, reason="没有解决", calendar=CALENDAR, at=LATER + days(30)
    )
    found = row(raised)
    assert (found.status, found.commitment_id) == ("owned", f"{raised.code}-2")


def test_raised_again_only_within_the_days_of_the_table(desk: City) -> None:
    raised = put_problem()
    owned(desk, raised)
    answer(desk, raised)
    problem_words.confirm(track=raised.track, at=LATER)
    with pytest.raises(TooLateToReopen):
        problem_words.reopen(
            track=raised.track, reason="又来了", calendar=CALENDAR, at=LATER + days(91)
        )
    assert row(raised).status == "zero"


@pytest.mark.parametrize("stage", ["raised", "owned", "answered"])
def test_withdrawn_at_any_stage_releases_the_owner(desk: City, stage: str) -> None:
    raised = put_problem()
    if stage != "raised":
        owned(desk, raised)
    if stage == "answered":
        answer(desk, raised)
    problem_words.withdraw(track=raised.track, reason="自己解决了", at=LATER)
    found = row(raised)
    assert found.status == "withdrawn"
    assert found.commitment is None or found.commitment.status == "waived"
    with pytest.raises(WrongProblemState):
        problem_words.withdraw(track=raised.track, reason="再撤", at=LATER)


def test_neither_the_unit_nor_the_office_closes_it_on_the_page_of_the_promise(desk: City) -> None:
    raised = put_problem()
    promise = owned(desk, raised)
    with pytest.raises(ThroughOrigin):
        deliver.deliver(
            commitment=promise.code,
            delivered_date=FRIDAY.date(),
            note="好了",
            by=desk["lushun"],
            at=LATER,
        )
    with pytest.raises(ThroughOrigin):
        judge.waive(commitment=promise.code, note="算了", by=desk["supervisor"], at=LATER)
    answer(desk, raised)
    with pytest.raises(ThroughOrigin):
        judge.verify(commitment=promise.code, note="好了", by=desk["supervisor"], at=LATER)
    shown = detail(code=promise.code, viewer=desk["supervisor"], today=LATER.date())
    assert shown.actions == ("publish",)
