"""Names of records: which record a row is, and what it says, as MD5 of 16 bytes.

`record` is of the source's id and the values of its key, `content` of the values of all its
fields, joined by U+001F, which no landed text holds; nothing is an empty text, a date is written
2024-01-03, an amount in 分. MD5 only names: what is proven is proven by the batch's SHA-256.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache

import duckdb
import pyarrow as pa
import pyarrow.compute as pc

from yinuo.lake.names import BYTES, octets, packed
from yinuo.lake.records.description import SourceDescription
from yinuo.lake.records.texts import one

SEPARATOR = "\x1f"


@dataclass(frozen=True)
class Names:
    """Of every row of a piece."""

    record: pa.Array
    content: pa.Array


@cache
def _database() -> duckdb.DuckDBPyConnection:
    """One for the process, without tables: to make one takes as long as naming 30,000 rows."""
    return duckdb.connect(
        config={
            "threads": 1,
            "arrow_lossless_conversion": True,  # names come as 16 bytes
            "autoinstall_known_extensions": False,
            "autoload_known_extensions": False,
        }
    )


class Namer:
    """Names rows in any thread."""

    def __init__(self, source: SourceDescription) -> None:
        self._source = source
        self._fields = [field.name for field in source.fields]
        self._database = _database()

    def names(self, columns: Mapping[str, pa.Array]) -> Names:
        """The names of rows given by their landed columns."""
        said = {name: _as_text(columns[name]) for name in self._fields}
        record = _joined([pa.scalar(self._source.id), *(said[name] for name in self._source.key)])
        content = _joined([said[name] for name in self._fields])
        # As numbers, whose bytes lie the other way round: no digits are written to be read again.
        sql = "SELECT CAST(md5_number(r) AS UUID) AS r, CAST(md5_number(c) AS UUID) AS c FROM given"
        made = self._of(pa.table({"r": record, "c": content}), sql)
        return Names(_turned(made.column(0)), _turned(made.column(1)))

    def as_json(self, rows: pa.StructArray) -> pa.Array:
        """Rows as they stand, as JSON of heading → text."""
        if not len(rows):
            return pa.nulls(0, pa.string())
        return one(
            self._of(pa.table({"s": rows}), "SELECT CAST(to_json(s) AS VARCHAR) FROM given").column(
                0
            )
        )

    def _of(self, given: pa.Table, sql: str) -> pa.Table:
        with self._database.cursor() as own:
            own.register("given", given)
            return own.sql(sql).to_arrow_table()


def _turned(numbers: pa.ChunkedArray) -> pa.Array:
    turned = octets(one(numbers))[:, ::-1].tobytes()
    storage = pa.Array.from_buffers(pa.binary(BYTES), len(numbers), [None, pa.py_buffer(turned)])
    return packed(storage)


def _joined(columns: Sequence[pa.Array | pa.Scalar]) -> pa.Array:
    return pc.binary_join_element_wise(
        *columns, SEPARATOR, null_handling="replace", null_replacement=""
    )


def _as_text(column: pa.Array) -> pa.Array:
    return column if pa.types.is_string(column.type) else column.cast(pa.string())
