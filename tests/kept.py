"""Rows that many tests begin with: made once by the real commands, then put back as they were.

    first call    build() ─→ the rows it wrote ─→ its answer
    later calls   the same rows, written straight into their tables ─→ the same answer

Only from the beginning that the first call had: where anything else stands in the database, the
commands run again. What is built may write nothing but rows, and files into the store of all
tests, and may not read the clock; nobody may alter its answer.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import wraps
from typing import Any, Generic, ParamSpec, TypeAlias, TypeVar

from django.conf import settings
from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper

from yinuo.ledger import remembered

P = ParamSpec("P")
T = TypeVar("T")
Rows: TypeAlias = tuple[tuple[str, ...], list[tuple[Any, ...]]]
"""Columns and rows; for PostgreSQL the table as it writes it itself."""
Stand: TypeAlias = dict[str, Rows]
"""Table → its rows; empty tables are left out."""
APART = ("django_migrations", "django_content_type", "auth_permission", "sqlite_")
"""Beginnings of tables that migrations fill and no test does."""
MOST = 4


@dataclass(frozen=True)
class _Built(Generic[T]):
    """What one call found, what it changed, and its answer."""

    asked: object
    before: Stand
    changed: Stand
    answer: T


def kept(build: Callable[P, T]) -> Callable[P, T]:
    """Give what `build` gave the first time it was called like this, with the same rows."""
    held: list[_Built[T]] = []

    @wraps(build)
    def give(*args: P.args, **kwargs: P.kwargs) -> T:
        asked = (args, kwargs, settings.YINUO_FILES)
        with transaction.atomic(), connection.cursor() as cursor:
            before = _stand(cursor)
            for one in held:
                if one.asked == asked and one.before == before:
                    # Equal rows have an equal head, under which an earlier test may have left
                    # answers.
                    remembered.forget()
                    _put(cursor, before, one.changed)
                    return one.answer
            answer = build(*args, **kwargs)
            if len(held) < MOST:
                changed = _changed(before, _stand(cursor))
                held.append(_Built(asked, before, changed, answer))
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


def _rows(cursor: CursorWrapper, table: str) -> Rows:
    if connection.vendor == "postgresql":
        with cursor.copy(f'COPY "{table}" TO STDOUT') as copy:
            return (), [(b"".join(map(bytes, copy)),)]
    found = connection.connection.execute(f'SELECT * FROM "{table}"')  # noqa: S608
    return tuple(column[0] for column in found.description), found.fetchall()


def _changed(before: Stand, after: Stand) -> Stand:
    """The tables that are not as they were; one that was emptied has no rows."""
    emptied: Stand = {table: ((), []) for table in before.keys() - after.keys()}
    return emptied | {table: rows for table, rows in after.items() if before.get(table) != rows}


def _put(cursor: CursorWrapper, before: Stand, changed: Stand) -> None:
    """Constraints between tables are looked at when the transaction ends."""
    for table in changed.keys() & before.keys():
        cursor.execute(f'DELETE FROM "{table}"')  # noqa: S608  # our own tables
    for table, (columns, rows) in changed.items():
        if not rows:
            continue
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
