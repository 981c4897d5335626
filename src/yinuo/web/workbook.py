"""A list as an Excel workbook, written row by row so that its length costs no memory."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import IO

import xlsxwriter

Cell = str | int | date | None
FIRST = 3
"""Row of the first line; above it stand title, remark and headers."""


@dataclass(frozen=True)
class Column:
    """A column with its width in characters."""

    label: str
    width: int


def write_sheet(
    file: IO[bytes],
    *,
    name: str,
    title: str,
    remark: str,
    columns: Sequence[Column],
    rows: Iterable[Sequence[Cell]],
) -> None:
    """Write one sheet: title, remark, headers, then the rows. Dates become Excel dates."""
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(file, options) as book:
        sheet = book.add_worksheet(name)
        strong = book.add_format({"bold": True})
        head = book.add_format({"bold": True, "bottom": 1, "text_wrap": True})
        day = book.add_format({"num_format": "yyyy-mm-dd", "align": "left"})
        for index, column in enumerate(columns):
            sheet.set_column(index, index, column.width)
        sheet.freeze_panes(FIRST, 0)
        sheet.repeat_rows(0, FIRST - 1)
        sheet.set_landscape()
        sheet.fit_to_pages(1, 0)
        sheet.write_string(0, 0, title, strong)
        sheet.write_string(1, 0, remark)
        for index, column in enumerate(columns):
            sheet.write_string(FIRST - 1, index, column.label, head)
        for number, row in enumerate(rows, start=FIRST):
            for index, value in enumerate(row):
                if isinstance(value, date):
                    sheet.write_datetime(number, index, value, day)
                elif isinstance(value, int):
                    sheet.write_number(number, index, value)
                elif value:
                    sheet.write_string(number, index, value)
