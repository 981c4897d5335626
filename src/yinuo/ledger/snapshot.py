"""One moment of the database, for a check that takes many statements.

A live log grows while it is checked. Without a snapshot, an entry sealed between two statements
would look like a fault.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from django.db import connection

_open: ContextVar[dict[str, Any] | None] = ContextVar("snapshot", default=None)
"""What is known in the one that is open here: Django does not know of what `BEGIN` began."""


def known() -> dict[str, Any] | None:
    """What was found out in the snapshot that is open here and holds to its end."""
    return _open.get()


@contextmanager
def snapshot() -> Iterator[None]:
    """Read everything inside the block as of one moment; joins a block or transaction around it."""
    if connection.in_atomic_block or _open.get() is not None:
        yield
        return
    sqlite = connection.vendor == "sqlite"
    with connection.cursor() as cursor:
        # Deferred: a reader of SQLite's write-ahead log keeps no writer waiting.
        cursor.execute(
            "BEGIN DEFERRED" if sqlite else "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"
        )
        mine = _open.set({})
        try:
            yield
        finally:
            _open.reset(mine)
            cursor.execute("ROLLBACK")
