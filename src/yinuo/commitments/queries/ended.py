"""What government units promised and how it ended: public promises, and those owed to applicants.

Of the latter only kind, unit, dates and outcome are given, which tell of nobody.
"""

from collections.abc import Iterator
from datetime import date

from django.db.models import Q

from yinuo.commitments.ended import Ended, Whose
from yinuo.commitments.life import Status
from yinuo.commitments.models import Commitment

OWED_TO_APPLICANTS = ("benefit", "problem", "connection")
"""Kinds that start closed because they name a firm or person; their outcome names nobody."""
JUDGED = (Status.KEPT, Status.BROKEN, Status.WAIVED)
COLUMNS = (
    *("code", "kind", "lead_id", "outcome", "due", "due_original", "delivered_date"),
    *("moved_count", "document__said_date"),
)


def public_ended(*, today: date, unit: str = "") -> Iterator[Ended]:
    """Commitments of units that were judged or are overdue, of one unit or all, by their codes.

    Internal orders and whatever else is not public stay out.
    """
    seen = Commitment.public_rows() | Q(kind__in=OWED_TO_APPLICANTS)
    over = Q(status__in=JUDGED) | Q(status__in=(Status.OPEN, Status.DELIVERED), due__lt=today)
    rows = Commitment.objects.filter(seen, over, lead__isnull=False)
    if unit:
        rows = rows.filter(lead=unit)
    for row in rows.order_by("code").values_list(*COLUMNS).iterator():
        yield _ended(*row)


def _ended(  # noqa: PLR0917  # the columns, in their order
    code: str,
    kind: str,
    lead: str,
    outcome: str,
    due: date | None,
    due_original: date | None,
    delivered: date | None,
    moved: int,
    said: date | None,
) -> Ended:
    return Ended(
        code=code,
        kind=kind,
        whose=Whose.UNIT,
        unit=lead,
        outcome=outcome,
        made_on=said,
        due=due,
        due_original=due_original,
        ended_on=delivered if outcome else None,
        moved=moved,
    )
