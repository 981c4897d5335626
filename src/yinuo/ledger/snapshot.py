"""One moment of the database, for a check that takes many statements.

A live log grows while it is checked. Without a snapshot, an entry sealed between two statements
would look like a fault.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection


@contextmanager
def snapshot() -> Iterator[None]:
    """Read everything inside the block as of one moment; joins a transaction that is open."""
    if connection.in_atomic_block:
        yield
        return
    sqlite = connection.vendor == "sqlite"
    with connection.cursor() as cursor:
        # Deferred: a reader of SQLite's write-ahead log keeps no writer waiting.
        cursor.execute(
            "BEGIN DEFERRED" if sqlite else "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"
        )
        try:
            yield
        finally:
            cursor.execute("ROLLBACK")
