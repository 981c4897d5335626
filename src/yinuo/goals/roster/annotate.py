"""The office's own workbook back, with what was found at each cell."""

import re
from collections.abc import Mapping, Sequence

from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.worksheet.hyperlink import Hyperlink

from yinuo.goals.roster.book import Book
from yinuo.goals.roster.fields import RESULT_SHEET
from yinuo.goals.roster.original import Untyped, editable, mark, put, remember, saved, width
from yinuo.goals.roster.read import Grouped, grouped
from yinuo.kernel.errors import Finding

RED, YELLOW = "FFFFC7CE", "FFFFF2CC"
HEAD_COLOUR, LINK_COLOUR, DARK_RED = "FF1F4E79", "FF0B5CAD", "FFB42318"
FONT = "Microsoft YaHei"
PLAIN_FONT = Font(name=FONT, size=10)
LINE_HEIGHT, MOST_LINES = 14, 12
MOST_COMMENTS = 3_000
"""Comments beyond it make Excel slow; the other cells are only coloured."""
MOST_LISTED = 20_000
LONGEST_COMMENT = 800
HEADERS = (("", 8), ("位置", 26), ("列", 20), ("现在的内容", 30), ("问题", 50), ("怎么办", 50))
ADDRESS = re.compile(r"[A-Z]{1,3}[1-9]\d{0,6}")
SEVERAL = 3
"""Cells of one notice that are named."""


def annotate(
    data: bytes,
    book: Book,
    *,
    errors: Sequence[Finding],
    notices: Sequence[Finding],
) -> bytes:
    """The workbook as .xlsx: cells with errors red, with notices yellow, a comment at each.

    `data` is the file as it came and `book` what was read from it. A first sheet 检查结果 lists all
    findings with links. Styles, widths, merged and hidden cells of an .xlsx stay; any other format
    comes back as a new .xlsx with the same values. What an earlier check left is taken away.
    """
    made = editable(data, book)
    colours = _mark_cells(made, errors, notices)
    _list(made, errors, grouped(notices))
    remember(made, colours)
    return saved(made)


def _mark_cells(
    made: Untyped, errors: Sequence[Finding], notices: Sequence[Finding]
) -> dict[tuple[str, str], str]:
    """Colour and comment; returns the colours from before."""
    corners = {sheet.title: _corners(sheet) for sheet in made.worksheets}
    said: dict[tuple[str, str], list[str]] = {}
    wrong: set[tuple[str, str]] = set()
    for found in (*errors, *notices):
        address = found.cell.partition(":")[0]
        if not _is_address(address) or found.sheet not in corners:
            continue
        where = (found.sheet, corners[found.sheet].get(address, address))
        said.setdefault(where, []).append(_words(found))
        if "-E" in found.code:
            wrong.add(where)
    colours: dict[tuple[str, str], str] = {}
    # Errors first: theirs are the comments that must not be left out.
    for done, where in enumerate(sorted(said, key=lambda where: where not in wrong)):
        sheet, address = where
        text = "\n".join(said[where])[:LONGEST_COMMENT] if done < MOST_COMMENTS else ""
        colour = RED if where in wrong else YELLOW
        colours[where] = mark(made[sheet][address], text, colour)
    return colours


def _corners(sheet: Untyped) -> Mapping[str, str]:
    """Each cell that a merged area covers → the cell that shows its value."""
    found = {}
    for area in sheet.merged_cells.ranges:
        corner = sheet.cell(area.min_row, area.min_col).coordinate
        for row, column in area.cells:
            address = sheet.cell(row, column).coordinate
            if address != corner:
                found[address] = corner
    return found


def _words(found: Finding) -> str:
    sort = "错误" if "-E" in found.code else "提示"
    return f"{sort}：{found.rule}\n怎么办：{found.next_step}"


def _list(made: Untyped, errors: Sequence[Finding], notices: Sequence[Grouped]) -> None:
    """The sheet in front that lists everything."""
    sheet = made.create_sheet(RESULT_SHEET, 0)
    made.active = 0
    for other in made.worksheets[1:]:
        other.sheet_view.tabSelected = False
    sheet.sheet_properties.tabColor = "B42318" if errors else "3B7A57"
    put(sheet["A1"], _summary(errors, notices))
    sheet["A1"].font = Font(name=FONT, bold=True, size=14, color=DARK_RED if errors else None)
    put(
        sheet["A2"],
        "红色的单元格要改，改好保存后重新上传；黄色的是读法，不对才改。这张表不会被读取。",
    )
    sheet["A2"].font = PLAIN_FONT
    for number, (header, wide) in enumerate(HEADERS, start=1):
        cell = sheet.cell(4, number)
        put(cell, header)
        cell.font = Font(name=FONT, size=10, bold=True, color="FFFFFFFF")
        cell.fill = PatternFill("solid", start_color=HEAD_COLOUR)
        sheet.column_dimensions[cell.column_letter].width = wide
    row = 4
    for found in errors[:MOST_LISTED]:
        row += 1
        _row(sheet, row, "错误", found, found.cell)
    for group in notices[:MOST_LISTED]:
        row += 1
        _row(sheet, row, "提示", group.first, _places(group))
    sheet.freeze_panes = "A5"
    sheet.auto_filter.ref = f"A4:F{row}"


def _summary(errors: Sequence[Finding], notices: Sequence[Grouped]) -> str:
    if not errors:
        return f"检查通过，没有错误；有 {len(notices):,} 种读法请过目"
    return f"有 {len(errors):,} 处错误要改；另有 {len(notices):,} 种读法请过目"


def _places(group: Grouped) -> str:
    cells = [cell for cell in group.cells if cell]
    named = "、".join(cells[:SEVERAL])
    return named if len(cells) <= SEVERAL else f"{named} 等 {len(cells):,} 处"


def _row(sheet: Untyped, row: int, sort: str, found: Finding, places: str) -> None:
    texts = (sort, places or found.sheet, found.field, found.value, found.rule, found.next_step)
    lines = 1
    for number, text in enumerate(texts, start=1):
        cell = sheet.cell(row, number)
        put(cell, text)
        cell.font = PLAIN_FONT
        cell.alignment = Alignment(wrap_text=True, vertical="top")
        room = HEADERS[number - 1][1] - 1
        lines = max(lines, sum(-(-max(width(part), 1) // room) for part in text.split("\n")))
    sheet.row_dimensions[row].height = LINE_HEIGHT * min(lines, MOST_LINES) + 3
    sheet.cell(row, 1).fill = PatternFill("solid", start_color=RED if sort == "错误" else YELLOW)
    address = found.cell.partition(":")[0]
    if _is_address(address):
        link = sheet.cell(row, 2)
        name = found.sheet.replace("'", "''")
        link.hyperlink = Hyperlink(ref=link.coordinate, location=f"'{name}'!{address}")
        link.font = Font(name=FONT, size=10, color=LINK_COLOUR, underline="single")


def _is_address(text: str) -> bool:
    return ADDRESS.fullmatch(text) is not None
