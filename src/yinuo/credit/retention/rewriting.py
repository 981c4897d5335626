"""A Parquet file written anew without some of its rows, in the place of the old one. Pure."""

from collections.abc import Callable
from pathlib import Path
from typing import TypeAlias

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from yinuo.kernel.durable import whole_or_not
from yinuo.lake.names import texts

ROWS = 65_536
"""Read at a time."""
Locate: TypeAlias = Callable[[pa.Table], pa.Array]
"""The locator of each row, as text."""


def by_record(rows: pa.Table) -> pa.Array:
    """Of records, of ids of repeated ones, of rows of packages."""
    return texts(rows["record"])


def by_line(rows: pa.Table) -> pa.Array:
    """Of letters: the line of their one file."""
    return pc.cast(rows["line"], pa.string())


def by_file_and_line(rows: pa.Table) -> pa.Array:
    """Of rows put aside by a batch."""
    file, line = (pc.cast(rows[name], pa.string()) for name in ("file", "line"))
    return pc.binary_join_element_wise(file, line, ":")


def count_rows(path: Path, gone: pa.Array, locate: Locate) -> int:
    """How many rows of a file have one of these locators."""
    found = 0
    with pq.ParquetFile(path) as file:
        for some in file.iter_batches(ROWS):
            located = locate(pa.Table.from_batches([some]))
            found += pc.sum(pc.is_in(located, gone)).as_py() or 0
    return found


def without_rows(path: Path, gone: pa.Array, locate: Locate) -> None:
    """Write a file anew without the rows that have one of these locators, whole or not at all."""
    with pq.ParquetFile(path) as old, whole_or_not(path) as file:
        schema = old.schema_arrow
        with pq.ParquetWriter(file, schema, compression="zstd") as new:
            for some in old.iter_batches(ROWS):
                rows = pa.Table.from_batches([some])
                kept = rows.filter(pc.invert(pc.is_in(locate(rows), gone)))
                new.write_table(kept.cast(schema))
