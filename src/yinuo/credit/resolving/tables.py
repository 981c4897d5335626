"""The small tables that resolution leaves: Parquet, sorted, the same bytes for the same input."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from yinuo.kernel.canonical import Canonical, canonical_bytes

MOVED = "moved.parquet"
"""`key`, `into`, `why` (history, judged), `evidence`: every record of `key` belongs to `into`."""
ASSIGNED = "assigned.parquet"
"""`record`, `key`, `how` (judged, linked, none), `score_mille`, `evidence`: outvotes `moved`.

`key` is final, never to be moved again. `n:` and a text is an entity without any code: a record
that was split off, one whose number turned out to be a placeholder (`how` none), or a few records
that are of the same nameless subject.
"""
PROPOSALS = "proposals.parquet"
"""`record`, `key`, `score_mille`, `evidence`: for a person to confirm or reject."""
WITHHELD = "withheld.parquet"
"""`left`, `right`, `why` (judged, ambiguous), `evidence`: joins that were due and were not made."""

_TEXT = pa.string()
SCHEMAS: Mapping[str, pa.Schema] = MappingProxyType(
    {
        MOVED: pa.schema([(name, _TEXT) for name in ("key", "into", "why", "evidence")]),
        ASSIGNED: pa.schema(
            [
                ("record", _TEXT),
                ("key", _TEXT),
                ("how", _TEXT),
                ("score_mille", pa.int32()),
                ("evidence", _TEXT),
            ]
        ),
        PROPOSALS: pa.schema(
            [("record", _TEXT), ("key", _TEXT), ("score_mille", pa.int32()), ("evidence", _TEXT)]
        ),
        WITHHELD: pa.schema([(name, _TEXT) for name in ("left", "right", "why", "evidence")]),
    }
)


def evidence(**said: Canonical) -> str:
    """Reasons as JSON text; `words` is what a steward reads."""
    return canonical_bytes(said).decode()


def rows(name: str, found: Sequence[Mapping[str, Any]]) -> pa.Table:
    """Rows as a table of that name's schema."""
    return pa.Table.from_pylist(list(found), schema=SCHEMAS[name])


def write(folder: Path, name: str, table: pa.Table) -> None:
    """Write a table in the order of its first columns: the same rows are the same bytes."""
    ordered = table.cast(SCHEMAS[name])
    keys = [(column, "ascending") for column in SCHEMAS[name].names[:2]]
    ordered = ordered.take(pc.sort_indices(ordered, sort_keys=keys)).combine_chunks()
    pq.write_table(ordered, folder / name, compression="zstd")


def read(folder: Path, name: str) -> pa.Table:
    """A table that was written, or an empty one where there is none."""
    path = folder / name
    return pq.ParquetFile(path).read() if path.is_file() else SCHEMAS[name].empty_table()
