"""Who has taken note of a task and owns up to it (签收)."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from yinuo.commitments.signatures import check_signature
from yinuo.ledger.recorded import Recorded, State


class Signing(Recorded):
    """One unit's signature under a commitment, asked for by a day; an office matter, not public."""

    SUBJECT = "signing"

    class Part(models.TextChoices):
        """What the unit is in the commitment."""

        LEAD = "lead", "牵头单位"
        COOPERATING = "cooperating", "配合单位"

    class Status(models.TextChoices):
        """Where the request stands."""

        WAITING = "waiting", "待签收"
        SIGNED = "signed", "已签收"
        RETURNED = "returned", "已退回"
        RECALLED = "recalled", "不再要求"

    code = models.CharField(primary_key=True, max_length=80)
    """Commitment and unit, joined by `/`."""
    commitment = models.ForeignKey(
        "commitments.Commitment", on_delete=models.PROTECT, related_name="signings"
    )
    unit = models.ForeignKey("parties.Unit", on_delete=models.PROTECT, related_name="signings")
    part = models.CharField(max_length=12, choices=Part.choices)
    sign_by = models.DateField()
    """The last day on which it is in time."""
    asked_at = models.DateTimeField()
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.WAITING)
    answered_by = models.CharField(max_length=80, blank=True)
    answered_at = models.DateTimeField(null=True)
    reason_text = models.CharField(max_length=70, blank=True)
    """Why it was returned, such as 不属本单位职责."""

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(status__in=["signed", "returned"])
                ^ Q(answered_by="", answered_at=None),
                name="signing_answered_by_and_at",
            ),
            models.CheckConstraint(
                condition=~Q(status="returned") | ~Q(reason_text=""),
                name="signing_returned_with_reason",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["unit", "status", "sign_by"], name="signing_by_unit"),
            models.Index(fields=["status", "sign_by", "code"], name="signing_by_status"),
        ]

    @staticmethod
    def wrong_step(before: State | None, after: State, verb: str) -> str | None:
        """A step that is not in the table of `signatures`, or one that alters what was asked."""
        return check_signature(before, after, verb)

    @property
    def answering_units(self) -> frozenset[str]:
        """The unit that gave the reason."""
        return frozenset({self.unit_id})
