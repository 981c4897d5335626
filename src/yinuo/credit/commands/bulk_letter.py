"""Letters by the million: landed as one batch with one entry, published by a second person.

Reading and hashing take as long as the file is large and happen before a transaction opens.
"""

from datetime import datetime
from pathlib import Path

from yinuo.credit.commands.reasons import checked_reason
from yinuo.credit.errors.exchange import BulkDamaged, UnknownBulk, WrongBulkState
from yinuo.credit.letters_bulk.batch import (
    FOLDER,
    MANIFEST,
    BulkBatch,
    land_letters,
    open_bulk,
    verify,
)
from yinuo.credit.means import Means
from yinuo.credit.models import BulkLetters
from yinuo.credit.models.bulk_letter import LANDED, PUBLISHED, STATE_LABELS, WITHDRAWN
from yinuo.credit.permission import acting_for_centre
from yinuo.kernel.instants import civil_date
from yinuo.kernel.regions import Regions
from yinuo.kernel.spreadsheet.cells import Progress, silent
from yinuo.lake.batch import sha256_of
from yinuo.ledger.commands.recording import By, command, one_at_a_time, put_text, record
from yinuo.parties.viewer import NotAllowed, Viewer

LOCK = 0x7961_4350
NOT_ALLOWED = "只有信用中心的经办人可以成批装入和公开信用承诺书"


def land_bulk(
    *,
    path: Path,
    regions: Regions,
    simulated: bool,
    means: Means,
    by: Viewer,
    at: datetime,
    encoding: str = "utf-8",
    progress: Progress = silent,
) -> BulkLetters:
    """Check a file of letters by the twenty items and keep them in the lake; nothing is public yet.

    The same file again changes nothing. Raises `NotAllowed`, `WrongColumns`, `UnreadableLetters`.
    """
    acting = acting_for_centre(means, by, place=path.name, what=NOT_ALLOWED)
    made = land_letters(
        path, regions=regions, lake=means.lake, at=at, encoding=encoding, progress=progress
    )
    return _record(made, simulated=simulated, centre=means.centre, acting=acting, at=at)


@command("bulk_letters.land")
def _record(
    made: BulkBatch, *, simulated: bool, centre: str, acting: By, at: datetime
) -> BulkLetters:
    one_at_a_time(LOCK)
    known = BulkLetters.objects.filter(lake_id=made.id).first()
    if known is not None:
        return known
    row = BulkLetters(
        code=_next_code(at),
        unit_id=centre,
        lake_id=made.id,
        root=made.root,
        manifest_sha256=sha256_of(made.folder / MANIFEST),
        read=made.read,
        accepted=made.accepted,
        aside=made.aside,
        public=made.public,
        rules=dict(made.rules),
        simulated=simulated,
        state=LANDED,
        landed_by=acting.actor,
        landed_at=at,
    )
    record(row, verb="bulk_letters.landed", by=acting, at=at)
    return row


def _next_code(at: datetime) -> str:
    start = f"CP{civil_date(at).year}-"
    taken = BulkLetters.objects.filter(code__startswith=start).values_list("code", flat=True)
    return f"{start}{max((int(code.removeprefix(start)) for code in taken), default=0) + 1}"


def publish_bulk(*, batch: str, means: Means, by: Viewer, at: datetime) -> BulkLetters:
    """Show the public those letters of firms and traders that may be shown; by a second person.

    Every file is hashed again first. Raises `UnknownBulk`, `NotAllowed`, `WrongBulkState`,
    `BulkDamaged`.
    """
    acting = acting_for_centre(means, by, place=batch, what=NOT_ALLOWED)
    row = BulkLetters.objects.filter(code=batch).first()
    if row is None:
        raise UnknownBulk(batch)
    folder = means.lake / FOLDER / row.lake_id
    made = open_bulk(folder)
    if sha256_of(folder / MANIFEST) != row.manifest_sha256 or made.root != row.root:
        raise BulkDamaged(batch, "清单与账本上的不同")
    verify(made)
    return _publish(batch, by, acting, at)


@command("bulk_letters.publish")
def _publish(batch: str, by: Viewer, acting: By, at: datetime) -> BulkLetters:
    row = _locked(batch)
    if row.state != LANDED:
        raise WrongBulkState(batch, f"{batch} 现在是“{STATE_LABELS[row.state]}”，不能公开")
    if row.landed_by == by.actor:
        raise NotAllowed("装入的人不能自己公开", place=batch, next_step="请信用中心另一人公开")
    row.state, row.decided_by = PUBLISHED, acting.actor
    record(row, verb="bulk_letters.published", by=acting, at=at)
    return row


@command("bulk_letters.withdraw")
def withdraw_bulk(
    *, batch: str, reason: str, means: Means, by: Viewer, at: datetime
) -> BulkLetters:
    """Stop showing a batch; the files stay. Raises as `publish_bulk`, and `WhyMissing`."""
    acting = acting_for_centre(means, by, place=batch, what=NOT_ALLOWED)
    row = _locked(batch)
    if row.state == WITHDRAWN:
        raise WrongBulkState(batch, f"{batch} 已停止公开")
    row.reason_text = put_text(checked_reason(reason, place=batch))
    row.state, row.decided_by = WITHDRAWN, acting.actor
    record(row, verb="bulk_letters.withdrawn", by=acting, at=at)
    return row


def _locked(batch: str) -> BulkLetters:
    row = BulkLetters.objects.select_for_update(of=("self",)).filter(code=batch).first()
    if row is None:
        raise UnknownBulk(batch)
    return row
