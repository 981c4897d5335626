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
from yinuo.api.models import AnswerUse, AskedNumber, GivenAnswer
from yinuo.api.queries.answer_keys import AnswerKeyView
from yinuo.kernel.instants import civil_date

MINUTE = 60
SLOWLY = timedelta(minutes=1)
"""Between two new numbers, once a key asked about as many as it may in a day."""
KEPT = timedelta(days=1)
SALT = "yinuo.api.answers"


def admit(*, key: AnswerKeyView, mark: str, at: datetime) -> None:
    """Count a question about the number with this keyed hash. Raises `AskedTooOften`."""
    day = civil_date(at)
    with _quickly(), transaction.atomic():
        use = AnswerUse.objects.select_for_update().get(pk=key.code)
        _count(use, key.per_minute, int(at.timestamp()))
        if use.day != day:
            use.day, use.numbers = day, 0
            AskedNumber.objects.filter(key=key.code, day__lt=day).delete()
        if not AskedNumber.objects.filter(key=key.code, day=day, mark=mark).exists():
            _slow(use, key.numbers_a_day, at)
            AskedNumber.objects.create(key_id=key.code, day=day, mark=mark)
            use.numbers += 1
            use.new_at = at
        use.save()


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


def _count(use: AnswerUse, most: int, second: int) -> None:
    minute = second // MINUTE
    if use.minute != minute:
        use.minute, use.asked = minute, 0
    if use.asked >= most:
        raise AskedTooOften(f"一分钟只能问 {most:,} 次", MINUTE - second % MINUTE)
    use.asked += 1


def _slow(use: AnswerUse, most: int, at: datetime) -> None:
    """Whoever tries number after number is slowed down to one a minute; known ones go on."""
    if use.numbers < most or use.new_at is None:
        return
    rest = use.new_at + SLOWLY - at
    if rest > timedelta():
        what = f"今天问过的号码已满 {most:,} 个，新的号码一分钟只能问一个"
        raise AskedTooOften(what, int(rest.total_seconds()) + 1)


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
