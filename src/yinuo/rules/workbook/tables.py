"""From a block of text to the typed form of one table."""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from typing import TypeVar

from yinuo.kernel.findings import Log, Spot
from yinuo.rules.cells import ANY, Cell, asks_for_null, write
from yinuo.rules.expression import AS_OF, Expression, Unreadable, kind_of, parse
from yinuo.rules.findings import Situation
from yinuo.rules.kinds import UNIT, Kind, Value
from yinuo.rules.reading import (
    Column,
    Misread,
    column_allowed,
    plain,
    read_cell,
    read_day,
    read_value,
)
from yinuo.rules.table import Aggregator, HitPolicy, Input, Output, Rule, Table
from yinuo.rules.workbook.blocks import Block, Text, column_letter
from yinuo.rules.workbook.layout import (
    AGGREGATORS,
    ALLOWED,
    BASIS,
    COLUMNS,
    DEFAULT,
    EXPRESSION,
    INPUT,
    KEYWORDS,
    KIND,
    KINDS,
    MAX_NAME,
    NAME,
    NOTE,
    OUTPUT,
    POLICIES,
    POLICY,
    REMARK,
    ROLES,
    SOURCE,
    STRANGE_IN_NAMES,
    TABLE,
    VALID_FROM,
    VALID_TO,
)
from yinuo.rules.workbook.layout import (
    UNIT as UNIT_LABEL,
)

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class _Head:
    """A column as its head describes it."""

    number: int
    role: str
    name: str
    kind: Kind
    unit: str
    spot: Spot
    expression: Expression | None = None
    allowed: Cell = ANY
    default: Value | None = None

    @property
    def column(self) -> Column:
        return Column(self.kind, self.unit, column_allowed(self.allowed))


def typed(block: Block, log: Log) -> Table | None:
    """The table of a block, or None with findings on the log."""
    before = len(log.errors)
    name = _table_name(block, log)
    policy, aggregator = _policy(block, log)
    valid_from, valid_to = _day(block, VALID_FROM, log), _day(block, VALID_TO, log)
    if valid_from and valid_to and valid_to < valid_from:
        what = f"有效期至 {valid_to}，早于有效期自 {valid_from}"
        log.add(Situation.VALIDITY, what, "请核对两个日期", block.head[VALID_TO].spot)
    heads = _heads(block, log)
    if heads is None:
        return None
    inputs = [_input(head) for head in heads if head.role == INPUT]
    sources = [_input(head) for head in heads if head.role == SOURCE]
    outputs = [_output(head) for head in heads if head.role == OUTPUT]
    rules = _rules(block, heads, log)
    table = Table(
        name=name,
        policy=policy,
        aggregator=aggregator,
        inputs=tuple(inputs),
        sources=tuple(sources),
        outputs=tuple(outputs),
        rules=tuple(rules),
        valid_from=valid_from,
        valid_to=valid_to,
        basis=_head_text(block, BASIS),
        note=_head_text(block, NOTE),
        sheet=block.sheet,
    )
    _check_whole(table, block, log)
    return table if len(log.errors) == before else None


def _head_text(block: Block, label: str) -> str:
    found = block.head.get(label)
    return found.text if found else ""


def _table_name(block: Block, log: Log) -> str:
    found = block.head[TABLE]
    if not found.text:
        log.add(Situation.EMPTY, "规则表没有名称", f"在“{TABLE}”右边写上名称", block.spot)
    return _name(found, log) if found.text else ""


def _name(found: Text, log: Log) -> str:
    """The name with single spaces, a finding if it cannot be one."""
    name = " ".join(found.text.split())
    if name.lower() in KEYWORDS:
        log.add(
            Situation.NAME,
            f"“{name}”是规则表自己要用的词，不能作名称",
            f"换一个名称，如 {name}情况",
            found.spot,
        )
    elif strange := STRANGE_IN_NAMES.search(name):
        what = f"名称“{name[:MAX_NAME]}”里有“{strange[0]}”，会与算式或清单混淆"
        log.add(Situation.NAME, what, "名称只用汉字、字母、数字、空格和下划线", found.spot)
    elif name[0].isdigit():
        log.add(Situation.NAME, f"名称“{name}”以数字开头", "名称以汉字或字母开头", found.spot)
    elif len(name) > MAX_NAME:
        what = f"名称有 {len(name):,} 个字，上限 {MAX_NAME}"
        log.add(Situation.NAME, what, "换一个短些的名称", found.spot)
    return name


def _policy(block: Block, log: Log) -> tuple[HitPolicy, Aggregator]:
    found = block.head.get(POLICY)
    if found is None or not found.text:
        return HitPolicy.UNIQUE, Aggregator.LIST
    word, _, how = re.sub(r"[(.:+,]", "·", plain(found.text)).partition("·")
    policy, aggregator = POLICIES.get(word), AGGREGATORS.get(how.rstrip(")"))
    if policy is None or aggregator is None or (how and policy is not HitPolicy.COLLECT):
        listed = "、".join(each.value for each in HitPolicy)
        ways = "、".join(f"汇总·{each.value}" for each in Aggregator)
        what = f"不认识命中方式“{found.text[:20]}”"
        log.add(Situation.POLICY, what, f"请写 {listed} 之一；汇总可写 {ways}", found.spot)
        return HitPolicy.UNIQUE, Aggregator.LIST
    if policy is HitPolicy.FIRST:
        log.add(
            Situation.PLEASE_CHECK,
            "“首个”的结果取决于行的先后，插行或排序会悄悄改变结果",
            "能写成互不重叠的规则时，请用“唯一”",
            found.spot,
        )
    return policy, aggregator


def _day(block: Block, label: str, log: Log) -> date | None:
    found = block.head.get(label)
    if found is None or not found.text or found.text == "-":
        return None
    try:
        return read_day(found.text)
    except Misread as misread:
        log.add(Situation.VALIDITY, misread.what, misread.next_step, found.spot)
        return None


# ── the columns ──────────────────────────────────────────────────────────────────────────────────


def _heads(block: Block, log: Log) -> list[_Head] | None:
    roles = block.columns.get(COLUMNS, {})
    if not roles:
        what = f"没有“{COLUMNS}”一行，不知道哪些列是输入、哪些是输出"
        log.add(
            Situation.HEAD, what, f"在规则之前写一行：{COLUMNS} | 输入 | 输出 | 说明", block.spot
        )
        return None
    _check_columns(block, roles, log)
    drafts = [
        draft for number, role in roles.items() if (draft := _draft(block, number, role, log))
    ]
    _check_repeated(drafts, log)
    kinds = {
        draft.name: draft.kind
        for draft in drafts
        if draft.role in (INPUT, SOURCE) and not _cell_of(block, EXPRESSION, draft.number).text
    }
    known = {**kinds, AS_OF: Kind.DATE}
    whole = [_complete(block, draft, known, log) for draft in drafts]
    return whole if len(drafts) == sum(1 for r in roles.values() if r.text != REMARK) else None


def _check_columns(block: Block, roles: dict[int, Text], log: Log) -> None:
    """Content in a column that says not what it is would be dropped, so it is refused."""
    told: set[int] = set()
    rows = [*block.columns.values(), *(cells for _, _, cells in block.rules)]
    for cells in rows:
        for number, found in cells.items():
            if found.text and number not in roles and number not in told:
                told.add(number)
                log.add(
                    Situation.STRANGE_COLUMN,
                    f"{column_letter(number)} 列有内容，但“{COLUMNS}”一行没有写它是什么",
                    f"在“{COLUMNS}”一行写上 {'、'.join(ROLES)} 之一，或删去这一列",
                    found.spot,
                )


def _cell_of(block: Block, label: str, number: int) -> Text:
    spot = Spot(sheet=block.sheet, cell=block.spot.cell)
    found = block.columns.get(label, {}).get(number)
    if found is None and (role := block.columns[COLUMNS].get(number)):
        spot = Spot(sheet=block.sheet, cell=role.spot.cell, field=label)
    return found or Text("", spot)


def _draft(block: Block, number: int, role: Text, log: Log) -> _Head | None:
    if role.text not in ROLES:
        what = f"不认识“{role.text[:20]}”"
        log.add(Situation.STRANGE_COLUMN, what, f"请写 {'、'.join(ROLES)} 之一", role.spot)
        return None
    if role.text == REMARK:
        return None
    named = _cell_of(block, NAME, number)
    if not named.text:
        what = f"{column_letter(number)} 列没有名称"
        log.add(Situation.EMPTY, what, f"在“{NAME}”一行写上名称", named.spot)
        return None
    kind = _kind(block, number, log)
    if kind is None:
        return None
    return _Head(
        number, role.text, _name(named, log), kind, _unit(block, number, kind, log), named.spot
    )


def _kind(block: Block, number: int, log: Log) -> Kind | None:
    found = _cell_of(block, KIND, number)
    kind = KINDS.get(plain(found.text))
    if kind is None:
        listed = "、".join(each.value for each in Kind)
        what = f"不认识类型“{found.text[:20]}”" if found.text else "没有写类型"
        log.add(Situation.KIND, what, f"请写 {listed} 之一", found.spot)
    return kind


def _unit(block: Block, number: int, kind: Kind, log: Log) -> str:
    found = _cell_of(block, UNIT_LABEL, number)
    unit = plain(found.text)
    if not unit or unit == "-":
        return ""
    if kind is Kind.NUMBER:
        if re.search(r"\d", unit):
            log.add(
                Situation.KIND, f"单位“{unit}”里有数字", "写成 万元、人、平方米 这样", found.spot
            )
        return unit
    if UNIT.get(kind, "") != unit and unit not in {"天": "日", "个月": "月"}.get(
        UNIT.get(kind, ""), ""
    ):
        what = f"类型是{kind}，不能再有单位“{unit}”"
        log.add(Situation.KIND, what, "删去单位，或把类型改为 数", found.spot)
    return ""


def _check_repeated(drafts: list[_Head], log: Log) -> None:
    seen: dict[str, str] = {}
    for draft in drafts:
        if draft.name in seen:
            what = f"名称“{draft.name}”在 {seen[draft.name]} 已经用过"
            log.add(Situation.REPEATED, what, "每一列用不同的名称", draft.spot)
        seen.setdefault(draft.name, draft.spot.cell)


def _complete(block: Block, draft: _Head, known: dict[str, Kind], log: Log) -> _Head:
    expression = _expression(block, draft, known, log)
    allowed = _allowed(block, draft, log)
    with_allowed = replace(draft, expression=expression, allowed=allowed)
    found = _cell_of(block, DEFAULT, draft.number)
    if not found.text:
        return with_allowed
    if draft.role != OUTPUT:
        what = "只有输出才有默认值"
        log.add(
            Situation.HEAD, what, "删去；缺少的数据由系统判为“未定”，不用默认值顶替", found.spot
        )
        return with_allowed
    return replace(with_allowed, default=_reading(read_value, found, with_allowed, log))


def _expression(block: Block, draft: _Head, known: dict[str, Kind], log: Log) -> Expression | None:
    found = _cell_of(block, EXPRESSION, draft.number)
    if not found.text:
        return None
    spot = Spot(sheet=found.spot.sheet, cell=found.spot.cell, field=draft.name, value=found.text)
    if draft.role != INPUT:
        log.add(
            Situation.EXPRESSION, "只有输入可以写算式", f"把这一列改为 {INPUT}，或删去算式", spot
        )
        return None
    try:
        expression = parse(found.text.removeprefix("="), known)
        found_kind = kind_of(expression)
    except Unreadable as unreadable:
        log.add(Situation.EXPRESSION, unreadable.what, unreadable.next_step, spot)
        return None
    fits = found_kind is draft.kind or {found_kind, draft.kind} == {Kind.NUMBER, Kind.PERCENT}
    if not fits:
        what = f"算式的结果是{found_kind}，类型却写的是{draft.kind}"
        log.add(Situation.EXPRESSION, what, f"把类型改为 {found_kind}，或改算式", spot)
    return expression


def _allowed(block: Block, draft: _Head, log: Log) -> Cell:
    found = _cell_of(block, ALLOWED, draft.number)
    if not found.text:
        return ANY
    cell = _reading(read_cell, found, draft, log)
    if cell is None:
        return ANY
    if asks_for_null(cell):
        what = "允许值里不写 空：缺少数据本来就允许"
        log.add(Situation.CELL, what, "删去“空”", found.spot)
    return cell


def _reading(reader: Callable[[str, Column], T], found: Text, head: _Head, log: Log) -> T | None:
    """What a reader makes of a cell; None with a finding for what it does not understand."""
    try:
        return reader(found.text, head.column)
    except Misread as misread:
        spot = Spot(sheet=found.spot.sheet, cell=found.spot.cell, field=head.name, value=found.text)
        log.add(Situation.CELL, misread.what, misread.next_step, spot)
        return None


def _input(head: _Head) -> Input:
    return Input(
        name=head.name,
        kind=head.kind,
        unit=head.unit,
        expression=head.expression,
        allowed=head.allowed,
    )


def _output(head: _Head) -> Output:
    return Output(
        name=head.name,
        kind=head.kind,
        unit=head.unit,
        allowed=tuple(_listed(head.allowed)),
        default=head.default,
    )


def _listed(cell: Cell) -> list[Value]:
    return list(getattr(cell, "values", ()))


# ── the rules ────────────────────────────────────────────────────────────────────────────────────


def _rules(block: Block, heads: list[_Head], log: Log) -> list[Rule]:
    remarks = [n for n, role in block.columns[COLUMNS].items() if role.text == REMARK]
    seen: dict[str, int] = {}
    rules = []
    for number, row, cells in block.rules:
        if number.text in seen:
            what = f"规则编号 {number.text} 与第 {seen[number.text]} 行相同"
            log.add(Situation.REPEATED, what, "每条规则用不同的编号", number.spot)
        seen.setdefault(number.text, row)
        asked = tuple(
            _condition(cells, row, head, block, log) for head in heads if head.role == INPUT
        )
        answer = [_answer(cells, row, head, block, log) for head in heads if head.role == OUTPUT]
        note = "；".join(cells[n].text for n in remarks if n in cells)
        whole = tuple(value for value in answer if value is not None)
        if len(whole) == len(answer):
            rules.append(Rule(name=number.text, cells=asked, answer=whole, note=note, row=row))
    return rules


def _spot(block: Block, head: _Head, row: int, value: str = "") -> Spot:
    cell = f"{column_letter(head.number)}{row}"
    return Spot(sheet=block.sheet, cell=cell, field=head.name, value=value)


def _condition(cells: dict[int, Text], row: int, head: _Head, block: Block, log: Log) -> Cell:
    found = cells.get(head.number)
    if found is None or not found.text:
        what = "条件留空，按“-”（不限）读取"
        log.add(Situation.BLANK, what, "若确实不限，请写 -", _spot(block, head, row))
        return ANY
    cell = _reading(read_cell, found, head, log)
    if cell is None:
        return ANY
    if head.expression is not None and asks_for_null(cell):
        what = "算出来的列不能问 空 或 非空"
        step = "在算式用到的输入列里写 空 或 非空"
        log.add(Situation.CELL, what, step, _spot(block, head, row, found.text))
    written = write(cell, head.kind, head.unit)
    if "".join(written.split()) != "".join(found.text.split()):
        spot = _spot(block, head, row, found.text)
        log.add(Situation.READ, f"读作 {written}", "若不是这个意思，请改写", spot)
    return cell


def _answer(cells: dict[int, Text], row: int, head: _Head, block: Block, log: Log) -> Value | None:
    found = cells.get(head.number)
    if found is None or not found.text:
        log.add(Situation.EMPTY, "输出没有填", "每条规则都要写明结果", _spot(block, head, row))
        return None
    return _reading(read_value, found, head, log)


def _check_whole(table: Table, block: Block, log: Log) -> None:
    if not table.inputs:
        log.add(Situation.HEAD, "没有输入列", "至少要有一列 输入", block.spot)
    if not table.outputs:
        log.add(Situation.HEAD, "没有输出列", "至少要有一列 输出", block.spot)
    if not block.rules:
        log.add(Situation.HEAD, "没有一条规则", "在各列说明之后，一行写一条规则", block.spot)
    given = {each.name for each in table.given}
    computed = {each.name for each in table.inputs if each.expression is not None}
    if not given and not computed:
        return
    defaults = [each for each in table.outputs if each.default is not None]
    if defaults and len(defaults) < len(table.outputs):
        lacking = "、".join(each.name for each in table.outputs if each.default is None)
        what = f"有的输出有默认值，{lacking} 却没有"
        log.add(Situation.POLICY, what, "几个输出的默认值要么都写，要么都不写", block.spot)
    _check_policy(table, block, log)


def _check_policy(table: Table, block: Block, log: Log) -> None:
    spot = block.head.get(POLICY, Text("", block.spot)).spot
    first = table.outputs[0] if table.outputs else None
    if first is None:
        return
    if table.policy is HitPolicy.PRIORITY and not first.allowed:
        what = "命中方式是“优先”，第一个输出却没有“允许值”"
        log.add(Situation.POLICY, what, "在“允许值”一行按优先的先后列出各个结果，用 、 隔开", spot)
    for output in table.outputs:
        for rule in table.rules:
            value = rule.answer[table.outputs.index(output)]
            if output.allowed and value not in output.allowed:
                what = f"规则 {rule.name} 的结果“{value}”不在允许值中"
                log.add(
                    Situation.CELL,
                    what,
                    "改结果，或补入允许值",
                    Spot(sheet=block.sheet, cell=f"A{rule.row}"),
                )
    if table.aggregator in (Aggregator.SUM, Aggregator.LEAST, Aggregator.MOST):
        texts = [each.name for each in table.outputs if not each.kind.is_numeric]
        if texts:
            what = f"“汇总·{table.aggregator}”只能用于数，{'、'.join(texts)} 不是"
            log.add(Situation.POLICY, what, "改命中方式，或把输出改为 数", spot)
