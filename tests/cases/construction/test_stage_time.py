"""Stage time against hand calculations, and against days counted one by one."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yinuo.cases.construction.stage_time import Ran, Stood, count
from yinuo.kernel.calendar import Calendar
from yinuo.kernel.content import content_dir

CALENDAR = Calendar.load(content_dir() / "calendars" / "china.csv")
MONDAY = date(2024, 3, 4)


def _ran(key: str, start: date, end: date | None, *stops: tuple[str, date, date | None]) -> Ran:
    stood = tuple(Stood(ground=ground, start=a, end=b) for ground, a, b in stops)
    return Ran(key=key, name=key, unit=key, start=start, end=end, stops=stood)


def _plus(days: int) -> date:
    return CALENDAR.add_working_days(MONDAY, days)


def test_example_of_the_standard_model_is_ten_not_eight() -> None:
    """A 0–10 stopped 4–6 beside B 3–8: somebody worked on each of the ten days."""
    found = count(
        [
            _ran("A", MONDAY, _plus(10), ("专家评审", _plus(5), _plus(7))),
            _ran("B", _plus(3), _plus(8)),
        ],
        CALENDAR,
        on=_plus(20),
    )
    assert (found.whole.span, found.whole.counted) == (10, 10)
    assert [one.counted for one in found.branches] == [8, 5]
    assert found.whole.paused == (("专家评审", 2),)


def test_make_up_days_and_holiday_in_may() -> None:
    """As in the story of the factory: 24 April to 10 May, 2024."""
    april = date(2024, 4, 24)
    found = count(
        [
            _ran(
                "消防", april, date(2024, 5, 10), ("专家评审", date(2024, 4, 26), date(2024, 5, 8))
            ),
            _ran("档案", april, date(2024, 4, 30)),
        ],
        CALENDAR,
        on=date(2024, 5, 10),
    )
    assert (found.whole.span, found.whole.counted) == (10, 8)
    assert [one.counted for one in found.branches] == [4, 5]
    assert [one.alone for one in found.branches] == [3, 4]
    assert "审批用时：只要有一个部门在办，这一天就计一次，共 8 个工作日。" in found.lines


def test_open_branch_is_seen_as_of_a_day_and_later_stops_are_not_known() -> None:
    branches = [_ran("A", MONDAY, None, ("补正", _plus(2), None), ("听证", _plus(9), None))]
    on = _plus(4)
    found = count(branches, CALENDAR, on=on)
    assert (found.open, found.whole.counted, found.whole.span) == (True, 1, 4)
    assert "仍在办" in found.lines[1]
    assert count(branches, CALENDAR, on=MONDAY - timedelta(days=1)).first is None


def test_a_day_beyond_the_calendar_is_provisional() -> None:
    start = CALENDAR.valid_through - timedelta(days=3)
    found = count(
        [_ran("A", start, start + timedelta(days=20))], CALENDAR, on=start + timedelta(days=30)
    )
    assert found.whole.provisional
    assert "预计" in found.lines[-1]


@st.composite
def _branches(draw: st.DrawFn) -> list[Ran]:
    found = []
    for number in range(draw(st.integers(1, 4))):
        start = MONDAY + timedelta(days=draw(st.integers(0, 30)))
        length = draw(st.integers(0, 40))
        end = None if draw(st.booleans()) else start + timedelta(days=length)
        stops = []
        for _ in range(draw(st.integers(0, 3))):
            since = start + timedelta(days=draw(st.integers(0, max(length, 1))))
            lasting = draw(st.integers(0, 15))
            until = None if draw(st.booleans()) else since + timedelta(days=lasting)
            if end is None or since <= end:
                stops.append(("专家评审", since, until))
        found.append(_ran(f"B{number}", start, end, *stops))
    return found


@given(_branches(), st.integers(0, 60))
def test_counted_time_is_that_of_days_looked_at_one_by_one(branches: list[Ran], after: int) -> None:
    on = MONDAY + timedelta(days=after)
    found = count(branches, CALENDAR, on=on)

    def works(ran: Ran, day: date) -> bool:
        last = on if ran.end is None else min(ran.end, on)
        inside = ran.start < day <= last
        stood = any(
            stop.start <= day and (stop.end is None or stop.end > on or day < stop.end)
            for stop in ran.stops
            if stop.start <= last
        )
        return inside and not stood

    days = [MONDAY + timedelta(days=n) for n in range(120)]
    by_hand = sum(
        CALENDAR.is_working(day) and any(works(ran, day) for ran in branches) for day in days
    )
    assert found.whole.counted == by_hand
    assert found.whole.counted <= found.whole.span
    assert sum(one.alone for one in found.branches) <= found.whole.counted


@pytest.mark.parametrize("ran", [_ran("A", MONDAY, MONDAY), _ran("A", MONDAY, None)])
def test_a_branch_of_the_day_itself_counts_nothing(ran: Ran) -> None:
    assert count([ran], CALENDAR, on=MONDAY).whole.counted == 0
