"""Landing: files of a source in, one folder of Parquet and a manifest out, whole or not at all."""

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import datetime, timedelta, timezone
from functools import partial
from hashlib import sha256
from itertools import islice
from pathlib import Path

import duckdb
import pyarrow as pa

from yinuo.kernel.canonical import Canonical, canonical_bytes
from yinuo.kernel.durable import FULL, write_through
from yinuo.kernel.errors import YinuoError
from yinuo.kernel.spreadsheet.cells import Progress, silent
from yinuo.lake.batch import FORMAT, MANIFEST
from yinuo.lake.engine import MEMORY, DuckDB
from yinuo.lake.land import FileChanged, NoFiles
from yinuo.lake.records.batch import (
    BATCHES,
    Correcting,
    RecordBatch,
    batches,
    known_again,
    open_batch,
)
from yinuo.lake.records.description import SourceDescription
from yinuo.lake.records.judging import Judge
from yinuo.lake.records.naming import Namer
from yinuo.lake.records.pieces import Opened, Reached
from yinuo.lake.records.preparing import Prepared, prepare
from yinuo.lake.records.reading import opened
from yinuo.lake.records.writing import Writing
from yinuo.lake.workplace import settle, sweep, workplace

DIGITS = 16
CHINA = timezone(timedelta(hours=8))
THREADS = 2
AHEAD = THREADS + 1
"""Pieces in hand at a time."""


class NoRoom(YinuoError):
    """The disk would not take what was to be written."""

    code = "LAKE-E021"
    status = 507

    def __init__(self, lake: Path, error: OSError | duckdb.Error) -> None:
        why = (error.strerror if isinstance(error, OSError) else None) or str(error)
        is_full = isinstance(error, duckdb.Error) or error.errno in FULL
        step = "腾出空间（至少与原文件一样大）" if is_full else "核对文件夹和磁盘"
        what = f"这一批没有装完：{why}"
        super().__init__(what, place=str(lake), next_step=f"{step}后再装；没有留下半批数据")


def land(
    files: Sequence[Path],
    *,
    source: SourceDescription,
    lake: Path,
    at: datetime,
    earlier: Sequence[RecordBatch] | None = None,
    memory: str = MEMORY,
    progress: Progress = silent,
) -> RecordBatch:
    """Read files of one source, judge every row, and land them as one batch of the lake.

    `earlier`: the batches whose unchanged records are left out as duplicates; None: every batch
    of the source that is in the lake (leave out those that will never be published).
    The same files again are the same batch: `already` is set and nothing is changed.
    Progress is in bytes. A crash, an error or a cancelling `progress` leaves no batch; what it
    leaves is swept by the next landing.
    Raises `NoFiles`, `NoRoom`, `FileChanged`, `NoRecordEnd` and what `reading.opened` does.
    """
    if not files:
        raise NoFiles
    found = _all_opened(files, source, progress)
    digests = sorted({each.sha256 for each in found})
    unique = list({(each.sha256, each.name.partition(" · ")[2]): each for each in found}.values())
    return land_opened(
        unique,
        batch_id=batch_id(source, digests),
        source=source,
        lake=lake,
        at=at,
        earlier=earlier,
        memory=memory,
        progress=progress,
    )


def batch_id(source: SourceDescription, digests: Sequence[str]) -> str:
    """The name of a batch: of the description and of the hashes of what was read."""
    identity: dict[str, Canonical] = {
        "format": FORMAT,
        "source": source.id,
        "description": source.digest,
        "files": sorted(digests),
    }
    return sha256(canonical_bytes(identity)).hexdigest()[:DIGITS]


def land_opened(
    found: Sequence[Opened],
    *,
    batch_id: str,
    source: SourceDescription,
    lake: Path,
    at: datetime,
    earlier: Sequence[RecordBatch] | None = None,
    corrects: Correcting | None = None,
    memory: str = MEMORY,
    progress: Progress = silent,
) -> RecordBatch:
    """Land what has been opened, from wherever it comes, as `land` does."""
    into = lake / BATCHES / source.id
    into.mkdir(parents=True, exist_ok=True)
    sweep(into)
    target = into / batch_id
    if target.exists():
        return known_again(open_batch(target))
    before = batches(lake, source.id) if earlier is None else tuple(earlier)
    try:
        with _steady_memory(), workplace(into, batch_id) as folder:
            batch = _landed(found, batch_id, folder, source, at, before, corrects, memory, progress)
            write_through(folder / MANIFEST, batch.manifest().decode())
            if not settle(folder, target):
                return known_again(open_batch(target))
    except (OSError, duckdb.IOException, duckdb.OutOfMemoryException) as error:
        raise NoRoom(lake, error) from error
    return open_batch(target)


@contextmanager
def _steady_memory() -> Iterator[None]:
    """Keep memory between pieces: Arrow's own pool gives it back and is given it anew each time.

    A tenth of the processor time. Whatever others allocate meanwhile goes back where it was from.
    """
    before = pa.default_memory_pool()
    pa.set_memory_pool(pa.system_memory_pool())
    try:
        yield
    finally:
        pa.set_memory_pool(before)


def _all_opened(
    files: Sequence[Path], source: SourceDescription, progress: Progress
) -> list[Opened]:
    total = sum(path.stat().st_size for path in files if path.is_file())
    before = 0
    found: list[Opened] = []
    for path in files:
        found += opened(path, source, partial(_tell, progress, "核对文件", before, total))
        before += path.stat().st_size
    return found


def _tell(progress: Progress, step: str, before: int, total: int, at: int, /) -> None:
    """Bytes of one file as bytes of all."""
    progress(step, before + at, total)


def _landed(  # noqa: PLR0917  # one call, above
    found: Sequence[Opened],
    name: str,
    folder: Path,
    source: SourceDescription,
    at: datetime,
    earlier: Sequence[RecordBatch],
    corrects: Correcting | None,
    memory: str,
    progress: Progress,
) -> RecordBatch:
    judge = Judge(source=source, on=at.astimezone(CHINA).date())
    total = sum(each.size for each in found)
    before = 0
    namer = Namer(source)
    with (
        Writing(folder, source=source, files=found, earlier=earlier, namer=namer) as writing,
        DuckDB(memory=memory, temporary=folder, threads=THREADS) as engine,
    ):
        for number, each in enumerate(found):
            reached = partial(_tell, progress, "读入", before, total)
            for prepared in _prepared(each, judge, namer, reached):
                writing.add(number, prepared)
            before += each.size
            _check_unchanged(each)
        progress("去重", total, total)
        writing.finish(engine)
    return writing.batch(
        id=name, at=at, corrects=corrects, compared_with=tuple(batch.id for batch in earlier)
    )


def _prepared(each: Opened, judge: Judge, namer: Namer, reached: Reached) -> Iterator[Prepared]:
    """The pieces of a file, judged and named side by side, in their order."""
    with ThreadPoolExecutor(THREADS) as pool:
        try:
            tasks = (
                pool.submit(prepare, read, judge=judge, namer=namer)
                for read in each.pieces(reached)
            )
            hand = list(islice(tasks, AHEAD))
            while hand:
                yield hand.pop(0).result()
                hand += islice(tasks, 1)
        finally:
            pool.shutdown(cancel_futures=True)


def _check_unchanged(each: Opened) -> None:
    status = each.path.stat()
    if (status.st_size, status.st_mtime_ns) != (each.size, each.changed_ns):
        raise FileChanged(each.name)
