"""A change of what was promised."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.db.models.functions import Coalesce

from yinuo.commitments.life import ChangeKind
from yinuo.ledger.recorded import Recorded


class Change(Recorded):
    """A change of what was promised: asked by one person, decided by another."""

    SUBJECT = "change"
    UNRECORDED: ClassVar = {"lead_id": "repeats who owes the commitment, which its own entries say"}
    ROW_COPIES: ClassVar = {"lead_id": "commitment__lead_id"}

    class Status(models.TextChoices):
        """Where the request stands."""

        ASKED = "asked", "待批准"
        APPROVED = "approved", "已批准"
        REFUSED = "refused", "未批准"

    code = models.CharField(primary_key=True, max_length=60)
    """Code of the commitment, `/C` and a number from 1."""
    commitment = models.ForeignKey(
        "commitments.Commitment", on_delete=models.PROTECT, related_name="changes"
    )
    lead = models.ForeignKey(
        "parties.Unit", null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    """Who owes the commitment now, so that the changes of one unit are read in their order."""
    kind = models.CharField(max_length=20)
    old = models.JSONField()
    new = models.JSONField()
    """Columns of the commitment → values, before and after."""
    reason_text = models.CharField(max_length=70)
    asked_by = models.CharField(max_length=80)
    asked_at = models.DateTimeField()
    after_the_fact = models.BooleanField()
    """Asked only after the deadline it moves had passed."""
    source = models.CharField(max_length=300, blank=True)
    """Of a request from a file: its name, hash and cell."""
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.ASKED)
    decided_by = models.CharField(max_length=80, blank=True)
    decided_at = models.DateTimeField(null=True)
    decision_text = models.CharField(max_length=70, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(kind__in=[k.value for k in ChangeKind]), name="change_kind"
            ),
            models.CheckConstraint(
                condition=Q(status="asked", decided_by="", decided_at=None)
                | (~Q(status="asked") & ~Q(decided_by="") & Q(decided_at__isnull=False)),
                name="change_decided_by_and_at",
            ),
            models.CheckConstraint(
                condition=~Q(decided_by=models.F("asked_by")), name="change_two_persons"
            ),
            models.UniqueConstraint(
                fields=["commitment", "kind"],
                condition=Q(status="asked"),
                name="change_one_waiting_of_a_kind",
            ),
        ]
        indexes: ClassVar = [
            models.Index(Coalesce("decided_at", "asked_at"), "code", name="change_by_last_step"),
            models.Index(
                "lead", Coalesce("decided_at", "asked_at"), "code", name="change_lead_last_step"
            ),
        ]

    @property
    def thread(self) -> str:
        """Told on the page of the commitment."""
        return f"commitment:{self.commitment_id}"
