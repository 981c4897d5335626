"""The rows of a case read as what they mean: its item, its events, its clocks."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import NamedTuple, TypeVar

from yinuo.cases.clocks import CaseClocks, Limits, case_clocks, limits_of
from yinuo.cases.items.codec import of_data
from yinuo.cases.items.definition import ItemDefinition
from yinuo.cases.life import EventKind
from yinuo.cases.models import Case, CaseEvent, ItemVersion
from yinuo.kernel.clock import Event, Extension, Removal, Resume, Start, Stop


class KeptEvent(NamedTuple):
    """The columns of an event that its clock needs, read without a model: for very many."""

    case_id: str
    code: str
    kind: str
    happened_at: datetime | None
    noted_at: datetime
    event: str
    ground: str
    refers: str
    amount: int | None
    of: str
    planned_until: date | None
    notice: str
    approver: str
    reason_text: str


E = TypeVar("E", CaseEvent, KeptEvent)
MOST_READ = 512
"""Item versions that are held as read."""
_read: dict[tuple[str, str], ItemDefinition] = {}


def definition_of(version: ItemVersion) -> ItemDefinition:
    """What the item says in this version."""
    key = (version.code, version.sha256)
    found = _read.get(key)
    if found is None:
        if len(_read) >= MOST_READ:
            _read.clear()
        found = _read[key] = of_data(version.definition)
    return found


def event_of(row: CaseEvent | KeptEvent) -> Event:
    """An event as the clock knows it."""
    key, recorded = row.code, row.noted_at
    if row.kind == EventKind.REMOVAL:
        return Removal(
            key=key,
            removes=row.refers,
            approver=row.approver,
            reason=row.reason_text,
            recorded_at=recorded,
        )
    at = row.happened_at
    assert at is not None  # noqa: S101  # only a removal has none
    if row.kind == EventKind.START:
        return Start(key=key, at=at, event=row.event, notice=row.notice, recorded_at=recorded)
    if row.kind == EventKind.STOP:
        return Stop(key=key, at=at, ground=row.ground, notice=row.notice, recorded_at=recorded)
    if row.kind == EventKind.RESUME:
        return Resume(key=key, stop=row.refers, at=at, notice=row.notice, recorded_at=recorded)
    return Extension(
        key=key,
        at=at,
        number=row.amount or 0,
        approver=row.approver,
        reason=row.reason_text,
        notice=row.notice,
        of=row.of,
        recorded_at=recorded,
    )


def clocks_of(row: Case, events: Iterable[CaseEvent]) -> CaseClocks:
    """Both clocks of a case from its events. Raises the errors of `kernel.clock_errors`."""
    return clocks_from(limits_of(definition_of(row.item_version)), events)


def clocks_from(limits: Limits, events: Iterable[E]) -> CaseClocks:
    """The same where the limits are known."""
    return case_clocks(limits, [event_of(event) for event in counted(events)])


def counted(events: Iterable[E]) -> list[E]:
    """The events without starts that were removed, and without those removals.

    A clock of its own never loses its start; that of a window system was told a wrong one.
    """
    events = list(events)
    starts = {event.code for event in events if event.kind == EventKind.START}
    removed = starts & {event.refers for event in events if event.kind == EventKind.REMOVAL}
    return [e for e in events if e.code not in removed and e.refers not in removed]


def open_stops(events: Iterable[E]) -> list[E]:
    """The stops that were neither ended nor removed."""
    events = list(events)
    removed = {event.refers for event in events if event.kind == EventKind.REMOVAL}
    there = [event for event in events if event.code not in removed]
    ended = {event.refers for event in there if event.kind == EventKind.RESUME}
    return [event for event in there if event.kind == EventKind.STOP and event.code not in ended]


def planned_ends(events: Iterable[E]) -> list[date]:
    """When the open stops were said to end."""
    return [event.planned_until for event in open_stops(events) if event.planned_until]
