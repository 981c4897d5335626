"""What a witness has seen: the last checkpoint it cosigned of each log.

A witness that forgets can be shown a second history, so this file is never made anew beside an
old key, and never put back from a backup.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from yinuo.kernel.errors import YinuoError

WAIT_SECONDS = 20
TABLES = """
CREATE TABLE witness (label TEXT NOT NULL);
CREATE TABLE seen (
    origin TEXT PRIMARY KEY, size TEXT NOT NULL, root BLOB NOT NULL, note TEXT NOT NULL,
    line TEXT NOT NULL, cosigned_at INTEGER NOT NULL
);
"""
"""Sizes are text: a log may sign one that SQLite's integers cannot hold."""


class StateMissing(YinuoError):
    """The file that says what the witness has seen is gone."""

    code = "WITNESS-E005"
    status = 500

    def __init__(self, path: Path) -> None:
        super().__init__(
            "状态文件不存在：这个见证单位忘了自己见证过什么，不能再用这把密钥签名",
            place=str(path),
            next_step="请停用这把密钥：另建目录（yinuo-witness init），并把新公钥告知各方",
        )


class StateOfAnother(YinuoError):
    """The state belongs to a witness with another key."""

    code = "WITNESS-E006"
    status = 500

    def __init__(self, path: Path, found: str, expected: str) -> None:
        super().__init__(
            f"状态文件属于 {found}，本目录的密钥是 {expected}",
            place=str(path),
            next_step="请查明哪一个文件被换过；查不明就停用这把密钥，另建目录",
        )


@dataclass(frozen=True)
class Seen:
    """The last checkpoint of a log that was cosigned."""

    origin: str
    size: int
    root: bytes
    note: str
    """As it was received."""
    line: str
    """Our signature line under it."""
    cosigned_at: int
    """Seconds since 1970."""


class Book:
    """What was seen, under a lock: nobody else writes between a look and the next entry."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection: sqlite3.Connection = connection

    def last(self, origin: str) -> Seen | None:
        """The last cosigned checkpoint of a log."""
        query = "SELECT origin, size, root, note, line, cosigned_at FROM seen WHERE origin = ?"
        row = self._connection.execute(query, [origin]).fetchone()
        if row is None:
            return None
        origin, size, *rest = row
        return Seen(origin, int(size), *rest)

    def enter(self, seen: Seen) -> None:
        """Replace what was seen of a log. The caller has made sure that it grew."""
        self._connection.execute(
            "INSERT OR REPLACE INTO seen (origin, size, root, note, line, cosigned_at)"
            " VALUES (?, ?, ?, ?, ?, ?)",
            [seen.origin, str(seen.size), seen.root, seen.note, seen.line, seen.cosigned_at],
        )


@dataclass(frozen=True)
class State:
    """The file of what a witness has seen."""

    path: Path
    label: str
    """Name and key id of the witness it belongs to."""

    def begin(self) -> None:
        """Make the file. Raises `FileExistsError` rather than forget."""
        self.path.touch(mode=0o600, exist_ok=False)
        connection = _open(self.path)
        with closing(connection):
            connection.executescript(TABLES)
            connection.execute("INSERT INTO witness (label) VALUES (?)", [self.label])

    def check(self) -> None:
        """Raise `StateMissing` or `StateOfAnother` unless the file is this witness's."""
        connection = _open(self.path)
        with closing(connection):
            row = connection.execute("SELECT label FROM witness").fetchone()
        if row != (self.label,):
            raise StateOfAnother(self.path, row[0] if row else "", self.label)

    def last(self, origin: str) -> Seen | None:
        """The last cosigned checkpoint of a log. Raises `StateMissing`."""
        connection = _open(self.path)
        with closing(connection):
            return Book(connection).last(origin)

    @contextmanager
    def locked(self) -> Iterator[Book]:
        """Look and write as one step, on the disk when it ends; an error leaves all as it was.

        Raises `StateMissing`.
        """
        connection = _open(self.path)
        with closing(connection):
            connection.execute("BEGIN IMMEDIATE")
            try:
                yield Book(connection)
            except BaseException:
                connection.execute("ROLLBACK")
                raise
            connection.execute("COMMIT")


def _open(path: Path) -> sqlite3.Connection:
    # Mode rw: a file that is gone is not made anew. A rollback journal rather than a
    # write-ahead log, so that the one file is the whole state; EXTRA, because with it the
    # end of the journal is on the disk too before we answer.
    if not path.exists():
        raise StateMissing(path)
    uri = f"{path.resolve().as_uri()}?mode=rw"
    connection = sqlite3.connect(uri, uri=True, timeout=WAIT_SECONDS, isolation_level=None)
    connection.execute("PRAGMA synchronous = EXTRA")
    return connection
