"""The two clocks of a case: what the law allows and what the item promises. Pure.

    receipt ──5 working days──→ told, or deemed accepted       (行政许可法 32)
    acceptance ──法定 and 承诺, less stops──→ decision            (行政许可法 42, 45)
    decision ──10 working days──→ delivery                     (行政许可法 44)

Every date here is a projection of events; `kernel.clock` says what may be recorded.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache

from yinuo.cases.items.definition import LEGAL, PROMISED, ItemDefinition
from yinuo.cases.life import CaseStatus
from yinuo.kernel.calendar import Calendar
from yinuo.kernel.clock import Clock, Event, Start
from yinuo.kernel.counting import counting
from yinuo.kernel.instants import civil_date
from yinuo.kernel.limits import DayType, Ground, Limit, parse_limit
from yinuo.kernel.reckoning import Reckoning, reckon, stop_spans
from yinuo.kernel.spans import OPEN

RECEIVED, ACCEPTED = "收件", "受理"
"""Events from which a limit runs."""
TELL_WITHIN = 5
"""Working days in which all that is missing is told (行政许可法 第三十二条第一款第四项)."""
TELL_BASIS = "行政许可法第三十二条第一款第四项"
RUNGS = (50, 80, 100, 120)
"""Percent of the allowance at which somebody is warned."""
_A_DAY = Limit(number=1, day_type=DayType.WORKING_DAY)


@dataclass(frozen=True, slots=True)
class Limits:
    """The limits of one version of an item."""

    legal: Limit
    promised: Limit | None
    """None for 即办: answered on the day on which the clock starts."""
    start_event: str
    """From what the promise runs; the limit of the law runs from acceptance."""


@lru_cache(maxsize=1024)
def limits_of(item: ItemDefinition) -> Limits:
    """The limits of an item with the grounds that stop each. Raises `UnknownLimit`, `BadLimit`."""
    legal = _limit(item, LEGAL, item.legal_limit, ACCEPTED)
    promised = None
    if not item.at_once:
        promised = _limit(item, PROMISED, item.promised_limit, item.start_event)
    return Limits(legal, promised, item.start_event)


def _limit(item: ItemDefinition, name: str, text: str, start_event: str) -> Limit:
    number, day_type = parse_limit(text)
    is_legal = name == LEGAL
    grounds = tuple(
        Ground(name=one.name, legal_basis=one.legal_basis, cap=one.cap)
        for one in item.grounds
        if (one.stops_legal if is_legal else one.stops_promised)
    )
    return Limit(
        number=number,
        day_type=day_type,
        name=name,
        start_event=start_event,
        legal_basis=item.legal_explain if is_legal else item.promised_explain,
        grounds=grounds,
    )


@dataclass(frozen=True, slots=True)
class CaseClocks:
    """Both clocks, as far as they have started."""

    legal: Clock | None
    promised: Clock | None
    at_once: datetime | None
    """When the clock of a promise to answer on the spot started; None where there is none."""

    @property
    def running(self) -> tuple[Clock, ...]:
        """Those that have started, the law first."""
        return tuple(clock for clock in (self.legal, self.promised) if clock is not None)

    @property
    def is_open(self) -> bool:
        """Whether a stop has not been ended."""
        return any(clock.is_open for clock in self.running)


def case_clocks(limits: Limits, events: Sequence[Event]) -> CaseClocks:
    """The clocks that the events have started. Raises the errors of `kernel.clock_errors`."""
    started = {event.event: event.at for event in events if isinstance(event, Start)}
    legal = promised = at_once = None
    if ACCEPTED in started:
        legal = Clock(limits.legal, tuple(events), other=limits.promised)
    if limits.promised is None:
        at_once = started.get(limits.start_event)
    elif limits.start_event in started:
        promised = Clock(limits.promised, tuple(events), other=limits.legal)
    return CaseClocks(legal, promised, at_once)


@dataclass(frozen=True, slots=True, kw_only=True)
class Dates:
    """What the clocks come to, as kept beside a case: it depends on the events and nothing else.

    A stop that is open and has a cap counts to its cap; one without leaves the date unknown.
    """

    legal: date | None
    promised: date | None
    provisional: bool
    """Whether a day counts whose arrangement has not been announced."""
    stopped: bool


def dates_of(clocks: CaseClocks, calendar: Calendar) -> Dates:
    """The last day of each clock. Raises `OutsideHorizon`."""
    legal, promised = (_last_day(clock, calendar) for clock in (clocks.legal, clocks.promised))
    at_once = clocks.at_once and civil_date(clocks.at_once)
    return Dates(
        legal=legal[0],
        promised=promised[0] or at_once,
        provisional=legal[1] or promised[1],
        stopped=clocks.is_open,
    )


def _last_day(clock: Clock | None, calendar: Calendar) -> tuple[date | None, bool]:
    if clock is None:
        return None, False
    ways = counting(clock.limit, calendar)
    found = _lasting(clock, calendar)
    provisional = ways.provisional(found.first, found.end, found.earliest)
    if found.latest == OPEN:
        return None, provisional
    return ways.last_day(found.latest), provisional


def _lasting(clock: Clock, calendar: Calendar) -> Reckoning:
    """The reckoning as it stood when the last event happened."""
    last = max(event.recorded_at for event in clock.events)
    return reckon(clock, counting(clock.limit, calendar), at=last)


def tell_by(received: datetime, calendar: Calendar) -> date:
    """The last day on which the applicant can be told what is missing."""
    return calendar.add_working_days(civil_date(received), TELL_WITHIN)


def last_day_of(limit: str, start: datetime, calendar: Calendar) -> date:
    """The last day of a limit as it is written, such as `10wd`, that starts at an instant.

    Raises `UnknownLimit`, `BadLimit`, `OutsideHorizon`.
    """
    number, day_type = parse_limit(limit)
    of = Limit(number=number, day_type=day_type, start_event="")
    clock = Clock(of, (Start(key="start", at=start, event="", recorded_at=start),))
    ways = counting(of, calendar)
    return ways.last_day(reckon(clock, ways, at=start).earliest)


def deliver_by(item: ItemDefinition, decided: datetime, calendar: Calendar) -> date | None:
    """The last day of delivery; None where the item has no limit for it."""
    if not item.delivery_limit:
        return None
    return last_day_of(item.delivery_limit, decided, calendar)


def next_to_act(
    status: str,
    dates: Dates,
    *,
    tell_due: date | None,
    answer_due: date | None,
    planned: Iterable[date],
    deliver_due: date | None,
) -> date | None:
    """The next day by which somebody has to act; `planned`: when the open stops are to end."""
    dues = [dates.legal, dates.promised]
    ways = {
        CaseStatus.RECEIVED: [tell_due, *dues],
        CaseStatus.CORRECTING: [answer_due, *dues],
        CaseStatus.ACCEPTED: [*dues, *planned],
        CaseStatus.DECIDED: [deliver_due],
    }
    days = [day for day in ways.get(CaseStatus(status), []) if day is not None]
    return min(days, default=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What a decided case came to."""

    legal_kept: bool
    promised_kept: bool
    used_days: int
    """Working days counted from the start of the promise, its stops left out."""


def outcome_of(clocks: CaseClocks, calendar: Calendar, decided: datetime) -> Outcome:
    """Whether a decision came in time; at the instant of the limit it is late.

    Raises `OutsideHorizon`.
    """
    promised = clocks.promised or clocks.legal
    if clocks.at_once is not None:
        promised_kept = civil_date(decided) <= civil_date(clocks.at_once)
    else:
        promised_kept = _in_time(clocks.promised, calendar, decided)
    return Outcome(
        legal_kept=_in_time(clocks.legal, calendar, decided),
        promised_kept=promised_kept,
        used_days=used_days(promised, calendar, decided) if promised else 0,
    )


def _in_time(clock: Clock | None, calendar: Calendar, decided: datetime) -> bool:
    if clock is None:
        return True
    ways = counting(clock.limit, calendar)
    found = reckon(clock, ways, at=decided)
    return not found.known or decided < ways.due(found.earliest).at


def used_days(clock: Clock, calendar: Calendar, until: datetime) -> int:
    """Working days counted by a clock up to an instant, whatever its limit is counted in."""
    ways = counting(_A_DAY, calendar)
    first, last = ways.first(ways.position(clock.start.at)), ways.position(until) + 1
    spans = stop_spans(_A_DAY, ways, first, clock.stops, open_until=last)
    stopped = sum(ways.count(start, min(end, last)) for start, end in spans if start < last)
    return ways.count(first, last) - stopped


@dataclass(frozen=True, slots=True)
class Used:
    """How far a clock has run."""

    allowance: int
    """The limit with its extensions, in its unit (hours in microseconds)."""
    percent: int
    """Of the allowance; beyond 100 once it is late."""


def used_of(clock: Clock, calendar: Calendar, at: datetime) -> Used:
    """How far a clock has run at an instant; while stopped it stands. Raises `OutsideHorizon`."""
    ways = counting(clock.limit, calendar)
    found = reckon(clock, ways, at=at)
    elapsed = ways.elapsed(at)
    until = min(elapsed, found.end)
    stopped = sum(ways.count(start, min(end, until)) for start, end in found.stops if start < until)
    late = ways.count(found.earliest, elapsed) if found.known else 0
    used = max(ways.count(found.first, until) - stopped, 0) + late
    return Used(found.budget, used * 100 // found.budget)


def rung_of(percent: int) -> int:
    """The highest rung that is climbed; 0 for none.

    >>> rung_of(79), rung_of(130)
    (50, 120)
    """
    return max((rung for rung in RUNGS if percent >= rung), default=0)
