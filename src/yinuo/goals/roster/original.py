"""The office's own workbook, to be written into: as it came, or built anew from what was read."""

import io
import re
import warnings
from collections.abc import Mapping
from datetime import date
from typing import Any

from openpyxl import Workbook, load_workbook
from openpyxl.cell.cell import ERROR_CODES
from openpyxl.comments import Comment
from openpyxl.styles import PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.writer.excel import save_workbook

from yinuo.goals.roster.book import Book, Cell, Format, Sheet
from yinuo.goals.roster.fields import MARKS_SHEET, OUR_SHEETS

AUTHOR = "一诺"
OURS = "【一诺】"
"""Begins our part of a comment, so that the office's own part stays."""
NARROWEST, WIDEST = 8, 40
"""Column widths of a sheet that is built anew, in characters."""
LOOKED_AT = 200
"""Rows by whose content the widths are chosen."""
DATE_FORMAT = "yyyy-mm-dd"
_ILLEGAL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")

Untyped = Any
"""A workbook, sheet or cell of openpyxl, which has no types."""


def editable(data: bytes, book: Book) -> Untyped:
    """The workbook for changes, without what an earlier check of ours left in it.

    Of an .xlsx, everything that openpyxl keeps: styles, widths, merged and hidden cells, pictures;
    of any other format, the values, what is merged and what is hidden.
    """
    if book.format != Format.XLSX:
        return _built(book)
    with warnings.catch_warnings():
        # openpyxl warns about parts that it does not keep, such as extensions.
        warnings.simplefilter("ignore")
        made = load_workbook(io.BytesIO(data), rich_text=True)
    _clean(made)
    return made


def saved(book: Untyped) -> bytes:
    """The bytes of the workbook."""
    buffer = io.BytesIO()
    save_workbook(book, buffer)
    return buffer.getvalue()


def put(cell: Untyped, text: str) -> None:
    """Write a text that is never taken for a formula."""
    cell.value = _ILLEGAL.sub("", text) or None
    if cell.value is not None:
        cell.data_type = "s"


def mark(cell: Untyped, text: str, colour: str) -> str:
    """Fill a cell and comment on it; returns the colour it had before, empty for none."""
    before = cell.fill.start_color.rgb if cell.fill.fill_type == "solid" else ""
    cell.fill = PatternFill("solid", start_color=colour, end_color=colour)
    if text:
        own = cell.comment.text.partition(OURS)[0].rstrip() if cell.comment else ""
        author = cell.comment.author if own else AUTHOR
        whole = f"{own}\n{OURS}{text}" if own else f"{OURS}{text}"
        cell.comment = Comment(whole, author, height=160, width=320)
    return before if isinstance(before, str) else ""


def remember(book: Untyped, colours: Mapping[tuple[str, str], str]) -> None:
    """Keep the colours that cells had before they were marked, by sheet and address."""
    sheet = book.create_sheet(MARKS_SHEET)
    sheet.sheet_state = "veryHidden"
    for (name, address), colour in colours.items():
        sheet.append([name, address, colour])


def _clean(book: Untyped) -> None:
    """Take our marks of an earlier check away."""
    if MARKS_SHEET in book.sheetnames:
        for name, address, colour in book[MARKS_SHEET].iter_rows(max_col=3, values_only=True):
            if name in book.sheetnames:
                _unmark(book[name][address], colour or "")
    for name in OUR_SHEETS & set(book.sheetnames):
        if len(book.sheetnames) > 1:
            del book[name]


def _unmark(cell: Untyped, colour: str) -> None:
    cell.fill = PatternFill("solid", start_color=colour) if colour else PatternFill()
    if cell.comment is not None and OURS in cell.comment.text:
        own = cell.comment.text.partition(OURS)[0].rstrip()
        cell.comment = Comment(own, cell.comment.author) if own else None


def _built(book: Book) -> Untyped:
    made = Workbook()
    made.remove(made.active)
    for sheet in book.sheets:
        _build(made.create_sheet(sheet.name), sheet)
    return made


def _build(made: Untyped, sheet: Sheet) -> None:
    if sheet.hidden:
        made.sheet_state = "hidden"
    widths: dict[int, int] = {}
    for row in range(1, sheet.height + 1):
        for cell in sheet.cells(row):
            _copy(made.cell(row, cell.column), cell)
            if row <= LOOKED_AT:
                longest = max(map(width, cell.raw.split("\n")), default=0)
                widths[cell.column] = max(widths.get(cell.column, NARROWEST), longest)
    for column, widest in widths.items():
        made.column_dimensions[get_column_letter(column)].width = min(widest + 2, WIDEST)
    for area in sheet.marks.merged:
        made.merge_cells(
            start_row=area.top,
            start_column=area.left,
            end_row=area.bottom,
            end_column=area.right,
        )
    for column in sheet.marks.hidden_columns:
        made.column_dimensions[get_column_letter(column)].hidden = True
    for number in sheet.marks.hidden_rows:
        made.row_dimensions[number].hidden = True


def _copy(made: Untyped, cell: Cell) -> None:
    if isinstance(cell.value, str):
        put(made, cell.value)
        if cell.error in ERROR_CODES:
            made.data_type = "e"
        return
    made.value = cell.value
    if cell.number_format:
        made.number_format = cell.number_format
    elif isinstance(cell.value, date):
        made.number_format = DATE_FORMAT


def width(text: str) -> int:
    """The width of one line in characters; Han take two."""
    return sum(2 if ord(character) > 0x2E80 else 1 for character in text)  # noqa: PLR2004  # Han
