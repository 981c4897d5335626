"""Due dates of very many cases at once: what a new calendar or a check of all columns asks for.

One pass handles all cases of one limit, with numbers in arrays: working days are looked up in the
calendar's index, and the first, second, third … stop of every case is taken in one step each.
What is rare and crooked (hours, months, caps, open stops, a cut-off) is left to the scalar clock,
which is also what the property test holds this against. Pure.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

import numpy as np
from numpy.typing import NDArray

from yinuo.kernel.calendar import FIRST, LAST, Calendar, OutsideHorizon
from yinuo.kernel.clock import Clock
from yinuo.kernel.counting import counting
from yinuo.kernel.instants import SHANGHAI
from yinuo.kernel.limits import DayType, Limit
from yinuo.kernel.reckoning import reckon
from yinuo.kernel.spans import OPEN

Ordinals = NDArray[np.int64]
UNKNOWN = 0
"""In place of the ordinal of a day: an open stop leaves it unknown."""
_MIDNIGHT = datetime(1992, 1, 1, tzinfo=SHANGHAI).astimezone(UTC).timestamp()
_DAY = 86_400


@dataclass(frozen=True, slots=True)
class Stops:
    """Closed stops of many cases in columns, in any order."""

    case: Ordinals
    """Place of the case in the list of starts."""
    start: Ordinals
    """Civil day, as an ordinal."""
    end: Ordinals

    def __len__(self) -> int:
        return len(self.case)


def days_of(instants: Iterable[datetime]) -> Ordinals:
    """The civil days of instants, as ordinals."""
    seconds = np.fromiter((one.timestamp() for one in instants), dtype=np.float64)
    return np.floor((seconds - _MIDNIGHT) / _DAY).astype(np.int64) + FIRST


def plain(limit: Limit) -> bool:
    """Whether cases of a limit can be counted in columns."""
    counted = limit.day_type in (DayType.WORKING_DAY, DayType.CALENDAR_DAY)
    return counted and limit.cutoff is None and not limit.caps


def due_days(
    limit: Limit, calendar: Calendar, starts: Ordinals, extensions: Ordinals, stops: Stops
) -> Ordinals:
    """The last day of each case of one `plain` limit, as an ordinal.

    `starts`: civil days; `extensions`: what was added to the limit. Raises `OutsideHorizon`.
    """
    index = _Index(calendar, working=limit.day_type is DayType.WORKING_DAY)
    first = starts + 1
    budget = extensions + limit.number
    end = index.end(first, budget)
    if len(stops):
        end = _with_stops(index, first, budget, end, stops)
    if not index.working and limit.rolls:
        return _rolled(index, end, first, stops)
    return end - 1


class _Index:
    """The calendar in arrays; positions are ordinals."""

    def __init__(self, calendar: Calendar, *, working: bool) -> None:
        self.working = working
        self.before: Ordinals = np.asarray(calendar.before, dtype=np.int64)
        self.days: Ordinals = np.asarray(calendar.working, dtype=np.int64)

    def end(self, first: Ordinals, number: Ordinals) -> Ordinals:
        """The smallest end such that [first, end) holds `number` units."""
        if not self.working:
            return _within(first + number)
        rank = self.before[_within(first) - FIRST] + number - 1
        if rank.size and int(rank.max()) >= len(self.days):
            raise OutsideHorizon("期限")
        end: Ordinals = self.days[rank] + 1
        return end

    def count(self, start: Ordinals, end: Ordinals) -> Ordinals:
        """How many units lie in [start, end)."""
        if not self.working:
            length: Ordinals = np.maximum(end - start, 0)
            return length
        between: Ordinals = self.before[_within(end) - FIRST] - self.before[_within(start) - FIRST]
        return between

    def worked(self, day: Ordinals) -> Ordinals:
        """The day itself, or the next working day."""
        return self.days[self.before[_within(day) - FIRST]]


def _within(days: Ordinals) -> Ordinals:
    if days.size and (int(days.min()) < FIRST or int(days.max()) > LAST):
        raise OutsideHorizon("日期")
    return days


def _with_stops(
    index: _Index, first: Ordinals, budget: Ordinals, end: Ordinals, stops: Stops
) -> Ordinals:
    """The n-th stop of every case in one step; a stop that begins before the end pushes it."""
    end, stopped, covered = end.copy(), np.zeros_like(budget), first.copy()
    for chosen in _by_rank(stops):
        case = stops.case[chosen]
        start = np.maximum(stops.start[chosen], first[case])
        pushes = start < end[case]
        case, start = case[pushes], np.maximum(start[pushes], covered[case[pushes]])
        until = np.maximum(stops.end[chosen][pushes], start)
        stopped[case] += index.count(start, until)
        covered[case] = np.maximum(covered[case], until)
        end[case] = index.end(first[case], budget[case] + stopped[case])
    return end


def _by_rank(stops: Stops) -> list[NDArray[np.int64]]:
    """Places of the first stop of each case, of the second, and so on."""
    order = np.lexsort((stops.end, stops.start, stops.case))
    cases = stops.case[order]
    first_of = np.searchsorted(cases, cases, side="left")
    rank = np.arange(len(order)) - first_of
    return [order[rank == number] for number in range(int(rank.max()) + 1)]


def _rolled(index: _Index, end: Ordinals, first: Ordinals, stops: Stops) -> Ordinals:
    """A last day on a day off moves on, and off a stop as well (民法典 203)."""
    last = index.worked(end - 1)
    for chosen in _by_rank(stops) if len(stops) else ():
        case = stops.case[chosen]
        start, until = np.maximum(stops.start[chosen], first[case]), stops.end[chosen]
        covers = (start <= last[case]) & (last[case] < until)
        last[case[covers]] = index.worked(until[covers])
    return last


def due_days_of(clocks: Sequence[Clock], calendar: Calendar) -> Ordinals:
    """The last day of each clock of one limit, `UNKNOWN` where an open stop leaves it so.

    As `clocks.dates_of` gives it. Raises `OutsideHorizon`.
    """
    found = np.zeros(len(clocks), dtype=np.int64)
    if not clocks:
        return found
    limit = clocks[0].limit
    simple = plain(limit)
    easy = [place for place, one in enumerate(clocks) if simple and not one.is_open]
    if easy:
        found[easy] = _easy(limit, calendar, [clocks[place] for place in easy])
    for place in sorted(set(range(len(clocks))) - set(easy)):
        found[place] = _crooked(clocks[place], calendar)
    return found


def _easy(limit: Limit, calendar: Calendar, clocks: Sequence[Clock]) -> Ordinals:
    spans = [(place, span) for place, one in enumerate(clocks) for span in one.stops]
    stops = Stops(
        case=np.fromiter((place for place, _ in spans), dtype=np.int64),
        start=days_of(span.stop.at for _, span in spans),
        end=days_of(span.until for _, span in spans if span.until is not None),
    )
    extensions = np.fromiter((one.number - limit.number for one in clocks), dtype=np.int64)
    starts = days_of(one.start.at for one in clocks)
    return due_days(limit, calendar, starts, extensions, stops)


def _crooked(clock: Clock, calendar: Calendar) -> int:
    ways = counting(clock.limit, calendar)
    last = max(event.recorded_at for event in clock.events)
    found = reckon(clock, ways, at=last)
    return UNKNOWN if found.latest == OPEN else ways.last_day(found.latest).toordinal()
