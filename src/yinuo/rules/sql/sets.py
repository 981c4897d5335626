"""Rows decided by DuckDB: values written as a relation, the statement run, columns read back."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal, DecimalException
from typing import Any

import duckdb

from yinuo.rules.feel.values import (
    NANOS,
    Date,
    DateTime,
    DayDuration,
    MonthDuration,
    Time,
    Value,
)
from yinuo.rules.sql.dialects import DUCKDB
from yinuo.rules.sql.kinds import (
    Day,
    Kind,
    Listed,
    Moment,
    Months,
    Nothing,
    Number,
    Seconds,
    Struct,
    Text,
    Truth,
)
from yinuo.rules.sql.program import RELATION, Program
from yinuo.rules.sql.refusals import Refusal
from yinuo.rules.sql.tree import Constant, Plain

SETTINGS = {
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
    "threads": "1",
}
Row = Mapping[str, Value]


def connection() -> duckdb.DuckDBPyConnection:
    """A database in memory that fetches nothing."""
    return duckdb.connect(config=dict(SETTINGS))


def decide_rows(
    program: Program, rows: Sequence[Row], database: duckdb.DuckDBPyConnection
) -> list[dict[str, Value]]:
    """What the program decides for each row; a value that is left out is null.

    Raises `Refusal` for a value that its column cannot hold, `duckdb.Error` where the statement
    stops.
    """
    if not rows:
        return []
    lines = [
        ", ".join(
            [str(number), *(_literal(row.get(name), kind) for name, kind in program.inputs.items())]
        )
        for number, row in enumerate(rows)
    ]
    names = [_PLACE, *program.inputs]
    columns = ", ".join(DUCKDB.identifier(name) for name in names)
    values = ", ".join(f"({line})" for line in lines)
    table = DUCKDB.identifier(RELATION)
    database.execute(
        f"CREATE OR REPLACE TEMP TABLE {table} AS SELECT * FROM (VALUES {values})"  # noqa: S608  # every part is a literal or identifier in quotes
        f" AS given({columns})"
    )
    outputs = ", ".join(DUCKDB.identifier(name) for name in program.outputs)
    place = DUCKDB.identifier(_PLACE)
    found = database.execute(
        f"SELECT {outputs} FROM ({program.text}) ORDER BY {place}"  # noqa: S608  # as above
    ).fetchall()
    kinds = list(program.outputs.items())
    return [
        {name: value_of(cell, kind) for (name, kind), cell in zip(kinds, line, strict=True)}
        for line in found
    ]


_PLACE = "_y place"


# ── values to columns ────────────────────────────────────────────────────────────────────────────


def _literal(value: Value, kind: Kind) -> str:
    """The value as a literal of the column's type."""
    if value is None:
        return DUCKDB.constant(Constant(None, kind))
    match kind:
        case Struct(entries) if isinstance(value, dict):
            parts = [
                f"{DUCKDB.string(name)}: {_literal(value.get(name), each)}"
                for name, each in entries
            ]
            if not {name for name, _ in entries} <= value.keys():
                raise Refusal("缺少字段的上下文", "一列的结构总是完整的")
            return "{" + ", ".join(parts) + "}"
        case Listed(element) if isinstance(value, list):
            items = ", ".join(_literal(each, element) for each in value)
            return f"CAST([{items}] AS {DUCKDB.type(kind)})"
    return DUCKDB.constant(Constant(plain(value, kind), kind))


def plain(value: Value, kind: Kind) -> Plain:  # noqa: PLR0911  # one a kind
    """The value as a constant of the kind. Raises `Refusal`."""
    match kind, value:
        case Number(scale), Decimal():
            return _scaled(value, scale)
        case Text(), str():
            return value
        case Truth(), bool():
            return value
        case Day(), Date():
            return date(value.year, value.month, value.day)
        case Moment(), DateTime() if value.time.zone is None:
            day = datetime(value.date.year, value.date.month, value.date.day)  # noqa: DTZ001  # local
            return day + timedelta(microseconds=value.time.nanos // 1000)
        case Seconds(), DayDuration():
            return Decimal(value.nanos).scaleb(-9)
        case Months(), MonthDuration():
            return Decimal(value.months)
    raise Refusal("给出的值", "与模型写明的类型不同，列装不下")


def _scaled(value: Decimal, scale: int) -> Decimal:
    try:
        found = value.quantize(Decimal(1).scaleb(-scale))
    except DecimalException as error:
        raise Refusal(f"数 {value}", "太大，列装不下") from error
    if found != value:
        raise Refusal(f"数 {value}", f"小数超过 {scale} 位，列装不下")
    return found


# ── columns to values ────────────────────────────────────────────────────────────────────────────


def value_of(cell: Any, kind: Kind) -> Value:  # noqa: ANN401, C901, PLR0911  # what DuckDB gives
    """A cell of the result as a FEEL value."""
    if cell is None:
        return None
    match kind:
        case Number():
            return Decimal(cell)
        case Day():
            return Date(cell.year, cell.month, cell.day)
        case Moment():
            micros = (cell - datetime.combine(cell.date(), datetime.min.time())) / _MICRO
            day = Date(cell.year, cell.month, cell.day)
            return DateTime(day, Time(int(micros) * 1000))
        case Seconds():
            return DayDuration(int(cell * NANOS))
        case Months():
            return MonthDuration(int(cell))
        case Listed(element):
            return [value_of(each, element) for each in cell]
        case Struct(entries):
            return {name: value_of(cell[name], each) for name, each in entries}
        case Text():
            return str(cell)
        case Truth():
            return bool(cell)
        case Nothing():
            return None


_MICRO = timedelta(microseconds=1)
