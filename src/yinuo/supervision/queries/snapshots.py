"""Snapshots: how one is drafted, which there are, and what each holds for whoever looks."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache

from django.conf import settings
from django.utils.translation import override

from yinuo.commitments.life import Status
from yinuo.commitments.lights.table import InForce, available
from yinuo.commitments.queries.frozen import Frozen, frozen
from yinuo.commitments.queries.listing import STATE_OF, STATES
from yinuo.goals.queries.plans import public_goals
from yinuo.kernel.content import content_file
from yinuo.kernel.filestore import FileMissing, FileStore
from yinuo.kernel.instants import instant_text
from yinuo.ledger.history import texts
from yinuo.ledger.printed import public_printed
from yinuo.ledger.snapshot import snapshot as one_moment
from yinuo.parties.queries import names, public_unit_names, public_units
from yinuo.parties.viewer import NotAllowed, Viewer
from yinuo.supervision.errors.snapshots import UnknownSnapshot
from yinuo.supervision.models import Snapshot
from yinuo.supervision.papers.paper import paper_number
from yinuo.supervision.queries.annexes import annexes
from yinuo.supervision.snapshots import compose
from yinuo.supervision.snapshots.compose import Named
from yinuo.supervision.snapshots.content import Content, Item, for_reader, read
from yinuo.supervision.snapshots.tiles import tiles

WITHOUT = frozenset({"order", "report"})
"""Kinds that are means of supervision, counted in annexes."""
PAGE_LANGUAGE = "zh-hans"
"""A snapshot is a Chinese paper, whoever takes it."""
MOST_KEPT = 8


# ── taking one ───────────────────────────────────────────────────────────────────────────────────


def draft(
    *,
    office: str,
    as_of: date,
    city: str,
    simulated: bool,
    store: FileStore,
    viewer: Viewer,
    at: datetime,
) -> Content:
    """Everything the office supervises, as of one moment of the database; writes nothing.

    Overdue and lights are worked out for `as_of`, states are those of `at`. Given to
    `commands.snapshots.take`, which keeps it. Raises `NotAllowed`.
    """
    if office not in viewer.supervisor_of:
        raise NotAllowed("只有督查单位的督查人可以生成调度会数据", place=office)
    with one_moment(), override(PAGE_LANGUAGE):
        units, goals = _units(), _goals()
        before = _previous(office)
        items = [
            _item(each, as_of)
            for each in frozen(office=office, viewer=viewer, today=as_of, without=WITHOUT)
        ]
        printed = public_printed()
        table = available(as_of)
        added = annexes(office=office, viewer=viewer, today=as_of)
        code = _free_code(as_of)
    compared = None if before is None else _content(before, store)
    total = compose.figures(items, key="total", named=Named("", "全部"), on=as_of)
    by_unit = compose.by(items, lambda item: item.unit, units, "unit", as_of)
    name = public_unit_names().get(office, office)
    return Content(
        code=code,
        office=office,
        office_name=name,
        city=city,
        as_of=as_of.isoformat(),
        taken_at=instant_text(at),
        simulated=simulated,
        log_size=printed.size if printed else 0,
        log_root=printed.root if printed else "",
        check_code=printed.code if printed else "",
        lights_edition=_edition(table),
        previous=before.code if before else "",
        previous_as_of=before.as_of_date.isoformat() if before else "",
        total=total,
        units=by_unit,
        goals=compose.by(items, lambda item: item.goal, goals, "goal", as_of),
        cells=compose.cells(items),
        steps=compose.steps(compared, items),
        best_units=compose.best_units(by_unit, total),
        worst_units=compose.worst_units(by_unit, total),
        best_items=compose.best_items(items),
        worst_items=compose.worst_items(items, as_of),
        annexes=added,
        items=items,
    )


def _item(each: Frozen, on: date) -> Item:
    row = each.row
    late = row.status == Status.OPEN and row.due is not None and row.due < on
    state = "overdue" if late else STATE_OF[Status(row.status)]
    light = row.light
    return Item(
        code=row.code,
        kind=row.kind_label,
        title=row.title,
        goal=row.heading,
        unit=row.lead or "",
        unit_name=row.lead_name,
        terms=row.terms,
        due=_day(row.due),
        due_original=_day(row.due_original),
        delivered=_day(each.delivered_date),
        state=state,
        state_label=STATES[state],
        outcome=row.outcome,
        moved=row.moved_count,
        public=row.visibility == "public",
        light=light.colour.value if light else "",
        light_word=light.word if light else "",
        reason=light.reason if light else "",
    )


def _day(day: date | None) -> str:
    return day.isoformat() if day else ""


def _edition(table: InForce | None) -> str:
    """The edition of the table of lights with its publication: 第 1 版（P2）."""
    published = table.published if table else None
    return f"第 {published.edition} 版（P{published.number}）" if published else ""


def _units() -> list[Named]:
    placed = tiles(content_file("maps", "tiles.csv", own=settings.YINUO_CONTENT))
    return [
        Named(unit.code, unit.name, unit.kind, placed.get(unit.code, "")) for unit in public_units()
    ]


def _goals() -> list[Named]:
    named = [Named(goal.code, goal.title) for goal in public_goals()]
    return [*named, Named("", "未列入目标")]


def _previous(office: str) -> Snapshot | None:
    return Snapshot.objects.filter(office=office).order_by("-taken_at", "-code").first()


def _free_code(as_of: date) -> str:
    """SN2024-07, then SN2024-07-2."""
    first = f"SN{as_of:%Y-%m}"
    taken = set(Snapshot.objects.filter(code__startswith=first).values_list("code", flat=True))
    if first not in taken:
        return first
    number = 2
    while f"{first}-{number}" in taken:
        number += 1
    return f"{first}-{number}"


# ── reading them ─────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class SnapshotView:
    """One snapshot as a line, and as the head of its page."""

    code: str
    version: int
    office: str
    office_name: str
    meeting: str
    as_of: date
    taken_at: datetime
    taken_by: str
    """Name of the person; empty where it was erased."""
    sha256: str
    size: int
    log_size: int
    previous: str
    released_at: datetime | None
    paper_number: str
    """发文字号 of the bulletin; empty without one."""
    series: str
    may_release: bool


@dataclass(frozen=True)
class Shown:
    """A snapshot with what the viewer may see of it."""

    view: SnapshotView
    content: Content
    hidden: int
    """How many closed items of other units were left out."""


def snapshots(*, viewer: Viewer) -> tuple[SnapshotView, ...]:
    """Those the viewer may open, the last taken first."""
    rows = Snapshot.objects.select_related("office").order_by("-taken_at", "-code")
    return _views([row for row in rows if _may_open(row, viewer)], viewer)


def snapshot(*, code: str, store: FileStore, viewer: Viewer) -> Shown:
    """One of them. Raises `UnknownSnapshot`, and `FileMissing` if its file is gone or altered.

    Whoever belongs to the office sees it whole; others, once it is released, all but the closed
    items of units that are not theirs.
    """
    row = Snapshot.objects.select_related("office").filter(pk=code).first()
    if row is None or not _may_open(row, viewer):
        raise UnknownSnapshot(code)
    whole = _content(row, store)
    seen = for_reader(whole, units=viewer.held_for, whole=_belongs(row, viewer))
    (view,) = _views([row], viewer)
    return Shown(view, seen, len(whole.items) - len(seen.items))


def offices_to_take_for(*, viewer: Viewer) -> dict[str, str]:
    """Code → name of the offices for which the viewer may take one."""
    return {
        code: name for code, name in public_unit_names().items() if code in viewer.supervisor_of
    }


def _belongs(row: Snapshot, viewer: Viewer) -> bool:
    reads = viewer.supervisor_of | viewer.administrator_of | viewer.auditor_of
    return row.office_id in reads


def _may_open(row: Snapshot, viewer: Viewer) -> bool:
    if _belongs(row, viewer):
        return True
    return row.released_at is not None and bool(viewer.held_for & _below(row.office_id))


def _below(office: str) -> frozenset[str]:
    """The unit above the office, or the office without one, and every unit below that."""
    parents = {unit.code: unit.parent for unit in public_units()}
    top = parents.get(office) or office

    def leads_to_top(code: str | None, steps: int = 0) -> bool:
        if code is None or steps > len(parents):
            return False
        return code == top or leads_to_top(parents.get(code), steps + 1)

    return frozenset(code for code in parents if leads_to_top(code))


def _views(rows: Sequence[Snapshot], viewer: Viewer) -> tuple[SnapshotView, ...]:
    said = texts(row.meeting_text for row in rows)
    people = names(actors={row.taken_by for row in rows}, viewer=viewer)
    return tuple(
        SnapshotView(
            code=row.code,
            version=row.version,
            office=row.office_id,
            office_name=row.office.name,
            meeting=said.get(row.meeting_text, ""),
            as_of=row.as_of_date,
            taken_at=row.taken_at,
            taken_by=people.get(row.taken_by, ""),
            sha256=row.sha256,
            size=row.size,
            log_size=row.log_size,
            previous=row.previous_id or "",
            released_at=row.released_at,
            paper_number=paper_number(row.series, row.as_of_date.year, row.number)
            if row.number is not None
            else "",
            series=row.series,
            may_release=row.released_at is None and row.office_id in viewer.supervisor_of,
        )
        for row in rows
    )


def _content(row: Snapshot, store: FileStore) -> Content:
    with store.open(row.sha256) as file:
        data = file.read()
    if hashlib.sha256(data).hexdigest() != row.sha256:
        raise FileMissing(row.sha256, "的内容已被改动")
    return _read(data)


@lru_cache(maxsize=MOST_KEPT)
def _read(data: bytes) -> Content:
    """When a meeting opens one board at once, it is read once."""
    return read(data)
