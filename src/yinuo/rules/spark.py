"""The same masks on Spark: a function for `mapInArrow`, and the schema of what it gives.

    work, schema = mapped(rulebook, on=day, keep=("代码",), schema=arrow_schema)
    answers = frame.mapInArrow(work, schema)

Spark itself is not imported: whoever has a frame has it, and the workers need only this package.
"""

from collections.abc import Callable, Iterator, Sequence
from datetime import date
from typing import Any, TypeAlias

import pyarrow as pa

from yinuo.rules.masks import Screen
from yinuo.rules.screen import answer_columns
from yinuo.rules.table import Rulebook

Work: TypeAlias = Callable[[Iterator[Any]], Iterator[Any]]


def mapped(
    rulebook: Rulebook, *, on: date, schema: pa.Schema, keep: Sequence[str] = ()
) -> tuple[Work, str]:
    """What to give `mapInArrow` for a frame of this Arrow schema.

    Raises `MissingColumn` and `UnfitColumn` here, on the driver, before any row is read.
    """
    screen = Screen(rulebook, on=on, schema=schema)
    empty = pa.RecordBatch.from_pylist([], schema=schema)
    described = _answered(screen, empty, keep).schema

    def work(batches: Iterator[Any]) -> Iterator[Any]:
        for batch in batches:
            yield _answered(screen, batch, keep)

    return work, ", ".join(f"`{field.name}` {_ddl(field.type)}" for field in described)


def _answered(screen: Screen, batch: pa.RecordBatch, keep: Sequence[str]) -> pa.RecordBatch:
    columns = {name: batch.column(name) for name in keep}
    for each in screen.answers(batch):
        columns |= answer_columns(each)
    return pa.record_batch({name: _plain(column) for name, column in columns.items()})


def _plain(column: pa.Array) -> pa.Array:
    """Without a dictionary, which Spark does not take back."""
    if pa.types.is_dictionary(column.type):
        return column.cast(column.type.value_type)
    return column


def _ddl(found: pa.DataType) -> str:
    """The type as Spark's SQL names it."""
    if pa.types.is_decimal(found):
        return f"decimal({found.precision},{found.scale})"
    names = {
        pa.string(): "string",
        pa.large_string(): "string",
        pa.bool_(): "boolean",
        pa.date32(): "date",
        pa.int64(): "bigint",
        pa.int32(): "int",
        pa.float64(): "double",
    }
    return names[found]
