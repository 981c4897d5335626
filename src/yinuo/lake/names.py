"""Names of 16 bytes: of records, of what they say, of entities.

In files and in DuckDB they are UUIDs, which are read, written and compared in a third of the time
of their digits. Everywhere else, and on Spark, which has no such type, they are texts: 32
hexadecimal digits; of an entity E and the first 24, the other eight being the first eight once
more. Zeros there could be packed, and what can be packed takes three times as long to read.
"""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

NAME = pa.uuid()
BYTES, DIGITS = 16, 32
ENTITY = "entity"
_FORMS = (NAME, pa.binary(BYTES), pa.string())
NAMED = frozenset({"record", "content", ENTITY})
"""Columns of names."""


def packed(digests: pa.Array) -> pa.Array:
    """Names, of an array of 16 bytes each."""
    return pa.ExtensionArray.from_storage(NAME, digests)


def texts(names: pa.Array | pa.ChunkedArray) -> pa.Array:
    """The digits of names; texts, as older files have them, as they are."""
    if isinstance(names, pa.ChunkedArray):
        names = names.combine_chunks()
    if names.type != NAME:
        return names.cast(pa.string())
    digits = np.frombuffer(octets(names).tobytes().hex().encode(), f"S{DIGITS}")
    return pa.array(digits.astype(f"U{DIGITS}"), pa.string())


def octets(names: pa.Array) -> np.ndarray:
    """Names as rows of 16 bytes; texts of 32 digits too. None is missing."""
    if names.type != NAME:
        joined = "".join(names.to_pylist())
        return np.frombuffer(bytes.fromhex(joined), np.uint8).reshape(-1, BYTES)
    storage = names.storage
    whole = np.frombuffer(storage.buffers()[1], np.uint8)
    return whole.reshape(-1, BYTES)[storage.offset :][: len(storage)]


def forms(paths: Sequence[Path], columns: Sequence[str]) -> dict[str, bool]:
    """Which of these columns are of names in these files, all of one kind, and whether as texts."""
    asked = NAMED.intersection(columns)
    if not asked or not paths:
        return {}
    schema = pq.read_schema(paths[0])
    types = {each: schema.field(each).type for each in asked}
    return {each: pa.types.is_string(kind) for each, kind in types.items() if kind in _FORMS}
