"""Folders in which engines spill: gone with the engine, or with the next one if it was killed."""

import fcntl
import os
import shutil
import tempfile
from contextlib import suppress
from pathlib import Path

from yinuo.lake.workplace import LOCK

PREFIX = "yinuo-lake-"


class Spill:
    """A folder of our own below `into`, else below the one of the system, until it is closed.

    Whoever spills holds the lock in it, and the lock goes with the process: a folder whose lock
    nobody holds is what a killed process has left, and is removed first.
    """

    def __init__(self, into: Path | None) -> None:
        into = into or Path(tempfile.gettempdir())
        _sweep(into)
        self.folder, self._handle = _held(into)

    def close(self) -> None:
        """Remove the folder; closing twice does no harm."""
        if self._handle >= 0:
            shutil.rmtree(self.folder, ignore_errors=True)
            os.close(self._handle)
            self._handle = -1


def _held(into: Path) -> tuple[Path, int]:
    while True:
        folder = Path(tempfile.mkdtemp(prefix=PREFIX, dir=into))
        handle = os.open(folder / LOCK, os.O_RDWR | os.O_CREAT, 0o600)
        fcntl.flock(handle, fcntl.LOCK_EX)
        if (folder / LOCK).exists():
            return folder, handle
        os.close(handle)  # swept between its making and its lock


def _sweep(into: Path) -> None:
    for lock in into.glob(f"{PREFIX}*/{LOCK}"):
        # In a folder of the system there are those of other users too.
        with suppress(OSError):
            handle = os.open(lock, os.O_RDWR)
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
                shutil.rmtree(lock.parent, ignore_errors=True)
            finally:
                os.close(handle)
