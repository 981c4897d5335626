"""Drafts of items as the office sees them: what they would change, and what is wrong with them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.conf import settings

from yinuo.cases.access.items import keeps_items, publishes, visible_versions
from yinuo.cases.errors.items import UnknownItem, UnknownItemVersion
from yinuo.cases.in_force.items import item_version_in_force, item_versions_in_force
from yinuo.cases.in_force.rounding import rounding
from yinuo.cases.items.checks import Fault, check
from yinuo.cases.items.codec import of_data
from yinuo.cases.items.comparing import Difference, differences
from yinuo.cases.items.definition import ItemDefinition
from yinuo.cases.items.gathering import Known
from yinuo.cases.items.lengths import said
from yinuo.cases.models import ItemVersion
from yinuo.kernel.filestore import FileStore
from yinuo.ledger.history import texts
from yinuo.parties.queries import public_unit_names, public_units
from yinuo.parties.viewer import NotAllowed, Viewer


@dataclass(frozen=True)
class DraftLine:
    """A draft that waits."""

    code: str
    item: str
    name: str
    number: int
    unit_name: str
    office: str
    legal: str
    promised: str
    is_own: bool
    """Whether the viewer drafted it, and so another person publishes it."""
    is_new: bool
    """Whether no version was published yet."""
    may_publish: bool


@dataclass(frozen=True)
class DraftView:
    """A draft, complete."""

    line: DraftLine
    definition: ItemDefinition
    version: int
    """Of the row, for a command."""
    reason: str
    faults: tuple[Fault, ...]
    differences: tuple[Difference, ...]
    """From the version in force; empty for a new item."""
    most: str
    """The longest promise within two fifths of the legal limit, in words.

    Empty where no table says.
    """
    may_drop: bool


def item_drafts(*, viewer: Viewer, on: date) -> tuple[DraftLine, ...]:
    """The drafts that the viewer may read, by code. Raises `NotAllowed` for the public."""
    if not keeps_items(viewer):
        raise NotAllowed("只有目录管理单位和实施主体的管理员、督查人可以看草稿")
    rows = ItemVersion.objects.filter(visible_versions(viewer), status=ItemVersion.Status.DRAFT)
    drafts = list(rows.select_related("item").order_by("item_id"))
    known = item_versions_in_force((row.item_id for row in drafts), on)
    return tuple(_line(row, viewer, is_new=row.item_id not in known) for row in drafts)


def _line(row: ItemVersion, viewer: Viewer, *, is_new: bool) -> DraftLine:
    unit = row.definition["unit"]
    return DraftLine(
        code=row.code,
        item=row.item_id,
        name=row.title,
        number=row.number,
        unit_name=public_unit_names().get(unit, unit),
        office=row.item.office_id,
        legal=said(row.legal_limit),
        promised=said(row.promised_limit),
        is_own=row.drafted_by == viewer.actor,
        is_new=is_new,
        may_publish=publishes(row, viewer),
    )


def item_draft(*, code: str, viewer: Viewer, on: date) -> DraftView:
    """One draft with what it changes and what the checks say. Raises `UnknownItemVersion`."""
    rows = ItemVersion.objects.filter(visible_versions(viewer), status=ItemVersion.Status.DRAFT)
    row = rows.select_related("item").filter(pk=code).first()
    if row is None:
        raise UnknownItemVersion(code)
    try:
        before = of_data(item_version_in_force(row.item_id, on).definition)
    except UnknownItem:
        before = None
    definition, table = of_data(row.definition), rounding(on)
    most = table.most(definition.legal_limit) if table is not None else ""
    office, unit = row.item.office_id, row.item.unit_id
    return DraftView(
        line=_line(row, viewer, is_new=before is None),
        definition=definition,
        version=row.version,
        reason=texts([row.reason_text]).get(row.reason_text, "") if row.reason_text else "",
        faults=check(definition) + (table.faults(definition) if table is not None else ()),
        differences=differences(before, definition) if before is not None else (),
        most=said(most),
        may_drop=bool({office, unit} & viewer.administrator_of) or office in viewer.supervisor_of,
    )


def known_to_files(*, viewer: Viewer, on: date) -> Known:
    """What a file of items is held against: the units there are, the table in force, the files."""
    del viewer  # units and published tables are public; of a file only whether it is there
    units = {u.code for u in public_units() if u.valid_to is None or u.valid_to > on}
    store = FileStore(settings.YINUO_FILES)
    return Known(
        units=frozenset(units),
        rounding=rounding(on),
        kept=lambda digest: store.path(digest).exists(),
    )


def catalogue_offices(*, viewer: Viewer) -> dict[str, str]:
    """Code → name of the units for which the viewer may draft items."""
    names = public_unit_names()
    return {code: name for code, name in names.items() if code in viewer.administrator_of}


def drafts_to_publish(*, viewer: Viewer) -> int:
    """How many drafts wait for this viewer to publish them; for the inbox."""
    if not viewer.supervisor_of:
        return 0
    rows = ItemVersion.objects.filter(
        status=ItemVersion.Status.DRAFT, item__office__in=viewer.supervisor_of
    )
    return rows.exclude(drafted_by=viewer.actor).count()


def draft_codes(*, items: Iterable[str], viewer: Viewer) -> tuple[str, ...]:
    """The codes of the drafts of some items that the viewer may read; of all, for none named."""
    rows = ItemVersion.objects.filter(visible_versions(viewer), status=ItemVersion.Status.DRAFT)
    wanted = list(items)
    chosen = rows.filter(item__in=wanted) if wanted else rows
    return tuple(chosen.order_by("item_id").values_list("code", flat=True))
