"""Writing tables as a workbook in the one layout that is read, every cell in its canonical form."""

import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import xlsxwriter

from yinuo.rules.cells import AnyValue, OneOf, write
from yinuo.rules.expression import write as write_expression
from yinuo.rules.kinds import Value, canonical
from yinuo.rules.table import Aggregator, Example, HitPolicy, Input, Output, Rulebook, Table
from yinuo.rules.workbook.layout import (
    ALLOWED,
    BASIS,
    COLUMNS,
    DEFAULT,
    EXAMPLE_DAY,
    EXAMPLE_NOTE,
    EXAMPLE_TABLE,
    EXAMPLES,
    EXPECTED,
    EXPRESSION,
    INPUT,
    INTRODUCTION,
    KIND,
    NAME,
    NOTE,
    OUTPUT,
    POLICY,
    REMARK,
    SOURCE,
    TABLE,
    UNIT,
    VALID_FROM,
    VALID_TO,
)

WIDE, NARROW, LABEL = 22, 16, 12


@dataclass(frozen=True, slots=True)
class _Column:
    """A column as it is written."""

    role: str
    name: str
    kind: str
    expression: str = ""
    unit: str = ""
    allowed: str = ""
    default: str = ""


def write_workbook(
    book: Rulebook, *, introduction: Sequence[str] = (), made_at: datetime | None = None
) -> bytes:
    """The tables, each on its sheet, and their examples; the same bytes for the same `made_at`."""
    buffer = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(buffer, options) as file:
        if made_at is not None:
            file.set_properties({"created": made_at})
        formats = {
            "head": file.add_format({"bold": True, "bg_color": "#E8EEF7", "text_wrap": True}),
            "text": file.add_format({"text_wrap": True, "valign": "top"}),
            "title": file.add_format({"bold": True, "font_size": 14}),
        }
        if introduction:
            sheet = file.add_worksheet(INTRODUCTION)
            sheet.set_column(0, 0, 100)
            for row, line in enumerate(introduction):
                sheet.write_string(row, 0, line, formats["title" if row == 0 else "text"])
        sheets: dict[str, tuple[Any, int]] = {}
        for table in book.tables:
            name = table.sheet or table.name[:31]
            sheet, row = sheets.get(name) or (file.add_worksheet(name), 0)
            sheets[name] = (sheet, _write_table(sheet, row, table, formats) + 2)
        if book.examples:
            _write_examples(file.add_worksheet(EXAMPLES), book, formats)
    return buffer.getvalue()


def _write_table(sheet: Any, row: int, table: Table, formats: dict[str, Any]) -> int:  # noqa: ANN401  # xlsxwriter is untyped
    """Write a table from a row on; the row after it."""
    head = (
        (TABLE, table.name),
        (POLICY, _policy(table)),
        (VALID_FROM, table.valid_from.isoformat() if table.valid_from else ""),
        (VALID_TO, table.valid_to.isoformat() if table.valid_to else ""),
        (BASIS, table.basis),
        (NOTE, table.note),
    )
    sheet.set_column(0, 0, LABEL)
    for label, text in head:
        sheet.write_string(row, 0, label, formats["head"])
        if text:
            sheet.write_string(row, 1, text)
        row += 1
    columns = _columns(table)
    sheet.set_column(1, len(columns), WIDE)
    lines = (
        (COLUMNS, [column.role for column in columns]),
        (NAME, [column.name for column in columns]),
        (EXPRESSION, [column.expression for column in columns]),
        (KIND, [column.kind for column in columns]),
        (UNIT, [column.unit for column in columns]),
        (ALLOWED, [column.allowed for column in columns]),
        (DEFAULT, [column.default for column in columns]),
    )
    for label, texts in lines:
        if any(texts):
            _write_row(sheet, row, [label, *texts], formats["head"])
            row += 1
    for rule in table.rules:
        cells = [
            write(cell, column.kind, column.unit)
            for column, cell in zip(table.inputs, rule.cells, strict=True)
        ]
        answers = [
            canonical(value, output.kind, output.unit)
            for output, value in zip(table.outputs, rule.answer, strict=True)
        ]
        blank = [""] * len(table.sources)
        _write_row(sheet, row, [rule.name, *blank, *cells, *answers, rule.note], formats["text"])
        row += 1
    return row


def _write_row(sheet: Any, row: int, texts: Iterable[str], form: Any) -> None:  # noqa: ANN401  # xlsxwriter is untyped
    for place, text in enumerate(texts):
        if text:
            sheet.write_string(row, place, text, form)


def _policy(table: Table) -> str:
    if table.policy is HitPolicy.COLLECT and table.aggregator is not Aggregator.LIST:
        return f"{table.policy}·{table.aggregator}"
    return str(table.policy)


def _columns(table: Table) -> list[_Column]:
    given = [_of_input(column, SOURCE) for column in table.sources]
    given += [_of_input(column, INPUT) for column in table.inputs]
    remark = [_Column(REMARK, "", "")] if any(rule.note for rule in table.rules) else []
    return [*given, *(_of_output(output) for output in table.outputs), *remark]


def _of_input(column: Input, role: str) -> _Column:
    allowed = column.allowed
    return _Column(
        role=role,
        name=column.name,
        kind=str(column.kind),
        expression=write_expression(column.expression) if column.expression else "",
        unit=column.unit,
        allowed="" if isinstance(allowed, AnyValue) else write(allowed, column.kind, column.unit),
    )


def _of_output(output: Output) -> _Column:
    allowed = OneOf(output.allowed)
    return _Column(
        role=OUTPUT,
        name=output.name,
        kind=str(output.kind),
        unit=output.unit,
        allowed=write(allowed, output.kind, output.unit) if output.allowed else "",
        default=""
        if output.default is None
        else canonical(output.default, output.kind, output.unit),
    )


def _write_examples(sheet: Any, book: Rulebook, formats: dict[str, Any]) -> None:  # noqa: ANN401  # xlsxwriter is untyped
    given = list(dict.fromkeys(name for each in book.examples for name, _ in each.given))
    expected = list(dict.fromkeys(name for each in book.examples for name, _ in each.expected))
    dated = any(each.on for each in book.examples)
    heads = [EXAMPLE_TABLE, *([EXAMPLE_DAY] if dated else []), *given]
    heads += [f"{EXPECTED} {name}" for name in expected] + [EXAMPLE_NOTE]
    sheet.set_column(0, len(heads), NARROW)
    sheet.freeze_panes(1, 1)
    _write_row(sheet, 0, heads, formats["head"])
    columns = {column.name: column for table in book.tables for column in table.given}
    for row, example in enumerate(book.examples, start=1):
        _write_row(sheet, row, _example(example, dated, given, expected, columns), formats["text"])


def _example(
    example: Example,
    dated: bool,  # noqa: FBT001  # a column is there or not
    given: Sequence[str],
    expected: Sequence[str],
    columns: dict[str, Input],
) -> list[str]:
    values: dict[str, Value] = dict(example.given)
    wanted = dict(example.expected)
    day = [example.on.isoformat() if example.on else ""] if dated else []
    texts = [
        canonical(values[name], columns[name].kind, columns[name].unit) if name in values else ""
        for name in given
    ]
    return [example.table, *day, *texts, *(wanted.get(name, "") for name in expected), example.note]
