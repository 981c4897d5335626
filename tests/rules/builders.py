"""Small tables for tests: from texts as an officer writes them, or as a workbook."""

import io
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

import pyarrow as pa
import xlsxwriter

from yinuo.rules.decision import STATES, Decision
from yinuo.rules.expression import parse
from yinuo.rules.kinds import Kind
from yinuo.rules.masks import Answered, Screen
from yinuo.rules.reading import Column, read_cell, read_value
from yinuo.rules.single import Tables
from yinuo.rules.table import Aggregator, HitPolicy, Input, Output, Rule, Rulebook, Table

ON = date(2026, 3, 1)
Columns = Mapping[str, Kind | tuple[Kind, str]]


def inputs(columns: Columns, expressions: Mapping[str, str] | None = None) -> tuple[Input, ...]:
    """Inputs by name; with a unit, or an expression over the others."""
    found = []
    kinds = {name: kind if isinstance(kind, Kind) else kind[0] for name, kind in columns.items()}
    known = {**kinds, "基准日": Kind.DATE}
    for name, kind in columns.items():
        text = (expressions or {}).get(name)
        found.append(
            Input(
                name=name,
                kind=kinds[name],
                unit="" if isinstance(kind, Kind) else kind[1],
                expression=parse(text, known) if text else None,
            )
        )
    return tuple(found)


def table(
    columns: Columns,
    rows: Sequence[Sequence[str]],
    *,
    policy: HitPolicy = HitPolicy.UNIQUE,
    default: str | None = None,
    name: str = "表",
    output: str = "结果",
    kind: Kind = Kind.TEXT,
    allowed: Sequence[str] = (),
    aggregator: Aggregator = Aggregator.LIST,
    expressions: Mapping[str, str] | None = None,
    sources: Columns | None = None,
    **head: Any,
) -> Table:
    """A table with one output; each row holds a cell an input and the answer."""
    given = sources or {}
    asked = inputs({**given, **columns}, expressions)[len(given) :]
    column = Column(kind)
    rules = tuple(
        Rule(
            name=str(number),
            cells=tuple(
                read_cell(text, Column(each.kind, each.unit))
                for each, text in zip(asked, row[:-1], strict=True)
            ),
            answer=(read_value(row[-1], column),),
        )
        for number, row in enumerate(rows, start=1)
    )
    answer = Output(
        name=output,
        kind=kind,
        allowed=tuple(read_value(text, column) for text in allowed),
        default=None if default is None else read_value(default, column),
    )
    return Table(
        name=name,
        policy=policy,
        aggregator=aggregator,
        inputs=asked,
        sources=inputs(sources) if sources else (),
        outputs=(answer,),
        rules=rules,
        **head,
    )


def book(*tables: Table) -> Rulebook:
    """The tables as a rulebook."""
    return Rulebook(tables=tables)


def decide(found: Table, **given: object) -> Decision:
    """One decision on the usual day."""
    return Tables(book(found), ON).decide(given).decisions[found.name]


def answers(tables: Rulebook, batch: pa.RecordBatch, on: date = ON) -> list[Answered]:
    """What every table answers for every row."""
    return Screen(tables, on=on, schema=batch.schema).answers(batch)


def seen(answered: Answered, row: int) -> tuple[object, ...]:
    """State, answer, hits, maybes and what is lacking of one row, to compare with `told`."""
    found = answered.outcome
    number = int(found.answer[row])
    hit = maybe = 0
    for word in range(len(answered.hit)):
        hit |= int(answered.hit[word][row]) << 64 * word
        maybe |= int(answered.maybe[word][row]) << 64 * word
    lacking = tuple(
        column.name
        for place, column in enumerate(answered.table.inputs)
        if int(answered.lacking[row]) >> place & 1
    )
    return (
        STATES[found.state[row]],
        found.rows[number] if number >= 0 else None,
        hit,
        maybe,
        lacking,
    )


def told(decision: Decision) -> tuple[object, ...]:
    """The same of a decision of the other back end."""
    collects = decision.table.policy is HitPolicy.COLLECT
    listed = collects and decision.table.aggregator is Aggregator.LIST and decision.hit
    answer = decision.answers[0] if decision.answers and not listed else None
    return decision.state, answer, decision.hit, decision.maybe, decision.lacking


def sheet(
    *lines: Sequence[object], name: str = "表", more: Mapping[str, Sequence[Any]] | None = None
) -> bytes:
    """A workbook of one sheet of rows, and of more sheets by name."""
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True}) as file:
        day = file.add_format({"num_format": "yyyy-mm-dd"})
        percent = file.add_format({"num_format": "0%"})
        for title, rows in {name: lines, **(more or {})}.items():
            page = file.add_worksheet(title)
            for row, line in enumerate(rows):
                for column, value in enumerate(line):
                    if isinstance(value, date):
                        page.write_datetime(row, column, value, day)
                    elif isinstance(value, Decimal):
                        page.write_number(row, column, float(value), percent)
                    elif value not in (None, ""):
                        page.write(row, column, value)
    return buffer.getvalue()


HEAD = (
    ("规则表", "奖补"),
    ("命中方式", "唯一"),
    ("列", "输入", "输入", "输出"),
    ("名称", "营业收入", "类别", "结果"),
    ("类型", "数", "文本", "文本"),
    ("单位", "万元", "", ""),
)
"""The head of a small table; rules follow from row 7 on."""
