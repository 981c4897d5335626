"""How much of a promise was left when its clock was stopped. Pure.

Every stop is looked at with those before it taken off, by the prefix sums of the calendar, so
that a hundred thousand take about a second. The rule is that of `audit.judging`: a stop within
the last units is named for a person to look at, never judged.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from yinuo.cases.audit.judging import LAST_UNITS
from yinuo.kernel.calendar import FIRST, Calendar
from yinuo.kernel.limits import DayType, UnknownLimit, parse_limit

LAST_UNIT = 1
LATE_AFTER = timedelta(days=1)
"""A stop noted so much after it happened is called late (补录)."""


@dataclass(frozen=True, slots=True)
class StopSpan:
    """One stop of the clock of a promise."""

    code: str
    start: date
    end: date | None
    """None while it is open."""


@dataclass(frozen=True, slots=True)
class StopLeft:
    """What was left of the promise as a stop began; 0 and below once it was late."""

    code: str
    left: int

    @property
    def near_end(self) -> bool:
        """Whether it began within the last `LAST_UNITS` before the end."""
        return 0 < self.left <= LAST_UNITS

    @property
    def last_day(self) -> bool:
        """Whether it began on the last unit."""
        return self.left == LAST_UNIT


def working_days_of(limit: str) -> int | None:
    """The working days of a limit as it is written; None for other units and for 即办."""
    try:
        number, day_type = parse_limit(limit)
    except UnknownLimit:
        return None
    return number if day_type is DayType.WORKING_DAY else None


def left_at_stops(
    *, allowance: int, start: date, stops: Iterable[StopSpan], calendar: Calendar
) -> Iterator[StopLeft]:
    """For each stop, by its start, the working days that were left of the allowance.

    The day of the start is not counted (民法典 第二百零一条); the day of a stop does not count.
    """
    before = calendar.before
    counted_from = start.toordinal() - FIRST + 1
    counted, running = 0, counted_from
    for stop in sorted(stops, key=lambda each: (each.start, each.code)):
        at = max(stop.start.toordinal() - FIRST, counted_from)
        if at > running:
            counted += before[at] - before[running]
            running = at
        yield StopLeft(stop.code, allowance - counted)
        if stop.end is None:
            return
        running = max(running, stop.end.toordinal() - FIRST)


def noted_late(happened: datetime, noted: datetime) -> bool:
    """Whether a stop was written down more than a day after it happened."""
    return noted - happened > LATE_AFTER
