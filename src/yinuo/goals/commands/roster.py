"""Every change of uploads and rosters: a file kept, its columns assigned, taken in, given up."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from os import SEEK_END
from typing import BinaryIO

from yinuo.commitments.commands.assign import Persons, state_persons
from yinuo.goals.commands import plan_import
from yinuo.goals.commands.plan_import import Ready, Taken
from yinuo.goals.compare import Preview
from yinuo.goals.errors.plans import TooLarge, UnknownRoster, UnknownUpload
from yinuo.goals.models import Roster, Upload
from yinuo.goals.stored.rosters import LARGEST, Reading
from yinuo.goals.workbook.check import Checked
from yinuo.goals.workbook.read import Progress, silent
from yinuo.kernel.canonical import Canonical
from yinuo.kernel.filestore import FileStore
from yinuo.ledger.commands.recording import command, put_text, record
from yinuo.parties.viewer import NotAllowed, Viewer

STALE = timedelta(days=14)
"""An upload that nobody touched for so long is swept when its owner uploads again."""


def _size(file: BinaryIO, name: str) -> int:
    """Bytes of the file from here on, which is where it stays. Raises `TooLarge`."""
    start = file.tell()
    size = file.seek(0, SEEK_END) - start
    file.seek(start)
    if size > LARGEST:
        raise TooLarge(name, size, LARGEST)
    return size


def keep_upload(
    *, file: BinaryIO, name: str, plan: str | None, store: FileStore, by: Viewer, at: datetime
) -> int:
    """Keep a workbook on its way in and return its number; it is on the disk by then.

    `plan` is the registered plan of which it is a new state, None where that is not known.
    Raises `NotAllowed`, `UnknownRoster` and `TooLarge`.
    """
    if by.account_id is None or not by.administrator_of:
        raise NotAllowed("只有督查单位的管理员可以上传台账")
    roster = _roster(plan, by) if plan else None
    size = _size(file, name)
    digest = store.put(file)
    return _keep(digest, size, name=name, roster=roster, owner=by.account_id, at=at)


def _roster(plan: str, by: Viewer) -> Roster:
    roster = Roster.objects.filter(pk=plan, plan__office__in=by.administrator_of).first()
    if roster is None:
        raise UnknownRoster(plan)
    return roster


@command("upload.keep")
def _keep(
    digest: str, size: int, *, name: str, roster: Roster | None, owner: int, at: datetime
) -> int:
    """The row of a file that is on the disk; older ones of the same person go."""
    Upload.objects.filter(owner=owner, created_at__lt=at - STALE).delete()
    upload = Upload(
        owner_id=owner,
        sha256=digest,
        size=size,
        name=name[-200:],
        plan_id=roster.pk if roster else None,
        sheet=roster.sheet if roster else "",
        mapping=roster.mapping if roster else {},
        created_at=at,
    )
    upload.save(force_insert=True)
    return upload.pk


def _own(number: int, by: Viewer) -> Upload:
    if not by.administrator_of:
        raise NotAllowed("只有督查单位的管理员可以使用台账")
    upload = Upload.objects.select_for_update().filter(pk=number, owner=by.account_id).first()
    if upload is None:
        raise UnknownUpload(number)
    return upload


def replace_file(
    *, upload: int, file: BinaryIO, name: str, store: FileStore, by: Viewer, at: datetime
) -> None:
    """Put the mended file in the place of an upload; its columns stay assigned.

    Raises `UnknownUpload`, `NotAllowed` and `TooLarge`.
    """
    size = _size(file, name)
    _replace(upload, store.put(file), size, name=name, by=by, at=at)


@command("upload.replace")
def _replace(number: int, digest: str, size: int, *, name: str, by: Viewer, at: datetime) -> None:
    upload = _own(number, by)
    upload.sha256, upload.size, upload.name, upload.created_at = digest, size, name[-200:], at
    upload.save()


@command("upload.assign")
def assign(
    *, upload: int, sheet: str, mapping: Mapping[str, Canonical], plan: str | None, by: Viewer
) -> None:
    """Say which column of the sheet means what. Raises `UnknownUpload` and `NotAllowed`."""
    kept = _own(upload, by)
    kept.sheet, kept.mapping, kept.plan_id = sheet, dict(mapping), plan
    kept.save()


@command("upload.drop")
def drop(*, upload: int, by: Viewer) -> None:
    """Give up an upload; nothing of it was taken in. Raises `UnknownUpload` and `NotAllowed`."""
    _own(upload, by).delete()


@command("upload.sweep")
def sweep_uploads(*, before: datetime) -> int:
    """Drop every upload that nobody has touched since then; returns how many."""
    return Upload.objects.filter(created_at__lt=before).delete()[0]


def take_in_roster(
    *,
    upload: int,
    file: Checked,
    reading: Reading,
    by: Viewer,
    at: datetime,
    persons: Sequence[Persons] = (),
    expected: Preview | None = None,
    progress: Progress = silent,
) -> Taken:
    """Take in the checked content of an upload and remember how it was read, in one transaction.

    What is taken in, asked for and refused is as in `plan_import.take_in`; `persons` is whom the
    rows name, which counts where a unit has named nobody. A file that says nothing new, read as
    before, writes nothing. Raises `UnknownUpload` and what that raises.
    """
    ready = plan_import.prepare(file=file, by=by, at=at)
    return _take_in(
        upload=upload,
        file=file,
        reading=reading,
        by=by,
        at=at,
        persons=persons,
        expected=expected,
        ready=ready,
        progress=progress,
    )


@command("roster.take_in")
def _take_in(
    *,
    upload: int,
    file: Checked,
    reading: Reading,
    by: Viewer,
    at: datetime,
    persons: Sequence[Persons],
    expected: Preview | None,
    ready: Ready | None,
    progress: Progress,
) -> Taken:
    kept = _own(upload, by)
    taken = plan_import.take_in(
        file=file, by=by, at=at, expected=expected, ready=ready, progress=progress
    )
    roster = _remember(kept, taken, reading, by, at)
    kept.delete()
    stated = state_persons(persons=persons, office=roster.plan.office_id, by=by, at=at)
    return replace(taken, persons=stated, wrote=taken.wrote or stated > 0)


def _remember(kept: Upload, taken: Taken, reading: Reading, by: Viewer, at: datetime) -> Roster:
    """The roster with the way in which it was read; nothing is written where that is the same."""
    roster = Roster.objects.select_for_update(of=("self",)).filter(pk=taken.plan).first()
    if roster is None:
        roster = Roster(plan_id=taken.plan)
    elif not taken.wrote and _read_alike(roster, reading):
        return roster
    roster.sheet, roster.signature = reading.sheet, reading.signature
    roster.mapping = dict(reading.mapping)
    roster.sha256, roster.taken_at = kept.sha256, at
    roster.name_text = put_text(kept.name)
    acting = by.acting("administrator", roster.plan.office_id)
    record(roster, verb="roster.taken_in", by=acting, at=at)
    return roster


def _read_alike(roster: Roster, reading: Reading) -> bool:
    now = (reading.sheet, reading.signature, dict(reading.mapping))
    return (roster.sheet, roster.signature, roster.mapping) == now
