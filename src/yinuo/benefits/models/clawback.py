"""Money that was wrongly paid and is taken back, openly (退回)."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from yinuo.benefits.life import CLAWBACK, ClawbackState
from yinuo.ledger.recorded import Recorded, State


class Clawback(Recorded):
    """Of one award, the whole or a part; the firm's own promise stands as a commitment."""

    SUBJECT = "clawback"

    code = models.CharField(primary_key=True, max_length=40)
    """Such as TH-2024-0001."""
    award = models.ForeignKey("benefits.Award", on_delete=models.PROTECT, related_name="clawbacks")
    amount = models.PositiveBigIntegerField()
    """In 分."""
    repaid = models.PositiveBigIntegerField(default=0)
    reason_text = models.CharField(max_length=70)
    state = models.CharField(max_length=12, default=ClawbackState.ASKED)
    due = models.DateField(null=True)
    asked_by = models.CharField(max_length=80)
    approved_by = models.CharField(max_length=80, blank=True)
    said_text = models.CharField(max_length=70, blank=True)
    commitment = models.OneToOneField(
        "commitments.Commitment", on_delete=models.PROTECT, related_name="clawback", null=True
    )

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["award"],
                condition=Q(state__in=["asked", "ordered"]),
                name="clawback_one_open",
            ),
            models.CheckConstraint(
                condition=Q(state__in=[each.value for each in ClawbackState]), name="clawback_state"
            ),
            models.CheckConstraint(
                condition=Q(approved_by="") | ~Q(approved_by=F("asked_by")),
                name="clawback_two_persons",
            ),
            models.CheckConstraint(
                condition=Q(repaid__lte=F("amount"))
                & (~Q(state=ClawbackState.REPAID) | Q(repaid=F("amount"))),
                name="clawback_repaid",
            ),
        ]

    @staticmethod
    def wrong_step(before: State | None, after: State, verb: str) -> str | None:
        """A change of state that is not in the table."""
        return CLAWBACK.wrong(before, after, verb)

    @property
    def thread(self) -> str:
        """Told with its award."""
        return f"award:{self.award_id}"

    @property
    def answering_units(self) -> frozenset[str]:
        """As those of the policy."""
        return self.award.answering_units
