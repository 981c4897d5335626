"""From lines of values with places to definitions, and from faults to findings. Pure.

A workbook and a JSON file differ only in how their lines are read and where a value stands.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import MISSING, dataclass, field, fields
from typing import Any

from yinuo.cases.errors.items import ItemRule, ItemsRefused
from yinuo.cases.items.attachments import Given
from yinuo.cases.items.checks import Path, check
from yinuo.cases.items.codec import CHILDREN as KINDS
from yinuo.cases.items.codec import Part
from yinuo.cases.items.definition import Declaration, ItemDefinition
from yinuo.cases.items.layout import CHILDREN, ITEMS, MATERIALS, MEDIA, Column, Sheet
from yinuo.cases.items.rounding import Rounding
from yinuo.cases.items.shapes import SHA256
from yinuo.cases.items.values import BadValue, taken
from yinuo.kernel.errors import Finding
from yinuo.kernel.media.refused import FileRefused

SHOWN = 80


@dataclass(frozen=True, slots=True)
class Place:
    """Where a value stands: a cell of a sheet, or a path in a JSON file."""

    sheet: str
    cell: str


@dataclass(frozen=True)
class Line:
    """One row of a sheet, or one object of a JSON list."""

    place: Place
    raw: Mapping[str, object]
    """Field → the value as it stands."""
    places: Mapping[str, Place]
    item: str = ""
    """Code of the item that a line of a list belongs to."""


Lines = Mapping[str, Sequence[Line]]
"""Name of the sheet → its lines."""


@dataclass
class Log:
    """Collects every finding of a file."""

    file: str
    findings: list[Finding] = field(default_factory=list)
    given: set[str] = field(default_factory=set)
    """SHA-256 of the files that came with it and that a line names."""

    def add(
        self,
        rule: ItemRule,
        place: Place,
        what: str,
        next_step: str,
        *,
        header: str = "",
        value: object = "",
    ) -> None:
        """Note one."""
        self.findings.append(
            Finding(
                code=rule.code,
                file=self.file,
                sheet=place.sheet,
                cell=place.cell,
                field=header,
                value=str(value)[:SHOWN],
                rule=what,
                next_step=next_step,
            )
        )


@dataclass(frozen=True)
class Known:
    """What a file is held against beside itself; None leaves it unasked."""

    units: AbstractSet[str] | None = None
    """Codes of the units that an item may name."""
    rounding: Rounding | None = None
    """The table of promised limits."""
    kept: Callable[[str], bool] | None = None
    """Whether the file store has a file, by its SHA-256."""
    given: Given | None = None
    """The files that came with it."""


NOTHING = Known()


@dataclass(frozen=True)
class CheckedItems:
    """What a file states, and everything that was found in it."""

    file: str
    definitions: tuple[ItemDefinition, ...]
    """Those that could be read, faulty ones included."""
    errors: tuple[Finding, ...]
    notices: tuple[Finding, ...]

    def sound(self) -> tuple[ItemDefinition, ...]:
        """The definitions of a file without errors. Raises `ItemsRefused`."""
        if self.errors:
            raise ItemsRefused(self.errors)
        return self.definitions


_BLOCKING = frozenset(rule.code for rule in ItemRule if rule.blocks)


def checked(lines: Lines, log: Log, known: Known) -> CheckedItems:
    """Build every item from its lines and check it whole."""
    by_item = {
        sheet.name: _grouped(lines.get(sheet.name, ()), lines.get(ITEMS.name, ()), sheet, log)
        for sheet in CHILDREN
    }
    definitions: list[ItemDefinition] = []
    seen: set[str] = set()
    for line in lines.get(ITEMS.name, ()):
        code = str(line.raw.get("code", "")).strip()
        if code and code in seen:
            place = line.places["code"]
            log.add(ItemRule.REPEATED, place, f"编号 {code} 出现两次", "一个事项只写一行")
            continue
        seen.add(code)
        children = {sheet.name: by_item[sheet.name].get(code, []) for sheet in CHILDREN}
        made = _definition(line, children, log, known.given)
        if made is not None:
            definitions.append(made)
            _note(made, line, children, log)
            _note_share(made, line, log, known.rounding)
            _note_unit(made, line, log, known.units)
            _note_files(made, children, log, known.kept)
    errors = [one for one in log.findings if one.code in _BLOCKING]
    notices = [one for one in log.findings if one.code not in _BLOCKING]
    return CheckedItems(log.file, tuple(definitions), tuple(errors), tuple(notices))


def _grouped(
    lines: Iterable[Line], items: Iterable[Line], sheet: Sheet, log: Log
) -> dict[str, list[Line]]:
    known = {str(line.raw.get("code", "")).strip() for line in items}
    found: dict[str, list[Line]] = {}
    for line in lines:
        if line.item not in known:
            what = f"“{sheet.name}”的这一行指事项“{line.item[:SHOWN]}”，文件中没有"
            log.add(ItemRule.UNKNOWN_ITEM, line.place, what, "请核对事项编号，或加上这个事项")
            continue
        found.setdefault(line.item, []).append(line)
    return found


def _definition(
    line: Line, children: Mapping[str, Sequence[Line]], log: Log, given: Given | None
) -> ItemDefinition | None:
    values = _values(ITEMS, line, log)
    complete = values is not None
    lists: dict[str, Any] = {}
    for sheet in CHILDREN:
        made = []
        for number, child in enumerate(children[sheet.name], start=1):
            part = _part(sheet, child, number, log, given)
            complete = complete and part is not None
            made.append(part)
        lists[sheet.field] = tuple(made)
    declared = lists.pop("declaration")
    if len(declared) > 1:
        second = children["告知承诺"][1]
        log.add(ItemRule.REPEATED, second.place, "一个事项有两份告知承诺书", "请只留一份")
        complete = False
    if values is None or not complete:
        return None
    return ItemDefinition(**values, **lists, declaration=declared[0] if declared else None)


def _part(sheet: Sheet, line: Line, number: int, log: Log, given: Given | None) -> Part | None:
    values = _values(sheet, line, log)
    if values is None:
        return None
    if sheet is MEDIA and given is not None and not _give(values, line, log, given):
        return None
    if sheet is MATERIALS:
        values.setdefault("key", f"M{number}")
    kind = KINDS.get(sheet.field, Declaration)
    return kind(**values)


def _give(values: dict[str, Any], line: Line, log: Log, given: Given) -> bool:
    """Put in what the file of that name turned out to be; False where it is refused."""
    name = str(values["name"])
    try:
        file = given(str(values.get("kind", "")), name)
    except FileRefused as error:
        place = line.places.get("name", line.place)
        log.add(ItemRule.FILE, place, error.what, error.next_step, header="附件", value=name)
        return False
    if file is not None:
        log.given.add(file.sha256)
        values |= {"sha256": file.sha256, "media_type": file.media_type, "size": file.size}
    return True


def _values(sheet: Sheet, line: Line, log: Log) -> dict[str, Any] | None:
    """The values of a line, defaults left out; None where one cannot be read or is missing."""
    kind = ItemDefinition if sheet is ITEMS else KINDS.get(sheet.field, Declaration)
    defaults = {one.name: one.default for one in fields(kind)}
    found: dict[str, Any] = {}
    sound = True
    for column in sheet.columns:
        raw = line.raw.get(column.field, "")
        place = line.places.get(column.field, line.place)
        if raw is None or (isinstance(raw, str) and not raw.strip()):
            if column.required:
                _note_missing(column, place, log)
                sound = False
            elif defaults[column.field] is MISSING and column.field != "key":
                # A text that is missing stays empty, and the checks say so where it matters.
                found[column.field] = ""
            continue
        value = taken(column, raw)
        if isinstance(value, BadValue):
            log.add(
                ItemRule.FORM, place, value.what, value.next_step, header=column.header, value=raw
            )
            sound = False
        else:
            found[column.field] = value
    return found if sound else None


def _note_missing(column: Column, place: Place, log: Log) -> None:
    what = f"“{column.header}”必须填写"
    log.add(ItemRule.EMPTY, place, what, column.hint or "请填写", header=column.header)


def _note(
    item: ItemDefinition,
    line: Line,
    children: Mapping[str, Sequence[Line]],
    log: Log,
) -> None:
    """Put the faults of an item at the places where its values stand."""
    for fault in check(item):
        place, header, value = _spot(fault.path, line, children)
        log.add(fault.rule, place, fault.what, fault.next_step, header=header, value=value)


def _note_share(item: ItemDefinition, line: Line, log: Log, rounding: Rounding | None) -> None:
    for fault in rounding.faults(item) if rounding is not None else ():
        place, header, value = _spot(fault.path, line, {})
        log.add(fault.rule, place, fault.what, fault.next_step, header=header, value=value)


def _note_unit(item: ItemDefinition, line: Line, log: Log, units: AbstractSet[str] | None) -> None:
    if units is not None and item.unit not in units:
        place = line.places.get("unit", line.place)
        what = f"没有代码为“{item.unit[:SHOWN]}”的单位，或它已经撤销"
        log.add(ItemRule.UNKNOWN_UNIT, place, what, "请核对单位代码", header="实施主体")


def _note_files(
    item: ItemDefinition,
    children: Mapping[str, Sequence[Line]],
    log: Log,
    kept: Callable[[str], bool] | None,
) -> None:
    for medium, line in zip(item.media, children[MEDIA.name], strict=True):
        asked = medium.sha256 not in log.given and SHA256.fullmatch(medium.sha256)
        if kept is not None and asked and not kept(medium.sha256):
            place = line.places.get("sha256", line.place)
            what = f"文件库中没有“{medium.name[:SHOWN]}”"
            step = "请连文件一起上传（命令行用 --files 文件夹）"
            log.add(ItemRule.FILE, place, what, step, header="SHA-256", value=medium.sha256)


def _spot(
    path: Path, line: Line, children: Mapping[str, Sequence[Line]]
) -> tuple[Place, str, object]:
    sheet = next((one for one in CHILDREN if one.field == path[0]), None)
    if sheet is None:
        column = ITEMS.column(str(path[0]))
        place = line.places.get(column.field, line.place)
        return place, column.header, line.raw.get(column.field, "")
    lines = children[sheet.name]
    number = path[1] if len(path) > 1 and isinstance(path[1], int) else 0
    if not lines or len(path) == 1:
        return line.place, sheet.name, ""
    name = str(path[-1])
    column = next(one for one in sheet.columns if one.field == name)
    child = lines[number]
    return child.places.get(name, child.place), column.header, child.raw.get(name, "")
