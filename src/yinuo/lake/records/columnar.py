"""Parquet files, whose columns are made text and read like those of other files."""

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from yinuo.lake.read import FileUnreadable
from yinuo.lake.records import headings
from yinuo.lake.records.description import SourceDescription
from yinuo.lake.records.pieces import Piece, Reached, raw_rows

BLOCK = 122_880


def layout(path: Path, source: SourceDescription) -> headings.Places:
    """Where the fields stand. Raises `WrongHeadings`, `FileUnreadable`."""
    try:
        names = pq.read_schema(path).names
    except (pa.ArrowException, OSError) as error:
        raise FileUnreadable(path.name, str(error).splitlines()[0]) from error
    return headings.places(names, source, path.name)


def pieces(path: Path, places: headings.Places, reached: Reached) -> Iterator[Callable[[], Piece]]:
    """The rows of a file. Raises `FileUnreadable` where it breaks off."""
    try:
        with pq.ParquetFile(path) as file:
            total, done = max(file.metadata.num_rows, 1), 0
            for rows in file.iter_batches(BLOCK):
                done += len(rows)
                yield partial(piece_of, rows, places)
                reached(path.stat().st_size * done // total)
    except (pa.ArrowException, OSError) as error:
        raise FileUnreadable(path.name, str(error).splitlines()[0]) from error


def piece_of(rows: pa.RecordBatch, places: headings.Places) -> Piece:
    """Rows of typed columns as a piece."""
    texts = [as_text(column) for column in rows.columns]
    columns = {name: texts[at] for name, at in places.fields.items()}
    return Piece(
        columns=columns,
        raw=raw_rows(rows.schema.names, texts),
        lines=np.arange(1, len(rows) + 1, dtype=np.int64),
        records=len(rows),
        unknown=dict.fromkeys(places.unknown, len(rows)),
    )


def as_text(column: pa.Array) -> pa.Array:
    """A column as texts, null where empty; whole numbers without a point, no digit lost."""
    if pa.types.is_dictionary(column.type):
        column = column.dictionary_decode()
    if pa.types.is_nested(column.type):
        return pa.array([None if v is None else str(v) for v in column.to_pylist()], pa.string())
    text = column.cast(pa.string())
    if pa.types.is_floating(column.type) or pa.types.is_decimal(column.type):
        # 12.0 is 12, and 12.50 is 12.5: the same number has one text.
        text = pc.replace_substring_regex(text, r"(\.\d*?)0+$", r"\1")
        text = pc.replace_substring_regex(text, r"\.$", "")
    return pc.if_else(pc.equal(text, ""), pa.scalar(None, pa.string()), text)
