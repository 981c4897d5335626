"""What is past its time goes: out of every batch, then out of every release, really.

    batches of the lake ──delete──→ written anew ──publish whole──→ new release; old ones removed
                                       │
                                       └─ row of the deletion and of each batch, with entries

Nothing is asked of a second person: the day follows from the description of the source.
"""

import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Max

from yinuo.credit.commands.landing import LOCK
from yinuo.credit.commands.publishing import Published, publish
from yinuo.credit.means import Means, folder_of
from yinuo.credit.models import CreditBatch, CreditDeletion, CreditRelease
from yinuo.credit.permission import acting_for_centre
from yinuo.credit.publishing.arriving import arrivals
from yinuo.credit.released import RESOLUTIONS, current_row
from yinuo.credit.retention.deleting import DONE, Deletion, delete, deletions
from yinuo.credit.retention.expiring import find_expired
from yinuo.kernel.spreadsheet.cells import Progress, silent
from yinuo.lake.batch import MANIFEST, sha256_of
from yinuo.lake.engine import DuckDB
from yinuo.lake.records.batch import batches
from yinuo.lake.releases.release import Arrival
from yinuo.lake.releases.sweep import sweep
from yinuo.ledger.commands.recording import By, command, one_at_a_time, record
from yinuo.parties.viewer import Viewer

PLACE = "保存期限"


@dataclass(frozen=True, kw_only=True)
class Expired:
    """What deleting came to."""

    records: Mapping[str, int]
    """Deleted, by source."""
    removed: tuple[str, ...]
    """Releases of which the files were removed."""
    published: Published | None
    """The release without them; None where nothing was published before, or nothing deleted."""


def expired(*, on: date, means: Means, by: Viewer) -> Mapping[str, int]:
    """How many records of each source are past their time on a day; nothing is deleted.

    Raises `NotAllowed`, `BatchDamaged`.
    """
    acting_for_centre(means, by, place=PLACE)
    found = {}
    with DuckDB(memory=means.memory, temporary=means.lake) as engine:
        for source, arrived in _arrived(means).items():
            count = find_expired(engine, means.sources[source], arrived, on, "expired")
            if count:
                found[source] = count
    return found


def _arrived(means: Means) -> Mapping[str, tuple[Arrival, ...]]:
    """Every batch that lies in the lake, withdrawn and held ones too."""
    found = {
        name: arrivals(source, batches(means.lake, name)) for name, source in means.sources.items()
    }
    return {name: arrived for name, arrived in found.items() if arrived}


def expire(
    *, on: date, means: Means, by: Viewer, at: datetime, progress: Progress = silent
) -> Expired:
    """Delete what is past its time on a day, publish anew, and remove every older release.

    A deletion that was killed is finished first. Raises `NotAllowed`, `Busy`, `DiskFull`,
    `BatchDamaged`, and what `publish` raises; then older releases still hold what was deleted
    from the batches, and the same once more goes on from there.
    """
    acting = acting_for_centre(means, by, place=PLACE)
    arrived = _arrived(means)
    with DuckDB(memory=means.memory, temporary=means.lake) as engine:
        delete(
            engine=engine,
            lake=means.lake,
            sources=[means.sources[source] for source in arrived],
            batches=arrived,
            on=on,
            at=at,
        )
    records = _record_deletions(means, acting, at)
    published = None
    if current_row() is not None:
        published = publish(
            means=means, by=by, at=at, whole=True, leave_out=True, progress=progress
        )
    removed = sweep(means.lake, keep=0, at=at)
    _sweep_resolutions(means)
    return Expired(records=records, removed=removed, published=published)


@command("credit_deletion.record")
def _record_deletions(means: Means, acting: By, at: datetime) -> Mapping[str, int]:
    """Rows of the deletions that have none yet, and of the batches they have rewritten."""
    one_at_a_time(LOCK)
    known = set(CreditDeletion.objects.values_list("lake_id", flat=True))
    records: dict[str, int] = {}
    for deletion in deletions(means.lake):
        if deletion.id in known or not (deletion.folder / DONE).exists():
            continue
        _record_deletion(deletion, means, acting, at)
        for source, count in deletion.records.items():
            records[source] = records.get(source, 0) + count
    return records


def _record_deletion(deletion: Deletion, means: Means, acting: By, at: datetime) -> None:
    rows: dict[str, Mapping[str, int]] = {}
    for source, touched in deletion.batches.items():
        stored = CreditBatch.objects.select_for_update(of=("self",)).filter(source=source)
        of_lake = {row.lake_id: row for row in stored.filter(lake_id__in=touched)}
        for lake_id, counts in touched.items():
            row = of_lake.get(lake_id)
            rows[row.code if row else lake_id] = counts
            if row is not None:
                manifest = folder_of(means.lake, source, lake_id) / MANIFEST
                row.manifest_sha256 = sha256_of(manifest)
                record(row, verb="credit_batch.expired", by=acting, at=at)
    last = CreditDeletion.objects.aggregate(last=Max("number"))["last"] or 0
    made = CreditDeletion(
        number=last + 1,
        lake_id=deletion.id,
        on=deletion.on,
        records=dict(deletion.records),
        rows=rows,
        deleted_by=acting.actor,
        deleted_at=at,
    )
    record(made, verb="credit_deletion.carried_out", by=acting, at=at)


def _sweep_resolutions(means: Means) -> None:
    """Remove what older releases said of whose record is whose: its evidence quotes records."""
    row = CreditRelease.objects.filter(current=True).first()
    kept = {row.resolution} if row else set()
    folder = means.lake / RESOLUTIONS
    for path in folder.iterdir() if folder.is_dir() else ():
        if path.name not in kept:
            shutil.rmtree(path)
