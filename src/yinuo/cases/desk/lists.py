"""The lists of the desk: which cases each shows, in what order, and where a page begins."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import reduce
from heapq import merge
from itertools import islice
from operator import or_

from django.db import connection
from django.db.models import Q, QuerySet

from yinuo.cases.desk.arms import Arm
from yinuo.cases.errors.cases import BadCaseCursor
from yinuo.cases.life import CaseStatus
from yinuo.cases.models import Case
from yinuo.cases.stored.sifting import sifted

WAITING = (
    CaseStatus.RECEIVED,
    CaseStatus.CORRECTING,
    CaseStatus.ACCEPTED,
    CaseStatus.DECIDED,
)
"""States in which somebody has to act by a day."""
OF_ONE_STATE = {
    "received": CaseStatus.RECEIVED,
    "correcting": CaseStatus.CORRECTING,
    "accepted": CaseStatus.ACCEPTED,
    "decided": CaseStatus.DECIDED,
}
BY_DUE = ("open", "late", "today", "week", "stopped", *OF_ONE_STATE)
BY_RECEIPT = ("done", "all")
SHOWS = (*BY_DUE, *BY_RECEIPT)
WEEK = timedelta(days=6)
MARK = "_"
FEW = 5_000
"""Cases with a common beginning of their numbers that are looked through one by one."""
HIGHEST = "\U0010ffff"
"""The character that follows all others."""


def lanes(show: str, today: date) -> tuple[Q, ...]:
    """The conditions of a list; each is answered in order by one index."""
    if show in OF_ONE_STATE:
        return (Q(status=OF_ONE_STATE[show]),)
    if show == "stopped":
        return (Q(status=CaseStatus.ACCEPTED, stopped=True),)
    if show == "done":
        return (Q(status__in=[one for one in CaseStatus if one not in WAITING]),)
    if show == "all":
        return (Q(),)
    within = {
        "late": Q(sort_due__lt=today),
        "today": Q(sort_due=today),
        "week": Q(sort_due__gte=today, sort_due__lte=today + WEEK),
    }.get(show, Q(sort_due__isnull=False))
    return tuple(Q(status=status) & within for status in WAITING)


@dataclass(frozen=True)
class Slices:
    """The rows of a list, in pieces that each come sorted from an index."""

    show: str
    pieces: tuple[QuerySet[Case], ...]

    def bounded(self, most: int) -> int:
        """How many cases there are, no further than one beyond `most`."""
        if len(self.pieces) == 1:
            return self.pieces[0].order_by()[: most + 1].count()
        found: set[str] = set()
        for piece in self.pieces:
            found.update(piece.order_by().values_list("code", flat=True)[: most + 1])
            if len(found) > most:
                return most + 1
        return len(found)

    def codes(self, after: str, limit: int) -> list[str]:
        """The codes of a page and of the first case beyond it."""
        by_due = self.show in BY_DUE
        pieces = (_due_keys if by_due else _receipt_keys)(self.pieces, after, limit + 1)
        seen = dict.fromkeys(code for _key, code in merge(*pieces))
        return list(islice(seen, limit + 1))

    def cursor(self, row: Case) -> str:
        """Where the page after this row begins."""
        if self.show in BY_DUE:
            return f"{row.sort_due}{MARK}{row.code}"
        return f"{row.received_at.isoformat()}{MARK}{row.code}"


def numbered(beginning: str) -> QuerySet[Case]:
    """The cases whose numbers begin so, found by their numbers."""
    rows = Case.objects.filter(code__startswith=beginning)
    if connection.vendor == "sqlite":  # its LIKE uses no index
        rows = rows.filter(code__gte=beginning, code__lt=beginning + HIGHEST)
    return rows


def few_numbered(beginning: str) -> QuerySet[Case] | None:
    """The same where they are few enough to be looked through; None where they are not."""
    rows = numbered(beginning)
    return rows if rows.order_by()[: FEW + 1].count() <= FEW else None


def slices(
    show: str,
    arms: Sequence[Arm],
    today: date,
    others: Mapping[str, object],
    few: QuerySet[Case] | None = None,
) -> Slices:
    """The pieces of a list: one for each side and state. `others`: further conditions.

    `few`: rows to which the list is limited; there is one piece then, asked row by row.
    """
    show = show if show in SHOWS else "open"
    if few is not None and arms:
        seen = reduce(or_, (Q(**{arm.side: arm.unit}) for arm in arms))
        within = reduce(or_, lanes(show, today))
        return Slices(show, (sifted(few, seen & within & Q(**others)),))
    pieces = tuple(
        Case.objects.filter(lane, **{arm.side: arm.unit}, **others)
        for arm in arms
        for lane in lanes(show, today)
    )
    return Slices(show, pieces)


def _due_keys(
    pieces: Iterable[QuerySet[Case]], after: str, limit: int
) -> list[list[tuple[date, str]]]:
    start = Q()
    if after:
        text, _, code = after.partition(MARK)
        try:
            day = date.fromisoformat(text)
        except ValueError:
            raise BadCaseCursor(after) from None
        start = Q(sort_due__gte=day) & (Q(sort_due__gt=day) | Q(code__gt=code))
    found = (
        piece.filter(start, sort_due__isnull=False).order_by("sort_due", "code") for piece in pieces
    )
    return [
        [(due, code) for due, code in piece.values_list("sort_due", "code")[:limit] if due]
        for piece in found
    ]


def _receipt_keys(
    pieces: Iterable[QuerySet[Case]], after: str, limit: int
) -> list[list[tuple[float, str]]]:
    start = Q()
    if after:
        text, _, code = after.partition(MARK)
        try:
            instant = datetime.fromisoformat(text)
        except ValueError:
            raise BadCaseCursor(after) from None
        start = Q(received_at__lte=instant) & (Q(received_at__lt=instant) | Q(code__gt=code))
    found = (piece.filter(start).order_by("-received_at", "code") for piece in pieces)
    return [
        [(-at.timestamp(), code) for at, code in piece.values_list("received_at", "code")[:limit]]
        for piece in found
    ]
