"""Texts laid in files by the beginnings of their ids, so that what is sorted at once fits. Pure.

Arrow's own files: written as the texts lie in memory, and read without being copied.
"""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from itertools import pairwise
from pathlib import Path

import numpy as np
import pyarrow as pa

PART = "part"
PARTS = 128
SQL = f"CAST('0x' || left(CAST(entity AS VARCHAR), 2) AS INTEGER) * {PARTS} // 256"
"""SQL: the part of an entity by its name; parts are in the order of ids."""


def laid(batches: Iterable[pa.RecordBatch], folder: Path) -> list[Path]:
    """Lay rows in files by their column `part`, which is left out; the files, in order of parts.

    Raises `OSError` where the disk is full.
    """
    folder.mkdir()
    paths: dict[int, Path] = {}
    with ExitStack() as stack:
        writers: dict[int, pa.RecordBatchFileWriter] = {}
        for batch in batches:
            for part, rows in _parted(batch):
                if part not in writers:
                    paths[part] = folder / f"{part:03}.arrow"
                    writer = pa.ipc.new_file(str(paths[part]), rows.schema)
                    writers[part] = stack.enter_context(writer)
                writers[part].write_batch(rows)
    return [paths[part] for part in sorted(paths)]


def _parted(batch: pa.RecordBatch) -> Iterator[tuple[int, pa.RecordBatch]]:
    parts = batch.column(PART).to_numpy()
    order = np.argsort(parts, kind="stable")
    rows = batch.drop_columns([PART]).take(pa.array(order))
    edges = np.searchsorted(parts[order], np.arange(PARTS + 1)).tolist()
    for part, (begin, end) in enumerate(pairwise(edges)):
        if end > begin:
            yield part, rows.slice(begin, end - begin)


def together(paths: Sequence[Path], most: int) -> Iterator[list[Path]]:
    """Files in order, as many at a time as have not more bytes than `most`, and at least one."""
    group: list[Path] = []
    size = 0
    for path in paths:
        more = path.stat().st_size
        if group and size + more > most:
            yield group
            group, size = [], 0
        group.append(path)
        size += more
    if group:
        yield group


@contextmanager
def opened(paths: Iterable[Path]) -> Iterator[pa.Table]:
    """The rows of some files, while the block runs."""
    with ExitStack() as stack:
        maps = [stack.enter_context(pa.memory_map(str(path))) for path in paths]
        yield pa.concat_tables(pa.ipc.open_file(each).read_all() for each in maps)
