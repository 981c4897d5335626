from datetime import date, timedelta

import pytest

from tests.kernel.clocks import china
from yinuo.kernel.parallel import BadBranch, Branch, BranchStop, StageTime, stage_time

FIRST = date(2024, 7, 1)


def day(number: int) -> date:
    """The working day of that number; 1 July 2024 is number 0, and July has no special day."""
    return china().add_working_days(FIRST, number)


def branch(name: str, start: int, end: int, *stops: tuple[int, int, str]) -> Branch:
    return Branch(
        name,
        day(start),
        day(end),
        tuple(BranchStop(ground, day(begun), day(ended)) for begun, ended, ground in stops),
    )


def test_a_branch_that_works_while_another_waits_is_counted() -> None:
    # Taking all stops from the union of all branches would give 8.
    stage = stage_time([branch("A", 0, 10, (4, 6, "补正")), branch("B", 3, 8)], china())
    assert stage == StageTime(span=10, counted=10, paused=(("补正", 2),), provisional=False)


def test_time_in_which_all_wait_is_not_counted() -> None:
    stage = stage_time(
        [branch("A", 0, 10, (4, 8, "补正")), branch("B", 3, 8, (5, 7, "检测"))], china()
    )
    assert (stage.span, stage.counted) == (10, 8)
    assert dict(stage.paused) == {"检测": 2, "补正": 4}


def test_idle_days_between_branches_are_span_only() -> None:
    stage = stage_time([branch("A", 0, 3), branch("B", 6, 8)], china())
    assert (stage.span, stage.counted) == (8, 5)


def test_a_stop_beyond_its_branch_pauses_only_within_it() -> None:
    stage = stage_time([branch("A", 0, 5, (4, 9, "补正"))], china())
    assert (stage.counted, dict(stage.paused)) == (3, {"补正": 2})


def test_no_branches_took_no_time() -> None:
    assert stage_time([], china()) == StageTime(span=0, counted=0, paused=(), provisional=False)


def test_days_beyond_the_calendar_are_provisional() -> None:
    late = Branch("A", date(2026, 12, 30), date(2027, 1, 5))
    assert stage_time([late], china()).provisional


@pytest.mark.parametrize(
    "bad",
    [
        Branch("A", FIRST, FIRST - timedelta(days=1)),
        branch("A", 0, 5, (3, 2, "补正")),
        branch("A", 2, 5, (1, 3, "补正")),
    ],
)
def test_what_ends_before_it_begins_is_refused(bad: Branch) -> None:
    with pytest.raises(BadBranch):
        stage_time([bad], china())
