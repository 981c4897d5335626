"""Reading a workbook into plain cells: no formats, no formulas run, nothing guessed."""

import io
import re
import warnings
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from pathlib import Path, PurePosixPath
from typing import Any
from xml.etree import ElementTree as ET

from openpyxl import load_workbook
from openpyxl.utils import get_column_letter

from yinuo.kernel.spreadsheet.container import (
    MAX_FILE,
    SAVE_AS,
    Container,
    Marks,
    open_container,
    sheet_marks,
)
from yinuo.kernel.spreadsheet.faults import Fault, SpreadsheetRefused

MAX_ROWS = 50_000
MAX_COLUMNS = 256
STEP = 1_000
"""Rows between two calls of `progress`."""
_ESCAPED = re.compile(r"_x(00[01][0-9A-Fa-f])_")

Progress = Callable[[str, int, int], None]
"""Told the step, how many rows of it are done, and of how many; 0 where that is not known."""


def silent(_step: str, _done: int, _total: int) -> None:
    """Progress that nobody watches."""


class Held(StrEnum):
    """What sort of value a cell holds."""

    TEXT = "文本"
    NUMBER = "数字"
    DATE = "日期"
    TIME = "时间"
    TRUTH = "逻辑值"
    FORMULA = "公式"
    ERROR = "错误值"


_MARKED = {"f": Held.FORMULA, "e": Held.ERROR}
"""What openpyxl marks a cell as, whatever its value looks like."""


@dataclass(frozen=True)
class Cell:
    """One cell that is not empty."""

    row: int
    column: int
    """From 1."""
    held: Held
    value: str | int | float | date
    """The text as it stands; a number; a date. Formulas and errors as their text."""
    number_format: str = ""
    """Of a number only."""

    @property
    def address(self) -> str:
        """Such as `F12`."""
        return f"{get_column_letter(self.column)}{self.row}"

    @property
    def raw(self) -> str:
        """The value as shown in findings."""
        return str(self.value)


@dataclass(frozen=True)
class Grid:
    """One sheet: only its cells with content, by row and column number."""

    name: str
    hidden: bool
    marks: Marks
    rows: Mapping[int, Mapping[int, Cell]]
    too_many: bool = False
    """Whether there is more than was read."""


@dataclass(frozen=True)
class Book:
    """A workbook as read."""

    file: str
    grids: Mapping[str, Grid]


def load(path: Path) -> bytes:
    """The file's bytes. Raises `SpreadsheetRefused` for one that is missing or too large."""
    try:
        size = path.stat().st_size
        if size <= MAX_FILE:
            return path.read_bytes()
    except OSError as error:
        what = f"文件读不出来：{error.strerror}"
        step = "请核对路径和读取权限"
        raise SpreadsheetRefused(path.name, Fault.UNREADABLE, what, step) from error
    what = f"文件有 {size / 2**20:.0f} MB，上限 {MAX_FILE // 2**20} MB"
    raise SpreadsheetRefused(path.name, Fault.BOMB, what, "请删去图片和多余的工作表后再存")


def read(data: bytes, *, file: str, progress: Progress = silent) -> Book:
    """The cells of every sheet. Raises `SpreadsheetRefused` for what is no sound workbook."""
    container = open_container(data, file)
    try:
        with warnings.catch_warnings():
            # openpyxl warns about parts of no interest here, such as extensions and styles.
            warnings.simplefilter("ignore")
            return Book(file=file, grids={g.name: g for g in _grids(data, container, progress)})
    except SpreadsheetRefused:
        raise
    except Exception as error:
        # openpyxl raises whatever it stumbles over in a damaged part.
        what = f"工作簿内部结构有误：{type(error).__name__} {error}"
        raise SpreadsheetRefused(file, Fault.DAMAGED, what, SAVE_AS) from error


def _grids(data: bytes, container: Container, progress: Progress) -> Iterator[Grid]:
    places = sheet_parts(container)
    book = load_workbook(io.BytesIO(data), read_only=True, keep_links=False)
    try:
        for sheet in book.worksheets:
            sheet.reset_dimensions()  # a wrong claim about the size would hide rows
            rows, too_many = _rows(sheet, progress)
            yield Grid(
                name=sheet.title,
                hidden=sheet.sheet_state != "visible",
                marks=sheet_marks(container.part(places.get(sheet.title, ""))),
                rows=rows,
                too_many=too_many,
            )
    finally:
        book.close()


def _rows(sheet: Any, progress: Progress) -> tuple[dict[int, dict[int, Cell]], bool]:  # noqa: ANN401  # openpyxl is untyped
    rows: dict[int, dict[int, Cell]] = {}
    for number, row in enumerate(sheet.iter_rows(max_col=MAX_COLUMNS), start=1):
        cells = [_cell(c) for c in row if c.value is not None]
        kept = {cell.column: cell for cell in cells if cell.raw.strip()}
        if not kept:
            continue
        if len(rows) == MAX_ROWS:
            return rows, True
        rows[number] = kept
        if len(rows) % STEP == 0:
            progress(f"读取 {sheet.title}", len(rows), 0)
    return rows, False


def _cell(cell: Any) -> Cell:  # noqa: ANN401  # openpyxl is untyped
    held, value = _held(cell.data_type, cell.value)
    number_format = cell.number_format or "" if held == Held.NUMBER else ""
    return Cell(cell.row, cell.column, held, value, number_format)


def _held(data_type: str, value: object) -> tuple[Held, str | int | float | date]:
    if data_type in _MARKED:
        return _MARKED[data_type], str(getattr(value, "text", value))
    match value:
        case bool():
            return Held.TRUTH, str(value).upper()
        case int() | float():
            return Held.NUMBER, value
        case datetime():
            return Held.DATE, value.date() if value.time() == time(0) else value
        case time() | timedelta():
            return Held.TIME, str(value)
    return Held.TEXT, unescaped(str(value))


def unescaped(text: str) -> str:
    r"""Text with control characters back in place of their escapes. Source: ECMA-376 22.9.2.19.

    Only those below U+0020: openpyxl has removed the escape before other codes by then.

    >>> unescaped("one_x000A_two _x0041_")
    'one\ntwo _x0041_'
    """
    return _ESCAPED.sub(lambda match: chr(int(match.group(1), 16)), text)


def _local(tag: str) -> str:
    return tag.rpartition("}")[2]


def sheet_parts(container: Container) -> dict[str, str]:
    """Sheet title → name of its part. Raises `SpreadsheetRefused` for the strict dialect."""
    workbook = container.part("xl/workbook.xml")
    if b"purl.oclc.org/ooxml" in workbook:
        what = "文件是“Strict Open XML 工作簿”，读不出内容"
        raise SpreadsheetRefused(container.file, Fault.NOT_A_WORKBOOK, what, SAVE_AS)
    relations = ET.fromstring(container.part("xl/_rels/workbook.xml.rels"))  # noqa: S314  # no entities
    targets = {r.get("Id", ""): r.get("Target", "") for r in relations}
    parts = {}
    for element in ET.fromstring(workbook).iter():  # noqa: S314  # no entities
        if _local(element.tag) == "sheet":
            named = [value for key, value in element.items() if _local(key) == "id"]
            target = targets.get(named[0], "") if named else ""
            parts[element.get("name", "")] = _part_name(target)
    return parts


def _part_name(target: str) -> str:
    """`worksheets/sheet1.xml` and `/xl/worksheets/sheet1.xml` name the same part."""
    if target.startswith("/"):
        return target[1:]
    return str(PurePosixPath("xl") / target)
