"""Conditions on commitments that several queries share."""

from datetime import date

from django.db.models import Q

from yinuo.commitments.claims import COUNTED, OPEN
from yinuo.commitments.life import Status
from yinuo.commitments.registry import Promisor, kinds_of_others

KEPT = Q(status=Status.KEPT)


def overdue(today: date) -> Q:
    """Open and past the present deadline."""
    return Q(status=Status.OPEN, due__lt=today)


def promised_by(promisor: Promisor, to: str = "") -> Q:
    """What one side promised: the city and its units, or others to it.

    `to` is the way to the commitment from another table, such as `commitment__`.
    """
    by_others = Q(**{f"{to}kind__in": kinds_of_others()})
    return by_others if promisor is Promisor.OTHERS else ~by_others


def live_waits() -> Q:
    """Waits that still ask something of the other unit: an answer, or the thing itself."""
    still_owed = [Status.OPEN, Status.DELIVERED]
    unsettled = Q(status__in=OPEN, commitment__status__in=[*still_owed, Status.KEPT, Status.BROKEN])
    return unsettled | Q(status__in=COUNTED, ended_date=None, commitment__status__in=still_owed)
