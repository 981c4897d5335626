"""The arithmetic of a clock: from its events to the day on which it runs out."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from itertools import pairwise
from typing import NamedTuple

from yinuo.kernel.calendar import Calendar
from yinuo.kernel.clock import Clock, StopSpan
from yinuo.kernel.counting import Counting, counting
from yinuo.kernel.limits import Limit
from yinuo.kernel.spans import OPEN, Span, merge


class Reckoning(NamedTuple):
    """A clock in whole numbers (see `yinuo.kernel.counting`)."""

    counting: Counting
    first: int
    """The first position that may be counted."""
    budget: int
    stops: list[Span]
    """Merged and within reach; open stops last until the instant of asking."""
    end: int
    """Where the budget is used up, if resumed now."""
    earliest: int
    """`end` after rolling."""
    latest: int
    """The same if open stops last as long as they may; `OPEN`: for ever."""

    @property
    def known(self) -> bool:
        """Whether the end no longer depends on when an open stop is ended."""
        return self.earliest == self.latest


def due_date(clock: Clock, calendar: Calendar, *, at: datetime) -> date | None:
    """The last day in time, as `project` gives it; None while it is unknown.

    Raises `OutsideHorizon`.
    """
    return next(due_dates((clock,), calendar, at=at))


def due_dates(
    clocks: Iterable[Clock], calendar: Calendar, *, at: datetime
) -> Iterator[date | None]:
    """The due date of each clock, in order: what a new calendar or a nightly check asks for.

    Raises `OutsideHorizon`.
    """
    # By identity, as hashing a limit takes longer than counting by it. The entry keeps its limit
    # alive, so no other one can take over the identity.
    known: dict[int, tuple[Limit, Counting]] = {}
    for clock in clocks:
        limit = clock.limit
        entry = known.get(id(limit))
        if entry is None:
            entry = known[id(limit)] = (limit, counting(limit, calendar))
        ways = entry[1]
        reckoning = reckon(clock, ways, at=at)
        yield ways.last_day(reckoning.earliest) if reckoning.known else None


def reckon(clock: Clock, ways: Counting, *, at: datetime) -> Reckoning:
    """Where the budget of a clock ends, given its stops and extensions.

    `ways` is how its limit counts; `at` matters only for open stops. Raises `OutsideHorizon`.
    """
    start = ways.position(clock.start.at)
    first = ways.first(start)
    budget = ways.budget(clock.number, start)
    until = ways.position(at) if clock.is_open else OPEN
    stops = stop_spans(clock.limit, ways, first, clock.stops, open_until=until)
    end = used_up(ways, first, budget, stops)
    latest = earliest = ways.settle(end, stops)
    if clock.is_open:
        lasting = stop_spans(clock.limit, ways, first, clock.stops, open_until=OPEN)
        latest = used_up(ways, first, budget, lasting)
        if latest != OPEN:
            latest = ways.settle(latest, lasting)
    return Reckoning(ways, first, budget, stops, end, earliest, latest)


def stop_spans(
    limit: Limit,
    ways: Counting,
    first: int,
    stops: Iterable[StopSpan],
    *,
    open_until: int,
) -> list[Span]:
    """The stops as merged intervals from `first` on, each ground cut at its cap."""
    position, caps = ways.position, limit.caps
    spans: list[Span] = []
    capped: dict[str, list[Span]] = {}
    for stop, resume in stops:
        end = open_until if resume is None else position(resume.at)
        span = (max(first, position(stop.at)), end)
        if caps and stop.ground in caps:
            capped.setdefault(stop.ground, []).append(span)
        else:
            spans.append(span)
    for ground, its_spans in capped.items():
        spans += _capped(ways, merge(its_spans), ways.units(caps[ground]))
    return merge(spans)


def _capped(ways: Counting, spans: Sequence[Span], cap: int) -> list[Span]:
    """The spans until `cap` units are used; after that the clock runs again by itself."""
    kept = []
    for start, end in spans:
        if cap == 0:
            break
        cut = min(end, ways.end(start, cap))
        kept.append((start, cut))
        cap -= ways.count(start, cut)
    return kept


def used_up(ways: Counting, first: int, budget: int, stops: Sequence[Span]) -> int:
    """The smallest end such that [first, end) without the stops holds the budget; or `OPEN`.

    A stop pushes the end if it begins before it, so also if it begins on the last day.
    """
    end = ways.end(first, budget)
    stopped = 0
    for start, stop in stops:
        if start >= end:
            break
        if stop == OPEN:
            return OPEN
        units = ways.count(start, stop)
        if units:
            stopped += units
            end = ways.end(first, budget + stopped)
    return end


def stopped_units(clock: Clock, reckoning: Reckoning, at: datetime) -> tuple[tuple[str, int], ...]:
    """The units that each ground takes off before the end, by name of ground."""
    ways = reckoning.counting
    units = []
    for ground in sorted({span.stop.ground for span in clock.stops}):
        stops = [span for span in clock.stops if span.stop.ground == ground]
        units.append((ground, _units(clock, reckoning, stops, ways.position(at))))
    return tuple(units)


def marginal_units(clock: Clock, reckoning: Reckoning, at: datetime) -> list[int]:
    """What each stop in turn takes off beyond the stops before it; together, all that is taken."""
    until = reckoning.counting.position(at)
    totals = [
        _units(clock, reckoning, clock.stops[:number], until)
        for number in range(len(clock.stops) + 1)
    ]
    return [after - before for before, after in pairwise(totals)]


def late_extensions(clock: Clock, reckoning: Reckoning) -> tuple[str, ...]:
    """Keys of the extensions granted after the time, as extended before, had run out."""
    ways, first = reckoning.counting, reckoning.first
    start = ways.position(clock.start.at)
    lasting = stop_spans(clock.limit, ways, first, clock.stops, open_until=OPEN)
    number, late = clock.limit.number, []
    for extension in clock.extensions:
        end = used_up(ways, first, ways.budget(number, start), lasting)
        if end != OPEN:
            end = ways.settle(end, lasting)
        if end != OPEN and extension.at >= ways.due(end).at:
            late.append(extension.key)
        number += extension.number
    return tuple(late)


def _units(clock: Clock, reckoning: Reckoning, stops: Iterable[StopSpan], until: int) -> int:
    ways = reckoning.counting
    spans = stop_spans(clock.limit, ways, reckoning.first, stops, open_until=until)
    last = reckoning.earliest
    return sum(ways.count(start, min(end, last)) for start, end in spans if start < last)
