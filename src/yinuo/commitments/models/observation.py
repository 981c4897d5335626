"""What was only reported."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from yinuo.commitments.life import Visibility
from yinuo.ledger.recorded import Recorded


class Observation(Recorded):
    """A figure or event that a source states (据报道). Promised to nobody, never kept."""

    SUBJECT = "observation"

    code = models.CharField(primary_key=True, max_length=40)
    kind = models.CharField(max_length=40)
    title = models.CharField(max_length=300)
    heading = models.CharField(max_length=60, blank=True)
    parent_code = models.CharField(max_length=40, blank=True)
    """Code of the observation or commitment above it."""
    subject_said = models.CharField(max_length=120, blank=True)
    """Whom or what area it is about, as said."""
    subject_unit = models.ForeignKey(
        "parties.Unit", null=True, on_delete=models.PROTECT, related_name="observed"
    )
    counterparty = models.CharField(max_length=120, blank=True)
    office = models.ForeignKey(
        "parties.Unit", on_delete=models.PROTECT, related_name="answers_for_observations"
    )
    """The unit that keeps it and reviews it before publication."""
    operator = models.CharField(max_length=8, blank=True)
    value = models.CharField(max_length=40, blank=True)
    unit = models.CharField(max_length=20, blank=True)
    when_said = models.CharField(max_length=80, blank=True)
    document = models.ForeignKey(
        "commitments.Document", on_delete=models.PROTECT, related_name="observations"
    )
    place = models.CharField(max_length=80, blank=True)
    note = models.TextField(blank=True)
    visibility = models.CharField(max_length=12, default=Visibility.CLOSED)

    @classmethod
    def public_rows(cls) -> Q:
        """What passed the review before publication."""
        return Q(visibility=Visibility.PUBLIC)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(visibility__in=[v.value for v in Visibility]),
                name="observation_visibility",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["visibility", "heading"], name="observation_by_heading"),
        ]
