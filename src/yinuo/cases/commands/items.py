"""The catalogue of items: drafts, publication by a second person, the end of an item."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from yinuo.cases.access.items import act_as_drafter, act_as_publisher, visible_versions
from yinuo.cases.errors.items import (
    ItemsRefused,
    NotADraft,
    NotInForce,
    UnknownItem,
    UnknownItemVersion,
    VersionsOverlap,
)
from yinuo.cases.items.checks import blocking, check
from yinuo.cases.items.codec import digest, of_data, to_data
from yinuo.cases.items.definition import ItemDefinition
from yinuo.cases.items.lengths import share_permille
from yinuo.cases.models import Item, ItemFile, ItemVersion
from yinuo.commitments.commands.register import NewDocument, put_documents
from yinuo.commitments.errors import Invalid
from yinuo.kernel.errors import Finding
from yinuo.kernel.instants import civil_date
from yinuo.kernel.spreadsheet.cells import Progress, silent
from yinuo.kernel.watched import watched
from yinuo.ledger.commands.recording import By, command, one_at_a_time, put_text, record
from yinuo.parties.queries import public_unit_names, public_units
from yinuo.parties.viewer import NotAllowed, Viewer

LOCK = 0x7961_4954
"""Key of the PostgreSQL advisory lock that lets one catalogue be drafted at a time."""
GUIDE = "办事指南"
"""Kind of the document that a published version is."""
LONGEST_REASON = 1_000
Status = ItemVersion.Status


@dataclass(frozen=True)
class Drafted:
    """What became of some definitions."""

    drafts: tuple[str, ...]
    """Codes of the versions that now wait for a second person."""
    unchanged: tuple[str, ...]
    """Items whose newest version says just this already."""


@command("item.draft")
def draft_items(
    *,
    definitions: Sequence[ItemDefinition],
    office: str,
    by: Viewer,
    at: datetime,
    reason: str = "",
    progress: Progress = silent,
) -> Drafted:
    """Keep each definition as the draft of its item; all of them or none.

    A draft that stands already is replaced; the version in force stays what it is. Administrators
    of the office or of the unit that decides. Raises `NotAllowed`, `ItemsRefused` with every
    finding, `Invalid`.
    """
    acting = {one.code: act_as_drafter(office, one.unit, by, place=one.code) for one in definitions}
    _require_sound(definitions, office, civil_date(at))
    if len(reason) > LONGEST_REASON:
        what = f"最多 {LONGEST_REASON:,} 字，现有 {len(reason):,} 字"
        raise Invalid("事项", [("reason", what)])
    one_at_a_time(LOCK)
    drafts: list[str] = []
    unchanged: list[str] = []
    for one in watched(definitions, "存成草稿", progress):
        made = _draft(one, office, reason.strip(), by=acting[one.code], at=at)
        (drafts if made else unchanged).append(made or one.code)
    return Drafted(tuple(drafts), tuple(unchanged))


def _require_sound(definitions: Sequence[ItemDefinition], office: str, today: date) -> None:
    existing = {u.code for u in public_units() if u.valid_to is None or u.valid_to > today}
    findings = [
        Finding(
            code=fault.rule.code,
            field=".".join(str(part) for part in fault.path),
            file=one.code,
            rule=fault.what,
            next_step=fault.next_step,
        )
        for one in definitions
        for fault in blocking(check(one))
    ]
    for place, unit in (*((one.code, one.unit) for one in definitions), ("目录管理单位", office)):
        if unit not in existing:
            findings.append(
                Finding(
                    code="CASE-E234",
                    field="unit",
                    file=place,
                    value=unit[:40],
                    rule=f"没有代码为“{unit[:40]}”的单位，或它已经撤销",
                    next_step="请核对单位代码",
                )
            )
    if findings:
        raise ItemsRefused(findings)


def _draft(one: ItemDefinition, office: str, reason: str, *, by: By, at: datetime) -> str:
    """Write one draft and return its code; empty where nothing changed."""
    item = Item.objects.select_for_update(of=("self",)).filter(pk=one.code).first()
    if item is None:
        item = Item(code=one.code, unit_id=one.unit, office_id=office)
    elif item.office_id != office:
        raise NotAllowed(f"事项 {one.code} 归另一个单位的目录", place=one.code)
    rows = ItemVersion.objects.select_for_update(of=("self",)).filter(item=one.code)
    newest = rows.exclude(status=Status.DROPPED).order_by("-number").first()
    if newest is not None and newest.sha256 == digest(one):
        return ""
    if newest is None or newest.status != Status.DRAFT:
        item.last_version += 1
        record(item, verb="item.numbered", by=by, at=at)
        number = item.last_version
        newest = ItemVersion(code=f"{one.code}/V{number}", item=item, number=number)
    row = _filled(newest, one)
    row.reason_text, row.drafted_by = put_text(reason), by.actor
    record(row, verb="item_version.drafted", by=by, at=at)
    _keep_files(row.item_id, one, by=by, at=at)
    return row.code


def _keep_files(
    item: str, one: ItemDefinition, *, by: By, at: datetime, public: bool = False
) -> None:
    """Name the files of a version in rows of their own, so that the store keeps them.

    A link has none.
    """
    for medium in (each for each in one.media if each.sha256):
        code = f"{item}/F{medium.sha256[:16]}"
        row = ItemFile.objects.select_for_update(of=("self",)).filter(pk=code).first()
        if row is None:
            row = ItemFile(
                code=code,
                item_id=item,
                sha256=medium.sha256,
                media_type=medium.media_type,
                size=medium.size,
                public=public,
            )
            record(row, verb="item_file.kept", by=by, at=at)
        elif public and not row.public:
            row.public = True
            record(row, verb="item_file.opened", by=by, at=at)


def _filled(row: ItemVersion, one: ItemDefinition) -> ItemVersion:
    """A draft with its definition and the columns that lists read."""
    row.definition, row.sha256 = to_data(one), digest(one)
    row.title, row.kind, row.served = one.name, one.kind, "、".join(one.served)
    row.legal_limit, row.promised_limit = one.legal_limit, one.promised_limit
    row.share_permille = share_permille(one.promised_limit, one.legal_limit)
    row.declarable = one.declaration is not None
    row.deferrable = sum(material.deferrable for material in one.materials)
    row.simulated = one.simulated
    return row


def _fetch(code: str, by: Viewer, version: int | None) -> ItemVersion:
    """A draft, locked; what the actor may not see does not exist."""
    rows = ItemVersion.objects.select_for_update(of=("self",)).select_related("item")
    row = rows.filter(visible_versions(by), code=code).first()
    if row is None:
        raise UnknownItemVersion(code)
    if row.status != Status.DRAFT:
        raise NotADraft(code, Status(row.status).label)
    if version is not None and row.version != version:
        row.version = version  # the guarded write then refuses it as stale
    return row


@command("item.drop_draft")
def drop_draft(*, item_version: str, by: Viewer, at: datetime, version: int | None = None) -> None:
    """Give a draft up; its number is not used again.

    Raises `UnknownItemVersion`, `NotADraft`, `NotAllowed`.
    """
    row = _fetch(item_version, by, version)
    office = row.item.office_id
    if office in by.supervisor_of:
        acting = by.acting("supervisor", office)
    else:
        acting = act_as_drafter(office, row.item.unit_id, by, place=row.code)
    row.status = Status.DROPPED
    record(row, verb="item_version.dropped", by=acting, at=at)


@command("item.publish_version")
def publish_version(
    *,
    item_version: str,
    valid_from: date,
    by: Viewer,
    at: datetime,
    version: int | None = None,
) -> None:
    """Put a draft in force from a day on; the version before it ends with the day before.

    A second person, who supervises for the office that keeps the catalogue. The version is a
    document (办事指南) from then on, so that promises can cite it. Raises `UnknownItemVersion`,
    `NotADraft`, `NotAllowed`, `VersionsOverlap`, and `ItemsRefused` where the checks of today
    find more than those of the day it was drafted.
    """
    row = _fetch(item_version, by, version)
    acting = act_as_publisher(row, by)
    definition = of_data(row.definition)
    _require_sound([definition], row.item.office_id, civil_date(at))
    before = _published_last(row.item_id)
    earliest = max(civil_date(at), _begins(before))
    if valid_from < earliest:
        raise VersionsOverlap(row.code, valid_from, earliest)
    if before is not None and (before.valid_to is None or before.valid_to > valid_from):
        _end(before, valid_from, by=acting, at=at)
    row.status, row.valid_from, row.published_by = Status.PUBLISHED, valid_from, by.actor
    record(row, verb="item_version.published", by=acting, at=at)
    if row.item.unit_id != definition.unit:
        row.item.unit_id = definition.unit
        record(row.item, verb="item.moved_to_unit", by=acting, at=at)
    _keep_files(row.item_id, definition, by=acting, at=at, public=True)
    put_documents([_guide(row, definition)], by=acting, at=at)


def _begins(row: ItemVersion | None) -> date:
    return row.valid_from if row is not None and row.valid_from is not None else date.min


def _guide(row: ItemVersion, definition: ItemDefinition) -> NewDocument:
    return NewDocument(
        code=row.code,
        title=f"{definition.name}办事指南（第 {row.number} 版）",
        kind=GUIDE,
        issuer=public_unit_names().get(definition.unit, definition.unit),
        said_date=row.valid_from,
        sha256=row.sha256,
    )


def _published_last(item: str) -> ItemVersion | None:
    rows = ItemVersion.objects.select_for_update(of=("self",)).filter(item=item)
    return rows.filter(ItemVersion.public_rows()).order_by("-number").first()


def _end(row: ItemVersion, day: date, *, by: By, at: datetime) -> None:
    row.status, row.valid_to = Status.RETIRED, day
    record(row, verb="item_version.retired", by=by, at=at)


@command("item.retire")
def retire(*, item: str, valid_to: date, reason: str, by: Viewer, at: datetime) -> None:
    """End an item without a successor; `valid_to` is the first day on which it is not offered.

    Raises `UnknownItem`, `NotAllowed`, `NotInForce`, `VersionsOverlap`, `Invalid`.
    """
    row = _published_last(item)
    if row is None:
        raise UnknownItem(item)
    office = row.item.office_id
    if office not in by.supervisor_of:
        raise NotAllowed("只有目录管理单位的督查人可以停用事项", place=item)
    if not reason.strip() or len(reason) > LONGEST_REASON:
        raise Invalid(item, [("reason", f"请写明停用的理由，最多 {LONGEST_REASON:,} 字")])
    if row.valid_to is not None:
        raise NotInForce(item)
    earliest = max(civil_date(at), _begins(row))
    if valid_to < earliest:
        raise VersionsOverlap(row.code, valid_to, earliest)
    row.reason_text = put_text(reason.strip())
    _end(row, valid_to, by=by.acting("supervisor", office), at=at)
