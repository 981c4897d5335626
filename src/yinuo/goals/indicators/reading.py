"""From a workbook or CSV to lines with named fields; what a value means is decided later. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from openpyxl.utils import column_index_from_string, get_column_letter, range_boundaries

from yinuo.goals.indicators.findings import Rule
from yinuo.goals.indicators.layout import FIGURES, INTRODUCTION, SHEETS, Column
from yinuo.goals.roster import delimited
from yinuo.kernel.errors import Finding
from yinuo.kernel.findings import Spot, finding
from yinuo.kernel.spreadsheet.cells import Cell, Grid, Held, Progress, read, silent
from yinuo.kernel.spreadsheet.container import Marks

CSV = "CSV"


@dataclass(frozen=True)
class Line:
    """One row of a sheet."""

    number: int
    cells: Mapping[str, Cell]
    """Field → cell; empty ones are absent."""


@dataclass(frozen=True)
class Table:
    """A sheet whose headers were understood."""

    sheet: str
    columns: tuple[Column, ...]
    letters: Mapping[str, str]
    """Field → column letter, of the columns that are there."""
    lines: tuple[Line, ...]
    merged: tuple[tuple[int, int, int, int], ...]
    """Merged areas: left, top, right and bottom."""

    @cached_property
    def by_field(self) -> Mapping[str, Column]:
        """The columns by their fields."""
        return {column.field: column for column in self.columns}

    def covers(self, line: Line, name: str) -> bool:
        """Whether an empty cell lies in a merged area, whose first cell alone has a value."""
        if not self.merged or name not in self.letters:
            return False
        column = column_index_from_string(self.letters[name])
        return any(
            left <= column <= right and top <= line.number <= bottom
            for left, top, right, bottom in self.merged
        )

    def spot(self, line: Line, name: str) -> Spot:
        """Where a value stands, for a finding."""
        letter = self.letters.get(name, "")
        cell = line.cells.get(name)
        header = self.by_field[name].header
        return Spot(
            sheet=self.sheet,
            cell=f"{letter}{line.number}" if letter else f"第 {line.number} 行",
            field=header,
            value=cell.raw if cell else "",
        )


@dataclass
class Opened:
    """What stands in a file."""

    file: str
    tables: dict[str, Table] = field(default_factory=dict)
    errors: list[Finding] = field(default_factory=list)
    """Of the whole file or of a sheet: nothing of that sheet can be read."""
    notices: list[Finding] = field(default_factory=list)

    def add(self, rule: Rule, what: str, next_step: str, spot: Spot) -> None:
        """Note one finding about a sheet."""
        into = self.errors if rule.blocks else self.notices
        into.append(finding(self.file, rule, what, next_step, spot))


def open_file(data: bytes, *, file: str, progress: Progress = silent) -> Opened:
    """The tables of a workbook or CSV; a CSV and a workbook of one sheet are figures.

    Raises `SpreadsheetRefused` for what no reader opens.
    """
    found = Opened(file)
    grids = _grids(data, file, progress)
    by_name = {"".join(name.split()): grid for name, grid in grids.items()}
    if not set(by_name) & set(SHEETS) and grids:
        # An office's own sheet has any name; the first with something in it is meant.
        first = next((grid for grid in grids.values() if grid.rows), None)
        by_name = {FIGURES: first} if first else {}
    for name, grid in by_name.items():
        if name in SHEETS:
            table = _table(grid, name, found)
            if table is not None:
                found.tables[name] = table
        elif grid.rows and name != INTRODUCTION:
            what = f"工作表“{grid.name}”没有读取"
            found.add(Rule.STRANGE_SHEET, what, "有数据的话请移到“数据”表", Spot(sheet=grid.name))
    if not by_name:
        found.add(Rule.NO_SHEET, "文件里没有内容", "请填好“数据”表再上传", Spot())
    return found


def _grids(data: bytes, file: str, progress: Progress) -> Mapping[str, Grid]:
    if not delimited.is_text(data):
        return read(data, file=file, progress=progress).grids
    rows = {
        number: {
            column: Cell(number, column, Held.TEXT, text)
            for column, text in enumerate(row, start=1)
            if text.strip()
        }
        for number, row in enumerate(delimited.values(data, file), start=1)
    }
    kept = {number: row for number, row in rows.items() if row}
    return {CSV: Grid(CSV, hidden=False, marks=Marks((), ()), rows=kept)}


def _plain(text: str) -> str:
    return "".join(text.split()).strip("*＊")


def _table(grid: Grid, name: str, found: Opened) -> Table | None:
    columns = SHEETS[name]
    known = {column.header: column.field for column in columns}
    start, fields = _header(grid, known)
    here = Spot(sheet=grid.name)
    letters: dict[str, str] = {}
    for cell in grid.rows.get(start, {}).values():
        what = known.get(_plain(cell.raw), "")
        spot = Spot(sheet=grid.name, cell=cell.address, field=cell.raw, value=cell.raw)
        if not what:
            found.add(Rule.STRANGE_COLUMN, f"没有名为“{cell.raw}”的列", "请删去或改名", spot)
        elif what in letters:
            found.add(Rule.REPEATED_COLUMN, f"列“{cell.raw}”出现两次", "请只保留一个", spot)
        else:
            letters[what] = get_column_letter(cell.column)
    missing = [c for c in columns if c.required and c.field not in letters]
    for column in missing:
        what = f"“{name}”表缺少列“{column.header}”"
        found.add(Rule.NO_COLUMN, what, f"请加上“{column.header}”列：{column.hint}", here)
    if grid.too_many:
        found.add(Rule.TOO_MANY_ROWS, "行数超过上限", "请分成几个文件", here)
    hidden = [number for number in grid.marks.hidden_rows if number in grid.rows]
    if hidden:
        what = f"第 {hidden[0]} 行等 {len(hidden):,} 行是隐藏的，照常读取"
        found.add(Rule.HIDDEN, what, "请取消隐藏，核对其中的内容", here)
    repeated = any(f.code == Rule.REPEATED_COLUMN.code for f in found.errors)
    if missing or repeated or grid.too_many:
        return None
    lines = tuple(
        Line(number, {fields[n]: cell for n, cell in row.items() if n in fields})
        for number, row in grid.rows.items()
        if number > start
    )
    merged = tuple(range_boundaries(area) for area in grid.marks.merged)
    return Table(grid.name, columns, letters, tuple(x for x in lines if x.cells), merged)


def _header(grid: Grid, known: Mapping[str, str]) -> tuple[int, dict[int, str]]:
    """The row of headers, which may stand below a title, and its column number → field."""
    best, fields = 1, dict[int, str]()
    for number in list(grid.rows)[:10]:
        row = grid.rows[number]
        found: dict[int, str] = {}
        for n, cell in row.items():
            name = known.get(_plain(cell.raw))
            if name and name not in found.values():
                found[n] = name
        if len(found) > len(fields):
            best, fields = number, found
    return best, fields
