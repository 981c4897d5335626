"""Conditions on commitments that several queries share."""

from datetime import date

from django.db.models import Q

from yinuo.commitments.life import Status

KEPT = Q(status=Status.KEPT)


def overdue(today: date) -> Q:
    """Open and past the present deadline."""
    return Q(status=Status.OPEN, due__lt=today)
