"""Files by the hash of their content: written once, on the disk before anybody names them.

Whoever wants to name a file puts it first and writes the row afterwards; a crash between the two
leaves a file that no row names, and `sweep` removes it a day later.
"""

import fcntl
import hashlib
import logging
import os
from collections.abc import Callable, Iterator
from collections.abc import Set as AbstractSet
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, TypeVar

from yinuo.kernel.durable import sync_folder, whole_or_not
from yinuo.kernel.errors import YinuoError

PIECE = 1 << 20
LOCK = ".lock"
ABSENT = "不在文件库中"
T = TypeVar("T")
log = logging.getLogger(__name__)


class FileMissing(YinuoError):
    """A file that rows refer to is not in the store, or is not what its name says."""

    code = "FILE-E001"
    status = 500

    def __init__(self, digest: str, why: str) -> None:
        super().__init__(
            f"文件 {digest[:12]}… {why}",
            place=digest,
            next_step="请从备份放回这份文件，再运行 yinuo files check",
        )


def unless_lost(made: Callable[[], T], *, without: str) -> T | None:
    """What is made of a file; None, and said in the log, while the file is lost.

    For pages and counts, which go on `without` it until it is put back; /health names the file.
    """
    try:
        return made()
    except FileMissing as missing:
        log.error("%s: %s", without, missing)  # noqa: TRY400  # the place says it all
        return None


def pieces(file: BinaryIO) -> Iterator[bytes]:
    """The content from here on, a mebibyte at a time."""
    while piece := file.read(PIECE):
        yield piece


@dataclass(frozen=True)
class FileStore:
    """A folder of files named after their SHA-256; nobody serves it, everything goes through us."""

    root: Path

    def path(self, digest: str) -> Path:
        """Where a file lies, whether it is there or not. `digest` is 64 lower-case hex digits."""
        return self.root / digest[:2] / digest

    @contextmanager
    def _held(self, *, alone: bool) -> Iterator[None]:
        """Keep a sweep and the putting of a file apart; many may put at once."""
        handle = os.open(self.root / LOCK, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX if alone else fcntl.LOCK_SH)
            yield
        finally:
            os.close(handle)

    def put(self, file: BinaryIO) -> str:
        """Keep the content from here on and return its SHA-256; it is on the disk by then.

        Putting a file that is there makes it young again, so that no sweep takes it away before
        its new row is written.
        """
        self.root.mkdir(parents=True, exist_ok=True, mode=0o700)
        digest = hashlib.sha256()
        start = file.tell()
        for piece in pieces(file):
            digest.update(piece)
        found = digest.hexdigest()
        with self._held(alone=False):
            target = self.path(found)
            if target.exists():
                os.utime(target)
                return found
            if not target.parent.exists():
                target.parent.mkdir(exist_ok=True, mode=0o700)
                sync_folder(self.root)
            file.seek(start)
            with whole_or_not(target) as kept:
                for piece in pieces(file):
                    kept.write(piece)
        return found

    def size(self, digest: str) -> int:
        """Bytes of a file that is kept. Raises `FileMissing`."""
        try:
            return self.path(digest).stat().st_size
        except FileNotFoundError:
            raise FileMissing(digest, ABSENT) from None

    def open(self, digest: str) -> BinaryIO:
        """The file, for reading. Raises `FileMissing`."""
        try:
            return self.path(digest).open("rb")
        except FileNotFoundError:
            raise FileMissing(digest, ABSENT) from None

    def check(self, digest: str) -> int:
        """Hash the file again and return its size. Raises `FileMissing` if it is another one."""
        hashed = hashlib.sha256()
        size = 0
        with self.open(digest) as file:
            for piece in pieces(file):
                hashed.update(piece)
                size += len(piece)
        if hashed.hexdigest() != digest:
            raise FileMissing(digest, "的内容已被改动")
        return size

    def digests(self) -> Iterator[str]:
        """Every file that is kept, in order."""
        for path in self._files():
            if not path.name.startswith("."):
                yield path.name

    def _files(self) -> list[Path]:
        """Every file, in order; names of half-written ones begin with a dot."""
        return sorted(self.root.glob("??/*"))

    def sweep(
        self, named: AbstractSet[str], *, older_than: float, only_tell: bool = False
    ) -> tuple[Path, ...]:
        """Remove the files that nothing names, half-written ones included, and return them.

        Files changed after `older_than` (seconds since 1970) stay: their row may be on its way.
        `named` was read after that moment. With `only_tell` nothing is removed.
        """
        if not self.root.exists():
            return ()
        with self._held(alone=True):
            strays = tuple(
                path
                for path in self._files()
                if path.name not in named and path.stat().st_mtime < older_than
            )
            for path in () if only_tell else strays:
                path.unlink()
        return strays

    def remove(self, digest: str) -> bool:
        """Remove one file that nothing may name any more; whether it was there."""
        path = self.path(digest)
        if not path.exists():
            return False
        with self._held(alone=True):
            path.unlink(missing_ok=True)
        sync_folder(path.parent)
        return True
