"""What is said of a sheet as a whole, before its rows are read."""

from collections.abc import Mapping, Sequence

from openpyxl.utils import get_column_letter

from yinuo.goals.roster.book import Book, Format, Sheet
from yinuo.goals.roster.fields import BY_NAME
from yinuo.goals.roster.layout import Layout, SheetColumn, layouts
from yinuo.goals.roster.lines import Line, merged_fields
from yinuo.goals.roster.mapping import RosterMapping
from yinuo.goals.roster.rules import RosterRule
from yinuo.goals.workbook.findings import Rule
from yinuo.goals.workbook.tables import nearest, spans
from yinuo.kernel.findings import Log, Spot
from yinuo.kernel.spreadsheet.cells import MAX_ROWS

UNSEEN = {
    Format.XLSB: "合并和隐藏的单元格、公式、百分比格式",
    Format.ODS: "日期和数字的格式",
}
"""Formats of which not everything is seen, and what is not."""


def report(book: Book, sheet: Sheet, layout: Layout, mapping: RosterMapping, log: Log) -> None:
    """What holds for the whole sheet: columns lost or left, things hidden, sheets not read."""
    assigned = mapping.assigned(layout)
    _report_columns(sheet, layout, mapping, assigned, log)
    _report_hidden(sheet, layout, assigned, log)
    if layout.size > MAX_ROWS:
        what = f"表头下面有 {layout.size:,} 行，上限 {MAX_ROWS:,} 行"
        log.add(Rule.TOO_MANY_ROWS, what, "请把台账分成几份", Spot(sheet=sheet.name))
    others = [other.sheet for other in layouts(book) if other.sheet != sheet.name]
    if others:
        what = f"文件里还有像台账的工作表“{'”“'.join(others)}”，没有读取"
        step = "要读取的，请另外导入一次并选择那张表"
        log.add(RosterRule.OTHER_SHEETS, what, step, Spot(sheet=sheet.name))
    if book.format in UNSEEN:
        what = f"{book.format}中看不到{UNSEEN[book.format]}"
        step = "请核对数值；最好另存为 .xlsx 再导入"
        log.add(RosterRule.PLAIN_FORMAT, what, step, Spot(sheet=sheet.name))


def _report_columns(
    sheet: Sheet,
    layout: Layout,
    mapping: RosterMapping,
    assigned: Mapping[str, tuple[SheetColumn, ...]],
    log: Log,
) -> None:
    for signature in mapping.lost(layout):
        near = nearest(signature, [c.signature for c in layout.columns])
        step = f"是不是改名为“{near}”了？请重新对应各列" if near else "请重新对应各列"
        what = f"没有表头为“{signature}”的列"
        spot = Spot(sheet=sheet.name, field=signature)
        log.add(RosterRule.LOST_COLUMN, what, step, spot)
    if "title" not in assigned:
        what = "没有指明哪一列是任务"
        log.add(RosterRule.NO_TITLE, what, "请在对应各列时选出任务一列", Spot(sheet=sheet.name))
    used = {column.number for columns in assigned.values() for column in columns}
    left = [c for c in layout.columns if c.number not in used and c.filled and not c.added]
    if left:
        named = "、".join(f"{c.letter} {c.header or '（没有表头）'}" for c in left)
        what = f"这些列没有对应，未读取：{named}"
        step = "需要的，请在对应各列时选择；不需要的不用管，给回时原样保留"
        spot = Spot(sheet=sheet.name, cell=f"{left[0].letter}{layout.header_last}")
        log.add(RosterRule.NOT_TAKEN, what, step, spot)
    for column in assigned.get("progress", ()):
        what = f"“{column.header}”一列只供查看，不登记"
        step = "进展由责任单位在系统中报送"
        spot = Spot(
            sheet=sheet.name, cell=f"{column.letter}{layout.header_last}", field=column.header
        )
        log.add(RosterRule.PROGRESS_KEPT, what, step, spot)


def _report_hidden(
    sheet: Sheet,
    layout: Layout,
    assigned: Mapping[str, tuple[SheetColumn, ...]],
    log: Log,
) -> None:
    step = "请取消隐藏，核对其中的内容"
    if sheet.hidden:
        log.add(Rule.HIDDEN, "工作表是隐藏的，照常读取", step, Spot(sheet=sheet.name))
    for name, columns in assigned.items():
        for column in columns:
            if column.hidden:
                label = BY_NAME[name].label
                what = f"{column.letter} 列“{column.header}”是隐藏的，照常读取为{label}"
                spot = Spot(sheet=sheet.name, cell=f"{column.letter}{layout.header_last}")
                log.add(RosterRule.HIDDEN_COLUMN, what, step, spot)
    rows = sorted(
        row
        for row in sheet.marks.hidden_rows
        if layout.first_row <= row <= layout.last_row and any(sheet.cells(row))
    )
    if rows:
        what = f"第 {_first(spans(rows))} 行是隐藏的，照常读取"
        log.add(Rule.HIDDEN, what, step, Spot(sheet=sheet.name, cell=f"A{rows[0]}"))


def report_filled(
    lines: Sequence[Line],
    sheet: Sheet,
    assigned: Mapping[str, tuple[SheetColumn, ...]],
    log: Log,
) -> None:
    """One notice for each merged cell that speaks for several rows."""
    headers = {c.number: c.header for columns in assigned.values() for c in columns}
    found: dict[tuple[int, int], list[int]] = {}
    for line, column, cell in merged_fields(lines):
        found.setdefault((cell.row, column), []).append(line.number)
    for (row, column), numbers in found.items():
        speaks = sheet.cell(row, column)
        letter = get_column_letter(column)
        what = "合并单元格的内容用于其中每一行"
        spot = Spot(
            sheet=sheet.name,
            cell=f"{letter}{row}:{letter}{numbers[-1]}",
            field=headers.get(column, ""),
            value=speaks.raw if speaks else "",
        )
        step = "如果只属于第一行，请取消合并"
        log.add(RosterRule.FILLED_DOWN, what, step, spot)


def _first(text: str, longest: int = 80) -> str:
    return text if len(text) <= longest else text[:longest].rpartition("、")[0] + " 等"
