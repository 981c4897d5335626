"""A folder that is made beside its siblings and takes its name at the end, whole or not at all."""

import errno
import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

from yinuo.kernel.durable import FULL, sync_folder
from yinuo.kernel.errors import YinuoError

PART = ".part"
LOCK = ".lock"
_FULL = FULL | {errno.EFBIG}
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
        step = "把 YINUO_LAKE_MEMORY 调大（例如 4GB）后再运行；已有的数据版本没有变"
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
def _alone(into: Path) -> Iterator[None]:
    """Nobody else makes, names or sweeps folders here meanwhile."""
    handle = os.open(into, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


@contextmanager
def workplace(into: Path, name: str) -> Iterator[Path]:
    """A folder of our own beside the finished ones, gone again unless it was renamed.

    Who works in it holds its lock.
    """
    with _alone(into):
        folder = Path(tempfile.mkdtemp(dir=into, prefix=f".{name}.", suffix=PART))
        handle = os.open(folder / LOCK, os.O_RDWR | os.O_CREAT, 0o600)
        fcntl.flock(handle, fcntl.LOCK_EX)
    try:
        yield folder
    finally:
        os.close(handle)
        shutil.rmtree(folder, ignore_errors=True)


def settle(folder: Path, target: Path) -> bool:
    """Give a finished folder its name; False where somebody else has made the same meanwhile."""
    _sync_tree(folder)
    with _alone(target.parent):
        if target.exists():
            return False
        (folder / LOCK).unlink()
        sync_folder(folder)
        folder.rename(target)
    sync_folder(target.parent)
    return True


@contextmanager
def building(target: Path) -> Iterator[Path]:
    """A folder that becomes `target` at the end of the block; an error leaves nothing.

    Whoever works here holds the lake (`releases.lock.held`), so that `sweep` may remove what a
    killed process has left. Raises `DiskFull`, `TooLittleMemory`.
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


def sweep(into: Path) -> tuple[str, ...]:
    """Remove what killed runs have left and say its names.

    Who still works in a `workplace` holds its lock; of `building` whoever sweeps holds the lake.
    """
    if not into.is_dir():
        return ()
    with _alone(into):
        left = [each for each in sorted(into.glob(f".*{PART}")) if not _is_held(each / LOCK)]
        for folder in left:
            shutil.rmtree(folder, ignore_errors=True)
    return tuple(folder.name for folder in left)


def _is_held(lock: Path) -> bool:
    if not lock.exists():
        return False
    handle = os.open(lock, os.O_RDWR)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(handle)
    return False


def _sync_tree(folder: Path) -> None:
    for at, _, names in os.walk(folder):
        for name in names:
            with (Path(at) / name).open("rb") as file:
                os.fsync(file.fileno())
        sync_folder(Path(at))
