"""Writing rows with their entries, and the texts they name."""

import hashlib
import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import wraps
from typing import ParamSpec, TypeVar

from django.db import connection, transaction

from yinuo.kernel.canonical import Canonical, canonical_bytes
from yinuo.kernel.errors import YinuoError
from yinuo.kernel.instants import instant_text, utc
from yinuo.ledger.models import Text
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


def command(name: str) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Mark a function as a change: one transaction, opened here or joined if one is open."""

    def mark(function: Callable[P, R]) -> Callable[P, R]:
        @wraps(function)
        def run(*args: P.args, **kwargs: P.kwargs) -> R:
            with transaction.atomic():
                return function(*args, **kwargs)

        run.command_name = name  # type: ignore[attr-defined]
        return run

    return mark


INSERT_ENTRIES = (
    "INSERT INTO ledger_entry"
    " (subject, version, thread, verb, actor, capacity, at, body, salt) VALUES "
)
"""Without `recorded_at`: the database's clock sets it, nothing else can."""
PLACES = "(%s, %s, %s, %s, %s, %s, %s, %s, %s)"
ENTRIES_A_STATEMENT = 500


def put_text(text: str) -> str:
    """Store free text in a row of its own and return its reference, `text:<hash>`.

    Empty text needs no row and returns an empty reference.
    """
    if not text:
        return ""
    salt = secrets.token_bytes(SALT_BYTES)
    digest = hashlib.sha256(salt + text.encode()).hexdigest()
    Text.objects.create(hash=digest, salt=salt, text=text)
    return f"text:{digest}"


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


def _append(rows: Sequence[Recorded], *, verb: str, by: By, at: datetime) -> None:
    """Insert one entry a row. Plain SQL, because the database's clock sets the time."""
    instant, stored = instant_text(at), connection.ops.adapt_datetimefield_value(utc(at))
    with connection.cursor() as cursor:
        for start in range(0, len(rows), ENTRIES_A_STATEMENT):
            some = rows[start : start + ENTRIES_A_STATEMENT]
            values: list[str | int | bytes | None] = []
            for row in some:
                body = _body(row, verb=verb, by=by, at=instant)
                values += (row.subject, row.version, row.thread, verb, by.actor, by.capacity)
                values += (stored, body, secrets.token_bytes(SALT_BYTES))
            cursor.execute(INSERT_ENTRIES + ", ".join([PLACES] * len(some)), values)


def _write(row: Recorded) -> None:
    """Insert a new row, or replace the version that was read; refuse a stale one."""
    read = row.version
    row.version = read + 1
    if read == 0:
        row.save(force_insert=True)
        return
    values = {
        field.attname: getattr(row, field.attname)
        for field in row._meta.concrete_fields
        if not field.primary_key
    }
    rows = type(row)._base_manager.filter(pk=row.pk, version=read)
    if rows.update(**values) != 1:
        row.version = read
        raise StaleVersion(row.subject, read)


def record(row: Recorded, *, verb: str, by: By, at: datetime) -> None:
    """Write a row and its entry together: the only way a recorded row changes.

    Raises `StaleVersion` if the row is no longer at the version it was read at, and
    `OutsideCommand` without an open transaction.
    """
    if not connection.in_atomic_block:
        raise OutsideCommand(row.subject)
    _write(row)
    _append([row], verb=verb, by=by, at=at)


def record_new(rows: Sequence[Recorded], *, verb: str, by: By, at: datetime) -> None:
    """Write many new rows of one model with one entry each; for imports and batches."""
    if not rows:
        return
    if not connection.in_atomic_block:
        raise OutsideCommand(rows[0].subject)
    for row in rows:
        row.version = 1
    type(rows[0])._base_manager.bulk_create(rows, batch_size=500)
    _append(rows, verb=verb, by=by, at=at)
