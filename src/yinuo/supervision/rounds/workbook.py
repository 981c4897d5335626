"""A unit's sheet as a workbook to be filled in away from the site, and read back. Pure.

Only the cells to be filled in are unlocked; the code of the sheet and of every line says whose they
are, so rows may be sorted, hidden or left out. No value of a formula is ever taken for a figure.
"""

import io
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from itertools import pairwise

import xlsxwriter

from yinuo.goals.roster.book import Book, Cell, Sheet
from yinuo.kernel.decimals import canonical_decimal
from yinuo.kernel.errors import Finding, YinuoError

NAME = "报送表"
MARK = "报送表编号"
MARK_ROWS = 10
"""Rows at the top among which the code and the header are looked for."""
CODE, VALUE, NOTE, CONFIRM = "编号", "本期累计完成", "本期进展说明", "确认已有进展"
YES = "是"
FILES = "佐证材料请在网页上传"
HEADERS = (
    (CODE, 16),
    ("承诺内容", 44),
    ("承诺量", 16),
    ("完成时限", 12),
    ("计划应完成", 14),
    ("上次报送", 14),
    ("上次截至", 12),
    ("灯", 10),
    ("单位", 8),
    (VALUE, 14),
    (NOTE, 48),
    (CONFIRM, 10),
    ("提示", 36),
)
FIRST = 5
"""Row of the first line, from 0; above it the header."""
LONGEST_SHOWN = 60


# ── writing ──────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, kw_only=True)
class Row:
    """One line as the workbook shows it."""

    commitment: str
    title: str
    terms: str
    due: date | None
    planned: str
    last: str
    last_date: date | None
    light: str
    unit: str
    """That of the figure; empty where none is asked for."""
    figure: bool
    """Whether a figure is asked for."""
    open: bool
    """Whether it can be filled in."""
    value: str = ""
    """What was reported for this round already."""
    note: str = ""
    held: bool = False
    """Whether a report is held that only needs to be confirmed."""
    hint: str = ""


def write(
    *, sheet: str, title: str, remark: str, rows: Iterable[Row], signed: frozenset[str]
) -> bytes:
    """The workbook of a sheet. `signed` are the units in which a figure may be below zero."""
    buffer = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(buffer, options) as book:
        made = book.add_worksheet(NAME)
        formats = _Formats(book)
        for index, (_, width) in enumerate(HEADERS):
            made.set_column(index, index, width)
        made.write_string(0, 0, title, formats.title)
        made.write_string(1, 0, MARK, formats.small)
        made.write_string(1, 1, sheet, formats.small)
        made.write_string(2, 0, remark, formats.small)
        made.write_string(
            3,
            0,
            f"只填白色的格子：{VALUE}、{NOTE}；已有进展不变的，在“{CONFIRM}”里选“{YES}”。{FILES}。",
            formats.small,
        )
        for index, (label, _) in enumerate(HEADERS):
            made.write_string(FIRST - 1, index, label, formats.head)
        number = FIRST
        for number, row in enumerate(rows, start=FIRST):
            _write(made, number, row, formats, signed)
        made.freeze_panes(FIRST, 2)
        made.autofilter(FIRST - 1, 0, number, len(HEADERS) - 1)
        made.repeat_rows(FIRST - 1)
        made.set_landscape()
        made.fit_to_pages(1, 0)
        allowed = ("format_columns", "format_rows", "sort", "autofilter", "select_locked_cells")
        made.protect("", dict.fromkeys(allowed, True))
    return buffer.getvalue()


class _Formats:
    """How cells look: what is locked is grey, what is to be filled in is white."""

    def __init__(self, book: "xlsxwriter.Workbook") -> None:
        locked = {"bg_color": "#F2F4F3", "text_wrap": True, "valign": "top", "border": 1}
        locked |= {"border_color": "#D8DFDD"}
        free = {"locked": False, "text_wrap": True, "valign": "top", "border": 1}
        free |= {"border_color": "#8A9795"}
        self.title = book.add_format({"bold": True, "font_size": 14})
        self.small = book.add_format({"font_color": "#54615F"})
        self.head = book.add_format({**locked, "bold": True, "bg_color": "#E2EFEE"})
        self.locked = book.add_format(locked)
        self.day = book.add_format({**locked, "num_format": "yyyy-mm-dd", "align": "left"})
        self.free = book.add_format({**free, "num_format": "@"})
        self.number = book.add_format({**free, "num_format": "#,##0.######", "align": "right"})


def _write(
    made: "xlsxwriter.worksheet.Worksheet",
    number: int,
    row: Row,
    formats: _Formats,
    signed: frozenset[str],
) -> None:
    texts = (row.commitment, row.title, row.terms)
    for index, text in enumerate(texts):
        made.write_string(number, index, text, formats.locked)
    if row.due is None:
        made.write_string(number, 3, "未定时限", formats.locked)
    else:
        made.write_datetime(number, 3, row.due, formats.day)
    made.write_string(number, 4, row.planned, formats.locked)
    made.write_string(number, 5, row.last, formats.locked)
    if row.last_date is None:
        made.write_string(number, 6, "未报送", formats.locked)
    else:
        made.write_datetime(number, 6, row.last_date, formats.day)
    made.write_string(number, 7, row.light, formats.locked)
    made.write_string(number, 8, row.unit, formats.locked)
    _fillable(made, number, row, formats, signed)
    made.write_string(number, 12, row.hint, formats.locked)


def _fillable(
    made: "xlsxwriter.worksheet.Worksheet",
    number: int,
    row: Row,
    formats: _Formats,
    signed: frozenset[str],
) -> None:
    """The three cells that a unit fills in."""
    figure = formats.number if row.open and row.figure else formats.locked
    if row.value:
        made.write_number(number, 9, float(row.value), figure)
    else:
        made.write_blank(number, 9, None, figure)
    note = formats.free if row.open else formats.locked
    made.write_string(number, 10, row.note, note)
    confirm = formats.free if row.open and row.held else formats.locked
    made.write_blank(number, 11, None, confirm)
    if row.open and row.figure:
        least = -(10**15) if row.unit in signed else 0
        made.data_validation(
            number,
            9,
            number,
            9,
            {
                "validate": "decimal",
                "criteria": "between",
                "minimum": least,
                "maximum": 10**15,
                "error_title": "请填数字",
                "error_message": f"只填数字（单位：{row.unit or '无'}），不写单位和文字",
            },
        )
    if row.open and row.held:
        made.data_validation(number, 11, number, 11, {"validate": "list", "source": [YES]})


# ── reading ──────────────────────────────────────────────────────────────────────────────────────


class Refusal(YinuoError):
    """A workbook that is not this sheet filled in."""

    code = "ROUND-E020"

    def __init__(self, file: str, what: str, next_step: str) -> None:
        super().__init__(what, place=file, next_step=next_step)


FORMULA, ERROR_VALUE, NO_CODE, REPEATED, STRANGE, NOT_A_NUMBER, PERCENT, CHOICE, LOCKED = (
    f"ROUND-E0{number}" for number in range(21, 30)
)
"""Codes of what can be wrong with a cell."""


@dataclass(frozen=True)
class Read:
    """One line that was filled in."""

    row: int
    commitment: str
    value: str
    note: str
    confirm: bool


@dataclass
class Found:
    """What a filled workbook holds."""

    sheet: str
    """Name of the worksheet."""
    rows: list[Read] = field(default_factory=list)
    errors: list[Finding] = field(default_factory=list)
    columns: dict[str, int] = field(default_factory=dict)
    """Header → column, from 1."""
    blank: int = 0
    """Lines nobody wrote anything into."""


def read(book: Book, *, sheet: str, asked: Mapping[str, str]) -> Found:
    """The lines of a filled workbook; what is wrong is named by its cell, and no other line lost.

    `asked` maps each commitment of the sheet to the unit of its figure. Raises `Refusal` for a
    workbook that is no sheet, or another's.
    """
    page, code = _marked(book)
    if code != sheet:
        what = f"这是报送表 {code} 的工作簿，不是 {sheet} 的"
        raise Refusal(book.file, what, f"请上传 {sheet} 的那一张，或打开报送表 {code} 再传")
    found = Found(sheet=page.name)
    head = _header(page, book.file, found)
    by_code: defaultdict[str, list[int]] = defaultdict(list)
    lines: dict[int, tuple[str, dict[str, Cell]]] = {}
    for number in range(head + 1, page.height + 1):
        cells = {
            name: cell for name, at in found.columns.items() if (cell := page.cell(number, at))
        }
        typed = {name: cells[name] for name in (VALUE, NOTE, CONFIRM) if name in cells}
        said = cells[CODE].raw.strip() if CODE in cells else ""
        if said:
            by_code[said].append(number)
        lines[number] = (said, typed)
    repeated = {code: rows for code, rows in by_code.items() if len(rows) > 1}
    for number, (said, typed) in lines.items():
        _line(book.file, found, number, said, typed, asked=asked, repeated=repeated)
    return found


def _marked(book: Book) -> tuple[Sheet, str]:
    for page in book.sheets:
        for row in range(1, min(page.height, MARK_ROWS) + 1):
            cells = list(page.cells(row))
            for cell, after in pairwise(cells):
                if cell.raw.strip() == MARK:
                    return page, after.raw.strip()
    raise Refusal(
        book.file,
        f"里面没有“{MARK}”，不是从这里下载的报送表",
        "请先下载这张报送表，在下载的工作簿里填写",
    )


def _header(page: Sheet, file: str, found: Found) -> int:
    for row in range(1, min(page.height, MARK_ROWS) + 1):
        named = {cell.raw.strip(): cell.column for cell in page.cells(row)}
        if CODE in named and NOTE in named:
            found.columns = {n: named[n] for n in (CODE, VALUE, NOTE, CONFIRM) if n in named}
            return row
    raise Refusal(file, f"找不到“{CODE}”“{NOTE}”这一行表头", "请用下载的工作簿，不要改表头")


def _line(
    file: str,
    found: Found,
    number: int,
    said: str,
    typed: Mapping[str, Cell],
    *,
    asked: Mapping[str, str],
    repeated: Mapping[str, Sequence[int]],
) -> None:
    """One row: read, left out as blank, or refused with every reason."""
    if not typed:
        found.blank += bool(said) and said in asked
        # A row that was added without anything to report is refused all the same.
        if said and said not in asked:
            found.errors.append(_strange(file, found, number, said))
        return
    errors = list(_row_faults(file, found, number, said, asked=asked, repeated=repeated))
    values: dict[str, str] = {}
    for name, cell in typed.items():
        fault = _cell_fault(cell)
        if fault is None and name == VALUE:
            values[name], fault = _figure(cell, asked.get(said, ""))
        elif fault is None:
            values[name] = cell.raw.strip()
        if fault is None and name == CONFIRM and values[name] not in {YES, ""}:
            fault = CHOICE, f"“{cell.raw[:LONGEST_SHOWN]}”不是“{YES}”", f"确认的选“{YES}”，否则留空"
        if fault is not None:
            code, rule, step = fault
            errors.append(_finding(file, found, cell, name, code, rule=rule, step=step))
    if errors:
        found.errors += errors
        return
    confirm = values.get(CONFIRM) == YES
    found.rows.append(Read(number, said, values.get(VALUE, ""), values.get(NOTE, ""), confirm))


def _row_faults(
    file: str,
    found: Found,
    number: int,
    said: str,
    *,
    asked: Mapping[str, str],
    repeated: Mapping[str, Sequence[int]],
) -> Iterator[Finding]:
    at = Cell(number, found.columns[CODE], said)
    if not said:
        step = "请从下载的工作簿里把编号补回来，或删去这一行"
        yield _finding(file, found, at, CODE, NO_CODE, rule="没有编号，不知道是哪一项", step=step)
    elif said in repeated:
        rows = "、".join(str(row) for row in repeated[said])
        rule = f"{said} 在第 {rows} 行重复，不知道以哪一行为准"
        yield _finding(file, found, at, CODE, REPEATED, rule=rule, step="请只留一行")
    elif said not in asked:
        yield _strange(file, found, number, said)


def _strange(file: str, found: Found, number: int, said: str) -> Finding:
    at = Cell(number, found.columns[CODE], said)
    step = "请删去这一行；要报它的进展，请打开它的承诺页面"
    rule = f"这张报送表没有要 {said[:LONGEST_SHOWN]}"
    return _finding(file, found, at, CODE, STRANGE, rule=rule, step=step)


Wrong = tuple[str, str, str]
"""Code, rule, next step."""


def _cell_fault(cell: Cell) -> Wrong | None:
    if cell.formula:
        step = "请复制后用“选择性粘贴 → 数值”贴回来，再上传"
        return FORMULA, "单元格是公式，算出的数不能当作填报", step
    if cell.error:
        return ERROR_VALUE, f"单元格是错误值 {cell.error}", "请填写数字或文字"
    return None


def _figure(cell: Cell, unit: str) -> tuple[str, Wrong | None]:
    """The figure as a canonical decimal. A cell shown as a percentage holds the hundredth of it."""
    value = cell.value
    shown = f"“{cell.raw[:LONGEST_SHOWN]}”"
    if isinstance(value, bool | date):
        return "", (NOT_A_NUMBER, f"{shown}不是数字", f"只填数字（单位：{unit or '无'}）")
    if isinstance(value, int | float):
        number = Decimal(repr(value))
        if "%" in cell.number_format:
            if unit != "%":
                rule = f"{shown}是百分比格式，这项的单位是“{unit}”"
                return "", (PERCENT, rule, "请把单元格格式改为“数值”，填累计完成数")
            number *= 100
        return canonical_decimal(number), None
    plain = str(value).strip().replace(",", "").replace("，", "").removesuffix("%").strip()
    try:
        return canonical_decimal(plain), None
    except YinuoError as error:
        return "", (NOT_A_NUMBER, error.what, f"只填数字（单位：{unit or '无'}），不写单位和文字")


def _finding(
    file: str, found: Found, cell: Cell, name: str, code: str, *, rule: str, step: str
) -> Finding:
    return Finding(
        code=code,
        file=file,
        sheet=found.sheet,
        cell=cell.address,
        field=name,
        value=cell.raw[:LONGEST_SHOWN],
        rule=rule,
        next_step=step,
    )


def at_cell(
    file: str, found: Found, line: Read, name: str, code: str, *, rule: str, step: str
) -> Finding:
    """A finding at one cell of a line; with no such column, at its code."""
    column = found.columns.get(name) or found.columns[CODE]
    raw = {VALUE: line.value, NOTE: line.note, CODE: line.commitment}.get(name, "")
    cell = Cell(line.row, column, raw)
    return _finding(file, found, cell, name, code, rule=rule, step=step)
