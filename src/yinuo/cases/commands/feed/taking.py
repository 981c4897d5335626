"""Taking in what a window system sends: every row accepted, put aside, or a repetition.

rows ──read_row──→ events ─┬─ known, same content ──→ duplicate
                           ├─ known, other content ─→ put aside
                           └─ new ──→ FeedEvent ──→ the cases they touch are followed anew

A batch comes in by pieces, each a transaction with its rows, its cases and the counts so far:
others write in between. What was cut short is sent once more, and what had come in by then is a
repetition.
"""

import hashlib
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeAlias
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
from yinuo.kernel.spreadsheet.cells import Progress, silent
from yinuo.ledger.commands.recording import By, command, put_text, record, record_new
from yinuo.parties.viewer import Viewer

MOST = 50_000
"""Rows in one call."""
PIECE = 200
"""Rows in one transaction: some hundredths of a second, for which others wait."""
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


@dataclass(kw_only=True)
class Arriving:
    """A batch on its way in: what its pieces came to so far."""

    way: Way
    name: str
    sha256: str
    """Of all its rows."""
    at: datetime
    batch: FeedBatch | None = None
    """None before the first piece."""
    touched: set[str] = field(default_factory=set)
    faults: list[RowFault] = field(default_factory=list)
    first_event: str = ""

    def add(self, source: FeedSource, rows: Sequence[dict[str, str] | str], *, by: By) -> None:
        """Take in the next rows of a locked source, inside the transaction of a command."""
        at = self.at
        batch = self.batch or self._begun(source)
        start = batch.read
        heaps = sort(source, rows, at, start=start)
        events = [_event(batch, number, read) for number, read in heaps.accepted.items()]
        touched = {event.source_code for event in events}
        self._count(batch, len(rows), heaps, events)
        record(batch, verb=f"feed_batch.{'went_on' if self.batch else 'taken'}", by=by, at=at)
        record_new(events, verb="feed_event.told", by=by, at=at)
        aside = [
            _aside(batch, number, rows[number - start - 1], faults)
            for number, faults in heaps.aside.items()
        ]
        record_new(aside, verb="feed_aside.kept", by=by, at=at)
        follow_cases(source, touched, _brought(heaps.accepted.values()), by=by, at=at)
        self.batch = batch
        self.first_event = self.first_event or (events[0].code if events else "")
        shown = sorted(heaps.aside.items())[: SHOWN - len(self.faults)]
        self.faults += [RowFault(n, f"{batch.code}/{n}", faults) for n, faults in shown]

    def _begun(self, source: FeedSource) -> FeedBatch:
        number = source.batches.count() + 1
        return FeedBatch(
            code=f"{source.code}/{number}",
            number=number,
            source=source,
            way=self.way,
            name_text=put_text(self.name),
            sha256=self.sha256,
            read=0,
            accepted=0,
            quarantined=0,
            duplicate=0,
            received_at=self.at,
        )

    def _count(
        self, batch: FeedBatch, read: int, heaps: Sorted, events: Sequence[FeedEvent]
    ) -> None:
        batch.read += read
        batch.accepted += len(heaps.accepted)
        batch.quarantined += len(heaps.aside)
        batch.duplicate += heaps.duplicate
        reasons = Counter(str(faults[0].reason) for faults in heaps.aside.values())
        batch.reasons = dict(Counter(batch.reasons) + reasons)
        self.touched |= {event.source_code for event in events}
        batch.cases = len(self.touched)
        times = [event.happened_at for event in events]
        firsts, lasts = (batch.first_at, *times), (batch.last_at, *times)
        batch.first_at = min((one for one in firsts if one), default=None)
        batch.last_at = max((one for one in lasts if one), default=None)

    def taken(self) -> Taken:
        """What it came to."""
        batch = self.batch
        assert batch is not None  # noqa: S101  # a piece was taken, if an empty one
        return Taken(
            batch=batch.code,
            read=batch.read,
            accepted=batch.accepted,
            quarantined=batch.quarantined,
            duplicate=batch.duplicate,
            cases=batch.cases,
            reasons=dict(batch.reasons),
            faults=tuple(self.faults),
            first_event=self.first_event,
        )


Opened: TypeAlias = Callable[[], tuple[FeedSource, By]]
"""Locks the source and says who acts; asked again for every piece."""


def receive(*, source: str, token: str, rows: Sequence[object], at: datetime) -> Taken:
    """Take in what the source itself sends, with its key.

    Raises `WrongToken`, `SourcePaused`, `TooManyEvents`, `BadMapping`.
    """

    def opened() -> tuple[FeedSource, By]:
        return source_with(source, token), told_by(source)

    return take(opened, rows, way=Way.API, name="", at=at)


def load(
    *,
    source: str,
    rows: Sequence[object],
    name: str,
    by: Viewer,
    at: datetime,
    progress: Progress = silent,
) -> Taken:
    """Take in a file that somebody hands over for the source.

    Raises `UnknownSource`, `NotAllowed`, `SourcePaused`, `TooManyEvents`, `BadMapping`.
    """

    def opened() -> tuple[FeedSource, By]:
        row = source_seen(source, by)
        acting = act_on(row, by)
        if row.state != SourceState.ACTIVE:
            raise SourcePaused(source)
        return row, acting

    return take(opened, rows, way=Way.FILE, name=name, at=at, progress=progress)


def take(
    opened: Opened,
    given: Sequence[object],
    *,
    way: Way,
    name: str,
    at: datetime,
    progress: Progress = silent,
) -> Taken:
    """Take some rows in, a piece at a time.

    Raises `TooManyEvents`, `BadMapping`, and what `opened` does.
    """
    if len(given) > MOST:
        raise TooManyEvents(len(given), MOST)
    rows = [as_text(row) for row in given]
    arriving = Arriving(way=way, name=name, sha256=hash_of(rows), at=at)
    for start in range(0, max(len(rows), 1), PIECE):
        _take_piece(arriving, opened, rows[start : start + PIECE])
        progress("装入事件", min(start + PIECE, len(rows)), len(rows))
    return arriving.taken()


@command("feed.take")
def _take_piece(arriving: Arriving, opened: Opened, rows: Sequence[dict[str, str] | str]) -> None:
    source, by = opened()
    arriving.add(source, rows, by=by)


def hash_of(rows: Sequence[dict[str, str] | str]) -> str:
    """SHA-256 of rows as text, in canonical JSON."""
    return hashlib.sha256(canonical_bytes(list(rows))).hexdigest()


def sort(source: FeedSource, rows: Sequence[object], at: datetime, *, start: int = 0) -> Sorted:
    """Read every row and lay it on one of three heaps; numbers count from `start` + 1."""
    mapping, zone = mapping_named(source.mapping), ZoneInfo(source.zone)
    heaps = Sorted()
    reads: dict[int, Read] = {}
    for number, row in enumerate(rows, start=start + 1):
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
