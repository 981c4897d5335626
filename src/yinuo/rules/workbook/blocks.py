"""From the grid of a sheet to blocks: head, columns and rules of each table, as text."""

import difflib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

from openpyxl.utils import get_column_letter

from yinuo.kernel.findings import Log, Spot
from yinuo.kernel.spreadsheet.cells import Cell, Grid, Held
from yinuo.rules.findings import Situation
from yinuo.rules.workbook.layout import (
    COLUMN_HEAD,
    COLUMNS,
    HEAD,
    LABELS,
    MAX_COLUMNS,
    MAX_RULES,
    RULE_NUMBER,
    TABLE,
)

LABEL_COLUMN, VALUE_COLUMN = 1, 2
ALIKE = 0.6


@dataclass(frozen=True, slots=True)
class Text:
    """What stands in a cell, as text, and where."""

    text: str
    spot: Spot


@dataclass
class Block:
    """One table as it stands on its sheet."""

    sheet: str
    spot: Spot
    head: dict[str, Text] = field(default_factory=dict)
    columns: dict[str, dict[int, Text]] = field(default_factory=dict)
    """Label of the row → column number → text."""
    rules: list[tuple[Text, int, dict[int, Text]]] = field(default_factory=list)
    """Number, row and cells of each rule."""


def text_of(cell: Cell, sheet: str, log: Log) -> Text:
    """The cell as text; what only Excel could work out is refused."""
    spot = Spot(sheet=sheet, cell=cell.address, value=cell.raw)
    if cell.held is Held.FORMULA:
        log.add(
            Situation.FORMULA,
            "单元格是公式，规则表里只能写定值",
            "复制后“选择性粘贴 → 数值”；要计算请用表头的“算式”行，前面不写 =",
            spot,
        )
        return Text("", spot)
    if cell.held in (Held.ERROR, Held.TIME):
        log.add(Situation.FORMULA, f"单元格是{cell.held}", "请改成文字、数字或日期", spot)
        return Text("", spot)
    return Text(_plain(cell), spot)


def _plain(cell: Cell) -> str:
    value = cell.value
    if cell.held is Held.TRUTH:
        return "是" if value == "TRUE" else "否"
    if isinstance(value, datetime):
        return str(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, int | float):
        number = Decimal(repr(value))
        if "%" in cell.number_format:
            return f"{(number * 100).normalize():f}%"
        return f"{number:f}".removesuffix(".0")
    return str(value).strip()


def look_at_marks(grid: Grid, log: Log) -> None:
    """Refuse what hides rules or makes two of one: merged cells, hidden rows."""
    for merged in grid.marks.merged:
        spot = Spot(sheet=grid.name, cell=merged)
        log.add(
            Situation.MERGED,
            "合并单元格只有左上角有内容，其余各行会少条件",
            "取消合并，在每一行都写上内容",
            spot,
        )
    for row in grid.marks.hidden_rows:
        if row in grid.rows:
            spot = Spot(sheet=grid.name, cell=f"A{row}")
            what, step = "隐藏的行也会生效，看的人却看不到", "取消隐藏；不要的规则请删去整行"
            log.add(Situation.HIDDEN, what, step, spot)
    if grid.too_many:
        log.add(Situation.TOO_MANY, "行数过多，没有读完", "请拆成几张表", Spot(sheet=grid.name))


def blocks(grid: Grid, log: Log) -> Iterator[Block]:
    """The tables of a sheet. Every row belongs to one, or is a finding."""
    block: Block | None = None
    over = 0
    for row, cells in grid.rows.items():
        label = _label(cells, grid.name)
        if label is not None and label.text == TABLE:
            if block is not None:
                yield block
            block = Block(grid.name, label.spot)
        if block is None:
            spot = Spot(sheet=grid.name, cell=next(iter(cells.values())).address)
            what = f"第一列写有“{TABLE}”的一行之前还有内容"
            log.add(Situation.STRANGE_ROW, what, f"以“{TABLE}”一行开头；说明请写在“说明”表", spot)
            continue
        if len(block.rules) < MAX_RULES or label is None or label.text in LABELS:
            _take_row(block, row, label, cells, log)
        else:
            over += 1
    if block is not None:
        if over:
            total = len(block.rules) + over
            what = f"这张表有 {total:,} 条规则，上限 {MAX_RULES:,}"
            step = "按一个条件拆成几张表，或把清单类的条件合并写在一格里（用 、 隔开）"
            log.add(Situation.TOO_MANY, what, step, block.spot)
        yield block


def _label(cells: Mapping[int, Cell], sheet: str) -> Text | None:
    cell = cells.get(LABEL_COLUMN)
    if cell is None:
        return None
    return Text(_plain(cell), Spot(sheet=sheet, cell=cell.address, value=cell.raw))


def _take_row(
    block: Block, row: int, label: Text | None, cells: Mapping[int, Cell], log: Log
) -> None:
    others = {
        number: text_of(cell, block.sheet, log)
        for number, cell in cells.items()
        if number != LABEL_COLUMN
    }
    if len(others) > MAX_COLUMNS:
        what = f"这一行有 {len(others):,} 列，上限 {MAX_COLUMNS}"
        log.add(Situation.TOO_MANY, what, "请拆成几张互相引用的表", _row_spot(block, row))
        others = dict(list(others.items())[:MAX_COLUMNS])
    if label is None:
        log.add(
            Situation.STRANGE_ROW,
            "这一行没有编号，不知道是不是规则",
            "在第一列写上规则编号，如 1；不要的内容请删去",
            _row_spot(block, row),
        )
    elif label.text in HEAD and not block.columns:
        _take_head(block, label, others, log)
    elif label.text in COLUMN_HEAD and not block.rules:
        _take_columns(block, label, others, log)
    elif RULE_NUMBER.fullmatch(label.text) and COLUMNS in block.columns:
        block.rules.append((label, row, others))
    else:
        _refuse_label(block, label, log)


def _row_spot(block: Block, row: int) -> Spot:
    return Spot(sheet=block.sheet, cell=f"A{row}")


def _take_head(block: Block, label: Text, others: dict[int, Text], log: Log) -> None:
    if label.text in block.head:
        log.add(Situation.HEAD, f"“{label.text}”写了两次", "只留一行", label.spot)
        return
    block.head[label.text] = others.get(VALUE_COLUMN, Text("", label.spot))
    for number, other in others.items():
        if number != VALUE_COLUMN and other.text:
            what = f"“{label.text}”的内容应写在 B 列，这里多了内容"
            log.add(Situation.HEAD, what, "移到 B 列，或移到“说明”表", other.spot)


def _take_columns(block: Block, label: Text, others: dict[int, Text], log: Log) -> None:
    if label.text in block.columns:
        log.add(Situation.HEAD, f"“{label.text}”写了两次", "只留一行", label.spot)
    elif label.text != COLUMNS and COLUMNS not in block.columns:
        what = f"“{label.text}”写在了“{COLUMNS}”一行之前"
        log.add(Situation.HEAD, what, f"先写“{COLUMNS}”一行，说明各列是输入还是输出", label.spot)
    else:
        block.columns[label.text] = others


def _refuse_label(block: Block, label: Text, log: Log) -> None:
    near = difflib.get_close_matches(label.text, LABELS, 1, ALIKE)
    if label.text in LABELS:
        what, step = f"“{label.text}”写在了不该在的位置", "表头在前，各列的说明其次，规则在后"
    elif COLUMNS not in block.columns and RULE_NUMBER.fullmatch(label.text):
        what, step = f"规则之前缺少“{COLUMNS}”一行", "写明各列是 输入、输出 还是 说明"
    else:
        what = f"第一列的“{label.text[:20]}”既不是表头，也不是规则编号"
        hint = f"是不是“{near[0]}”？" if near else ""
        step = f"{hint}规则编号里要有数字，如 1、2、A-3"
    log.add(Situation.STRANGE_ROW, what, step, label.spot)


def column_letter(number: int) -> str:
    """Such as `F`."""
    return str(get_column_letter(number))
