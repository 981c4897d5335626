"""The stops of a period, each with what was left of the promise as it began."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple, TypeAlias

from django.db.models import Case, Count, Q, When

from yinuo.cases.access.cases import watched
from yinuo.cases.life import EventKind
from yinuo.cases.models import CaseEvent, ItemVersion
from yinuo.cases.stored.sifting import sifted
from yinuo.cases.supervising.period import Period
from yinuo.cases.supervising.stops import (
    StopLeft,
    StopSpan,
    left_at_stops,
    noted_late,
    working_days_of,
)
from yinuo.content.calendars import working_calendar
from yinuo.kernel.calendar import Calendar
from yinuo.kernel.instants import civil_date
from yinuo.parties.viewer import Viewer

FROM_RECEIPT = "收件"
PROMISED = ("", "承诺")
"""Extensions that lengthen the promise."""
Scope: TypeAlias = tuple[frozenset[str], frozenset[str]]
"""Units whose own cases are seen, and offices all of whose cases are."""


def scope_of(viewer: Viewer) -> Scope:
    """What the viewer may count: cases decided by one's units, and those of a watched office."""
    return viewer.officer_of | watched(viewer), watched(viewer)


def seen_by(scope: Scope, prefix: str = "") -> Q:
    """The cases of a scope, or what hangs on them by `prefix`."""
    own, wide = scope
    return Q(**{f"{prefix}unit__in": own}) | Q(**{f"{prefix}office__in": wide})


def within(column: str, period: Period) -> Q:
    """That an instant lies in a period."""
    first, last = period.instants
    return Q(**{f"{column}__gte": first, f"{column}__lt": last})


@dataclass(frozen=True, slots=True)
class StopFound:
    """One stop that began in the period."""

    case: str
    unit: str
    ground: str
    late: bool
    """Noted more than a day after it happened."""
    left: int | None
    """Working days left of the promise; None where it is not in working days."""

    @property
    def near_end(self) -> bool:
        """Whether it began within the last two."""
        return self.left is not None and StopLeft("", self.left).near_end

    @property
    def last_day(self) -> bool:
        """Whether it began on the last one."""
        return self.left is not None and StopLeft("", self.left).last_day


class _Stop(NamedTuple):
    """A stop, and as much of its case as counts."""

    case: str
    code: str
    happened_at: datetime
    noted_at: datetime
    ground: str
    unit: str
    version: str
    start: datetime | None
    """Of the promise."""


class _Event(NamedTuple):
    """As much of an event as counts."""

    case: str
    code: str
    kind: str
    happened_at: datetime | None
    refers: str
    amount: int | None
    of: str


_STOP = (
    *("case_id", "code", "happened_at", "noted_at", "ground"),
    *("case__unit_id", "case__item_version_id", "start"),
)
_EVENT = ("case_id", "code", "kind", "happened_at", "refers", "amount", "of")
_KINDS = (EventKind.STOP, EventKind.RESUME, EventKind.EXTENSION, EventKind.REMOVAL)
AT_ONCE = 500


def stops_found(scope: Scope, period: Period) -> Iterator[StopFound]:
    """The stops that began in a period, of the cases of a scope; removed ones never were.

    What was left at the only stop of a case depends on nothing else, unless the case was extended;
    the other events are read for the few cases that have more.
    """
    began = CaseEvent.objects.filter(within("happened_at", period), kind=EventKind.STOP)
    rows: Any = sifted(began.order_by(), seen_by(scope, "case__")).annotate(start=_start())
    stops = [_Stop(*row) for row in rows.values_list(*_STOP).iterator()]
    promises, calendar = _promises({stop.version for stop in stops}), working_calendar()
    more = _events_of({stop.case for stop in stops} & _with_more(period))
    for stop in stops:
        there = more[stop.case] if stop.case in more else [_alone(stop)]
        if all(event.code != stop.code for event in there):
            continue
        left = _left(there, promises[stop.version], stop.start, calendar).get(stop.code)
        late = noted_late(stop.happened_at, stop.noted_at)
        yield StopFound(stop.case, stop.unit, stop.ground, late, left)


def _with_more(period: Period) -> set[str]:
    """Cases with a second stop, an extension or a removal. Each is asked of a small index."""
    events = CaseEvent.objects.order_by().values_list("case", flat=True)
    _, last = period.instants
    stops = events.filter(kind=EventKind.STOP, happened_at__lt=last)
    several = stops.annotate(n=Count("case")).filter(n__gt=1)
    extended = events.filter(amount__isnull=False)
    removed = events.filter(happened_at__isnull=True)
    return {*several, *extended, *removed}


def _events_of(cases: set[str]) -> dict[str, list[_Event]]:
    """Case → its events that were not removed, starts left out."""
    found: defaultdict[str, list[_Event]] = defaultdict(list)
    codes = sorted(cases)
    for place in range(0, len(codes), AT_ONCE):
        some = CaseEvent.objects.filter(case__in=codes[place : place + AT_ONCE], kind__in=_KINDS)
        rows: Any = some.order_by().values_list(*_EVENT)
        for row in rows:
            found[row[0]].append(_Event(*row))
    return {case: _standing(events) for case, events in found.items()}


def _alone(stop: _Stop) -> _Event:
    return _Event(stop.case, stop.code, EventKind.STOP, stop.happened_at, "", None, "")


def _start() -> Case:
    """When the promise of the case of an event began to run."""
    versions = ItemVersion.objects.filter(definition__start_event=FROM_RECEIPT)
    from_receipt = Q(case__item_version__in=list(versions.values_list("code", flat=True)))
    return Case(When(from_receipt, then="case__received_at"), default="case__accepted_at")


def _promises(codes: Iterable[str]) -> dict[str, int | None]:
    """Version → promised working days; None where they are counted in something else."""
    told = ItemVersion.objects.filter(pk__in=list(codes)).values_list("code", "promised_limit")
    return {code: working_days_of(limit) for code, limit in told}


def _standing(events: Sequence[_Event]) -> list[_Event]:
    """Those that were not removed."""
    removed = {event.refers for event in events if event.kind == EventKind.REMOVAL}
    return [event for event in events if event.code not in removed]


def _left(
    events: Sequence[_Event], promised: int | None, start: datetime | None, calendar: Calendar
) -> dict[str, int]:
    """Stop → working days left; empty where the promise is not in working days."""
    if promised is None or start is None:
        return {}
    ends = {
        event.refers: civil_date(event.happened_at)
        for event in events
        if event.kind == EventKind.RESUME and event.happened_at
    }
    spans = [
        StopSpan(event.code, civil_date(event.happened_at), ends.get(event.code))
        for event in events
        if event.kind == EventKind.STOP and event.happened_at
    ]
    more = sum(
        event.amount or 0
        for event in events
        if event.kind == EventKind.EXTENSION and event.of in PROMISED
    )
    since = civil_date(start)
    found = left_at_stops(allowance=promised + more, start=since, stops=spans, calendar=calendar)
    return {one.code: one.left for one in found}
