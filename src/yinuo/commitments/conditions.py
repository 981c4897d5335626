"""Conditions on commitments that several queries share."""

from datetime import date

from django.db.models import Q

from yinuo.commitments.claims import COUNTED, OPEN
from yinuo.commitments.life import Status

KEPT = Q(status=Status.KEPT)


def overdue(today: date) -> Q:
    """Open and past the present deadline."""
    return Q(status=Status.OPEN, due__lt=today)


def live_waits() -> Q:
    """Waits that still ask something of the other unit: an answer, or the thing itself."""
    still_owed = [Status.OPEN, Status.DELIVERED]
    unsettled = Q(status__in=OPEN, commitment__status__in=[*still_owed, Status.KEPT, Status.BROKEN])
    return unsettled | Q(status__in=COUNTED, ended_date=None, commitment__status__in=still_owed)
