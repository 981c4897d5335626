"""From the cells of a sheet to lines with named fields: headers matched, odd things reported."""

import difflib
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from openpyxl.utils import get_column_letter

from yinuo.goals.plan import Places
from yinuo.goals.workbook.columns import Column, Sheet
from yinuo.goals.workbook.findings import Rule
from yinuo.goals.workbook.layout import INTRODUCTION, SHEETS, SIMULATED
from yinuo.goals.workbook.read import MAX_ROWS, Book, Cell, Grid
from yinuo.kernel.findings import Log, Spot

LABEL_HEADERS = ("项目", "内容")
"""First row of the sheet 计划."""
SEARCHED_ROWS = 10
ENOUGH_HEADERS = 3
ALIKE = 0.4
"""Share of characters in common from which a word is suggested; names are short."""


@dataclass(frozen=True)
class Line:
    """One row of a table, or the whole sheet 计划."""

    number: int
    cells: Mapping[str, Cell]
    """Field → cell; empty ones are absent."""


@dataclass(frozen=True)
class Table:
    """A sheet whose headers were understood as far as possible."""

    sheet: Sheet
    lines: tuple[Line, ...]
    columns: Mapping[str, str]
    """Field → column letter; of the sheet 计划, field → address."""
    complete: bool
    """Whether every column was found, so that an empty cell means empty."""

    def spot(self, line: Line, column: Column) -> Spot:
        """Where a value stands, for a finding."""
        cell = line.cells.get(column.field)
        place = self.columns.get(column.field, "")
        address = place if self.sheet.vertical or not place else f"{place}{line.number}"
        raw = cell.raw if cell else ""
        return Spot(sheet=self.sheet.name, cell=address, field=column.header, value=raw)

    def places(self, rows: Mapping[str, int]) -> Places:
        """The addresses of its values, given the row of each code."""
        if self.sheet.vertical:
            return Places(columns={}, rows={}, fixed=self.columns)
        return Places(columns=self.columns, rows=rows)


def nearest(word: str, words: Iterable[str]) -> str:
    """The word most like the given one, or an empty text."""
    return next(iter(difflib.get_close_matches(word, list(words), n=1, cutoff=ALIKE)), "")


def plain(text: str) -> str:
    """A header or choice without width, blanks and the star that marks required columns."""
    return "".join(unicodedata.normalize("NFKC", text).split()).strip("*")


def tables(
    book: Book,
    log: Log,
    *,
    sheets: Sequence[Sheet] = SHEETS,
    unread: Sequence[str] = (INTRODUCTION,),
) -> dict[str, Table]:
    """Every sheet of the layout that the workbook has, by name; `unread` ones are for people."""
    found = {plain(name): grid for name, grid in book.grids.items()}
    for name, grid in book.grids.items():
        known = plain(name) in {sheet.name for sheet in sheets} | set(unread)
        if not known and grid.rows:
            log.add(
                Rule.STRANGE_SHEET,
                f"工作表“{name}”不属于计划，没有读取",
                "如果其中有计划的内容，请移到对应的表中",
                Spot(sheet=name),
            )
    made = {}
    for sheet in sheets:
        if sheet.name in found:
            made[sheet.name] = _table(sheet, found[sheet.name], log)
        elif not sheet.optional:
            _no_sheet(sheet, book, log)
    return made


def _no_sheet(sheet: Sheet, book: Book, log: Log) -> None:
    near = nearest(sheet.name, book.grids)
    step = f"请把工作表“{near}”改名为“{sheet.name}”" if near else f"请加上工作表“{sheet.name}”"
    log.add(Rule.NO_SHEET, f"缺少工作表“{sheet.name}”", step, Spot(sheet=sheet.name))


def _table(sheet: Sheet, grid: Grid, log: Log) -> Table:
    _report_marks(sheet, grid, log)
    return _vertical(sheet, grid, log) if sheet.vertical else _horizontal(sheet, grid, log)


def _report_marks(sheet: Sheet, grid: Grid, log: Log) -> None:
    if grid.hidden:
        log.add(
            Rule.HIDDEN,
            f"工作表“{sheet.name}”是隐藏的，照常读取",
            "请取消隐藏，核对其中的内容",
            Spot(sheet=sheet.name),
        )
    hidden = [number for number in grid.marks.hidden_rows if number in grid.rows]
    if hidden:
        log.add(
            Rule.HIDDEN,
            f"第 {spans(hidden)} 行是隐藏的，照常读取",
            "请取消隐藏，核对其中的内容",
            Spot(sheet=sheet.name, cell=f"A{hidden[0]}"),
        )
    for area in grid.marks.merged:
        log.add(
            Rule.MERGED,
            f"{area} 是合并单元格，只有左上角有值，其余各行会缺内容",
            "请取消合并，在每一行都填上内容",
            Spot(sheet=sheet.name, cell=area),
        )
    if grid.too_many:
        log.add(
            Rule.TOO_MANY_ROWS,
            f"超过 {MAX_ROWS:,} 行",
            "请把计划分成几份",
            Spot(sheet=sheet.name),
        )


def spans(numbers: Iterable[int]) -> str:
    """Row numbers in words, runs joined.

    >>> spans([3, 4, 5, 9])
    '3–5、9'
    """
    runs: list[list[int]] = []
    for number in numbers:
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    return "、".join(f"{r[0]}–{r[-1]}" if len(r) > 1 else str(r[0]) for r in runs)


def _known_headers(sheet: Sheet) -> dict[str, Column]:
    return {plain(column.header): column for column in (*sheet.columns, SIMULATED)}


class _Matcher:
    """Assigns headers to columns and reports those that do not fit."""

    def __init__(self, sheet: Sheet, log: Log) -> None:
        self.sheet, self.log = sheet, log
        self.known = _known_headers(sheet)
        self.found: dict[str, Cell] = {}
        self.what = "项目" if sheet.vertical else "列"

    def take(self, cell: Cell) -> None:
        """Match one header cell."""
        spot = Spot(sheet=self.sheet.name, cell=cell.address, field=cell.raw, value=cell.raw)
        column = self.known.get(plain(cell.raw))
        if column is None:
            wanted = {c.header for c in self.sheet.columns if c.field not in self.found}
            near = nearest(cell.raw, wanted)
            step = f"是不是“{near}”？请改成这个名称" if near else f"请删去这一{self.what}"
            self.log.add(
                Rule.STRANGE_COLUMN,
                f"“{self.sheet.name}”表没有名为“{cell.raw}”的{self.what}",
                step,
                spot,
            )
        elif column.field in self.found:
            first = self.found[column.field].address
            self.log.add(
                Rule.REPEATED_COLUMN,
                f"{self.what}“{column.header}”出现两次，第一次在 {first}",
                "请只保留一个",
                spot,
            )
        else:
            self.found[column.field] = cell

    def complete(self) -> bool:
        """Report what is missing; whether nothing is."""
        missing = [
            column
            for column in self.sheet.columns
            if not (column.informative or column.optional or column.field in self.found)
        ]
        for column in missing:
            self.log.add(
                Rule.NO_COLUMN,
                f"“{self.sheet.name}”表缺少{self.what}“{column.header}”",
                f"请加上，名称写作“{column.header}”；没有内容也要保留",
                Spot(sheet=self.sheet.name, field=column.header),
            )
        return not missing


def _vertical(sheet: Sheet, grid: Grid, log: Log) -> Table:
    matcher = _Matcher(sheet, log)
    for row in grid.rows.values():
        label = row.get(1)
        if label and plain(label.raw) not in LABEL_HEADERS:
            matcher.take(label)
        elif not label and 2 in row:  # noqa: PLR2004  # the column of values
            spot = Spot(sheet=sheet.name, cell=row[2].address, value=row[2].raw)
            log.add(Rule.NO_HEADER, "这一行没有项目名", "请在 A 列写明项目，或删去内容", spot)
    complete = matcher.complete()
    cells = {
        field: grid.rows[label.row][2]
        for field, label in matcher.found.items()
        if 2 in grid.rows[label.row]  # noqa: PLR2004  # the column of values
    }
    columns = {field: f"B{label.row}" for field, label in matcher.found.items()}
    return Table(sheet, (Line(1, cells),), columns, complete)


def _horizontal(sheet: Sheet, grid: Grid, log: Log) -> Table:
    if _header_elsewhere(sheet, grid, log):
        return Table(sheet, (), {}, complete=False)
    matcher = _Matcher(sheet, log)
    for cell in grid.rows.get(1, {}).values():
        matcher.take(cell)
    complete = matcher.complete()
    numbers = {cell.column: field for field, cell in matcher.found.items()}
    _report_headless(sheet, grid, log)
    _report_blank_rows(sheet, grid, log)
    lines = tuple(
        Line(number, {numbers[n]: cell for n, cell in row.items() if n in numbers})
        for number, row in grid.rows.items()
        if number > 1
    )
    letters = {field: get_column_letter(n) for n, field in numbers.items()}
    return Table(sheet, lines, letters, complete)


def _header_elsewhere(sheet: Sheet, grid: Grid, log: Log) -> bool:
    """Whether another row looks like the header; titles above it are common."""
    known = _known_headers(sheet)

    def score(number: int) -> int:
        return sum(plain(cell.raw) in known for cell in grid.rows.get(number, {}).values())

    if score(1):
        return False
    best = max(range(2, SEARCHED_ROWS + 1), key=score)
    if score(best) < ENOUGH_HEADERS:
        return False
    log.add(
        Rule.HEADER_ROW,
        f"表头应在第 1 行，现在第 {best} 行",
        f"请删去表头上面的 {best - 1} 行（标题、填表说明等）",
        Spot(sheet=sheet.name, cell=f"A{best}"),
    )
    return True


def _report_headless(sheet: Sheet, grid: Grid, log: Log) -> None:
    headed = set(grid.rows.get(1, {}))
    seen: set[int] = set()
    for row in grid.rows.values():
        for number, cell in row.items():
            if number not in headed and number not in seen:
                seen.add(number)
                log.add(
                    Rule.NO_HEADER,
                    f"{get_column_letter(number)} 列有内容，但第 1 行没有表头",
                    "请补上表头，或删去这一列的内容",
                    Spot(sheet=sheet.name, cell=cell.address, value=cell.raw),
                )


def _report_blank_rows(sheet: Sheet, grid: Grid, log: Log) -> None:
    last = max(grid.rows, default=1)
    blank = [number for number in range(2, last) if number not in grid.rows]
    if blank:
        log.add(
            Rule.BLANK_ROWS,
            f"第 {_first(spans(blank))} 行是空行，已跳过",
            "可以删去空行；如果那里本应有内容，请补上",
            Spot(sheet=sheet.name, cell=f"A{blank[0]}"),
        )


def _first(text: str, longest: int = 80) -> str:
    return text if len(text) <= longest else text[:longest].rpartition("、")[0] + " 等"
