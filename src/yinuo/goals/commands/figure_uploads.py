"""Files of figures on their way in: kept, their questions answered, taken in or given up."""

import io
from collections.abc import Mapping
from datetime import datetime, timedelta

from yinuo.goals.commands import figures
from yinuo.goals.commands.figures import TakenFigures
from yinuo.goals.errors.indicators import FileUnreadable, UnknownUpload
from yinuo.goals.indicators.checks import ANSWERS
from yinuo.goals.models import FigureUpload
from yinuo.goals.queries.figure_checks import FileCheck
from yinuo.kernel.filestore import FileStore
from yinuo.ledger.commands.recording import command
from yinuo.parties.viewer import NotAllowed, Viewer

STALE = timedelta(days=14)
"""An upload that nobody touched for so long is swept when its owner uploads again."""
LARGEST = 32 * 2**20
"""Bytes."""


def keep_upload(*, data: bytes, name: str, store: FileStore, by: Viewer, at: datetime) -> int:
    """Keep a file on its way in and return its number; it is on the disk by then.

    Raises `NotAllowed` and `FileUnreadable` for one that is too large.
    """
    if by.account_id is None or not by.officer_of | by.administrator_of:
        raise NotAllowed("只有填报人和管理员可以上传数据")
    if len(data) > LARGEST:
        what = f"文件有 {len(data) / 2**20:.0f} MB，上限 {LARGEST // 2**20} MB"
        raise FileUnreadable(name, what, "请分成几个文件")
    return _keep(store.put(io.BytesIO(data)), name, owner=by.account_id, at=at)


@command("figure_upload.keep")
def _keep(digest: str, name: str, *, owner: int, at: datetime) -> int:
    FigureUpload.objects.filter(owner=owner, created_at__lt=at - STALE).delete()
    upload = FigureUpload(owner_id=owner, sha256=digest, name=name[-200:], created_at=at)
    upload.save(force_insert=True)
    return upload.pk


def _own(number: int, by: Viewer) -> FigureUpload:
    found = FigureUpload.objects.select_for_update()
    upload = found.filter(pk=number, owner=by.account_id).first()
    if upload is None:
        raise UnknownUpload(number)
    return upload


@command("figure_upload.answer")
def answer(*, upload: int, answers: Mapping[int, str], by: Viewer) -> None:
    """Remember answers to questions about an upload. Raises `UnknownUpload`."""
    row = _own(upload, by)
    said = {str(number): word for number, word in answers.items() if word in ANSWERS}
    row.answers = {**row.answers, **said}
    row.save()


@command("figure_upload.drop")
def drop(*, upload: int, by: Viewer) -> None:
    """Give up an upload; nothing of it was taken in. Raises `UnknownUpload`."""
    _own(upload, by).delete()


@command("figure_upload.take_in")
def take_in_upload(
    *,
    upload: int,
    check: FileCheck,
    data: bytes,
    store: FileStore,
    by: Viewer,
    at: datetime,
) -> TakenFigures:
    """Take in what was uploaded, with the answers that were given. Raises what `take_in` does."""
    row = _own(upload, by)
    answers = {int(number): word for number, word in row.answers.items()}
    taken = figures.take_in(check=check, data=data, answers=answers, store=store, by=by, at=at)
    row.delete()
    return taken


@command("figure_upload.sweep")
def sweep_uploads(*, before: datetime) -> int:
    """Drop every upload that nobody has touched since then; returns how many."""
    return FigureUpload.objects.filter(created_at__lt=before).delete()[0]
