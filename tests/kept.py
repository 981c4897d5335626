"""Rows that many tests begin with: made once by the real commands, then put back as they were.

    first call    build() ─→ the rows it wrote ─→ its answer
    later calls   the same rows, written straight into their tables ─→ the same answer

Only from the beginning that the first call had: where anything else stands in the database, the
commands run again. What is built may write nothing but rows, and nobody may alter its answer.
"""

from collections.abc import Callable, Iterable
from functools import wraps
from typing import Any, TypeAlias, TypeVar

from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper

from yinuo.ledger import remembered

Rows: TypeAlias = list[tuple[Any, ...]]
Stand: TypeAlias = dict[str, tuple[tuple[str, ...], Rows]]
"""Table → its columns and rows; empty tables are left out."""
T = TypeVar("T")
APART = ("django_migrations", "django_content_type", "auth_permission", "sqlite_")
"""Beginnings of tables that migrations fill and no test does."""


def kept(build: Callable[[], T]) -> Callable[[], T]:
    """Give what `build` gave the first time, with the same rows in the database."""
    held: list[tuple[Stand, Stand, T]] = []

    @wraps(build)
    def give() -> T:
        with transaction.atomic(), connection.cursor() as cursor:
            before = _stand(cursor)
            if held and held[0][0] == before:
                # Equal rows have an equal head, under which an earlier test may have left answers.
                remembered.forget()
                _put(cursor, held[0][1])
                return held[0][2]
            answer = build()
            if not held:
                after = _stand(cursor)
                held.append((before, _added(before, after), answer))
            return answer

    return give


def _stand(cursor: CursorWrapper) -> Stand:
    """Every row there is; for PostgreSQL as it writes them itself."""
    filled = _filled(cursor)
    return {table: _rows(cursor, table) for table in filled}


def _tables() -> Iterable[str]:
    names = connection.introspection.table_names()
    # Those of a full-text index are filled by triggers.
    return (n for n in names if not n.startswith((*APART, "commitments_searched")))


def _filled(cursor: CursorWrapper) -> list[str]:
    parts = [
        f"SELECT '{name}' WHERE EXISTS (SELECT 1 FROM \"{name}\")"  # noqa: S608  # our own tables
        for name in _tables()
    ]
    cursor.execute(" UNION ALL ".join(parts))
    return sorted(name for (name,) in cursor.fetchall())


def _rows(cursor: CursorWrapper, table: str) -> tuple[tuple[str, ...], Rows]:
    if connection.vendor == "postgresql":
        with cursor.copy(f'COPY "{table}" TO STDOUT') as copy:
            return (), [(b"".join(map(bytes, copy)),)]
    found = connection.connection.execute(f'SELECT * FROM "{table}"')  # noqa: S608
    return tuple(column[0] for column in found.description), found.fetchall()


def _added(before: Stand, after: Stand) -> Stand:
    """What was written, if nothing that stood before was touched."""
    for table, stood in before.items():
        assert after[table] == stood, f"{table} was not empty"
    return {table: rows for table, rows in after.items() if table not in before}


def _put(cursor: CursorWrapper, stand: Stand) -> None:
    for table, (columns, rows) in stand.items():
        if connection.vendor == "postgresql":
            with cursor.copy(f'COPY "{table}" FROM STDIN') as copy:
                copy.write(rows[0][0])
            continue
        names = ", ".join(f'"{column}"' for column in columns)
        places = ", ".join("?" * len(columns))
        connection.connection.executemany(
            f'INSERT INTO "{table}" ({names}) VALUES ({places})',  # noqa: S608
            rows,
        )
