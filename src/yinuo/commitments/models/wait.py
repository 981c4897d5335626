"""What a unit waits for from another one (卡点)."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from yinuo.commitments.claims import CLAIM_LABELS, ClaimStatus, check_claim
from yinuo.ledger.recorded import Recorded, State


class Wait(Recorded):
    """A claim that a commitment is held up by another unit; an office matter, not public."""

    SUBJECT = "wait"

    code = models.CharField(primary_key=True, max_length=60)
    """Code of the commitment, `/W` and a number from 1."""
    commitment = models.ForeignKey(
        "commitments.Commitment", on_delete=models.PROTECT, related_name="waits"
    )
    claimed_by_unit = models.ForeignKey(
        "parties.Unit", on_delete=models.PROTECT, related_name="waits_claimed"
    )
    on_unit = models.ForeignKey(
        "parties.Unit", on_delete=models.PROTECT, related_name="waits_answered"
    )
    """The unit waited for."""
    what_text = models.CharField(max_length=70)
    """What is waited for."""
    since_date = models.DateField()
    """First day of waiting."""
    ended_date = models.DateField(null=True)
    """The day on which it came, half-open; None while it lasts."""
    status = models.CharField(
        max_length=12,
        choices=[(s.value, label) for s, label in CLAIM_LABELS.items()],
        default=ClaimStatus.CLAIMED,
    )
    answered_by = models.CharField(max_length=80, blank=True)
    answered_at = models.DateTimeField(null=True)
    answer_text = models.CharField(max_length=70, blank=True)
    """The words of the other unit."""
    ruled_by = models.CharField(max_length=80, blank=True)
    ruled_at = models.DateTimeField(null=True)
    ruling_text = models.CharField(max_length=70, blank=True)
    """Why the supervisor upheld or dismissed a disputed claim."""
    closing_text = models.CharField(max_length=70, blank=True)
    """Why it was taken back, or closed without an answer."""

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(status__in=[s.value for s in ClaimStatus]), name="wait_status"
            ),
            models.CheckConstraint(
                condition=Q(ended_date=None) | Q(ended_date__gte=models.F("since_date")),
                name="wait_ends_after_its_start",
            ),
            models.CheckConstraint(
                condition=~Q(on_unit=models.F("claimed_by_unit")), name="wait_on_another_unit"
            ),
            models.CheckConstraint(
                condition=Q(status__in=["upheld", "dismissed"]) ^ Q(ruled_by="", ruled_at=None),
                name="wait_ruled_by_and_at",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["on_unit", "status"], name="wait_by_unit"),
        ]

    @staticmethod
    def wrong_step(before: State | None, after: State, verb: str) -> str | None:
        """A step that is not in the table of `claims`, or one that alters what was claimed."""
        return check_claim(before, after, verb)

    @property
    def answering_units(self) -> frozenset[str]:
        """The two units whose people wrote its texts."""
        return frozenset({self.claimed_by_unit_id, self.on_unit_id})
