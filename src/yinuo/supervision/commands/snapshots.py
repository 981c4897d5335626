"""Keeping a snapshot, and releasing it to the units that are called in."""

import io
from collections.abc import Iterable
from datetime import date, datetime, timedelta

from yinuo.kernel.filestore import FileStore
from yinuo.kernel.instants import civil_date
from yinuo.ledger.commands.recording import By, command, put_text, record
from yinuo.notices.commands.tell import Telling, tell
from yinuo.parties.queries import public_accounts_on_duty
from yinuo.parties.viewer import NotAllowed, Viewer
from yinuo.supervision.commands.numbers import next_paper_number
from yinuo.supervision.errors.snapshots import (
    AlreadyReleased,
    SnapshotExists,
    SnapshotInvalid,
    UnknownSnapshot,
)
from yinuo.supervision.models.snapshot import RELEASED, TAKEN, Snapshot
from yinuo.supervision.snapshots.content import Content, written

LONGEST = 120
OLDEST = timedelta(days=92)
"""Beyond a quarter back, the states of today say nothing of that day any more."""


def check(*, meeting: str, as_of: date, today: date) -> None:
    """Whether a snapshot may be taken like this. Raises `SnapshotInvalid` with every fault."""
    faults = []
    if not meeting.strip():
        faults.append(("meeting", "请写会议名称"))
    if len(meeting) > LONGEST:
        faults.append(("meeting", f"会议名称最多 {LONGEST} 字，现有 {len(meeting)} 字"))
    if as_of > today:
        faults.append(("as_of", f"截至日期不能晚于今天（{today.isoformat()}）"))
    elif as_of < today - OLDEST:
        faults.append(("as_of", f"截至日期不能早于 {(today - OLDEST).isoformat()}"))
    if faults:
        raise SnapshotInvalid(tuple(faults))


@command(TAKEN)
def take(*, draft: Content, meeting: str, store: FileStore, by: Viewer, at: datetime) -> str:
    """Keep what `queries.snapshots.draft` drew up, for ever; returns its code.

    Raises `NotAllowed`, `SnapshotInvalid`, `SnapshotExists`.
    """
    acting = _act(draft.office, by)
    as_of = date.fromisoformat(draft.as_of)
    check(meeting=meeting, as_of=as_of, today=civil_date(at))
    if Snapshot.objects.filter(pk=draft.code).exists():
        raise SnapshotExists(draft.code)
    data = written(draft)
    row = Snapshot(
        code=draft.code,
        office_id=draft.office,
        meeting_text=put_text(meeting.strip()),
        as_of_date=as_of,
        taken_at=at,
        taken_by=by.actor,
        sha256=store.put(io.BytesIO(data)),
        size=len(data),
        log_size=draft.log_size,
        log_root=draft.log_root,
        previous_id=draft.previous or None,
    )
    record(row, verb=TAKEN, by=acting, at=at)
    return row.code


@command(RELEASED)
def release(
    *, snapshot: str, series: str, to_units: Iterable[str], by: Viewer, at: datetime
) -> None:
    """Open it to the units below, and give its bulletin a number if a 机关代字 is given.

    Tells the officers of `to_units`. Raises `UnknownSnapshot`, `NotAllowed`, `AlreadyReleased`,
    `SeriesInvalid`.
    """
    row = Snapshot.objects.filter(pk=snapshot).first()
    if row is None:
        raise UnknownSnapshot(snapshot)
    acting = _act(row.office_id, by)
    if row.released_at is not None:
        raise AlreadyReleased(snapshot)
    row.released_at, row.released_by = at, by.actor
    if series:
        row.series = series
        row.number = next_paper_number(series=series, year=row.as_of_date.year, by=acting, at=at)
    record(row, verb=RELEASED, by=acting, at=at)
    _tell(row, to_units, at)


def _tell(row: Snapshot, units: Iterable[str], at: datetime) -> None:
    """Nobody has to act on it, so a unit without an officer is no gap to be shown to anybody."""
    held = public_accounts_on_duty(duties={("officer", unit) for unit in units})
    accounts = sorted({account for found in held.values() for account in found})
    told = Telling(
        to=tuple(f"account:{account}" for account in accounts),
        topic=RELEASED,
        title=f"调度会数据 {row.code}（截至 {row.as_of_date.isoformat()}）已发放",
        page="snapshot",
        args=(row.code,),
        about=row.subject,
    )
    if accounts:
        tell(tellings=[told], at=at)


def _act(office: str, by: Viewer) -> By:
    if office not in by.supervisor_of:
        raise NotAllowed("只有督查单位的督查人可以生成和发放调度会数据", place=office)
    return by.acting("supervisor", office)
