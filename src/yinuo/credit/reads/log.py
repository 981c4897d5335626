"""The log of looks at credit records: one line a look, each naming the one before it by its hash.

A line is canonical JSON; `previous` is the SHA-256 of the line before, across files, 64 zeros at
the very first. So the hash of the last line stands for all of them: it goes onto the ledger, and a
line changed, taken out or put in before that is found by `verify`. A line is on the disk before
anything is shown. It names the entity by its opaque id and holds nothing else about it.

Threads that log at the same moment share one wait for the disk; processes take turns.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from hashlib import sha256
from json import loads
from pathlib import Path

from yinuo.credit.reads.files import TAIL, End, Files, day_of
from yinuo.credit.reads.together import Together
from yinuo.kernel.canonical import Canonical, canonical_bytes
from yinuo.kernel.errors import YinuoError
from yinuo.kernel.instants import civil_date, instant_text

GENESIS = "0" * 64
"""What the very first line names."""
LONGEST_FIELDS = 400
"""Names of fields in one line."""
LAST_NUMBER = 10**18
"""More lines than there will ever be: the longest number."""


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
    """The log in one folder; several threads and processes may append at once."""

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
        for read in reads:  # before they share their fate with those of others
            line_of(read, number=LAST_NUMBER, previous=GENESIS, at=at)
        try:
            return _chain(self.folder).together.do(_Looks(reads, at))
        except OSError as cause:
            raise ReadNotLogged(self.folder, cause.strerror or str(cause)) from cause

    def root(self) -> Root:
        """The log as it stands. Raises `ReadNotLogged` where its folder cannot be used."""
        files = Files(self.folder)
        try:
            if not self.folder.is_dir():
                return EMPTY
            with files.alone():
                return _root(files.end())
        except OSError as cause:
            raise ReadNotLogged(self.folder, cause.strerror or str(cause)) from cause

    def files(self) -> list[Path]:
        """The files, in their order."""
        return Files(self.folder).paths()


@dataclass(frozen=True, slots=True)
class _Looks:
    """Looks that wait to be written."""

    reads: Sequence[Read]
    at: datetime


class _Chain:
    """The end of the log in one folder, as all threads of this process share it."""

    def __init__(self, folder: Path) -> None:
        self._files = Files(folder)
        self.together = Together(self._files.alone, self._write)

    def _write(self, waiting: Sequence[_Looks]) -> list[Logged]:
        """Lines for all that wait, written at once; where the last of each stands."""
        end = self._files.end()
        root = _root(end)
        # A clock set back never makes an earlier file follow a later one.
        day = max(civil_date(looks.at) for looks in waiting)
        if end is not None:
            day = max(day, day_of(end.path))
        lines: list[bytes] = []
        found: list[Logged] = []
        for looks in waiting:
            for read in looks.reads:
                line = line_of(read, number=root.count + 1, previous=root.digest, at=looks.at)
                root = Root(root.count + 1, sha256(line).hexdigest())
                lines.append(line + b"\n")
            found.append(Logged(root.count, root.digest))
        self._files.append(day, b"".join(lines))
        return found


@cache
def _chain(folder: Path) -> _Chain:
    return _Chain(folder)


def _root(end: End | None) -> Root:
    return EMPTY if end is None else Root(int(loads(end.line)["n"]), sha256(end.line).hexdigest())
