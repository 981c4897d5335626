"""Three ways to count time: working days, calendar days, hours.

Each turns instants into whole numbers (the ordinal of a day, or microseconds), on which stops are
half-open intervals, and counts the units in such an interval. A period that is used up ends at a
number, exclusive: with days, the day after its last day.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Protocol

from yinuo.kernel.calendar import FIRST, LAST, Calendar, OutsideHorizon
from yinuo.kernel.instants import SHANGHAI
from yinuo.kernel.limits import DayType, Limit
from yinuo.kernel.spans import OPEN, Span

# China keeps UTC+8 without summer time over the whole horizon, so days are whole multiples of it.
_MIDNIGHT = datetime(1992, 1, 1, tzinfo=SHANGHAI).astimezone(UTC)
_DAY_SECONDS = 86_400
_MICROSECOND = timedelta(microseconds=1)
MICROSECONDS_PER_HOUR = 3_600_000_000
_MICROSECONDS_PER_DAY = 24 * MICROSECONDS_PER_HOUR
_MONTHS_PER_YEAR = 12


@dataclass(frozen=True, slots=True)
class Due:
    """The end of a period: its last day, and the instant from which one is late."""

    date: date
    at: datetime
    """UTC; exclusive: up to this instant one is in time."""


class Counting(Protocol):
    """How one limit counts."""

    @property
    def unit(self) -> DayType:
        """Working days, calendar days or hours (which are counted in microseconds)."""

    def units(self, number: int, /) -> int:
        """That many working days, calendar days or hours, as counted here."""

    def position(self, instant: datetime, /) -> int:
        """Where an event at that instant lies: its day, or the microsecond."""

    def elapsed(self, instant: datetime, /) -> int:
        """The first position not yet over at that instant."""

    def first(self, start: int, /) -> int:
        """The first position that may be counted after a start."""

    def budget(self, number: int, start: int, /) -> int:
        """How many units a limit of `number` has, if it starts there."""

    def count(self, start: int, end: int, /) -> int:
        """How many units lie in [start, end)."""

    def end(self, first: int, number: int, /) -> int:
        """The smallest end such that [first, end) holds `number` units."""

    def settle(self, end: int, stops: Sequence[Span], /) -> int:
        """The end after rolling off days off; `OPEN` if an open stop covers the last day."""

    def last_day(self, end: int, /) -> date:
        """The civil date of the end of a period with that end."""

    def due(self, end: int, /) -> Due:
        """The last day and the closing instant of a period with that end."""

    def provisional(self, first: int, end: int, due: int, /) -> bool:
        """Whether an unannounced day was used; `end` is the end before, `due` after rolling."""


def counting(limit: Limit, calendar: Calendar) -> Counting:
    """The way in which a limit counts."""
    if limit.day_type is DayType.WORKING_DAY:
        return _WorkingDays(calendar, limit.cutoff)
    if limit.day_type is DayType.HOUR:
        return _Hours()
    months = {DayType.CALENDAR_DAY: 0, DayType.MONTH: 1, DayType.YEAR: _MONTHS_PER_YEAR}
    return _CalendarDays(calendar, limit.cutoff, months=months[limit.day_type], rolls=limit.rolls)


class _Days:
    """What working days and calendar days share: a position is the ordinal of a civil date."""

    __slots__ = ("_calendar", "_cutoff", "_cutoff_seconds")
    unit = DayType.CALENDAR_DAY

    def __init__(self, calendar: Calendar, cutoff: time | None) -> None:
        self._calendar = calendar
        self._cutoff = cutoff
        self._cutoff_seconds = _DAY_SECONDS if cutoff is None else _seconds(cutoff)

    def elapsed(self, instant: datetime, /) -> int:
        since = instant - _MIDNIGHT
        return _within(since.days + FIRST) + (since.seconds >= self._cutoff_seconds)

    def units(self, number: int, /) -> int:
        return number

    def first(self, start: int, /) -> int:
        return start + 1

    def last_day(self, end: int, /) -> date:
        return date.fromordinal(_within(end - 1))

    def due(self, end: int, /) -> Due:
        last = self.last_day(end)
        if self._cutoff is not None:
            return Due(last, datetime.combine(last, self._cutoff, SHANGHAI).astimezone(UTC))
        return Due(last, _MIDNIGHT + timedelta(days=end - FIRST))


class _WorkingDays(_Days):
    """Working days of a calendar (行政许可法 82: days off do not count)."""

    __slots__ = ("_before", "_working")
    unit = DayType.WORKING_DAY

    def __init__(self, calendar: Calendar, cutoff: time | None = None) -> None:
        super().__init__(calendar, cutoff)
        self._before = calendar.before
        self._working = calendar.working

    def position(self, instant: datetime, /) -> int:
        since = instant - _MIDNIGHT
        index = since.days
        if not 0 <= index <= LAST - FIRST:
            raise OutsideHorizon(f"{instant.date()} ")
        if self._cutoff is None:
            return index + FIRST
        before = self._before
        worked = before[index + 1] > before[index]
        if worked and since.seconds < self._cutoff_seconds:
            return index + FIRST
        return self.end(index + FIRST + 1, 1) - 1

    def budget(self, number: int, _start: int, /) -> int:
        return number

    def count(self, start: int, end: int, /) -> int:
        if end <= start:
            return 0
        return self._before[end - FIRST] - self._before[start - FIRST]

    def end(self, first: int, number: int, /) -> int:
        rank = self._before[first - FIRST] + number - 1
        if rank >= len(self._working):
            raise OutsideHorizon(f"{number} 个工作日之后")
        return self._working[rank] + 1

    def settle(self, end: int, _stops: Sequence[Span], /) -> int:
        return end

    def provisional(self, first: int, _end: int, due: int, /) -> bool:
        calendar = self._calendar
        return not (
            calendar.valid_from.toordinal() <= first
            and due - 1 <= calendar.valid_through.toordinal()
        )


class _CalendarDays(_Days):
    """Calendar days, and months and years by corresponding day (民法典 202)."""

    __slots__ = ("_months", "_rolls")

    def __init__(
        self, calendar: Calendar, cutoff: time | None = None, *, months: int = 0, rolls: bool = True
    ) -> None:
        super().__init__(calendar, cutoff)
        self._months = months
        self._rolls = rolls

    def position(self, instant: datetime, /) -> int:
        return self.elapsed(instant)

    def budget(self, number: int, start: int, /) -> int:
        if not self._months:
            return number
        return _add_months(start, number * self._months) - start

    def count(self, start: int, end: int, /) -> int:
        return max(0, end - start)

    def end(self, first: int, number: int, /) -> int:
        return first + number

    def settle(self, end: int, stops: Sequence[Span], /) -> int:
        if not self._rolls:
            return end
        last = self._worked(end - 1)
        for start, stop in stops:
            if start > last:
                break
            if last < stop:
                if stop == OPEN:
                    return OPEN
                last = self._worked(stop)
        return last + 1

    def provisional(self, _first: int, end: int, due: int, /) -> bool:
        calendar = self._calendar
        last = end - 1
        return self._rolls and not (
            calendar.valid_from.toordinal() <= last
            and due - 1 <= calendar.valid_through.toordinal()
        )

    def _worked(self, day: int) -> int:
        return self._calendar.on_or_after(date.fromordinal(_within(day))).toordinal()


class _Hours:
    """Hours from the minute of the start (民法典 201), days off included."""

    __slots__ = ()
    unit = DayType.HOUR

    def units(self, number: int, /) -> int:
        return number * MICROSECONDS_PER_HOUR

    def position(self, instant: datetime, /) -> int:
        return (instant - _MIDNIGHT) // _MICROSECOND

    def elapsed(self, instant: datetime, /) -> int:
        return self.position(instant)

    def first(self, start: int, /) -> int:
        return start

    def budget(self, number: int, _start: int, /) -> int:
        return number * MICROSECONDS_PER_HOUR

    def count(self, start: int, end: int, /) -> int:
        return max(0, end - start)

    def end(self, first: int, number: int, /) -> int:
        return first + number

    def settle(self, end: int, _stops: Sequence[Span], /) -> int:
        return end

    def last_day(self, end: int, /) -> date:
        return date.fromordinal(_within(end // _MICROSECONDS_PER_DAY + FIRST))

    def due(self, end: int, /) -> Due:
        return Due(self.last_day(end), _MIDNIGHT + timedelta(microseconds=end))

    def provisional(self, _first: int, _end: int, _due: int, /) -> bool:
        return False


def _within(ordinal: int) -> int:
    if not FIRST <= ordinal <= LAST:
        raise OutsideHorizon("日期")
    return ordinal


def _seconds(clock_time: time) -> int:
    return clock_time.hour * 3600 + clock_time.minute * 60 + clock_time.second


def _add_months(ordinal: int, months: int) -> int:
    """The corresponding day `months` later, else the last day of that month (民法典 202)."""
    day = date.fromordinal(ordinal)
    year, month = divmod(day.year * _MONTHS_PER_YEAR + day.month - 1 + months, _MONTHS_PER_YEAR)
    if year > date.fromordinal(LAST).year:
        raise OutsideHorizon(f"{day} 起 {months} 个月")
    next_month = date(year + month // 11, (month + 1) % _MONTHS_PER_YEAR + 1, 1)
    last = next_month.toordinal() - 1
    return min(date(year, month + 1, 1).toordinal() + day.day - 1, last)
