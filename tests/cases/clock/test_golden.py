"""The examples of the law, by hand: each due date was counted on a calendar on paper."""

from datetime import date, datetime

import pytest

from tests.cases.desk import item
from yinuo.cases.clocks import (
    ACCEPTED,
    RECEIVED,
    CaseClocks,
    Dates,
    case_clocks,
    dates_of,
    deliver_by,
    limits_of,
    outcome_of,
    rung_of,
    tell_by,
    used_of,
)
from yinuo.cases.items.definition import LEGAL, PROMISED, ItemDefinition
from yinuo.content.calendars import working_calendar
from yinuo.kernel.clock import Event, Extension, Resume, Start, Stop
from yinuo.kernel.clock_errors import ClockError, GroundNotAllowed
from yinuo.kernel.instants import SHANGHAI
from yinuo.kernel.parallel import Branch, BranchStop, stage_time

LAW_ONLY = item()


def at(month: int, day: int, hour: int = 10) -> datetime:
    return datetime(2024, month, day, hour, tzinfo=SHANGHAI)


def start(when: datetime, event: str = ACCEPTED) -> Start:
    return Start(key=event, at=when, event=event, recorded_at=when)


def stopped(ground: str, since: datetime, until: datetime | None, key: str = "s") -> list[Event]:
    found: list[Event] = [Stop(key=key, at=since, ground=ground, recorded_at=since)]
    if until is not None:
        found.append(Resume(key=f"{key}/r", stop=key, at=until, recorded_at=until))
    return found


def extended(when: datetime, number: int, of: str = "") -> Extension:
    return Extension(
        key=f"x{when}", at=when, number=number, approver="a", reason="r", of=of, recorded_at=when
    )


def clocks(*events: Event, of: ItemDefinition = LAW_ONLY) -> CaseClocks:
    return case_clocks(limits_of(of), events)


def dates(*events: Event, of: ItemDefinition = LAW_ONLY) -> Dates:
    return dates_of(clocks(*events, of=of), working_calendar())


def test_five_days_to_tell_leave_out_the_festival_and_count_its_make_up_weekend() -> None:
    """第三十二条. 8 February is a Thursday; 9, 18 (a Sunday), 19, 20 and 21 count."""
    assert tell_by(at(2, 8), working_calendar()) == date(2024, 2, 21)


def test_five_days_from_a_plain_monday() -> None:
    assert tell_by(at(3, 4), working_calendar()) == date(2024, 3, 11)


def test_twenty_and_eight_working_days_across_the_spring_festival() -> None:
    """第四十二条. From 8 February: 9, 18, 19–23 are seven; 26–29, 1 March, 4–8, 11–13 the rest."""
    found = dates(start(at(2, 8)))
    assert (found.promised, found.legal) == (date(2024, 2, 26), date(2024, 3, 13))
    assert not found.provisional


def test_october_has_a_week_off_and_a_worked_saturday() -> None:
    """From Friday 27 September: Sunday 29, 30, then 8–11, Saturday 12, and and the 14th."""
    assert dates(start(at(9, 27))).promised == date(2024, 10, 14)


def test_a_stop_for_expert_review_moves_both_days() -> None:
    """第四十五条. Stopped 6–13 March: five working days are not counted."""
    found = dates(start(at(3, 4)), *stopped("专家评审", at(3, 6), at(3, 13)))
    assert (found.promised, found.legal) == (date(2024, 3, 21), date(2024, 4, 9))


def test_a_stop_that_the_law_does_not_know_moves_the_promise_only() -> None:
    found = dates(start(at(3, 4)), *stopped("现场核查", at(3, 6), at(3, 13)))
    assert (found.promised, found.legal) == (date(2024, 3, 21), date(2024, 4, 1))


def test_a_stop_that_the_promise_does_not_know_moves_the_law_only_to_its_cap() -> None:
    found = dates(start(at(3, 4)), *stopped("检验", at(3, 6), at(3, 20)))
    assert (found.promised, found.legal) == (date(2024, 3, 14), date(2024, 4, 9))


def test_an_open_stop_leaves_the_day_unknown_but_not_beyond_its_cap() -> None:
    without = dates(start(at(3, 4)), *stopped("专家评审", at(3, 6), None))
    assert (without.promised, without.legal, without.stopped) == (None, None, True)
    capped = dates(start(at(3, 4)), *stopped("检验", at(3, 6), None))
    assert (capped.promised, capped.legal) == (date(2024, 3, 14), date(2024, 4, 9))


def test_ten_days_more_by_law_are_not_ten_days_more_by_promise() -> None:
    """After 1 April: 2, 3, Sunday 7, 8–12, 15 and 16."""
    found = dates(start(at(3, 4)), extended(at(3, 12), 10, LEGAL))
    assert (found.promised, found.legal) == (date(2024, 3, 14), date(2024, 4, 16))
    promise = dates(start(at(3, 4)), extended(at(3, 12), 2, PROMISED))
    assert (promise.promised, promise.legal) == (date(2024, 3, 18), date(2024, 4, 1))


def test_a_ground_that_is_not_of_the_item_is_refused() -> None:
    with pytest.raises(GroundNotAllowed):
        clocks(start(at(3, 4)), *stopped("领导出差", at(3, 6), None))


def test_a_stop_before_the_start_is_refused() -> None:
    with pytest.raises(ClockError):
        clocks(start(at(3, 4)), *stopped("专家评审", at(3, 1), None))


def test_a_promise_from_receipt_runs_before_the_law_does() -> None:
    from_receipt = item(start_event=RECEIVED)
    found = dates(start(at(3, 4), RECEIVED), of=from_receipt)
    assert (found.promised, found.legal) == (date(2024, 3, 14), None)
    both = dates(start(at(3, 4), RECEIVED), start(at(3, 8)), of=from_receipt)
    assert (both.promised, both.legal) == (date(2024, 3, 14), date(2024, 4, 8))


def test_on_the_spot_is_the_day_of_the_start() -> None:
    spot = item(promised_limit="即办", handled="即办件", reviewed="即审即办")
    assert dates(start(at(3, 4)), of=spot).promised == date(2024, 3, 4)
    calendar, found = working_calendar(), clocks(start(at(3, 4)), of=spot)
    assert outcome_of(found, calendar, at(3, 4, 16)).promised_kept
    late = outcome_of(found, calendar, at(3, 5))
    assert (late.promised_kept, late.legal_kept) == (False, True)


def test_delivery_has_ten_days_of_its_own() -> None:
    """第四十四条. Decided on 20 March; 4 and 5 April are off, the 7th is worked."""
    assert deliver_by(LAW_ONLY, at(3, 20), working_calendar()) == date(2024, 4, 3)
    assert deliver_by(LAW_ONLY, at(3, 25), working_calendar()) == date(2024, 4, 9)


def test_the_last_day_is_in_time_and_the_next_one_late() -> None:
    found, calendar = clocks(start(at(3, 4))), working_calendar()
    assert outcome_of(found, calendar, at(3, 14, 23)).promised_kept
    late = outcome_of(found, calendar, at(3, 15, 0))
    assert (late.promised_kept, late.legal_kept, late.used_days) == (False, True, 9)


def test_stopped_days_are_not_used() -> None:
    found = clocks(start(at(3, 4)), *stopped("专家评审", at(3, 6), at(3, 13)))
    assert outcome_of(found, working_calendar(), at(3, 15)).used_days == 4


def test_a_year_not_yet_announced_makes_a_date_provisional() -> None:
    late = datetime(2031, 3, 3, 10, tzinfo=SHANGHAI)
    assert dates(start(late)).provisional


def test_branches_side_by_side_took_ten_days() -> None:
    """A: days 0–10, stopped 4–6; B: days 3–8. ∪(branch − its own stops) is ten, not eight."""
    calendar = working_calendar()
    first = date(2024, 3, 1)

    def day(number: int) -> date:
        return calendar.add_working_days(first, number)

    stop = BranchStop("专家评审", day(5), day(7))
    a = Branch("A", day(0), day(10), (stop,))
    b = Branch("B", day(3), day(8))
    assert stage_time([a, b], calendar).counted == 10
    assert stage_time([a], calendar).counted == 8


@pytest.mark.parametrize(
    ("day", "percent", "rung"),
    [
        (4, 0, 0),
        (8, 37, 0),
        (9, 50, 50),
        (12, 62, 50),
        (14, 87, 80),
        (15, 100, 100),
        (19, 125, 120),
    ],
)
def test_rungs_of_eight_days(day: int, percent: int, rung: int) -> None:
    """At the end of business; a day counts once it is over."""
    used = used_of(clocks(start(at(3, 4))).running[1], working_calendar(), at(3, day, 17))
    assert (used.percent, rung_of(used.percent)) == (percent, rung)
