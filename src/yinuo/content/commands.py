"""Publishing: a file is checked and kept, asked for by one person, and approved by another.

    bytes ──keep──→ file store, by hash ──ask──→ row that waits ──approve──→ in force from its day

The file is on the disk before the row names it; a crash between leaves a stray that
`yinuo files sweep` removes. What is approved is the hash, so a file edited meanwhile changes
nothing.
"""

import re
from dataclasses import dataclass
from datetime import date, datetime
from io import BytesIO

from django.db.models import Max

from yinuo.content.errors import (
    BackDated,
    ComparedWithAnother,
    ContentRefused,
    NothingNew,
    NoWhy,
    PublicationDecided,
    UnknownPublication,
    UnknownSort,
)
from yinuo.content.examining import examine
from yinuo.content.models import ASKED, ContentVersion
from yinuo.content.permission import acting_for_the_city
from yinuo.content.timeline import Starting, answered_for, in_force
from yinuo.kernel.filestore import FileMissing, FileStore
from yinuo.kernel.instants import civil_date
from yinuo.ledger.commands.recording import By, command, put_text, record
from yinuo.parties.viewer import NotAllowed, Viewer

NAME = re.compile(r"tables/[\w\-]+\.xlsx")
LONGEST_NAME = 120
Status = ContentVersion.Status


@dataclass(frozen=True)
class Kept:
    """A sound file that lies in the store and whose row is still to be written."""

    name: str
    sha256: str
    size: int
    valid_from: date
    """The day as of which it was found sound."""


def require_name(name: str) -> None:
    """Raises `UnknownSort` for a name under which nothing can be published."""
    if len(name) > LONGEST_NAME or not NAME.fullmatch(name):
        raise UnknownSort(name)


def keep(*, name: str, data: bytes, valid_from: date, store: FileStore) -> Kept:
    """Check a file and put it onto the disk, outside any transaction.

    Raises `UnknownSort`, and `ContentRefused` with every fault.
    """
    require_name(name)
    found = examine(data, file=name.rpartition("/")[2], on=valid_from)
    if found.faults:
        raise ContentRefused(name, found.faults)
    return Kept(name, store.put(BytesIO(data)), len(data), valid_from)


def _approved(name: str) -> list[ContentVersion]:
    return list(ContentVersion.objects.filter(name=name, status=Status.APPROVED))


def _starting(rows: list[ContentVersion]) -> list[Starting]:
    return [Starting(row.valid_from, row.edition) for row in rows if row.edition is not None]


def _on(rows: list[ContentVersion], day: date) -> ContentVersion | None:
    found = in_force(_starting(rows), day)
    return next((row for row in rows if found and row.edition == found.edition), None)


def _require_future(name: str, rows: list[ContentVersion], start: date, today: date) -> None:
    """Raises `BackDated` where past days were answered by a version that would be displaced."""
    displaced = answered_for(_starting(rows), start, today)
    if displaced is not None:
        raise BackDated(name, start, displaced.edition, today)


@command("content.ask")
def ask_publication(
    *, kept: Kept, reason: str, effect: str = "", store: FileStore, by: Viewer, at: datetime
) -> int:
    """Ask that a kept file be in force from its day; returns the number of the request.

    `effect` says whose result changes, in numbers that may be public one day. Raises `NotAllowed`,
    `NoWhy`, `BackDated`, `NothingNew`, `FileMissing`.
    """
    acting = acting_for_the_city(by, kept.name)
    if not reason.strip():
        raise NoWhy(kept.name)
    rows = _approved(kept.name)
    _require_future(kept.name, rows, kept.valid_from, civil_date(at))
    before = _on(rows, kept.valid_from)
    if before is not None and before.sha256 == kept.sha256:
        raise NothingNew(kept.name, f"{kept.valid_from} 生效的第 {before.edition} 版")
    waiting = ContentVersion.objects.filter(
        name=kept.name, sha256=kept.sha256, valid_from=kept.valid_from, status=Status.ASKED
    ).first()
    if waiting is not None:
        raise NothingNew(kept.name, f"等待批准的 P{waiting.number}")
    if store.size(kept.sha256) != kept.size:
        raise FileMissing(kept.sha256, "的大小与提交的不同")
    row = ContentVersion(
        number=_next_number(),
        name=kept.name,
        sha256=kept.sha256,
        size=kept.size,
        valid_from=kept.valid_from,
        replaces=before,
        reason_text=put_text(reason.strip()),
        effect_text=put_text(effect),
        asked_by=by.actor,
        asked_at=at,
    )
    record(row, verb=ASKED, by=acting, at=at)
    return row.number


def _next_number() -> int:
    """One above the highest. All lock the same first row, so that those who ask at once queue."""
    ContentVersion.objects.select_for_update(of=("self",)).order_by("number").first()
    last = ContentVersion.objects.aggregate(last=Max("number"))["last"]
    return (last or 0) + 1


def _locked(number: int, by: Viewer, version: int | None) -> tuple[ContentVersion, By]:
    """A request that waits, with every version of its file locked, and who decides."""
    row = ContentVersion.objects.filter(number=number).first()
    if row is None:
        raise UnknownPublication(number)
    acting = acting_for_the_city(by, f"P{number}")
    # All of one file together, so that of two approvals at once the second sees the first.
    versions = ContentVersion.objects.select_for_update(of=("self",)).filter(name=row.name)
    row = next(each for each in versions.order_by("number") if each.number == number)
    if row.status != Status.ASKED:
        raise PublicationDecided(number, row.get_status_display())
    if version is not None:
        row.version = version  # the guarded write then refuses it as stale
    return row, acting


def _decide(
    row: ContentVersion, status: ContentVersion.Status, reason: str, by: Viewer, at: datetime
) -> None:
    row.status, row.decided_by, row.decided_at = status, by.actor, at
    row.decision_text = put_text(reason.strip())


def _another_person(row: ContentVersion, by: Viewer) -> None:
    if row.asked_by == by.actor:
        raise NotAllowed(
            "申请人不能批准自己的申请", place=f"P{row.number}", next_step="请由另一名管理员决定"
        )


def _words(row: ContentVersion | None) -> str:
    return f"第 {row.edition} 版" if row is not None else "“没有生效的版本”"


@command("content.approve")
def approve_publication(
    *,
    number: int,
    reason: str = "",
    store: FileStore,
    by: Viewer,
    at: datetime,
    version: int | None = None,
) -> int:
    """Let a version be in force from its day, as the second person; returns which edition it is.

    Raises `UnknownPublication`, `NotAllowed`, `PublicationDecided`, `StaleVersion`, `BackDated`
    if its day has passed meanwhile, `ComparedWithAnother`, and `FileMissing`.
    """
    row, acting = _locked(number, by, version)
    _another_person(row, by)
    rows = _approved(row.name)
    present = _on(rows, row.valid_from)
    if present != row.replaces:
        compared, now = _words(row.replaces), _words(present)
        raise ComparedWithAnother(number, compared, now, row.valid_from)
    _require_future(row.name, rows, row.valid_from, civil_date(at))
    store.check(row.sha256)
    last = ContentVersion.objects.filter(name=row.name).aggregate(last=Max("edition"))["last"]
    row.edition = (last or 0) + 1
    _decide(row, Status.APPROVED, reason, by, at)
    record(row, verb="content.approved", by=acting, at=at)
    return row.edition


@command("content.refuse")
def refuse_publication(
    *, number: int, reason: str, by: Viewer, at: datetime, version: int | None = None
) -> None:
    """Leave everything as it is and say why, as the second person.

    Raises `UnknownPublication`, `NotAllowed`, `PublicationDecided`, `StaleVersion`, `NoWhy`.
    """
    row, acting = _locked(number, by, version)
    _another_person(row, by)
    if not reason.strip():
        raise NoWhy(f"P{number}")
    _decide(row, Status.REFUSED, reason, by, at)
    record(row, verb="content.refused", by=acting, at=at)


@command("content.withdraw")
def withdraw_publication(
    *, number: int, reason: str, by: Viewer, at: datetime, version: int | None = None
) -> None:
    """Take back one's own request before it is decided.

    Raises `UnknownPublication`, `NotAllowed`, `PublicationDecided`, `StaleVersion`, `NoWhy`.
    """
    row, acting = _locked(number, by, version)
    if row.asked_by != by.actor:
        raise NotAllowed(
            "只有申请人可以撤回", place=f"P{number}", next_step="其他管理员可以不予批准"
        )
    if not reason.strip():
        raise NoWhy(f"P{number}")
    _decide(row, Status.WITHDRAWN, reason, by, at)
    record(row, verb="content.withdrawn", by=acting, at=at)
