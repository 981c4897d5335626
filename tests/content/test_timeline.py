"""Which version answers for which day."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from yinuo.content.timeline import Span, Starting, answered_for, in_force, spans

DAY = date(2026, 1, 1)
STARTS = st.lists(st.integers(0, 20), min_size=1, max_size=8)


def versions(starts: list[int]) -> list[Starting]:
    return [Starting(DAY + timedelta(days=n), e) for e, n in enumerate(starts, start=1)]


def test_nothing_before_the_first() -> None:
    assert in_force([], DAY) is None
    assert in_force(versions([1]), DAY) is None


def test_the_later_first_day_wins_whatever_was_approved_last() -> None:
    later_day, approved_later = Starting(date(2026, 7, 1), 2), Starting(date(2026, 4, 1), 3)
    found = [Starting(DAY, 1), later_day, approved_later]
    days = (date(2026, 3, 31), date(2026, 4, 1), date(2026, 7, 1))
    assert [v.edition for day in days if (v := in_force(found, day))] == [1, 3, 2]
    assert spans(found)[3] == Span(date(2026, 4, 1), date(2026, 7, 1))
    assert spans(found)[2].end is None


def test_of_two_that_start_on_one_day_the_last_approved_wins() -> None:
    found = versions([0, 5, 5])
    assert spans(found)[2].is_empty
    assert in_force(found, DAY + timedelta(days=5)) == found[2]


@given(STARTS, st.integers(0, 25))
def test_spans_and_days_tell_the_same(starts: list[int], offset: int) -> None:
    found, day = versions(starts), DAY + timedelta(days=offset)
    holding = [
        edition
        for edition, span in spans(found).items()
        if span.start <= day and (span.end is None or day < span.end)
    ]
    present = in_force(found, day)
    assert holding == ([present.edition] if present else [])


@given(STARTS, st.integers(0, 20), st.integers(0, 20))
def test_a_new_version_that_is_let_in_changes_no_past_answer(
    starts: list[int], start: int, now: int
) -> None:
    found, today = versions(starts), DAY + timedelta(days=now)
    new = Starting(DAY + timedelta(days=start), len(starts) + 1)
    days = [DAY + timedelta(days=n) for n in range(now)]
    before = [in_force(found, day) for day in days]
    after = [in_force([*found, new], day) for day in days]
    rewritten = any(old is not None and old != now for old, now in zip(before, after, strict=True))
    assert rewritten == (answered_for(found, new.valid_from, today) is not None)
