"""Items as a workbook: one row an item, child sheets keyed by its code. Pure."""

import io
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any

import xlsxwriter

from yinuo.cases.errors.items import ItemRule
from yinuo.cases.items.codec import to_data
from yinuo.cases.items.definition import ItemDefinition
from yinuo.cases.items.gathering import (
    NOTHING,
    CheckedItems,
    Known,
    Line,
    Log,
    Place,
    checked,
)
from yinuo.cases.items.layout import ITEMS, OF, SHEETS, Column, Form, Sheet
from yinuo.kernel.spreadsheet.cells import Cell, Grid, Held, Progress, read, silent

FONT = "Microsoft YaHei"
TITLE = "服务事项"
HOW_TO = (
    "每张表第 1 行是表头，名称不能改，列的次序可以变。",
    "一行一个事项；材料、步骤等各占一张表，用事项编号对上。",
    "时限写成 20wd（工作日）、90d（自然日）、48h（小时）、6m（月）、1y（年）。",
    "当场答复的，承诺时限写“即办”。",
    "是与否填“是”“否”；几项之间用、隔开；没有就留空。材料排在第一的是主要材料，不能容缺。",
    "检查：yinuo items check 文件.xlsx",
    "导入成草稿：yinuo items import 文件.xlsx --office 单位 --as 用户名",
)
SIMULATED = "演示数据：本工作簿中标明“演示数据”的事项是编写的样例，不是任何单位发布的办事指南。"


# ── reading ─────────────────────────────────────────────────────────────────────────────────────


def check_workbook(
    data: bytes, *, file: str, known: Known = NOTHING, progress: Progress = silent
) -> CheckedItems:
    """Every item of a workbook and everything that is wrong with it, cell by cell.

    Raises `SpreadsheetRefused` for what is no sound workbook.
    """
    book = read(data, file=file, progress=progress)
    log = Log(file)
    lines: dict[str, Sequence[Line]] = {}
    for sheet in SHEETS:
        grid = book.grids.get(sheet.name)
        if grid is None:
            if sheet is ITEMS:
                what = f"没有“{ITEMS.name}”工作表"
                log.add(ItemRule.SHEET, Place(ITEMS.name, ""), what, "请用本系统导出的模板")
            continue
        lines[sheet.name] = list(_lines(sheet, grid, log))
    ours = {sheet.name for sheet in SHEETS} | {TITLE}
    for name in book.grids.keys() - ours:
        log.add(ItemRule.COLUMN, Place(name, ""), f"没有读取工作表“{name}”", "不需要的可以不管")
    return checked(lines, log, known)


def _lines(sheet: Sheet, grid: Grid, log: Log) -> Iterator[Line]:
    headers = _headers(sheet, grid, log)
    for number in sorted(grid.rows):
        if number == 1:
            continue
        row = grid.rows[number]
        cells = {headers[at].field: cell for at, cell in row.items() if at in headers}
        if not cells:
            continue
        for cell in cells.values():
            if cell.held in (Held.FORMULA, Held.ERROR):
                place = Place(sheet.name, cell.address)
                log.add(ItemRule.FORM, place, "单元格是公式或错误值", "请改成值", value=cell.raw)
        item = cells.get(OF.field)
        yield Line(
            place=Place(sheet.name, f"{number}:{number}"),
            raw={field: _raw(cell) for field, cell in cells.items()},
            places={field: Place(sheet.name, cell.address) for field, cell in cells.items()},
            item=str(_raw(item)).strip() if item else "",
        )


def _raw(cell: Cell) -> object:
    return cell.value


def _headers(sheet: Sheet, grid: Grid, log: Log) -> dict[int, Column]:
    wanted = {column.header: column for column in _columns(sheet)}
    found: dict[int, Column] = {}
    for at, cell in grid.rows.get(1, {}).items():
        header, place = str(cell.value).strip(), Place(sheet.name, cell.address)
        if header not in wanted:
            log.add(
                ItemRule.COLUMN,
                place,
                f"不认识列“{header[:40]}”，没有读取",
                "请核对表头",
                value=header,
            )
        elif wanted[header] in found.values():
            log.add(ItemRule.SHEET, place, f"列“{header}”出现两次", "请只留一列", value=header)
        else:
            found[at] = wanted[header]
    for column in wanted.values():
        if column.required and column not in found.values():
            place = Place(sheet.name, "1:1")
            log.add(ItemRule.SHEET, place, f"缺少列“{column.header}”", "请按模板补上这一列")
    return found


def _columns(sheet: Sheet) -> tuple[Column, ...]:
    return sheet.columns if sheet is ITEMS else (OF, *sheet.columns)


# ── writing ─────────────────────────────────────────────────────────────────────────────────────


def write_workbook(items: Iterable[ItemDefinition], *, made_at: datetime) -> bytes:
    """The workbook of some items; the same content and `made_at` always give the same bytes."""
    listed = list(items)
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True})
    book.set_properties({"title": TITLE, "created": made_at.replace(tzinfo=None)})
    base = {"font_name": FONT, "font_size": 10, "valign": "top", "text_wrap": True}
    text = book.add_format({**base, "num_format": "@"})
    head = book.add_format({**base, "bold": True, "font_color": "#FFFFFF", "bg_color": "#1F4E79"})
    _introduce(book.add_worksheet(TITLE), text, simulated=any(one.simulated for one in listed))
    for sheet in SHEETS:
        page = book.add_worksheet(sheet.name)
        columns = _columns(sheet)
        for at, column in enumerate(columns):
            page.write_string(0, at, column.header, head)
            page.set_column(at, at, column.width, text)
            if column.hint:
                page.write_comment(0, at, column.hint)
        page.freeze_panes(1, 2)
        for number, row in enumerate(_rows(sheet, listed), start=1):
            for at, column in enumerate(columns):
                _write(page, (number, at), column, row.get(column.field), text)
    book.get_worksheet_by_name(ITEMS.name).activate()
    book.close()
    return buffer.getvalue()


def _introduce(page: Any, text: Any, *, simulated: bool) -> None:  # noqa: ANN401  # untyped
    page.set_column(0, 0, 100)
    for number, line in enumerate(((SIMULATED,) if simulated else ()) + HOW_TO):
        page.write_string(number, 0, line, text)


def _rows(sheet: Sheet, items: Iterable[ItemDefinition]) -> Iterator[dict[str, Any]]:
    for item in items:
        data = to_data(item)
        if sheet is ITEMS:
            yield data
            continue
        held = data[sheet.field]
        for one in held if isinstance(held, list) else filter(None, [held]):
            yield {OF.field: item.code, **one}


def _write(page: Any, at: tuple[int, int], column: Column, value: object, text: Any) -> None:  # noqa: ANN401  # xlsxwriter is untyped
    if value is None or value in ("", []):
        return
    if column.form is Form.COUNT:
        page.write_number(*at, value, text)
    elif column.form is Form.TRUTH:
        page.write_string(*at, "是" if value else "否", text)
    elif isinstance(value, list):
        page.write_string(*at, "、".join(value), text)
    else:
        page.write_string(*at, str(value), text)
