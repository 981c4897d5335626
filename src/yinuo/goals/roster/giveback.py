"""The office's own sheet back, with what Yinuo adds at its right end."""

from collections.abc import Mapping
from copy import copy
from dataclasses import dataclass, fields

from openpyxl.styles import Alignment
from openpyxl.utils import get_column_letter
from openpyxl.utils.cell import range_boundaries

from yinuo.goals.roster.book import Book
from yinuo.goals.roster.fields import ADDED, ADDED_GROUP
from yinuo.goals.roster.layout import Layout
from yinuo.goals.roster.original import Untyped, editable, put, saved

WIDTHS = (14, 12, 13, 13, 9, 14, 34, 10, 26, 30)
"""Of the columns, in characters, in the order of `ADDED`."""
LATEST = "最近进展"
SIMULATED = "演示数据"


@dataclass(frozen=True, kw_only=True)
class Added:
    """What is told beside one row, each as the text that stands in the cell; empty ones may be.

    In the order of the columns.
    """

    identity: str
    """一诺编号, the code of the commitment."""
    status: str = ""
    due: str = ""
    """现定时限, such as 2024-12-31 or 未定时限."""
    due_original: str = ""
    moved_count: str = ""
    signed: str = ""
    """签收, such as 3/4 已签收."""
    latest: str = ""
    """最近进展, with its date."""
    share: str = ""
    """完成比例, such as 63.3%."""
    waits: str = ""
    """卡点."""
    proof: str = ""
    """存证校验码."""


def give_back(
    data: bytes,
    book: Book,
    layout: Layout,
    *,
    rows: Mapping[int, Added],
    as_of: str,
    demo: bool = False,
) -> bytes:
    """The workbook as .xlsx with our columns after the last of the sheet's own.

    `rows` is by row number; `as_of` such as `2024-06-30`, for the header of 最近进展. Columns of
    an earlier give-back are replaced. With `demo` the headers say 演示数据. Nothing that the
    office wrote is changed; marks of an earlier check are taken away.
    """
    made = editable(data, book)
    sheet = made[layout.sheet]
    _remove_old(sheet, layout)
    last = max((c.number for c in layout.columns if not c.added), default=0)
    _Block(sheet, layout, last).write(rows, as_of=as_of, demo=demo)
    _extend(sheet, last)
    return saved(made)


def _remove_old(sheet: Untyped, layout: Layout) -> None:
    """Empty the columns of an earlier give-back."""
    old = {column.number for column in layout.columns if column.added}
    if not old:
        return
    for area in list(sheet.merged_cells.ranges):
        if old & set(range(area.min_col, area.max_col + 1)) and area.min_row >= layout.header_first:
            sheet.unmerge_cells(str(area))
    for row in sheet.iter_rows(
        min_row=layout.header_first, min_col=min(old), max_col=max(old), max_row=sheet.max_row
    ):
        for cell in row:
            if cell.column in old:
                cell.value = None
                cell.style = "Normal"


class _Block:
    """Our columns on one sheet."""

    def __init__(self, sheet: Untyped, layout: Layout, last: int) -> None:
        self.sheet, self.layout, self.last = sheet, layout, last
        self.looks: dict[tuple[int, ...], Untyped] = {}
        """Style of a cell of the sheet → the style of ours beside it."""

    def write(self, rows: Mapping[int, Added], *, as_of: str, demo: bool) -> None:
        """Headers and texts."""
        grouped = self.layout.header_first < self.layout.header_last
        if grouped:
            self._group(f"{ADDED_GROUP}（{SIMULATED}）" if demo else ADDED_GROUP)
        for index, header in enumerate(ADDED):
            text = f"{header}（截至{as_of}）" if header == LATEST else header
            if demo and index and not grouped:
                text += f"（{SIMULATED}）"
            self._head(index, text)
        for row, added in rows.items():
            for index, name in enumerate(fields(added)):
                self._put(row, index, getattr(added, name.name))

    def _column(self, index: int) -> int:
        return self.last + 1 + index

    def _group(self, text: str) -> None:
        """One header over all of ours, as the sheet has groups of headers."""
        first, last = self.layout.header_first, self.layout.header_last
        left, right = self._column(0), self._column(len(ADDED) - 1)
        for row in range(first, last):
            for column in range(left, right + 1):
                self._style(self.sheet.cell(row, column), self._header_model())
        head = self.sheet.cell(first, left)
        head.alignment = Alignment(horizontal="center", vertical="center")
        put(head, text)
        self.sheet.merge_cells(
            start_row=first, start_column=left, end_row=last - 1, end_column=right
        )

    def _head(self, index: int, text: str) -> None:
        column = self._column(index)
        cell = self.sheet.cell(self.layout.header_last, column)
        self._style(cell, self._header_model())
        cell.alignment = Alignment(horizontal="center", vertical="center", wrap_text=True)
        put(cell, text)
        self.sheet.column_dimensions[get_column_letter(column)].width = WIDTHS[index]

    def _header_model(self) -> Untyped:
        """The header whose looks ours take: the last of the sheet's own, at its top if merged."""
        row = self.layout.header_last
        for area in self.sheet.merged_cells.ranges:
            if area.min_row <= row <= area.max_row and area.min_col <= self.last <= area.max_col:
                return self.sheet.cell(area.min_row, area.min_col)
        return self.sheet.cell(row, self.last)

    def _put(self, row: int, index: int, text: str) -> None:
        cell = self.sheet.cell(row, self._column(index))
        self._text_style(cell, self.sheet.cell(row, self.last))
        put(cell, text)

    def _text_style(self, cell: Untyped, model: Untyped) -> None:
        """Look like the model, as text. Most cells look like one before, and styles are slow."""
        key = tuple(model._style or ())  # noqa: SLF001  # openpyxl shares styles no other way
        if key not in self.looks:
            self._style(cell, model)
            cell.number_format = "@"
            cell.alignment = Alignment(vertical="center", wrap_text=True)
            self.looks[key] = copy(cell._style)  # noqa: SLF001
        cell._style = copy(self.looks[key])  # noqa: SLF001

    @staticmethod
    def _style(cell: Untyped, model: Untyped) -> None:
        cell.font, cell.fill, cell.border = copy(model.font), copy(model.fill), copy(model.border)
        cell.alignment = copy(model.alignment)


def _extend(sheet: Untyped, last: int) -> None:
    """Let the filter and the print area of the sheet reach over our columns."""
    right = get_column_letter(last + len(ADDED))
    if sheet.auto_filter.ref:
        left, top, until, bottom = range_boundaries(sheet.auto_filter.ref)
        if until == last:
            sheet.auto_filter.ref = f"{get_column_letter(left)}{top}:{right}{bottom}"
    areas = sheet.print_area
    if isinstance(areas, str) and areas and "," not in areas:
        left, top, until, bottom = range_boundaries(areas.rpartition("!")[2].replace("$", ""))
        if until == last:
            sheet.print_area = f"{get_column_letter(left)}{top}:{right}{bottom}"
