"""The plan that a unit set itself for a promise (序时进度)."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from yinuo.commitments.curve import Shape
from yinuo.ledger.recorded import Recorded


class PlanCurve(Recorded):
    """序时进度 of one commitment: set once, then replaced only by an approved change."""

    SUBJECT = "curve"

    commitment = models.OneToOneField(
        "commitments.Commitment",
        primary_key=True,
        on_delete=models.PROTECT,
        related_name="plan_curve",
    )
    shape = models.CharField(max_length=12)
    points = models.JSONField()
    """Pairs of texts: a day and a cumulative figure, or a milestone's code and its weight."""

    @property
    def thread(self) -> str:
        """Told on the page of the commitment."""
        return f"commitment:{self.commitment_id}"

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(shape__in=[shape.value for shape in Shape]), name="curve_shape"
            ),
        ]
