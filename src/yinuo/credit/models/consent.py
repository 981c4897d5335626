"""Consent of a firm or person that somebody may ask about it (授权同意)."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from yinuo.ledger.recorded import Recorded

HOWS = {"self": "本人登录后同意", "paper": "当面签字同意"}


class CreditConsent(Recorded):
    """One purpose, one unit, until a day; it can be withdrawn at any moment. Never public."""

    SUBJECT = "credit_consent"

    code = models.CharField(primary_key=True, max_length=40)
    """`TY-` and random characters."""
    subject_row = models.ForeignKey(
        "credit.Subject", on_delete=models.PROTECT, related_name="consents"
    )
    unit = models.ForeignKey(
        "parties.Unit", on_delete=models.PROTECT, related_name="credit_consents"
    )
    """Who may ask."""
    purpose = models.CharField(max_length=20)
    how = models.CharField(max_length=8)
    paper_sha256 = models.CharField(max_length=64, blank=True)
    """Of the signed paper, where it was given on paper."""
    given_at = models.DateTimeField()
    valid_until = models.DateField()
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["subject_row", "unit", "purpose"],
                condition=Q(withdrawn_at=None),
                name="credit_consent_one_in_force",
            ),
            models.CheckConstraint(condition=Q(how__in=sorted(HOWS)), name="credit_consent_how"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["unit", "purpose", "code"], name="credit_consent_by_unit")
        ]

    @property
    def answering_units(self) -> frozenset[str]:
        """Who was allowed to ask."""
        return frozenset({self.unit_id})
