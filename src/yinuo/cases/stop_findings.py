"""The stops of a period, each with what was left of the promise as it began."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple, TypeAlias, TypeVar

from django.db.models import Case as Case_
from django.db.models import IntegerField, Model, Q, QuerySet, When

from yinuo.cases.case_rows import working_calendar
from yinuo.cases.life import EventKind
from yinuo.cases.models import Case, CaseEvent, ItemVersion
from yinuo.cases.permission import watched
from yinuo.cases.supervising.period import Period
from yinuo.cases.supervising.stops import (
    StopLeft,
    StopSpan,
    left_at_stops,
    noted_late,
    working_days_of,
)
from yinuo.kernel.calendar import Calendar
from yinuo.kernel.instants import civil_date
from yinuo.parties.viewer import Viewer

M = TypeVar("M", bound=Model)
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


def counted(rows: "QuerySet[M, M]", scope: Scope, prefix: str = "") -> "QuerySet[M, M]":
    """The same for counting, asked row by row.

    Left free, a database would gather the cases of each unit by an index and look every one up.
    """
    seen = When(seen_by(scope, prefix), then=1)
    chosen = Case_(seen, default=0, output_field=IntegerField())
    asked: Any = rows.alias(seen=chosen)
    found: QuerySet[M, M] = asked.filter(seen=1)
    return found


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


class _Event(NamedTuple):
    """As much of an event as counts."""

    case: str
    code: str
    kind: str
    happened_at: datetime | None
    noted_at: datetime
    ground: str
    refers: str
    amount: int | None
    of: str


class _Held(NamedTuple):
    """As much of a case as counts."""

    code: str
    unit: str
    version: str
    received_at: datetime
    accepted_at: datetime | None


_EVENT = ("case_id", "code", "kind", "happened_at", "noted_at", "ground", "refers", "amount", "of")
_HELD = ("code", "unit_id", "item_version_id", "received_at", "accepted_at")
_KINDS = (EventKind.STOP, EventKind.RESUME, EventKind.EXTENSION, EventKind.REMOVAL)


def stops_found(scope: Scope, period: Period) -> Iterator[StopFound]:
    """The stops that began in a period, of the cases of a scope."""
    kind = Q(kind=EventKind.STOP)
    began = CaseEvent.objects.filter(kind, within("happened_at", period)).order_by()
    cases = counted(began, scope, "case__").values("case")
    events: defaultdict[str, list[_Event]] = defaultdict(list)
    rows: Any = CaseEvent.objects.filter(case__in=cases, kind__in=_KINDS).order_by()
    for row in rows.values_list(*_EVENT).iterator():
        events[row[0]].append(_Event(*row))
    told: Any = Case.objects.filter(pk__in=cases).order_by().values_list(*_HELD)
    held = [_Held(*row) for row in told]
    promises, calendar = _promises({case.version for case in held}), working_calendar()
    for case in held:
        promised, from_receipt = promises[case.version]
        start = case.received_at if from_receipt else case.accepted_at
        there = _standing(events[case.code])
        left = _left(there, promised, start, calendar)
        yield from _begun(case, there, left, period)


def _promises(codes: Iterable[str]) -> dict[str, tuple[int | None, bool]]:
    """Version → promised working days, and whether they run from receipt."""
    rows = ItemVersion.objects.filter(pk__in=list(codes))
    told = rows.values_list("code", "promised_limit", "definition__start_event")
    return {code: (working_days_of(limit), start == FROM_RECEIPT) for code, limit, start in told}


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


def _begun(
    case: _Held, events: Sequence[_Event], left: dict[str, int], period: Period
) -> Iterator[StopFound]:
    first, last = period.instants
    for event in events:
        at = event.happened_at
        if event.kind == EventKind.STOP and at is not None and first <= at < last:
            late = noted_late(at, event.noted_at)
            yield StopFound(case.code, case.unit, event.ground, late, left.get(event.code))
