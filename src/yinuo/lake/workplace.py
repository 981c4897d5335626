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
def workplace(into: Path, name: str) -> Iterator[Path]:
    """A folder of our own beside the finished ones, gone again unless it was renamed."""
    folder = Path(tempfile.mkdtemp(dir=into, prefix=f".{name}.", suffix=PART))
    handle = os.open(folder / LOCK, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield folder
    finally:
        os.close(handle)
        shutil.rmtree(folder, ignore_errors=True)


def settle(folder: Path, target: Path) -> bool:
    """Give a finished folder its name; False where somebody else has made the same meanwhile."""
    for path in folder.iterdir():
        with path.open("rb") as file:
            os.fsync(file.fileno())
    (folder / LOCK).unlink()
    sync_folder(folder)
    try:
        folder.rename(target)
    except OSError:
        if not target.exists():
            raise
        return False
    sync_folder(target.parent)
    return True


def sweep(into: Path) -> None:
    """Remove what killed runs have left; one that runs holds its lock."""
    for folder in into.glob(f".*{PART}"):
        lock = folder / LOCK
        try:
            handle = os.open(lock, os.O_RDWR)
        except FileNotFoundError:
            # Between the making of a folder and of its lock, or between unlocking and renaming.
            continue
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            continue
        finally:
            os.close(handle)
        shutil.rmtree(folder, ignore_errors=True)
