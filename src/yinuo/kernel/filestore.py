"""Files by the hash of their content: written once, on the disk before anybody names them."""

import hashlib
from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from yinuo.kernel.durable import sync_folder, whole_or_not
from yinuo.kernel.errors import YinuoError

PIECE = 1 << 20


class FileMissing(YinuoError):
    """A file that rows refer to is not in the store, or is not what its name says."""

    code = "FILE-E001"
    status = 500

    def __init__(self, digest: str, why: str) -> None:
        super().__init__(
            f"文件 {digest[:12]}… {why}",
            place=digest,
            next_step="请从备份恢复文件夹 files/，再运行 yinuo ledger replay",
        )


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

    def put(self, file: BinaryIO) -> str:
        """Keep the content from here on and return its SHA-256; it is on the disk by then."""
        self.root.mkdir(parents=True, exist_ok=True, mode=0o700)
        digest = hashlib.sha256()
        start = file.tell()
        for piece in pieces(file):
            digest.update(piece)
        found = digest.hexdigest()
        target = self.path(found)
        if target.exists():
            return found
        if not target.parent.exists():
            target.parent.mkdir(exist_ok=True, mode=0o700)
            sync_folder(self.root)
        file.seek(start)
        with whole_or_not(target) as kept:
            for piece in pieces(file):
                kept.write(piece)
        return found

    def open(self, digest: str) -> BinaryIO:
        """The file, for reading. Raises `FileMissing`."""
        try:
            return self.path(digest).open("rb")
        except FileNotFoundError:
            raise FileMissing(digest, "不在文件库中") from None

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
        for path in sorted(self.root.glob("??/*")):
            if not path.name.startswith("."):
                yield path.name

    def sweep(self, named: AbstractSet[str], *, older_than: float) -> tuple[str, ...]:
        """Remove what nothing names any more and return it.

        Files changed after `older_than` (seconds since 1970) stay: their row may be on its way.
        """
        gone = [
            digest
            for digest in self.digests()
            if digest not in named and self.path(digest).stat().st_mtime < older_than
        ]
        for digest in gone:
            self.path(digest).unlink()
        return tuple(gone)
