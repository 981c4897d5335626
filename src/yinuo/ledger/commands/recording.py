"""Writing rows with their entries, and the texts they name."""

import hashlib
import secrets
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache, wraps
from typing import Any, ParamSpec, TypeAlias, TypeVar

from django.db import connection, models, transaction

from yinuo.kernel.canonical import Canonical, canonical_bytes
from yinuo.kernel.errors import YinuoError
from yinuo.kernel.instants import instant_text, utc
from yinuo.ledger.recorded import Recorded, state_of

P = ParamSpec("P")
R = TypeVar("R")

BODY_FORMAT = "yinuo.body/1"
SALT_BYTES = 32


class StaleVersion(YinuoError):
    """Somebody else changed the row after it was read."""

    code = "LEDGER-E001"
    status = 409

    def __init__(self, subject: str, version: int) -> None:
        self.version = version
        super().__init__(
            f"{subject} 的第 {version} 版已不是最新",
            place=subject,
            next_step="请刷新页面，看清最新内容后再提交",
        )


class OutsideCommand(YinuoError):
    """A record was asked for outside a transaction, so row and entry could part."""

    code = "LEDGER-E002"
    status = 500

    def __init__(self, subject: str) -> None:
        super().__init__(
            f"{subject} 的变更不在事务中",
            place=subject,
            next_step="请在 @command 函数内调用 record",
        )


@dataclass(frozen=True)
class By:
    """Who acts, and in what duty."""

    actor: str
    """`account:7`, or `operator:init` for the one who runs the command line."""
    capacity: str = ""
    """`officer:210212`: role and unit."""


def command(name: str, *, part: bool = False) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Mark a function as a change: one transaction, opened here or joined if one is open.

    Inside an open one, a command that fails is undone alone, so that its caller may go on. `part`:
    the caller never does, and joining costs the database nothing; the whole then fails with it.
    """

    def mark(function: Callable[P, R]) -> Callable[P, R]:
        @wraps(function)
        def run(*args: P.args, **kwargs: P.kwargs) -> R:
            with transaction.atomic(savepoint=not part):
                return function(*args, **kwargs)

        run.command_name = name  # type: ignore[attr-defined]
        return run

    return mark


def one_at_a_time(key: int) -> None:
    """Wait until no other transaction holds this key; held to the end of this one.

    On SQLite every transaction already is the only one that writes.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [key])


ENTRY_COLUMNS = "ledger_entry (subject, version, thread, verb, actor, capacity, at, body, salt)"
"""Without `recorded_at`: the database's clock sets it, nothing else can."""
TEXT_COLUMNS = "ledger_text (hash, salt, text)"
WORTH_COPYING = 100
"""Rows from which COPY is quicker than INSERT."""
MOST_VALUES = 4_500
"""In one statement; SQLite takes 32,766, and its preparing grows faster than its length."""
AS_THEY_ARE = frozenset({str, int, bool, type(None)})
"""Values that every database takes without being asked."""


def put_text(text: str) -> str:
    """Store free text in a row of its own and return its reference, `text:<hash>`.

    Empty text needs no row and returns an empty reference.
    """
    if not text:
        return ""
    salt = secrets.token_bytes(SALT_BYTES)
    digest = hashlib.sha256(salt + text.encode()).hexdigest()
    _insert(TEXT_COLUMNS, [(digest, salt, text)])
    return f"text:{digest}"


def put_texts(texts: Sequence[str]) -> list[str]:
    """The same for many texts at once; one reference each, in their order."""
    references, rows = [], []
    for text in texts:
        if not text:
            references.append("")
            continue
        salt = secrets.token_bytes(SALT_BYTES)
        digest = hashlib.sha256(salt + text.encode()).hexdigest()
        rows.append((digest, salt, text))
        references.append(f"text:{digest}")
    _insert(TEXT_COLUMNS, rows)
    return references


def _body(row: Recorded, *, verb: str, by: By, at: str) -> bytes:
    head: dict[str, Canonical] = {
        "format": BODY_FORMAT,
        "schema": f"{row.SUBJECT}/{row.SCHEMA}",
        "subject": row.subject,
        "version": row.version,
        "thread": row.thread,
        "verb": verb,
        "actor": by.actor,
        "capacity": by.capacity,
        "at": at,
        "state": state_of(row),
    }
    return canonical_bytes(head)


Values: TypeAlias = tuple[Any, ...]
Column: TypeAlias = "models.Field[Any, Any]"


def _entries(rows: Iterable[Recorded], *, verb: str, by: By, at: datetime) -> list[Values]:
    """The values of one entry a row."""
    instant, stored = instant_text(at), connection.ops.adapt_datetimefield_value(utc(at))
    return [
        (
            *(row.subject, row.version, row.thread, verb, by.actor, by.capacity, stored),
            _body(row, verb=verb, by=by, at=instant),
            secrets.token_bytes(SALT_BYTES),
        )
        for row in rows
    ]


def _append(rows: Iterable[Recorded], *, verb: str, by: By, at: datetime) -> None:
    """Insert one entry a row."""
    _insert_entries(_entries(rows, verb=verb, by=by, at=at))


def _insert_entries(entries: Sequence[Values]) -> None:
    """Plain SQL, because the database's clock sets the time."""
    _insert(ENTRY_COLUMNS, entries)


def _insert(into: str, rows: Sequence[Values]) -> None:
    """Insert many rows; `into` names table and columns."""
    if not rows:
        return
    if connection.vendor == "postgresql" and len(rows) >= WORTH_COPYING:
        _copy(into, rows)
        return
    width = len(rows[0])
    places = f"({', '.join(['%s'] * width)})"
    step = max(MOST_VALUES // width, 1)
    with connection.cursor() as cursor:
        for start in range(0, len(rows), step):
            some = rows[start : start + step]
            values = [value for row in some for value in row]
            many = ", ".join([places] * len(some))
            cursor.execute(f"INSERT INTO {into} VALUES {many}", values)  # noqa: S608  # our own names


def _copy(into: str, rows: Iterable[Values]) -> None:
    """The same by COPY, which spares PostgreSQL and its driver most of the work."""
    with (
        connection.cursor() as cursor,
        connection.wrap_database_errors,
        cursor.copy(f"COPY {into} FROM STDIN") as copy,
    ):
        for row in rows:
            copy.write_row(row)


def _write(row: Recorded) -> None:
    """Insert a new row, or replace the version that was read; refuse a stale one."""
    read = row.version
    row.version = read + 1
    if read == 0 and isinstance(row._meta.pk, models.AutoField):
        row.save(force_insert=True)
    elif read == 0:
        fields = row._meta.concrete_fields
        _insert(_into(type(row)), [tuple(_stored(field, row) for field in fields)])
        row._state.adding, row._state.db = False, connection.alias  # noqa: SLF001  # as save() does
    elif not _replace(row, read):
        row.version = read
        raise StaleVersion(row.subject, read)


def _replace(row: Recorded, read: int) -> bool:
    """Write all columns over the version that was read; whether it was still there."""
    statement, fields = _replacing(type(row))
    values = [_stored(field, row) for field in fields]
    with connection.cursor() as cursor:
        cursor.execute(statement, [*values, read])
        return bool(cursor.rowcount == 1)


@cache
def _replacing(model: type[Recorded]) -> tuple[str, list[Column]]:
    """The statement that replaces a row, and its columns in order, the key at the end."""
    name, key = connection.ops.quote_name, model._meta.pk
    written = [field for field in model._meta.concrete_fields if not field.primary_key]
    columns = ", ".join(f"{name(str(field.column))} = %s" for field in written)
    found = f"{name(str(key.column))} = %s AND {name('version')} = %s"
    table = name(model._meta.db_table)
    return f"UPDATE {table} SET {columns} WHERE {found}", [*written, key]  # noqa: S608  # our own names


@cache
def _into(model: type[Recorded]) -> str:
    """Table and columns of a model."""
    name = connection.ops.quote_name
    columns = ", ".join(name(str(field.column)) for field in model._meta.concrete_fields)
    return f"{name(model._meta.db_table)} ({columns})"


def record(row: Recorded, *, verb: str, by: By, at: datetime) -> None:
    """Write a row and its entry together: the only way a recorded row changes.

    Raises `StaleVersion` if the row is no longer at the version it was read at, and
    `OutsideCommand` without an open transaction.
    """
    if not connection.in_atomic_block:
        raise OutsideCommand(row.subject)
    _write(row)
    _append([row], verb=verb, by=by, at=at)


def record_changed(rows: Sequence[Recorded], *, verb: str, by: By, at: datetime) -> None:
    """Write many rows of one model that were read and changed, with one entry each.

    Raises `StaleVersion` if any is no longer at the version it was read at, and `OutsideCommand`.
    """
    if not rows:
        return
    if not connection.in_atomic_block:
        raise OutsideCommand(rows[0].subject)
    statement, fields = _replacing(type(rows[0]))
    values = []
    for row in rows:
        row.version += 1
        values.append([*(_stored(field, row) for field in fields), row.version - 1])
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.executemany(statement, values)
        written = cursor.rowcount
        transaction.set_rollback(written != len(rows))
    if written != len(rows):
        raise _stale(rows)
    _append(rows, verb=verb, by=by, at=at)


def _stale(rows: Sequence[Recorded]) -> StaleVersion:
    """Of rows of which none was replaced in the end, the first that somebody else changed."""
    for row in rows:
        row.version -= 1
    found = type(rows[0])._base_manager.filter(pk__in=[row.pk for row in rows])
    there = dict(found.values_list("pk", "version"))
    row = next(row for row in rows if there.get(row.pk) != row.version)
    return StaleVersion(row.subject, row.version)


@dataclass(frozen=True)
class Prepared:
    """New rows of one model with their entries, ready to be written; nothing is written yet."""

    first: str
    """Subject of the first row."""
    into: str
    """Table and columns."""
    rows: Sequence[Values]
    entries: Sequence[Values]


def prepare_new(rows: Sequence[Recorded], *, verb: str, by: By, at: datetime) -> Prepared | None:
    """Everything about new rows of one model that can be done before a transaction is open.

    A batch so prepared keeps other writers waiting for its inserts alone. The key of the model
    is given and not counted up. None for no rows. Written by `record_prepared`.
    """
    if not rows:
        return None
    model = type(rows[0])
    for row in rows:
        row.version = 1
    columnwise = [_column(field, rows) for field in model._meta.concrete_fields]
    return Prepared(
        first=rows[0].subject,
        into=_into(model),
        rows=list(zip(*columnwise, strict=True)),
        entries=_entries(rows, verb=verb, by=by, at=at),
    )


def _column(field: Column, rows: Sequence[Recorded]) -> list[Any]:
    """The values of one column as the database takes them."""
    values = [getattr(row, field.attname) for row in rows]
    if _is_plain(field) and all(type(value) in AS_THEY_ARE for value in values):
        return values
    return [field.get_db_prep_save(value, connection) for value in values]


def _stored(field: Column, row: Recorded) -> Any:  # noqa: ANN401  # of any column
    """The value of one column as the database takes it."""
    value = getattr(row, field.attname)
    if type(value) in AS_THEY_ARE and _is_plain(field):
        return value
    return field.get_db_prep_save(value, connection)


@cache
def _is_plain(field: Column) -> bool:
    """Whether what a row holds of this column is what the database takes; JSON becomes text."""
    while isinstance(field, models.ForeignKey):
        field = field.target_field
    return not isinstance(field, models.JSONField)


def record_prepared(prepared: Prepared | None) -> None:
    """Write rows that were prepared with one entry each. Raises `OutsideCommand`."""
    if prepared is None:
        return
    if not connection.in_atomic_block:
        raise OutsideCommand(prepared.first)
    _insert(prepared.into, prepared.rows)
    _insert_entries(prepared.entries)


def record_new(rows: Sequence[Recorded], *, verb: str, by: By, at: datetime) -> None:
    """Write many new rows of one model with one entry each; for imports and batches."""
    if not rows:
        return
    if not connection.in_atomic_block:
        raise OutsideCommand(rows[0].subject)
    if not isinstance(type(rows[0])._meta.pk, models.AutoField):
        record_prepared(prepare_new(rows, verb=verb, by=by, at=at))
        return
    for row in rows:
        row.version = 1
    type(rows[0])._base_manager.bulk_create(rows, batch_size=500)
    _append(rows, verb=verb, by=by, at=at)
