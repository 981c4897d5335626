"""Taking in what a window system sends: every row accepted, put aside, or a repetition.

rows ──read_row──→ events ─┬─ known, same content ──→ duplicate
                           ├─ known, other content ─→ put aside
                           └─ new ──→ FeedEvent ──→ the cases they touch are followed anew
"""

import hashlib
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo

from yinuo.cases.access.feed import act_on, mapping_named, told_by
from yinuo.cases.commands.feed.following import follow_cases
from yinuo.cases.commands.feed.persons import Brought
from yinuo.cases.commands.feed.sources import source_seen, source_with
from yinuo.cases.errors.feed import SourcePaused, TooManyEvents
from yinuo.cases.feed.life import SourceState, Way
from yinuo.cases.feed.mapping import as_text
from yinuo.cases.feed.reading import Read, read_row
from yinuo.cases.feed.telling import Fault, Reason
from yinuo.cases.models import FeedAside, FeedBatch, FeedEvent, FeedSource, Item
from yinuo.content.calendars import working_calendar
from yinuo.kernel.canonical import canonical_bytes
from yinuo.kernel.instants import civil_date
from yinuo.ledger.commands.recording import By, command, put_text, record, record_new
from yinuo.parties.viewer import Viewer

MOST = 50_000
"""Rows in one call."""
SHOWN = 100
"""Faults that an answer lists; all are in the quarantine."""
AT_ONCE = 500
KEPT_OF_ROW = 20_000
"""Characters kept of a row that was put aside."""


@dataclass(frozen=True)
class RowFault:
    """What is wrong with one row; rows count from 1."""

    row: int
    code: str
    """Of the row put aside."""
    faults: tuple[Fault, ...]


@dataclass(frozen=True, kw_only=True)
class Taken:
    """What one batch came to: read = accepted + quarantined + duplicate."""

    batch: str
    read: int
    accepted: int
    quarantined: int
    duplicate: int
    cases: int
    reasons: Mapping[str, int]
    faults: tuple[RowFault, ...]
    """The first ones."""
    first_event: str = ""
    """Code of the first event accepted."""


@dataclass
class Sorted:
    """The rows of a batch on three heaps."""

    accepted: dict[int, Read] = field(default_factory=dict)
    aside: dict[int, tuple[Fault, ...]] = field(default_factory=dict)
    duplicate: int = 0


@command("feed.receive")
def receive(*, source: str, token: str, rows: Sequence[object], at: datetime) -> Taken:
    """Take in what the source itself sends, with its key.

    Raises `WrongToken`, `SourcePaused`, `TooManyEvents`, `BadMapping`.
    """
    row = source_with(source, token)
    return take(row, rows, way=Way.API, name="", by=told_by(source), at=at)


@command("feed.load")
def load(*, source: str, rows: Sequence[object], name: str, by: Viewer, at: datetime) -> Taken:
    """Take in a file that somebody hands over for the source.

    Raises `UnknownSource`, `NotAllowed`, `SourcePaused`, `TooManyEvents`, `BadMapping`.
    """
    row = source_seen(source, by)
    acting = act_on(row, by)
    if row.state != SourceState.ACTIVE:
        raise SourcePaused(source)
    return take(row, rows, way=Way.FILE, name=name, by=acting, at=at)


def take(
    source: FeedSource,
    given: Sequence[object],
    *,
    way: Way,
    name: str,
    by: By,
    at: datetime,
) -> Taken:
    """Take some rows of a locked source in, inside the transaction of a command."""
    if len(given) > MOST:
        raise TooManyEvents(len(given), MOST)
    rows = [as_text(row) for row in given]
    heaps = sort(source, rows, at)
    batch = FeedBatch(
        code=f"{source.code}/{source.batches.count() + 1}",
        number=source.batches.count() + 1,
        source=source,
        way=way,
        name_text=put_text(name),
        sha256=hashlib.sha256(canonical_bytes(list(rows))).hexdigest(),
        read=len(rows),
        accepted=len(heaps.accepted),
        quarantined=len(heaps.aside),
        duplicate=heaps.duplicate,
        reasons=dict(Counter(str(faults[0].reason) for faults in heaps.aside.values())),
        received_at=at,
    )
    events = [_event(batch, number, read) for number, read in heaps.accepted.items()]
    touched = {event.source_code for event in events}
    batch.cases = len(touched)
    batch.first_at = min((event.happened_at for event in events), default=None)
    batch.last_at = max((event.happened_at for event in events), default=None)
    record(batch, verb="feed_batch.taken", by=by, at=at)
    record_new(events, verb="feed_event.told", by=by, at=at)
    aside = [_aside(batch, number, rows[number - 1], f) for number, f in heaps.aside.items()]
    record_new(aside, verb="feed_aside.kept", by=by, at=at)
    follow_cases(source, touched, _brought(heaps.accepted.values()), by=by, at=at)
    return _taken(batch, heaps, events)


def _taken(batch: FeedBatch, heaps: Sorted, events: Sequence[FeedEvent]) -> Taken:
    shown = sorted(heaps.aside.items())[:SHOWN]
    return Taken(
        batch=batch.code,
        read=batch.read,
        accepted=batch.accepted,
        quarantined=batch.quarantined,
        duplicate=batch.duplicate,
        cases=batch.cases,
        reasons=dict(batch.reasons),
        faults=tuple(RowFault(n, f"{batch.code}/{n}", faults) for n, faults in shown),
        first_event=events[0].code if events else "",
    )


def sort(source: FeedSource, rows: Sequence[object], at: datetime) -> Sorted:
    """Read every row and lay it on one of three heaps; numbers count from 1."""
    mapping, zone = mapping_named(source.mapping), ZoneInfo(source.zone)
    heaps = Sorted()
    reads: dict[int, Read] = {}
    for number, row in enumerate(rows, start=1):
        read = read_row(row, mapping=mapping, zone=zone, at=at)
        if isinstance(read, Read):
            reads[number] = read
        else:
            heaps.aside[number] = read
    fits = _fitting(source, reads.values(), mapping.theirs)
    digests = _known(source, [read.told.event for read in reads.values()])
    for number, read in reads.items():
        event = read.told.event
        if event in digests:
            if digests[event] == read.digest:
                heaps.duplicate += 1
            else:
                heaps.aside[number] = (Fault(Reason.CONFLICT, mapping.theirs("event"), event),)
            continue
        if wrong := fits(read):
            heaps.aside[number] = wrong
            continue
        digests[event] = read.digest
        heaps.accepted[number] = read
    return heaps


def _known(source: FeedSource, events: Sequence[str]) -> dict[str, str]:
    """Number of an event → digest, of those that came before."""
    found: dict[str, str] = {}
    for start in range(0, len(events), AT_ONCE):
        some = events[start : start + AT_ONCE]
        rows = FeedEvent.objects.filter(source=source, event__in=some)
        found.update(rows.values_list("event", "digest"))
    return found


def _fitting(
    source: FeedSource, reads: Iterable[Read], theirs: Callable[[str], str]
) -> Callable[[Read], tuple[Fault, ...]]:
    """What is wrong with a row as this city knows items and days."""
    calendar = working_calendar()
    wanted = {str(source.items.get(read.told.item, read.told.item)) for read in reads}
    known = set(
        Item.objects.filter(code__in=wanted, office=source.office_id).values_list("code", flat=True)
    )

    def wrong(read: Read) -> tuple[Fault, ...]:
        told = read.told
        found = []
        if told.item and source.items.get(told.item, told.item) not in known:
            found.append(Fault(Reason.ITEM, theirs("item"), told.item))
        day = civil_date(told.happened_at)
        if not calendar.covers(day):
            found.append(Fault(Reason.HORIZON, theirs("happened_at"), day.isoformat()))
        return tuple(found)

    return wrong


def _event(batch: FeedBatch, number: int, read: Read) -> FeedEvent:
    told = read.told
    return FeedEvent(
        code=f"{batch.code}/{number}",
        batch=batch,
        source_id=batch.source_id,
        event=told.event,
        source_code=told.case,
        item=told.item,
        step=told.step,
        happened_at=told.happened_at,
        noted_at=told.noted_at,
        ground=told.ground,
        notice=told.notice,
        planned_until=told.planned_until,
        stop=told.stop,
        amount=told.amount,
        of=told.of,
        corrects=told.corrects,
        void=told.void,
        digest=read.digest,
    )


def _aside(
    batch: FeedBatch, number: int, row: dict[str, str] | str, faults: Sequence[Fault]
) -> FeedAside:
    return FeedAside(
        code=f"{batch.code}/{number}",
        batch=batch,
        source_id=batch.source_id,
        row=number,
        reason=faults[0].reason,
        faults=[[fault.field, str(fault.reason)] for fault in faults],
        raw_text=put_text(canonical_bytes(row).decode()[:KEPT_OF_ROW]),
    )


def _brought(reads: Iterable[Read]) -> dict[str, Brought]:
    """Case of the source → the applicant and the matter, of the last event that names them."""
    found: dict[str, Brought] = {}
    for read in reads:
        if read.person.name or read.about:
            before = found.get(read.told.case)
            person = read.person if read.person.name or before is None else before.person
            about = read.about or (before.about if before else "")
            found[read.told.case] = Brought(person, about)
    return found
