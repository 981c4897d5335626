"""The files of the log of looks, as bytes: which is the last, its last line, lines put after it.

reads-2026-11-29.jsonl    one file a day (civil date in China), appended to, never rewritten
.lock                     who holds it may append
"""

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from errno import EIO
from pathlib import Path
from typing import BinaryIO

from yinuo.kernel.durable import sync_folder

LOCK = ".lock"
PREFIX, SUFFIX = "reads-", ".jsonl"
TAIL = 1 << 16
"""No line is longer than this."""
SETTLED_NS = 1_000_000_000
"""A folder that changed less than this ago may change again without a newer time of change."""


def day_of(path: Path) -> date:
    """The day of a file of the log."""
    return date.fromisoformat(path.name[len(PREFIX) : -len(SUFFIX)])


@dataclass(frozen=True, slots=True)
class End:
    """Where the log ends."""

    path: Path
    """The last file with a line."""
    line: bytes
    """Its last whole line, without the line break."""


@dataclass(frozen=True, slots=True)
class _Known:
    """The end as this process left it, and how file and folder looked then."""

    end: End
    size: int
    folder_ns: int


class Files:
    """The files in one folder. Everything but `paths` is called under `alone`, by one thread."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._known: _Known | None = None

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Keep other processes out; the folder is made if need be. Raises `OSError`."""
        handle = self._locked()
        try:
            fcntl.flock(handle, fcntl.LOCK_EX)
            yield
        finally:
            os.close(handle)

    def _locked(self) -> int:
        path = self.folder / LOCK
        try:
            return os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        except FileNotFoundError:
            self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            return os.open(path, os.O_RDWR | os.O_CREAT, 0o600)

    def paths(self) -> list[Path]:
        """The files, in their order."""
        if not self.folder.is_dir():
            return []
        return [self.folder / name for name in sorted(self._names())]

    def _names(self) -> list[str]:
        return [name for name in os.listdir(self.folder) if name.startswith(PREFIX)]  # noqa: PTH208

    def end(self) -> End | None:
        """The last whole line and its file; None for an empty log. Raises `OSError`."""
        if self._known is not None and self._is_as_left(self._known):
            return self._known.end
        names = self._names()
        while names:
            path = self.folder / max(names)
            if (line := _last_line(path)) is not None:
                return End(path, line)
            names.remove(path.name)  # a crash left it without a line
        return None

    def append(self, day: date, lines: bytes) -> None:
        """Put whole lines at the end of the file of a day and see them onto the disk.

        All of them or, raising `OSError`, none.
        """
        known, self._known = self._known, None
        path = self.folder / f"{PREFIX}{day}{SUFFIX}"
        is_new = not path.exists()
        handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        with os.fdopen(handle, "r+b", buffering=0) as file:
            is_whole = known is not None and path == known.end.path and self._is_as_left(known)
            size = known.size if known is not None and is_whole else _whole(file)
            _put(file, size, lines)
        if is_new:
            sync_folder(self.folder)
        last = lines[lines[:-1].rfind(b"\n") + 1 : -1]
        self._known = _Known(End(path, last), size + len(lines), self._changed_ns())

    def _is_as_left(self, known: _Known) -> bool:
        """Whether no other process appended since, to this file or a later one."""
        try:
            size = known.end.path.stat().st_size
        except FileNotFoundError:
            return False
        folder_ns = self._changed_ns()
        is_settled = folder_ns < time.time_ns() - SETTLED_NS
        return size == known.size and folder_ns == known.folder_ns and is_settled

    def _changed_ns(self) -> int:
        return self.folder.stat().st_mtime_ns


def _last_line(path: Path) -> bytes | None:
    """The last line that ends with a line break; None where there is none."""
    with path.open("rb") as file:
        start = max(file.seek(0, os.SEEK_END) - TAIL, 0)
        file.seek(start)
        lines = file.read().split(b"\n")
    return lines[-2] if len(lines) > 1 else None


def _put(file: BinaryIO, size: int, lines: bytes) -> None:
    """All of the lines behind so many bytes, on the disk; on an error none of them."""
    file.seek(size)
    try:
        rest = memoryview(lines)
        while rest:  # a disk that runs full takes a part first and refuses the next
            rest = rest[file.write(rest) :]
        os.fsync(file.fileno())
    except OSError:
        file.truncate(size)
        raise


def _whole(file: BinaryIO) -> int:
    """Length up to the last line break; what a crash left after it was never answered for."""
    size = file.seek(0, os.SEEK_END)
    start = max(size - TAIL, 0)
    file.seek(start)
    end = start + file.read(size - start).rfind(b"\n") + 1
    if end == start > 0:
        raise OSError(EIO, "留痕文件末尾损坏")
    if end < size:
        file.truncate(end)
    return end
