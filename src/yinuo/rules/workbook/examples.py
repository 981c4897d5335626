"""The sheet 测试: one example a row, with what must come out."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from yinuo.kernel.findings import Log, Spot
from yinuo.kernel.spreadsheet.cells import Grid
from yinuo.rules.feeding import feeds, given_inputs
from yinuo.rules.findings import Situation
from yinuo.rules.kinds import Kind, Value, canonical
from yinuo.rules.reading import Column, Misread, column_allowed, read_day, read_value
from yinuo.rules.table import Aggregator, Example, Input, Output, Table
from yinuo.rules.workbook.blocks import Text, text_of
from yinuo.rules.workbook.layout import (
    EXAMPLE_DAY,
    EXAMPLE_NOTE,
    EXAMPLE_TABLE,
    EXPECTED,
    EXPECTED_MISSING,
    EXPECTED_RULE,
    EXPECTED_STATE,
)

NO_ANSWER = "未定"
BY_STATE = (EXPECTED_RULE, EXPECTED_STATE, EXPECTED_MISSING)


@dataclass(frozen=True, slots=True)
class _Headed:
    """The sheet's columns by what they are."""

    table: int
    given: dict[int, str]
    expected: dict[int, str]
    day: int | None
    note: int | None


def examples(grid: Grid, tables: Sequence[Table], log: Log) -> list[Example]:
    """The examples of a sheet; a row with a fault is a finding, never left out silently."""
    rows = list(grid.rows.items())
    if not rows:
        return []
    texts = {n: text_of(cell, grid.name, log) for n, cell in rows[0][1].items()}
    headed = _headed(grid, texts, tables, log)
    if headed is None:
        return []
    found = []
    for row, cells in rows[1:]:
        line = {n: text_of(cell, grid.name, log) for n, cell in cells.items()}
        example = _example(row, line, sheet=grid.name, headed=headed, tables=tables, log=log)
        if example is not None:
            found.append(example)
    return found


def _headed(
    grid: Grid, texts: dict[int, Text], tables: Sequence[Table], log: Log
) -> _Headed | None:
    inputs = given_inputs(tables, {})
    outputs = {output.name for table in tables for output in table.outputs}
    found: dict[str, int] = {}
    given: dict[int, str] = {}
    expected: dict[int, str] = {}
    for number, head in texts.items():
        name = " ".join(head.text.split())
        wanted = name.removeprefix(EXPECTED).strip(" ·：:")
        if name in (EXAMPLE_TABLE, EXAMPLE_DAY, EXAMPLE_NOTE):
            found[name] = number
        elif name.startswith(EXPECTED) and (wanted in outputs or wanted in BY_STATE):
            expected[number] = wanted
        elif name in inputs:
            given[number] = name
        else:
            _strange(head, name, [*inputs, *(f"{EXPECTED} {each}" for each in outputs)], log)
    if EXAMPLE_TABLE not in found:
        spot = Spot(sheet=grid.name, cell="A1")
        log.add(Situation.EXAMPLE, f"缺少“{EXAMPLE_TABLE}”一列", "第一列写每一行要试的表", spot)
        return None
    return _Headed(
        found[EXAMPLE_TABLE], given, expected, found.get(EXAMPLE_DAY), found.get(EXAMPLE_NOTE)
    )


def _strange(head: Text, name: str, known: Sequence[str], log: Log) -> None:
    what = f"列“{name[:30]}”既不是输入，也不是“{EXPECTED} 输出名”"
    listed = "、".join(known[:12])
    log.add(Situation.EXAMPLE, what, f"可用的列：{listed}", head.spot)


def _example(
    row: int,
    line: dict[int, Text],
    *,
    sheet: str,
    headed: _Headed,
    tables: Sequence[Table],
    log: Log,
) -> Example | None:
    before = len(log.errors)
    named = line.get(headed.table, Text("", Spot(sheet=sheet, cell=f"A{row}")))
    versions = [table for table in tables if table.name == named.text]
    if not versions:
        listed = "、".join(dict.fromkeys(table.name for table in tables))
        what = f"没有“{named.text[:30]}”这张表" if named.text else "没有写要试的表"
        log.add(Situation.EXAMPLE, what, f"可用的表：{listed}", named.spot)
        return None
    inputs = given_inputs(tables, {})
    outputs = _outputs(versions, tables)
    given = {
        name: value
        for number, name in headed.given.items()
        if (value := _value(line.get(number), inputs[name], log)) is not None
    }
    expected = {
        name: text
        for number, name in headed.expected.items()
        if (text := _expected(line.get(number), name, outputs, log))
    }
    for number, found in line.items():
        if number not in _known(headed):
            log.add(Situation.EXAMPLE, "这一列没有表头", "补上表头，或删去内容", found.spot)
    if not expected:
        what = f"这一行没有写“{EXPECTED} …”，什么也没有试"
        log.add(Situation.EXAMPLE, what, "写上应得的结果", named.spot)
    day = _example_day(line, headed, log)
    if len(log.errors) > before:
        return None
    note = line[headed.note].text if headed.note in line else ""
    return Example(
        table=named.text,
        given=tuple(given.items()),
        expected=tuple(expected.items()),
        on=day,
        row=row,
        note=note,
    )


def _known(headed: _Headed) -> set[int | None]:
    return {headed.table, headed.day, headed.note, *headed.given, *headed.expected}


def _outputs(versions: Sequence[Table], tables: Sequence[Table]) -> dict[str, Output | None]:
    """Outputs of the table and of those that feed it; None where the answer is no single value."""
    found: dict[str, Output | None] = {}
    for table in (*versions, *feeds(tables).values()):
        for output in table.outputs:
            is_list = table.aggregator is Aggregator.LIST and table.policy.name == "COLLECT"
            counts = table.aggregator is Aggregator.COUNT
            plain = Output(name=output.name, kind=Kind.NUMBER) if counts else output
            found.setdefault(output.name, None if is_list else plain)
    return found


def _value(found: Text | None, column: Input, log: Log) -> Value | None:
    if found is None or not found.text:
        return None
    try:
        allowed = column_allowed(column.allowed)
        return read_value(found.text, Column(column.kind, column.unit, allowed))
    except Misread as misread:
        spot = Spot(
            sheet=found.spot.sheet, cell=found.spot.cell, field=column.name, value=found.text
        )
        log.add(Situation.EXAMPLE, misread.what, misread.next_step, spot)
        return None


def _expected(found: Text | None, name: str, outputs: dict[str, Output | None], log: Log) -> str:
    if found is None or not found.text:
        return ""
    output = outputs.get(name)
    if name in BY_STATE or found.text == NO_ANSWER or output is None:
        return found.text
    try:
        value = read_value(found.text, Column(output.kind, output.unit))
    except Misread as misread:
        log.add(Situation.EXAMPLE, misread.what, misread.next_step, found.spot)
        return ""
    return canonical(value, output.kind, output.unit)


def _example_day(line: dict[int, Text], headed: _Headed, log: Log) -> date | None:
    found = line.get(headed.day) if headed.day is not None else None
    if found is None or not found.text:
        return None
    try:
        return read_day(found.text)
    except Misread as misread:
        log.add(Situation.EXAMPLE, misread.what, misread.next_step, found.spot)
        return None
