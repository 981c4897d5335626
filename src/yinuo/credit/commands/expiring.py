"""What is past its time goes: out of batches, bulk letters and packages, then out of releases.

    files of the lake ──delete──→ written anew ──publish whole──→ new release; old ones removed
                                       │
                                       └─ row of the deletion and of each batch, with entries

Nothing is asked of a second person: the day follows from the description of the source.
"""

import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from yinuo.credit.commands.deletions import Deleted, record_deletions
from yinuo.credit.commands.publishing import Published, publish
from yinuo.credit.means import Means
from yinuo.credit.models import CreditRelease
from yinuo.credit.permission import acting_for_centre
from yinuo.credit.publishing.arriving import arrivals
from yinuo.credit.released import RESOLUTIONS, current_row
from yinuo.credit.retention.choosing import PastTime
from yinuo.credit.retention.deleting import delete
from yinuo.credit.retention.expiring import find_expired
from yinuo.credit.retention.letters import bulk_folders, find_letters
from yinuo.kernel.spreadsheet.cells import Progress, silent
from yinuo.lake.engine import DuckDB
from yinuo.lake.records.batch import batches
from yinuo.lake.releases.release import Arrival
from yinuo.lake.releases.sweep import sweep
from yinuo.parties.viewer import Viewer

PLACE = "保存期限"
BULK = "成批信用承诺书"


@dataclass(frozen=True, kw_only=True)
class Expired:
    """What deleting came to."""

    records: Mapping[str, int]
    """Deleted, by source; bulk letters as `BULK`."""
    packages: int
    """Packages for other platforms that held such records, and were removed."""
    removed: tuple[str, ...]
    """Releases of which the files were removed."""
    published: Published | None
    """The release without them; None where nothing was published before, or nothing deleted."""


def expired(*, on: date, means: Means, by: Viewer) -> Mapping[str, int]:
    """How many records of each source are past their time on a day; nothing is deleted.

    Bulk letters as `BULK`. Raises `NotAllowed`, `BatchDamaged`.
    """
    acting_for_centre(means, by, place=PLACE)
    found = {}
    with DuckDB(memory=means.memory, temporary=means.lake) as engine:
        for source, arrived in arrived_in(means).items():
            count = find_expired(engine, means.sources[source], arrived, on, "expired")
            if count:
                found[source] = count
    chosen = PastTime(on, means.sources)
    counted = (find_letters(folder, chosen)[0] for folder in bulk_folders(means.lake))
    letters = sum(sum(each.values()) for each in counted)
    return {**found, BULK: letters} if letters else found


def arrived_in(means: Means) -> Mapping[str, tuple[Arrival, ...]]:
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
    arrived = arrived_in(means)
    with DuckDB(memory=means.memory, temporary=means.lake) as engine:
        delete(
            engine=engine,
            lake=means.lake,
            sources=[means.sources[source] for source in arrived],
            batches=arrived,
            on=on,
            at=at,
            chosen=PastTime(on, means.sources),
        )
    recorded = record_deletions(means=means, acting=acting, at=at)
    published, removed = publish_without(means=means, by=by, at=at, progress=progress)
    return told(recorded, published, removed)


def told(recorded: Deleted, published: Published | None, removed: tuple[str, ...]) -> Expired:
    """What deleting came to, for whoever had it done."""
    letters = {BULK: recorded.letters} if recorded.letters else {}
    return Expired(
        records={**recorded.records, **letters},
        packages=recorded.packages,
        removed=removed,
        published=published,
    )


def publish_without(
    *, means: Means, by: Viewer, at: datetime, progress: Progress = silent
) -> tuple[Published | None, tuple[str, ...]]:
    """Publish anew what is left in the batches, and remove the files of every older release.

    The new release, None where nothing was published before, and the ids of those removed. Raises
    `NotAllowed`, and what `publish` raises.
    """
    acting_for_centre(means, by, place=PLACE)
    published = None
    if current_row() is not None:
        published = publish(
            means=means, by=by, at=at, whole=True, leave_out=True, progress=progress
        )
    removed = sweep(means.lake, keep=0, at=at)
    _sweep_resolutions(means)
    return published, removed


def _sweep_resolutions(means: Means) -> None:
    """Remove what older releases said of whose record is whose: its evidence quotes records."""
    row = CreditRelease.objects.filter(current=True).first()
    kept = {row.resolution} if row else set()
    folder = means.lake / RESOLUTIONS
    for path in folder.iterdir() if folder.is_dir() else ():
        if path.name not in kept:
            shutil.rmtree(path)
