"""A folder that is built out of sight and takes its name when it is whole and on the disk."""

import errno
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

from yinuo.kernel.durable import sync_folder
from yinuo.kernel.errors import YinuoError

PART = ".part"
_FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
_GIB = 1 << 30


class DiskFull(YinuoError):
    """The disk filled up in the middle; what was half written is removed again."""

    code = "LAKE-E053"
    status = 507

    def __init__(self, folder: Path, why: str) -> None:
        step = "腾出空间后再运行一次；已有的数据版本没有变，写了一半的已删去"
        super().__init__(f"磁盘写满了：{why}", place=str(folder), next_step=step)


class TooLittleSpace(YinuoError):
    """The disk has less room than the work needs; nothing was begun."""

    code = "LAKE-E054"
    status = 507

    def __init__(self, folder: Path, needed: int, free: int) -> None:
        what = f"大约要 {needed / _GIB:.1f} GiB，磁盘只剩 {free / _GIB:.1f} GiB"
        super().__init__(what, place=str(folder), next_step="腾出空间，或换一个更大的磁盘")


class TooLittleMemory(YinuoError):
    """A query needs more memory than the engine was given, and cannot spill it."""

    code = "LAKE-E055"
    status = 507

    def __init__(self, folder: Path, why: str) -> None:
        step = "把信用数据的内存上限调大后再运行；已有的数据版本没有变"
        super().__init__(f"内存上限不够：{why}", place=str(folder), next_step=step)


def require_space(folder: Path, needed: int) -> None:
    """See that a disk has room for so many bytes. Raises `TooLittleSpace`."""
    free = shutil.disk_usage(folder).free
    if free < needed:
        raise TooLittleSpace(folder, needed, free)


@contextmanager
def filling(folder: Path) -> Iterator[None]:
    """Inside, a full disk is a `DiskFull`, and an engine out of memory `TooLittleMemory`."""
    try:
        yield
    except OSError as error:
        if error.errno in _FULL:
            raise DiskFull(folder, error.strerror or str(error)) from error
        raise
    except duckdb.OutOfMemoryException as error:
        raise TooLittleMemory(folder, str(error).partition("\n")[0]) from error
    except duckdb.Error as error:
        if any(word in str(error) for word in ("No space left", "File too large", "quota")):
            raise DiskFull(folder, str(error).partition("\n")[0]) from error
        raise


@contextmanager
def workplace(target: Path) -> Iterator[Path]:
    """A folder that becomes `target` at the end of the block; an error leaves nothing.

    Whoever works here holds the lake (`lock.held`), so that `sweep_parts` may remove what a killed
    process has left. Raises `DiskFull`, `TooLittleMemory`.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    folder = Path(tempfile.mkdtemp(dir=target.parent, prefix=f".{target.name}.", suffix=PART))
    try:
        with filling(folder):
            yield folder
            _sync_tree(folder)
            folder.rename(target)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    sync_folder(target.parent)


def sweep_parts(parent: Path) -> tuple[str, ...]:
    """Remove what killed processes have left and say its names. Whoever calls holds the lake."""
    left = sorted(parent.glob(f".*{PART}"))
    for folder in left:
        shutil.rmtree(folder)
    return tuple(folder.name for folder in left)


def _sync_tree(folder: Path) -> None:
    for at, _, names in os.walk(folder):
        for name in names:
            with (Path(at) / name).open("rb") as file:
                os.fsync(file.fileno())
        sync_folder(Path(at))
