"""Rows put aside and mended by a person: landed as a small batch that says what it corrects."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from functools import partial
from hashlib import sha256
from pathlib import Path

import numpy as np
import pyarrow as pa

from yinuo.kernel.canonical import canonical_bytes
from yinuo.kernel.errors import YinuoError
from yinuo.lake.batch import QUARANTINE
from yinuo.lake.records import headings
from yinuo.lake.records.batch import Correcting, RecordBatch
from yinuo.lake.records.description import SourceDescription
from yinuo.lake.records.landing import batch_id, land_opened
from yinuo.lake.records.pieces import Opened, Piece, Reached, raw_rows

Place = tuple[int, int]
"""Number of the file in the batch, and record number."""
FORMAT = "correction"
SHOWN = 10


class NotPutAside(YinuoError):
    """A correction of rows that the batch has not put aside."""

    code = "LAKE-E024"
    status = 409

    def __init__(self, batch: str, places: Sequence[Place]) -> None:
        said = "、".join(f"第 {file + 1} 个文件第 {line} 行" for file, line in places[:SHOWN])
        more = f" 等 {len(places)} 行" if len(places) > SHOWN else ""
        super().__init__(
            f"这些行不在问题数据中：{said or '一行也没有给出'}{more}",
            place=batch,
            next_step="只改正从这一批问题数据中导出的行",
        )


def replay(
    batch: RecordBatch,
    corrected: Mapping[Place, Mapping[str, str]],
    *,
    source: SourceDescription,
    lake: Path,
    at: datetime,
    earlier: Sequence[RecordBatch] | None = None,
) -> RecordBatch:
    """Land corrected rows (place → heading → text) of a batch's quarantine as a correction batch.

    Row n of it, from 1, is the n-th of `corrects.lines`. Rows that are still wrong are put aside
    again, in the new batch. The same corrections again are the same batch.
    Raises `NotPutAside`, `WrongHeadings` and what `land` does.
    """
    aside = {(row["file"], row["line"]) for row in batch.put_aside()}
    foreign = sorted(set(corrected) - aside)
    if foreign or not corrected:
        raise NotPutAside(batch.id, foreign)
    places = tuple(sorted(corrected))
    rows = [dict(corrected[place]) for place in places]
    digest = sha256(canonical_bytes([batch.id, *map(list, places), *rows])).hexdigest()
    return land_opened(
        [_opened(batch, rows, digest, source)],
        batch_id=batch_id(source, [digest]),
        source=source,
        lake=lake,
        at=at,
        earlier=earlier,
        corrects=Correcting(batch=batch.id, lines=places),
    )


def _opened(
    batch: RecordBatch, rows: Sequence[Mapping[str, str]], digest: str, source: SourceDescription
) -> Opened:
    """Corrected rows as if they were a file; the quarantine that they come from stands for it."""
    names = tuple(dict.fromkeys(heading for row in rows for heading in row))
    found = headings.places(names, source, batch.id)
    path = batch.folder / QUARANTINE
    status = path.stat()
    return Opened(
        path=path,
        name=f"{batch.id} 的更正",
        format=FORMAT,
        sha256=digest,
        size=status.st_size,
        changed_ns=status.st_mtime_ns,
        missing=found.missing,
        above=0,
        pieces=partial(_pieces, rows, names, found),
    )


def _pieces(
    rows: Sequence[Mapping[str, str]],
    names: tuple[str, ...],
    found: headings.Places,
    reached: Reached,
) -> Iterator[Callable[[], Piece]]:
    yield partial(_piece, rows, names, found)
    reached(0)


def _piece(
    rows: Sequence[Mapping[str, str]], names: tuple[str, ...], found: headings.Places
) -> Piece:
    raw = [pa.array([row.get(name) or None for row in rows], pa.string()) for name in names]
    return Piece(
        columns={field: raw[at] for field, at in found.fields.items()},
        raw=raw_rows(names, raw),
        lines=np.arange(1, len(rows) + 1, dtype=np.int64),
        records=len(rows),
        unknown=dict.fromkeys(found.unknown, len(rows)),
    )
