from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yinuo.kernel.calendar import Calendar
from yinuo.kernel.special_days import DayKind, SpecialDay

pytestmark = pytest.mark.slow

FIRST, LAST = date(2020, 1, 1), date(2026, 12, 31)
ONE = timedelta(days=1)
dates = st.dates(FIRST, LAST)
numbers = st.integers(0, 400)


@st.composite
def calendars(draw: st.DrawFn) -> Calendar:
    kinds = draw(
        st.dictionaries(dates, st.sampled_from([DayKind.OFF, DayKind.MAKE_UP]), max_size=60)
    )
    special = tuple(
        SpecialDay(day, kind, "节", "", "")
        for day, kind in sorted(kinds.items())
        if kind is DayKind.OFF or day.weekday() >= 5
    )
    return Calendar(special, valid_from=FIRST, valid_through=LAST)


# Building a calendar walks its whole horizon, so a few of them serve all examples.
CALENDARS = st.shared(calendars(), key="calendar")


def works(calendar: Calendar, day: date) -> bool:
    special = {row.date: row.kind for row in calendar.special}.get(day)
    return special is DayKind.MAKE_UP or (special is None and day.weekday() < 5)


@given(CALENDARS, dates, dates)
def test_days_between_are_those_one_counts(calendar: Calendar, one: date, other: date) -> None:
    start, end = sorted((one, other))
    counted = sum(works(calendar, start + ONE * n) for n in range((end - start).days))
    assert calendar.working_days_between(start, end) == counted
    assert calendar.working_days_between(end, start) == -counted


@given(CALENDARS, dates, dates, dates)
def test_stretches_add_up(calendar: Calendar, a: date, b: date, c: date) -> None:
    between = calendar.working_days_between
    assert between(a, b) + between(b, c) == between(a, c)


@given(CALENDARS, dates, st.integers(-300, 300))
def test_adding_is_walking(calendar: Calendar, day: date, number: int) -> None:
    walked, left, step = day, abs(number), ONE if number > 0 else -ONE
    while left:
        walked += step
        left -= works(calendar, walked)
    assert calendar.add_working_days(day, number) == walked


@given(CALENDARS, dates, numbers, numbers)
def test_adding_twice_is_adding_the_sum(calendar: Calendar, day: date, a: int, b: int) -> None:
    add = calendar.add_working_days
    assert add(add(day, a), b) == add(day, a + b)


@given(CALENDARS, dates, st.integers(1, 400))
def test_what_is_added_lies_between(calendar: Calendar, day: date, number: int) -> None:
    end = calendar.add_working_days(day, number)
    assert calendar.working_days_between(day + ONE, end + ONE) == number
    assert calendar.is_working(end)


@given(CALENDARS, dates)
def test_on_or_after_is_the_first_worked_day(calendar: Calendar, day: date) -> None:
    found = day
    while not works(calendar, found):
        found += ONE
    assert calendar.on_or_after(day) == found
    assert calendar.is_working(day) == (found == day)
    assert calendar.next_working_day(day) == calendar.on_or_after(day + ONE)
