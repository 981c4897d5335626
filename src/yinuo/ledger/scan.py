"""Entries read in bulk for the checks: plain columns, instants as their canonical text.

Model instances and parsed times would cost more than hashing does.
"""

from collections.abc import Iterator
from hashlib import sha256
from typing import NamedTuple

from django.db import connection

from yinuo.ledger.tlog.leaf import leaf_text

INSTANT = {
    # Both give 2024-02-08T08:30:00.000000Z from what the column holds.
    # SQLite keeps as many decimals as there are, so the missing zeros are added by length.
    "sqlite": "replace({0}, ' ', 'T') || substr('.000000Z', length({0}) - 18)",
    "postgresql": "to_char({0} AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"')",
}


class Row(NamedTuple):
    """One stored entry."""

    id: int
    leaf_index: int | None
    subject: str
    version: int
    thread: str
    verb: str
    actor: str
    capacity: str
    at: str
    recorded_at: str
    salt: bytes
    body: bytes

    @property
    def leaf_hash(self) -> bytes:
        """The hash under which it stands in the tree, computed afresh."""
        *_, recorded_at, salt, body = self
        hidden = sha256(salt + body).hexdigest()
        return sha256(b"\0" + leaf_text(recorded_at, hidden)).digest()

    @property
    def place(self) -> str:
        """The entry as findings name it."""
        number = "未封存" if self.leaf_index is None else str(self.leaf_index)
        return f"存证记录 {number}（{self.subject} 第 {self.version} 版）"


def _rows(condition: str, values: list[int]) -> list[Row]:
    instant = INSTANT[connection.vendor]
    sql = (
        "SELECT id, leaf_index, subject, version, thread, verb, actor, capacity, "  # noqa: S608
        f"{instant.format('at')}, {instant.format('recorded_at')}, salt, body "
        f"FROM ledger_entry {condition}"
    )  # only constants of this module are put in
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return list(map(Row._make, cursor.fetchall()))


def sealed_rows(start: int, end: int) -> list[Row]:
    """The entries with leaf indices in [start, end), by index."""
    return _rows("WHERE leaf_index >= %s AND leaf_index < %s ORDER BY leaf_index", [start, end])


def rows_beyond(size: int) -> list[Row]:
    """The entries with a leaf index that a log of this size has not."""
    return _rows("WHERE leaf_index >= %s ORDER BY leaf_index", [size])


def waiting_rows(many: int) -> Iterator[list[Row]]:
    """The entries that are not sealed, in chunks, oldest first."""
    last = -1
    while rows := _rows("WHERE leaf_index IS NULL AND id > %s ORDER BY id LIMIT %s", [last, many]):
        yield rows
        last = rows[-1].id
