"""Roots of the read log: what it was at a moment, so that nobody can rewrite it afterwards."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from yinuo.ledger.recorded import Recorded


class ReadRoot(Recorded):
    """The log of looks up to one line."""

    SUBJECT = "credit_reads"

    count = models.PositiveBigIntegerField(primary_key=True)
    """How many lines the log had."""
    digest = models.CharField(max_length=64, unique=True)
    """SHA-256 of the last of them, which stands for all."""
    rooted_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(count__gt=0), name="credit_reads_not_empty"),
        ]

    @classmethod
    def public_rows(cls) -> Q:
        """A number and a hash tell nothing of anybody, and let everybody check."""
        return Q()
