"""What became of rows that were put aside: nothing is lost, nothing is dropped quietly."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from yinuo.credit.life import DECIDED, RowState
from yinuo.ledger.recorded import Recorded, State


class QuarantineDecision(Recorded):
    """One decision about rows of one batch; each row is decided on once."""

    SUBJECT = "quarantine_decision"

    code = models.CharField(primary_key=True, max_length=30)
    """`XP2026-1/Q1`."""
    batch = models.ForeignKey(
        "credit.CreditBatch", on_delete=models.PROTECT, related_name="decisions"
    )
    lines = models.JSONField()
    """[number of the file, number of the row in it] of each, in order."""
    state = models.CharField(max_length=12)
    correction = models.ForeignKey(
        "credit.CreditBatch", on_delete=models.PROTECT, null=True, related_name="+"
    )
    """The batch in which the corrected rows are."""
    reason_text = models.CharField(max_length=70)
    decided_by = models.CharField(max_length=80)
    decided_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(state__in=[str(each) for each in DECIDED]),
                name="quarantine_decision_state",
            ),
            models.CheckConstraint(
                condition=Q(state=RowState.CORRECTED, correction__isnull=False)
                | (~Q(state=RowState.CORRECTED) & Q(correction__isnull=True)),
                name="quarantine_correction_is_a_batch",
            ),
        ]

    @staticmethod
    def wrong_step(before: State | None, after: State, verb: str) -> str | None:
        """A decision is never changed."""
        del after
        fresh = before is None and verb in tuple(
            f"quarantine_decision.{state}" for state in DECIDED
        )
        return None if fresh else f"{verb} 不能改动问题数据的处理"

    @property
    def thread(self) -> str:
        """Told on the page of the batch."""
        return f"credit_batch:{self.batch_id}"

    @property
    def answering_units(self) -> frozenset[str]:
        """Those of the batch."""
        return frozenset({self.batch.unit_id})
