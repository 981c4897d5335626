"""Opening a project workbook in whatever format it was saved: the cells as the check reads them.

The reader of rosters is three times as fast as openpyxl and takes .xls, .et and .ods as well.
"""

from collections.abc import Iterator
from datetime import date, time, timedelta

from openpyxl.utils import get_column_letter

from yinuo.goals.roster import book as roster
from yinuo.goals.roster.marks import Area
from yinuo.goals.workbook.findings import FileRefused, Rule
from yinuo.goals.workbook.read import MAX_ROWS, Book, Cell, Grid, Held, Progress, silent
from yinuo.kernel.findings import finding
from yinuo.kernel.spreadsheet.container import Marks
from yinuo.kernel.spreadsheet.faults import SpreadsheetRefused


def open_register(data: bytes, *, file: str, progress: Progress = silent) -> Book:
    """The cells of every sheet. Raises `FileRefused` for what is no sound workbook."""
    try:
        found = roster.open_book(data, file=file, progress=progress)
    except SpreadsheetRefused as refused:
        rule = Rule[refused.fault.name]
        raise FileRefused(
            finding(refused.place, rule, refused.what, refused.next_step)
        ) from refused
    return Book(file=file, grids={sheet.name: _grid(sheet) for sheet in found.sheets})


def _grid(sheet: roster.Sheet) -> Grid:
    rows: dict[int, dict[int, Cell]] = {}
    too_many = False
    for number in range(1, sheet.height + 1):
        cells = dict(_cells(sheet, number))
        if not cells:
            continue
        if len(rows) == MAX_ROWS:
            too_many = True
            break
        rows[number] = cells
    marks = Marks(
        merged=tuple(_range(area) for area in sheet.marks.merged),
        hidden_rows=tuple(sorted(sheet.marks.hidden_rows)),
    )
    return Grid(sheet.name, sheet.hidden, marks, rows, too_many)


def _cells(sheet: roster.Sheet, number: int) -> Iterator[tuple[int, Cell]]:
    for cell in sheet.cells(number):
        yield cell.column, _cell(cell)


def _cell(cell: roster.Cell) -> Cell:
    held, value = _held(cell)
    number_format = cell.number_format if held is Held.NUMBER else ""
    return Cell(cell.row, cell.column, held, value, number_format)


def _held(cell: roster.Cell) -> tuple[Held, str | int | float | date]:
    if cell.formula or cell.error:
        return (Held.FORMULA, f"={cell.raw}") if cell.formula else (Held.ERROR, cell.error)
    match cell.value:
        case str() as text:
            return Held.TEXT, text
        case bool() as truth:
            return Held.TRUTH, str(truth).upper()
        case time() | timedelta():
            return Held.TIME, str(cell.value)
        case date() as day:
            return Held.DATE, day
    return Held.NUMBER, cell.value


def _range(area: Area) -> str:
    """A merged area as people write it: `A2:B3`."""
    first = f"{get_column_letter(area.left)}{area.top}"
    return f"{first}:{get_column_letter(area.right)}{area.bottom}"
