"""The log of looks at credit records: one line a look, each naming the one before it by its hash.

    reads-2026-11-29.jsonl    one file a day (civil date in China), appended to, never rewritten
    .lock                     who holds it may append

A line is canonical JSON; `previous` is the SHA-256 of the line before, across files, 64 zeros at
the very first. So the hash of the last line stands for all of them: it goes onto the ledger, and a
line changed, taken out or put in before that is found by `verify`. A line is on the disk before
anything is shown. It names the entity by its opaque id and holds nothing else about it.
"""

import fcntl
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from errno import EIO
from hashlib import sha256
from json import loads
from pathlib import Path
from typing import BinaryIO

from yinuo.kernel.canonical import Canonical, canonical_bytes
from yinuo.kernel.durable import sync_folder
from yinuo.kernel.errors import YinuoError
from yinuo.kernel.instants import civil_date, instant_text

LOCK = ".lock"
PREFIX, SUFFIX = "reads-", ".jsonl"
GENESIS = "0" * 64
"""What the very first line names."""
TAIL = 1 << 16
"""No line is longer than this."""
LONGEST_FIELDS = 400
"""Names of fields in one line."""


class ReadNotLogged(YinuoError):
    """A look could not be written down, and so nothing may be shown."""

    code = "CREDIT-E105"
    status = 503

    def __init__(self, folder: Path, why: str) -> None:
        super().__init__(
            f"查询留痕写不进去（{why}），不能给出信用信息",
            place=str(folder),
            next_step="请管理员查看这个目录的磁盘空间和写权限，之后重试",
        )


class BadRead(YinuoError):
    """A look whose description lacks something, or holds what must not stand in the log."""

    code = "CREDIT-E106"
    status = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Read:
    """One look."""

    reader: str
    """`account:7`, or the name of a program: never a person's name."""
    capacity: str
    """In what duty, such as `officer:DL-XYZX`."""
    purpose: str
    """Id of the purpose."""
    entity: str
    """Opaque id of the entity, `E…`."""
    fields: Sequence[str] = ()
    """What was seen: names of fields or `source.field`, no values."""
    consent: str = ""
    """Id of the consent it rests on; empty where none is needed."""


@dataclass(frozen=True, slots=True)
class Root:
    """The log up to some line: how many lines there were, and the hash of the last."""

    count: int
    digest: str


EMPTY = Root(0, GENESIS)


@dataclass(frozen=True, slots=True)
class Logged:
    """Where a look stands in the log."""

    number: int
    """From 1."""
    digest: str


def day_of(path: Path) -> date:
    """The day of a file of the log."""
    return date.fromisoformat(path.name[len(PREFIX) : -len(SUFFIX)])


def line_of(read: Read, *, number: int, previous: str, at: datetime) -> bytes:
    """The line of a look, without its line break. Raises `BadRead`."""
    lacking = [n for n in ("reader", "capacity", "purpose", "entity") if not getattr(read, n)]
    if lacking or not _is_opaque(read.entity) or len(read.fields) > LONGEST_FIELDS:
        what = "、".join(lacking) or "主体或字段"
        raise BadRead(
            f"查询留痕的 {what} 不合要求",
            place="查询留痕",
            next_step="写明谁、以什么身份、为什么用途；主体只用 E 加 24 位十六进制的编号",
        )
    body: dict[str, Canonical] = {
        "n": number,
        "previous": previous,
        "at": instant_text(at),
        "reader": read.reader,
        "capacity": read.capacity,
        "purpose": read.purpose,
        "entity": read.entity,
        "consent": read.consent,
        "fields": sorted(set(read.fields)),
    }
    line = canonical_bytes(body)
    if len(line) >= TAIL:
        raise BadRead("一条查询留痕过长", place="查询留痕", next_step="只写字段名，不写内容")
    return line


def _is_opaque(entity: str) -> bool:
    length = 25
    return (
        len(entity) == length
        and entity[0] == "E"
        and all(c in "0123456789abcdef" for c in entity[1:])
    )


@dataclass(frozen=True)
class ReadLog:
    """The log in one folder; several processes may append at once."""

    folder: Path

    def append(self, read: Read, *, at: datetime) -> Logged:
        """Write a look and see it onto the disk. Raises `ReadNotLogged`: then show nothing.

        Also raises `BadRead` for a look that is not described well enough.
        """
        return self.append_all([read], at=at)

    def append_all(self, reads: Sequence[Read], *, at: datetime) -> Logged:
        """Write many looks, a line each, and see them onto the disk at once: all or none.

        Returns where the last stands; `reads` is not empty. Raises as `append` does.
        """
        lines: list[bytes] = []
        try:
            self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            with self._alone():
                path, last = self._last()
                digest = last.digest
                for number, read in enumerate(reads, start=last.count + 1):
                    lines.append(line_of(read, number=number, previous=digest, at=at))
                    digest = sha256(lines[-1]).hexdigest()
                # A clock set back never makes an earlier file follow a later one.
                day = civil_date(at) if path is None else max(civil_date(at), day_of(path))
                whole = b"".join(line + b"\n" for line in lines)
                _append(self.folder / f"{PREFIX}{day}{SUFFIX}", whole)
        except OSError as cause:
            raise ReadNotLogged(self.folder, cause.strerror or str(cause)) from cause
        return Logged(last.count + len(lines), digest)

    def root(self) -> Root:
        """The log as it stands. Raises `ReadNotLogged` where its folder cannot be used."""
        try:
            if not self.folder.is_dir():
                return EMPTY
            with self._alone():
                return self._last()[1]
        except OSError as cause:
            raise ReadNotLogged(self.folder, cause.strerror or str(cause)) from cause

    def files(self) -> list[Path]:
        """The files, in their order."""
        return (
            [self.folder / name for name in sorted(self._names())] if self.folder.is_dir() else []
        )

    def _names(self) -> list[str]:
        """Of the files; a plain listing, because every look asks for the last of them."""
        return [name for name in os.listdir(self.folder) if name.startswith(PREFIX)]  # noqa: PTH208

    @contextmanager
    def _alone(self) -> Iterator[None]:
        handle = os.open(self.folder / LOCK, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX)
            yield
        finally:
            os.close(handle)

    def _last(self) -> tuple[Path | None, Root]:
        """The last file, and the root at its last whole line."""
        names = self._names()
        while names:
            path = self.folder / max(names)
            if (line := _last_line(path)) is not None:
                return path, Root(int(loads(line)["n"]), sha256(line).hexdigest())
            names.remove(path.name)  # a crash left it without a line
        return None, EMPTY


def _last_line(path: Path) -> bytes | None:
    """The last line that ends with a line break; None where there is none."""
    with path.open("rb") as file:
        start = max(file.seek(0, os.SEEK_END) - TAIL, 0)
        file.seek(start)
        lines = file.read().split(b"\n")
    return lines[-2] if len(lines) > 1 else None


def _append(path: Path, line: bytes) -> None:
    """All of the line at the end of the file, on the disk; on an error none of it."""
    is_new = not path.exists()
    handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    with os.fdopen(handle, "r+b", buffering=0) as file:
        size = _whole(file)
        file.seek(size)
        try:
            rest = memoryview(line)
            while rest:  # a disk that runs full takes a part first and refuses the next
                rest = rest[file.write(rest) :]
            os.fsync(file.fileno())
        except OSError:
            file.truncate(size)
            raise
    if is_new:
        sync_folder(path.parent)


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
