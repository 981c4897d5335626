"""How often a key may ask, about how many people; and the same question asked twice.

Counted in the database, so that all processes count together; nothing here is a change of the
city's records, so nothing stands on the ledger.
"""

import hashlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

from django.db import IntegrityError, connection, transaction
from django.utils.crypto import constant_time_compare, salted_hmac

from yinuo.api.answer_errors import AskedTooOften, OtherQuestion
from yinuo.api.models import AskedNumber, GivenAnswer
from yinuo.api.queries.answer_keys import AnswerKeyView
from yinuo.kernel.instants import civil_date

MINUTE = 60
"""Seconds; also between two new numbers, once a key asked about as many as it may in a day."""
KEPT = timedelta(days=1)
SALT = "yinuo.api.answers"


def admit(*, key: AnswerKeyView, mark: str, at: datetime) -> None:
    """Count a question about the number with this keyed hash. Raises `AskedTooOften`."""
    second, today = int(at.timestamp()), civil_date(at).toordinal()
    with _quickly(), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(USED + ("" if connection.vendor == "sqlite" else " FOR UPDATE"), [key.code])
        minute, asked, day, numbers, new_at = cursor.fetchone()
        asked = _asked(asked if minute == second // MINUTE else 0, key.per_minute, second)
        if day != today:
            numbers = 0
            AskedNumber.objects.filter(key=key.code, day__lt=today).delete()
        cursor.execute(KNOWN, [key.code, today, mark])
        if cursor.fetchone() is None:
            _slow(numbers, key.numbers_a_day, new_at + MINUTE - second)
            cursor.execute(NEW, [key.code, today, mark])
            numbers, new_at = numbers + 1, second
        cursor.execute(USE, [second // MINUTE, asked, today, numbers, new_at, key.code])


# Plain SQL: every question passes here, and composing these four would take longer than they do.
USED = "SELECT minute, asked, day, numbers, new_at FROM api_answeruse WHERE key_id = %s"
KNOWN = "SELECT 1 FROM api_askednumber WHERE key_id = %s AND day = %s AND mark = %s"
NEW = "INSERT INTO api_askednumber (key_id, day, mark) VALUES (%s, %s, %s)"
USE = (
    "UPDATE api_answeruse SET minute = %s, asked = %s, day = %s, numbers = %s, new_at = %s"
    " WHERE key_id = %s"
)


@contextmanager
def _quickly() -> Iterator[None]:
    """Commits that do not wait for the disk: a loss of power may forget the last counts.

    Nothing is changed inside a transaction of somebody else, whose commit has to wait.
    """
    if connection.in_atomic_block:
        yield
        return
    slowly, quickly = WAITING[connection.vendor]
    with connection.cursor() as cursor:
        cursor.execute(quickly)
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute(slowly)


WAITING = {
    "sqlite": ("PRAGMA synchronous=FULL", "PRAGMA synchronous=NORMAL"),
    "postgresql": ("RESET synchronous_commit", "SET synchronous_commit TO OFF"),
}
"""How each database is told to wait for the disk at a commit, and not to."""


def _asked(asked: int, most: int, second: int) -> int:
    """Questions of this minute with one more."""
    if asked >= most:
        raise AskedTooOften(f"一分钟只能问 {most:,} 次", MINUTE - second % MINUTE)
    return asked + 1


def _slow(numbers: int, most: int, rest: int) -> None:
    """Whoever tries number after number is slowed down to one a minute; known ones go on."""
    if numbers >= most and rest > 0:
        what = f"今天问过的号码已满 {most:,} 个，新的号码一分钟只能问一个"
        raise AskedTooOften(what, rest)


def question_mark(*parts: str) -> str:
    """The keyed hash of a question."""
    return salted_hmac(SALT, "\n".join(parts), algorithm="sha256").hexdigest()


def given_before(
    *, key: AnswerKeyView, once: str, question: str, at: datetime
) -> Mapping[str, Any] | None:
    """What this very question was answered within a day; None for a new one.

    Raises `OtherQuestion`.
    """
    row = GivenAnswer.objects.filter(key=key.code, once=_mark(once), at__gt=at - KEPT).first()
    if row is None:
        return None
    if not constant_time_compare(row.question, question):
        raise OtherQuestion
    found: Mapping[str, Any] = row.answer
    return found


def keep_answer(
    *, key: AnswerKeyView, once: str, question: str, answer: Mapping[str, Any], at: datetime
) -> Mapping[str, Any]:
    """Keep an answer for a day; returns the one that was first where two came at once.

    Raises `OtherQuestion`.
    """
    GivenAnswer.objects.filter(key=key.code, at__lte=at - KEPT).delete()
    try:
        with transaction.atomic():
            GivenAnswer.objects.create(
                key_id=key.code, once=_mark(once), question=question, answer=dict(answer), at=at
            )
    except IntegrityError:
        first = given_before(key=key, once=once, question=question, at=at)
        return answer if first is None else first
    return answer


def _mark(once: str) -> str:
    return hashlib.sha256(once.encode()).hexdigest()
