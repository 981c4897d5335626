"""A folder that is made beside its siblings and takes its name at the end, whole or not at all."""

import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from yinuo.kernel.durable import sync_folder

PART = ".part"
LOCK = ".lock"


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
    for path in folder.iterdir():
        with path.open("rb") as file:
            os.fsync(file.fileno())
    with _alone(target.parent):
        if target.exists():
            return False
        (folder / LOCK).unlink()
        sync_folder(folder)
        folder.rename(target)
    sync_folder(target.parent)
    return True


def sweep(into: Path) -> None:
    """Remove what killed runs have left; one that runs holds its lock."""
    with _alone(into):
        for folder in into.glob(f".*{PART}"):
            if not _is_held(folder / LOCK):
                shutil.rmtree(folder, ignore_errors=True)


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
