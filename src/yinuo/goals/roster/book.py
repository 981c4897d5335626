"""Opening whatever sheet an office keeps, told by its content and never by its name.

Values come from calamine, which reads .xlsx, .xls and .et (BIFF), .xlsb and .ods alike; what values
do not tell comes from a pass of our own over the XML or the records.
"""

import io
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from functools import cached_property
from xml.etree.ElementTree import ParseError
from xml.parsers.expat import ExpatError

from openpyxl.cell.cell import ERROR_CODES
from openpyxl.utils import get_column_letter
from python_calamine import (
    CalamineError,
    CalamineWorkbook,
    PasswordError,
    SheetTypeEnum,
    SheetVisibleEnum,
)

from yinuo.goals.roster import biff, delimited, ods, xlsb
from yinuo.goals.roster.marks import MAX_COLUMNS, Address, Marks
from yinuo.goals.roster.rehearsal import ends_its_reader
from yinuo.goals.roster.sheetxml import number_formats, sheet_marks
from yinuo.kernel.spreadsheet.cells import Progress, sheet_parts, silent, unescaped
from yinuo.kernel.spreadsheet.container import OLE, SAVE_AS, open_archive, open_container
from yinuo.kernel.spreadsheet.faults import Fault, SpreadsheetRefused

Value = str | int | float | bool | date | time | timedelta
"""What a cell holds; a `datetime` only where the time of day is not midnight."""


LAST_COLUMN = 16_384
OTHER_WORDS = (b"xl/workbook.bin", b"opendocument.spreadsheet")
"""What stands unpacked in a zip around .xlsb or .ods."""


class Format(StrEnum):
    """What the file is, by its content."""

    XLSX = "Excel 工作簿（.xlsx）"
    XLS = "旧版 Excel 或 WPS 工作簿（.xls、.et）"
    XLSB = "二进制工作簿（.xlsb）"
    ODS = "OpenDocument 表格（.ods）"
    CSV = "CSV 文本"


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell that is not empty."""

    row: int
    column: int
    """From 1."""
    value: Value
    number_format: str = ""
    """Of a number or date, unless the plain one; empty where the format does not tell."""
    formula: bool = False
    """Whether the value is the result that was saved with a formula; empty if none was saved."""
    error: str = ""
    """Such as #N/A; then the value is that text."""

    @property
    def address(self) -> str:
        """Such as `F12`."""
        return f"{get_column_letter(self.column)}{self.row}"

    @property
    def raw(self) -> str:
        """The value as shown in findings."""
        return self.value if isinstance(self.value, str) else shown(self.value)


def shown(value: object) -> str:
    """A value as people see it: whole numbers without a point, days without a time."""
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, float) and value.is_integer() and abs(value) < 10**15:
        return str(int(value))
    return str(value)


@dataclass(frozen=True)
class Sheet:
    """One sheet: values by row and column, and what they do not tell."""

    name: str
    hidden: bool
    values: Sequence[Sequence[object]]
    """Rows from row 1, each from column A; an empty text where nothing stands."""
    marks: Marks

    @property
    def height(self) -> int:
        """Number of the last row with content."""
        return len(self.values)

    @cached_property
    def width(self) -> int:
        """Number of the last column with content, cut at the most that is read."""
        return min(max((len(row) for row in self.values), default=0), MAX_COLUMNS)

    @cached_property
    def marked(self) -> frozenset[Address]:
        """Every cell that more is known of than its value."""
        marks = self.marks
        return frozenset().union(marks.formulas, marks.unsaved, marks.errors, marks.formats)

    def cell(self, row: int, column: int) -> Cell | None:
        """The cell as it stands, None where it is empty or holds nothing but blanks."""
        line = self.values[row - 1] if 0 < row <= len(self.values) else ()
        value = line[column - 1] if column <= len(line) else ""
        return self._cell(row, column, value)

    def _cell(self, row: int, column: int, value: object) -> Cell | None:
        where = (row, column)
        if where in self.marked:
            return self._marked(where, value)
        if isinstance(value, str):
            if not value.strip():
                return None
            if value.startswith("#") and value.strip() in ERROR_CODES:
                return Cell(row, column, value.strip(), error=value.strip())
        return Cell(row, column, _value(value))

    def _marked(self, where: Address, value: object) -> Cell | None:
        marks, formula = self.marks, where in self.marks.formulas
        if where in marks.errors:
            error = marks.errors[where]
            return Cell(*where, error, formula=formula, error=error)
        if where in marks.unsaved:
            return Cell(*where, "", formula=True)
        if isinstance(value, str) and not value.strip():
            return None
        return Cell(*where, _value(value), marks.formats.get(where, ""), formula=formula)

    @cached_property
    def covered(self) -> Mapping[tuple[int, int], tuple[int, int]]:
        """Each cell that a merged area covers → the cell whose value it shows."""
        found = {}
        for area in self.marks.merged:
            for row in range(area.top, min(area.bottom, self.height) + 1):
                for column in range(area.left, min(area.right, self.width) + 1):
                    if (row, column) != (area.top, area.left):
                        found[(row, column)] = (area.top, area.left)
        return found

    def filled(self, row: int, column: int) -> Cell | None:
        """The cell, or the one whose merged area covers it."""
        own = self.cell(row, column)
        if own is not None or (row, column) not in self.covered:
            return own
        return self.cell(*self.covered[(row, column)])

    def cells(self, row: int) -> Iterator[Cell]:
        """The cells of one row that are not empty."""
        line: Sequence[object] = self.values[row - 1] if 0 < row <= len(self.values) else ()
        for column in range(1, self.width + 1):
            value = line[column - 1] if column <= len(line) else ""
            if value == "" and (row, column) not in self.marked:
                continue
            cell = self._cell(row, column, value)
            if cell is not None:
                yield cell


@dataclass(frozen=True)
class Book:
    """A foreign workbook as read."""

    file: str
    format: Format
    sheets: tuple[Sheet, ...]

    def sheet(self, name: str) -> Sheet | None:
        """The sheet of this name."""
        return next((sheet for sheet in self.sheets if sheet.name == name), None)


def _value(value: object) -> Value:
    match value:
        case str():
            return unescaped(value) if "_x" in value else value
        case datetime():
            return value.date() if value.time() == time(0) else value
        case float() if value.is_integer() and abs(value) < 10**15:
            return int(value)
        case bool() | int() | float() | date() | time() | timedelta():
            return value
    return str(value)


def open_book(data: bytes, *, file: str, progress: Progress = silent) -> Book:
    """The sheets of a workbook in any format that is read. Raises `SpreadsheetRefused` otherwise.

    Nothing in it is run: of a formula, the result saved with it is read.
    """
    if data.startswith(OLE):
        return _old(data, file, progress)
    if data.startswith(b"PK") and any(word in data for word in OTHER_WORDS):
        other = _zipped(data, file, progress)
        if other is not None:
            return other
    if delimited.is_text(data):
        values = delimited.values(data, file)
        sheet = Sheet(delimited.SHEET, hidden=False, values=values, marks=Marks())
        return Book(file, Format.CSV, (sheet,))
    return _modern(data, file, progress)


def _modern(data: bytes, file: str, progress: Progress) -> Book:
    container = open_container(data, file)
    try:
        formats = number_formats(container)
        marks = {
            name: sheet_marks(container, part, formats)
            for name, part in sheet_parts(container).items()
        }
    except (ExpatError, ParseError, ValueError) as error:
        raise _damaged(file, error) from error
    _refuse_far(marks, file)
    return Book(file, Format.XLSX, _sheets(data, file, marks, progress))


def _old(data: bytes, file: str, progress: Progress) -> Book:
    marks = biff.sheet_marks(data, file)
    _refuse_far(marks, file)
    if ends_its_reader(data):
        raise SpreadsheetRefused(file, Fault.DAMAGED, "工作簿内部结构有误，读取中断", SAVE_AS)
    return Book(file, Format.XLS, _sheets(data, file, marks, progress))


def _zipped(data: bytes, file: str, progress: Progress) -> Book | None:
    """A workbook in .xlsb or .ods, None where the zip is of another sort."""
    container = open_archive(data, file)
    try:
        if "xl/workbook.bin" in container.parts.namelist():
            _refuse_far(xlsb.extents(container), file)
            return Book(file, Format.XLSB, _sheets(data, file, {}, progress))
        if b"opendocument.spreadsheet" in container.part("mimetype"):
            marks = ods.sheet_marks(container)
            _refuse_far(marks, file)
            return Book(file, Format.ODS, _sheets(data, file, marks, progress))
    except (ExpatError, ValueError, IndexError) as error:
        raise _damaged(file, error) from error
    return None


def _refuse_far(marks: Mapping[str, Marks], file: str) -> None:
    """Refuse a sheet whose far corner would make everything before it be held in memory."""
    for name, found in marks.items():
        if found.too_far:
            corner = f"{get_column_letter(min(found.right, LAST_COLUMN))}{found.bottom}"
            what = f"工作表“{name}”的内容一直伸到 {corner}，大得不像台账"
            step = "请删去远处多余的内容（选中空白的行和列，右键“删除”），保存后再试"
            raise SpreadsheetRefused(file, Fault.BOMB, what, step)


def _sheets(
    data: bytes, file: str, marks: Mapping[str, Marks], progress: Progress
) -> tuple[Sheet, ...]:
    try:
        with CalamineWorkbook.from_filelike(io.BytesIO(data)) as book:
            return tuple(_each(book, marks, progress))
    except PasswordError as error:
        raise _locked(file) from error
    except (CalamineError, zipfile.BadZipFile, OSError, ValueError) as error:
        raise _damaged(file, error) from error
    except BaseException as error:
        # calamine panics over some damaged files; a panic is no Exception.
        if type(error).__name__ != "PanicException":
            raise
        raise _damaged(file, error) from error


def _each(
    book: CalamineWorkbook, marks: Mapping[str, Marks], progress: Progress
) -> Iterator[Sheet]:
    for about in book.sheets_metadata:
        if about.typ != SheetTypeEnum.WorkSheet:
            continue
        read = book.get_sheet_by_name(about.name)
        # Rows above the content are kept, so that row numbers are those of the sheet.
        values = read.to_python(skip_empty_area=False)
        progress(f"读取 {about.name}", len(values), len(values))
        yield Sheet(
            about.name,
            hidden=about.visible != SheetVisibleEnum.Visible,
            values=values,
            marks=marks.get(about.name, Marks()),
        )


def _locked(file: str) -> SpreadsheetRefused:
    step = "请在 Excel 或 WPS 中打开，去掉打开密码（另存为 → 工具 → 常规选项）后再上传"
    return SpreadsheetRefused(file, Fault.ENCRYPTED, "文件有打开密码，读不出内容", step)


def _damaged(file: str, error: BaseException) -> SpreadsheetRefused:
    what = f"工作簿内部结构有误：{type(error).__name__} {error}"
    return SpreadsheetRefused(file, Fault.DAMAGED, what, SAVE_AS)
