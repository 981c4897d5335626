"""Which texts were erased by law, which shall be, and where a text stands.

Knows no viewers, because accounts live above the ledger: only packages above may ask, after they
have checked who wants to know.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import connection
from django.db.models import Case, When
from django.db.models.functions import Length
from django.utils.translation import gettext_noop

from yinuo.ledger.models import Erasure
from yinuo.ledger.recorded import Recorded, recorded_models

REFERENCE = re.compile(r"text:[0-9a-f]{64}")
LAW = gettext_noop("个人信息保护法第四十七条第一款")
GROUNDS: dict[str, str] = dict(Erasure.Ground.choices)
"""Ground of an erasure → the item of the law."""


@dataclass(frozen=True)
class Erased:
    """How a text went."""

    code: str
    at: datetime
    ground: str
    """The item of 第四十七条第一款, in words."""


@dataclass(frozen=True)
class Request:
    """A request to erase one text, with its decision."""

    code: str
    text: str
    person: str
    ground: str
    status: str
    asked_by: str
    asked_at: datetime
    decided_by: str
    decided_at: datetime | None
    refusal_text: str

    @property
    def waiting(self) -> bool:
        """Whether nobody has decided."""
        return self.status == Erasure.Status.ASKED

    @property
    def state(self) -> str:
        """待批准, 已删除 or 不予删除."""
        return Erasure.Status(self.status).label

    @classmethod
    def of(cls, row: Erasure) -> "Request":
        """The row as data."""
        return cls(
            code=row.code,
            text=row.text,
            person=row.person,
            ground=GROUNDS[row.ground],
            status=row.status,
            asked_by=row.asked_by,
            asked_at=row.asked_at,
            decided_by=row.decided_by,
            decided_at=row.decided_at,
            refusal_text=row.refusal_text,
        )


def erased(references: Iterable[str]) -> dict[str, Erased]:
    """Those of the references whose texts were erased by law, each with when and why."""
    rows = Erasure.objects.filter(text__in=set(references), status=Erasure.Status.APPROVED)
    return {
        row.text: Erased(row.code, row.decided_at, GROUNDS[row.ground])
        for row in rows
        if row.decided_at
    }


def waiting(references: Iterable[str]) -> dict[str, str]:
    """Those of the references whose erasure was asked for and not decided, each with its code."""
    rows = Erasure.objects.filter(text__in=set(references), status=Erasure.Status.ASKED)
    return dict(rows.values_list("text", "code"))


def requests() -> tuple[Request, ...]:
    """Every request, those that wait first, then the newest."""
    waiting_first = Case(When(status=Erasure.Status.ASKED, then=0), default=1)
    rows = Erasure.objects.order_by(waiting_first, "-asked_at", Length("code"), "code")
    return tuple(Request.of(row) for row in rows)


def request(code: str) -> Request | None:
    """One request, or None."""
    row = Erasure.objects.filter(code=code).first()
    return Request.of(row) if row else None


def requests_for(*, person: str) -> tuple[Request, ...]:
    """The requests that wait to erase everything of one person, `account:7`."""
    return tuple(r for r in requests() if r.person == person and r.waiting)


def threads_naming(reference: str) -> tuple[str, ...]:
    """The threads, such as `commitment:DL2024-015`, that hold this text as their own.

    Reads every body of the log: meant for one text at a time. A request to erase the text names
    it too, and does not count. Nothing is no reference: it has no threads.
    """
    if not REFERENCE.fullmatch(reference):
        return ()
    sql = (
        "SELECT DISTINCT thread FROM ledger_entry WHERE instr(body, %s) > 0"
        " AND instr(body, %s) = 0 ORDER BY thread"
        if connection.vendor == "sqlite"
        else "SELECT DISTINCT thread FROM ledger_entry WHERE position(%s::bytea IN body) > 0"
        " AND position(%s::bytea IN body) = 0 ORDER BY thread"
    )
    quoted = f'"{reference}"'.encode()
    with connection.cursor() as cursor:
        cursor.execute(sql, [quoted, b'"text":' + quoted])
        return tuple(thread for (thread,) in cursor.fetchall())


def rows_naming(reference: str) -> tuple[Recorded, ...]:
    """The rows on whose pages the text stands or stood, one a thread."""
    models = recorded_models()
    found: list[Recorded] = []
    for thread in threads_naming(reference):
        subject, _, key = thread.partition(":")
        if subject in models:
            found += models[subject]._base_manager.filter(pk=key)
    return tuple(found)
