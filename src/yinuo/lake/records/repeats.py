"""Rows that say again what another row has said, in this batch or in an earlier one.

Rows whose record may have come before are held back by a table of bits, one for the first bytes
of a record's name, and looked at exactly at the end; all others are written as they come and never
again. So memory is bounded, and no file is written twice.
"""

import shutil
from collections.abc import Iterator, Sequence
from enum import IntEnum
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from yinuo.lake.engine import DuckDB
from yinuo.lake.names import octets
from yinuo.lake.records.batch import RecordBatch
from yinuo.lake.records.texts import Flags

Slots = NDArray[np.uint32]
LEAST_BITS, MOST_BITS = 20, 32
PER_ROW = 16
FIRST = 4
"""Bytes of a name."""
BLOCK = 1 << 16
NAMED = ("record", "content", "file", "line")


class Before:
    """Whether a record may have come before; never says no of one that has."""

    def __init__(self, rows: int) -> None:
        bits = min(max((rows * PER_ROW).bit_length(), LEAST_BITS), MOST_BITS)
        self._mask = np.uint32((1 << bits) - 1)
        self._met = np.zeros(1 << (bits - 3), np.uint8)

    def add(self, batches: Sequence[RecordBatch]) -> None:
        """Every record of earlier batches has come before."""
        for path in (path for batch in batches for path in batch.records):
            with pq.ParquetFile(path) as file:
                for rows in file.iter_batches(BLOCK, columns=["record"]):
                    self._meet(np.sort(self._slots(rows.column(0))))

    def may_have_come(self, records: pa.Array, good: Flags) -> Flags:
        """Which good rows may repeat another one, of before or of this piece; all have now come."""
        slots = self._slots(records)
        found = (self._met[slots >> np.uint32(3)] >> (slots & np.uint32(7)).astype(np.uint8)) & 1
        held: Flags = found.astype(np.bool_)
        ordered = np.sort(slots[good])
        twice = np.unique(ordered[1:][ordered[1:] == ordered[:-1]])
        if len(twice):
            held |= np.isin(slots, twice)
        self._meet(ordered)
        held &= good
        return held

    def _meet(self, ordered: Slots) -> None:
        """Set the bits of slots in order."""
        if not len(ordered):
            return
        byte = ordered >> np.uint32(3)
        bits = np.left_shift(np.uint8(1), (ordered & np.uint32(7)).astype(np.uint8))
        starts = np.flatnonzero(np.concatenate([[True], byte[1:] != byte[:-1]]))
        self._met[byte[starts]] |= np.bitwise_or.reduceat(bits, starts)

    def _slots(self, records: pa.Array) -> Slots:
        first = np.ascontiguousarray(octets(records)[:, :FIRST])
        return first.view(">u4").ravel().astype(np.uint32) & self._mask


class Verdict(IntEnum):
    """What becomes of a row that was held back."""

    NEW = 0
    AGAIN = 1
    """It says the same as an earlier row of the batch."""
    UNCHANGED = 2
    """It says the same as an earlier batch."""
    CONFLICT = 3
    """It says something else than an earlier row of the batch."""


def decide(
    *,
    engine: DuckDB,
    folder: Path,
    held: Path,
    written: Sequence[Path],
    earlier: Sequence[RecordBatch],
) -> Iterator[tuple[pa.RecordBatch, NDArray[np.int8]]]:
    """Rows held back, in their order, each with its `Verdict`.

    The first row of a record in the batch counts: it is unchanged if the newest earlier batch
    that has the record says the same. A later one says the same again, or is a conflict.
    """
    engine.read("held", [held], NAMED, packed=True)
    engine.keep("ids", "SELECT DISTINCT record FROM held")
    engine.define("rivals", _rivals(engine, written))
    engine.keep("latest", _latest(engine, earlier))
    made = folder / "verdicts"
    engine.write(f"SELECT verdict FROM ({_verdicts()}) ORDER BY file, line", made)  # noqa: S608  # our own names
    found = pq.read_table(made).column("verdict").to_numpy()
    engine.forget(("rivals", "latest", "ids", "held"))
    shutil.rmtree(made)
    at = 0
    with pq.ParquetFile(held) as file:
        for rows in file.iter_batches(BLOCK):
            yield rows, found[at : at + len(rows)]
            at += len(rows)


def _verdicts() -> str:
    """File, line and verdict of every row held back."""
    named = ", ".join(NAMED)
    ordered = (
        f"SELECT *, first_value(content) OVER same AS first, row_number() OVER same AS place "  # noqa: S608  # our own names
        f"FROM (SELECT {named}, true AS is_held FROM held "
        f"UNION ALL SELECT {named}, false AS is_held FROM rivals) "
        "WINDOW same AS (PARTITION BY record ORDER BY file, line)"
    )
    return (
        "SELECT file, line, CAST(CASE "  # noqa: S608  # our own names
        f"WHEN place > 1 AND content <> first THEN {Verdict.CONFLICT:d} "
        f"WHEN place > 1 THEN {Verdict.AGAIN:d} WHEN content = known THEN {Verdict.UNCHANGED:d} "
        f"ELSE {Verdict.NEW:d} END AS TINYINT) AS verdict "
        f"FROM ({ordered}) LEFT JOIN latest USING (record) WHERE is_held"
    )


def _rivals(engine: DuckDB, written: Sequence[Path]) -> str:
    """Rows already written of records that were held back."""
    if not written:
        return f"SELECT {', '.join(NAMED)} FROM held WHERE false"  # noqa: S608  # our own names
    engine.read("written", written, NAMED, packed=True)
    return "SELECT * FROM written WHERE record IN (SELECT record FROM ids)"


def _latest(engine: DuckDB, earlier: Sequence[RecordBatch]) -> str:
    """What the newest earlier batch says of each record that was held back."""
    parts = []
    for number, batch in enumerate(batch for batch in earlier if batch.records):
        engine.read(f"earlier_{number}", batch.records, ["record", "content"], packed=True)
        parts.append(
            f"SELECT record, content, {number} AS number FROM earlier_{number} "  # noqa: S608  # our own names
            "WHERE record IN (SELECT record FROM ids)"
        )
    if not parts:
        return "SELECT record, content AS known FROM held WHERE false"
    return (
        f"SELECT record, arg_max(content, number) AS known FROM ({' UNION ALL '.join(parts)}) "  # noqa: S608  # our own names
        "GROUP BY record"
    )
