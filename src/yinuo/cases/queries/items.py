"""The catalogue of items as the public reads it: only versions that were published."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import Any

from yinuo.cases.errors.items import BadItemCursor, UnknownItem, UnknownItemVersion
from yinuo.cases.in_force.items import in_force, item_version_in_force
from yinuo.cases.items.codec import of_data
from yinuo.cases.items.comparing import Difference, differences
from yinuo.cases.items.definition import AT_ONCE, ItemDefinition, Medium
from yinuo.cases.items.exchange import national
from yinuo.cases.items.lengths import WITHIN_PERMILLE, said
from yinuo.cases.models import Item, ItemVersion
from yinuo.commitments.searchtext import tokens, words
from yinuo.parties.queries import public_unit_names

PAGE = 50
MOST_READ = 4_096
YES = "1"


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """Which items are asked for; every field empty means all of them."""

    kind: str = ""
    served: str = ""
    unit: str = ""
    at_once: str = ""
    """`1` for those answered on the spot."""
    declarable: str = ""
    deferrable: str = ""
    text: str = ""


@dataclass(frozen=True, slots=True)
class ItemLine:
    """An item in a list."""

    code: str
    name: str
    kind: str
    unit: str
    unit_name: str
    served: str
    legal_limit: str
    """As it is written down, such as `20wd`."""
    promised_limit: str
    at_once: bool
    declarable: bool
    deferrable: int
    """Documents that may come later."""
    share_permille: int | None
    simulated: bool


@dataclass(frozen=True, slots=True)
class Option:
    """One choice of a filter with how many items it would leave."""

    value: str
    label: str
    count: int


@dataclass(frozen=True)
class Listed:
    """A page of the catalogue."""

    lines: tuple[ItemLine, ...]
    total: int
    options: Mapping[str, tuple[Option, ...]]
    next_cursor: str
    simulated: bool


@dataclass(frozen=True, slots=True)
class Summary:
    """How short the promises are, by count."""

    items: int
    within: int
    """Promised is at most two fifths of legal (promised ÷ legal ≤ 0.4); 即办 is."""
    compared: int
    """The two limits are counted in the same kind of day."""
    at_once: int
    declarable: int
    deferrable: int
    """Items with at least one document that may come later."""
    simulated: bool

    @property
    def all_within(self) -> bool:
        """Whether it is true of every item."""
        return 0 < self.items == self.within


@dataclass(frozen=True)
class VersionLine:
    """One published version of an item."""

    number: int
    code: str
    sha256: str
    valid_from: date
    valid_to: date | None
    state: str
    """`current`, `past` or `future` on the day asked about."""

    @property
    def last_date(self) -> date | None:
        """The last day on which it was in force; None while there is none.

        The day before it began, for a version that another one replaced on its first day.
        """
        return self.valid_to - timedelta(days=1) if self.valid_to is not None else None


@dataclass(frozen=True)
class ItemView:
    """One version of an item, complete, with where it stands among the others."""

    definition: ItemDefinition
    version: VersionLine
    versions: tuple[VersionLine, ...]
    """Those that have begun, the newest first; a later one that was announced is first."""
    unit_name: str
    office: str
    office_name: str
    legal: str
    promised: str
    share_permille: int | None
    current: int | None
    """Number of the version in force; None where the item has ended or not begun."""
    changed: tuple[Difference, ...]
    """From the version shown to the one in force; empty where they are the same."""

    @property
    def is_current(self) -> bool:
        """Whether the version shown is the one in force."""
        return self.version.number == self.current


# ── the list ────────────────────────────────────────────────────────────────────────────────────

COLUMNS = (
    *("item_id", "title", "kind", "served", "legal_limit", "promised_limit", "share_permille"),
    *("declarable", "deferrable", "simulated", "item__unit_id"),
)
FILTERS: Mapping[str, Callable[[ItemLine], Iterable[str]]] = {
    "kind": lambda line: (line.kind,),
    "served": lambda line: line.served.split("、"),
    "unit": lambda line: (line.unit,),
    "at_once": lambda line: (YES,) if line.at_once else (),
    "declarable": lambda line: (YES,) if line.declarable else (),
    "deferrable": lambda line: (YES,) if line.deferrable else (),
}
"""Name of a filter → the values of an item that it finds."""


def _lines(on: date) -> list[ItemLine]:
    names = public_unit_names()
    rows = ItemVersion.objects.filter(in_force(on)).order_by("item_id").values(*COLUMNS)
    return [_line(row, names) for row in rows]


def _line(row: Mapping[str, Any], names: Mapping[str, str]) -> ItemLine:
    return ItemLine(
        code=row["item_id"],
        name=row["title"],
        kind=row["kind"],
        unit=row["item__unit_id"],
        unit_name=names.get(row["item__unit_id"], row["item__unit_id"]),
        served=row["served"],
        legal_limit=row["legal_limit"],
        promised_limit=row["promised_limit"],
        at_once=row["promised_limit"] == AT_ONCE,
        declarable=row["declarable"],
        deferrable=row["deferrable"],
        share_permille=row["share_permille"],
        simulated=row["simulated"],
    )


@lru_cache(maxsize=MOST_READ)
def _tokens(name: str, code: str) -> frozenset[str]:
    return frozenset(tokens(name, code))


def _fits(line: ItemLine, wanted: Wanted, *, but: str = "") -> bool:
    return all(
        name == but or not getattr(wanted, name) or getattr(wanted, name) in values(line)
        for name, values in FILTERS.items()
    )


def _found(lines: Iterable[ItemLine], text: str) -> list[ItemLine]:
    asked = words(text)
    if not asked:
        return list(lines) if not text.strip() else []
    return [one for one in lines if all(w.among(_tokens(one.name, one.code)) for w in asked)]


def public_items(*, on: date, wanted: Wanted | None = None, cursor: str = "") -> Listed:
    """The items in force on a day, by code; every filter counts with the others kept.

    `cursor` is the code after which the page begins. Raises `BadItemCursor`.
    """
    if len(cursor) > 40 or "\0" in cursor:  # noqa: PLR2004  # as long as a code may be
        raise BadItemCursor(cursor)
    asked = wanted or Wanted()
    found = _found(_lines(on), asked.text)
    chosen = [line for line in found if _fits(line, asked)]
    after = [line for line in chosen if line.code > cursor]
    page = after[:PAGE]
    return Listed(
        lines=tuple(page),
        total=len(chosen),
        options={name: _options(name, found, asked) for name in FILTERS},
        next_cursor=page[-1].code if len(after) > PAGE else "",
        simulated=any(line.simulated for line in chosen),
    )


def _options(name: str, lines: Iterable[ItemLine], asked: Wanted) -> tuple[Option, ...]:
    values = FILTERS[name]
    left = [line for line in lines if _fits(line, asked, but=name)]
    counts = Counter(value for line in left for value in values(line))
    chosen = getattr(asked, name)
    if chosen and chosen not in counts:
        counts[chosen] = 0
    names = public_unit_names() if name == "unit" else {}
    return tuple(Option(v, names.get(v, v), counts[v]) for v in sorted(counts))


def public_summary(*, on: date) -> Summary:
    """How many items there are, and of how many the promise is at most two fifths of the law's."""
    lines = _lines(on)
    compared = [line for line in lines if line.share_permille is not None]
    return Summary(
        items=len(lines),
        within=sum((line.share_permille or 0) <= WITHIN_PERMILLE for line in compared),
        compared=len(compared),
        at_once=sum(line.at_once for line in lines),
        declarable=sum(line.declarable for line in lines),
        deferrable=sum(line.deferrable > 0 for line in lines),
        simulated=any(line.simulated for line in lines),
    )


# ── one item ────────────────────────────────────────────────────────────────────────────────────


def _state(row: ItemVersion, on: date) -> str:
    assert row.valid_from is not None  # noqa: S101  # held by the database of what was published
    if row.valid_from > on:
        return "future"
    return "current" if row.valid_to is None or row.valid_to > on else "past"


def _version_line(row: ItemVersion, on: date) -> VersionLine:
    assert row.valid_from is not None  # noqa: S101
    state = _state(row, on)
    return VersionLine(row.number, row.code, row.sha256, row.valid_from, row.valid_to, state)


def public_item(*, code: str, on: date, version: int | None = None) -> ItemView:
    """The version in force on a day, or the one of that number, which may have ended.

    Raises `UnknownItem` where none was ever published or, without `version`, none is in force;
    `UnknownItemVersion` for a number that was not published.
    """
    rows = _published(code)
    if not rows:
        raise UnknownItem(code)
    current = next((row for row in rows if _state(row, on) == "current"), None)
    shown = next((row for row in rows if row.number == version), None) if version else current
    if shown is None:
        raise UnknownItemVersion(f"{code}/V{version}") if version else UnknownItem(code, on)
    return _view(shown, current, rows, on)


def _published(code: str) -> list[ItemVersion]:
    rows = ItemVersion.objects.filter(ItemVersion.public_rows(), item=code)
    return list(rows.select_related("item").order_by("-number"))


def _view(
    shown: ItemVersion, current: ItemVersion | None, rows: list[ItemVersion], on: date
) -> ItemView:
    definition, names = of_data(shown.definition), public_unit_names()
    changed: tuple[Difference, ...] = ()
    if current is not None and current.sha256 != shown.sha256:
        changed = differences(definition, of_data(current.definition))
    return ItemView(
        definition=definition,
        version=_version_line(shown, on),
        versions=tuple(_version_line(row, on) for row in rows),
        unit_name=names.get(definition.unit, definition.unit),
        office=shown.item.office_id,
        office_name=names.get(shown.item.office_id, shown.item.office_id),
        legal=said(definition.legal_limit),
        promised=said(definition.promised_limit),
        share_permille=shown.share_permille,
        current=current.number if current is not None else None,
        changed=changed,
    )


def public_last_version(*, code: str) -> int:
    """Number of the version published last, in force or not. Raises `UnknownItem`."""
    rows = _published(code)
    if not rows:
        raise UnknownItem(code)
    return rows[0].number


def public_medium(*, code: str, sha256: str) -> Medium:
    """A file of a published version, by its hash. Raises `UnknownItemVersion`."""
    for row in _published(code):
        for medium in of_data(row.definition).media:
            if medium.sha256 == sha256:
                return medium
    raise UnknownItemVersion(f"{code} {sha256[:12]}")


def public_national(*, code: str, on: date) -> dict[str, Any]:
    """The version in force by national column names. Raises `UnknownItem`."""
    row = item_version_in_force(code, on)
    return _national(row, public_unit_names())


def public_all_national(*, on: date, codes: Iterable[str] = ()) -> list[dict[str, Any]]:
    """All versions in force, or those of some items, by national column names."""
    names = public_unit_names()
    return [_national(row, names) for row in _rows(on, codes)]


def public_definitions(*, on: date, codes: Iterable[str] = ()) -> tuple[ItemDefinition, ...]:
    """The definitions in force on a day, all or those of some items, by code.

    Raises `UnknownItem` for a code that has none.
    """
    return tuple(of_data(row.definition) for row in _rows(on, codes))


def _rows(on: date, codes: Iterable[str]) -> list[ItemVersion]:
    wanted = list(codes)
    rows = ItemVersion.objects.filter(in_force(on)).select_related("item").order_by("item_id")
    found = list(rows.filter(item__in=wanted) if wanted else rows)
    missing = set(wanted) - {row.item_id for row in found}
    if missing:
        raise UnknownItem(min(missing), on)
    return found


def _national(row: ItemVersion, names: Mapping[str, str]) -> dict[str, Any]:
    definition = of_data(row.definition)
    unit = names.get(definition.unit, definition.unit)
    return {**national(definition, unit_name=unit, number=row.number), "yinuo_version": row.code}


def public_item_exists(*, code: str) -> bool:
    """Whether an item of this code was ever published."""
    return Item.objects.filter(Item.public_rows(), pk=code).exists()
