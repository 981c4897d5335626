"""Utilities told of a building project by shared data (水电气热通信广电联合报装)."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from yinuo.ledger.recorded import Recorded


class UtilityNotice(Recorded):
    """What one utility was told of a project, what it answered, and that it connected once.

    Nobody applies for it (免报装). The link it is told by is worked out from `nonce` and the
    installation's key (`construction.links`); the table alone opens nothing.
    """

    SUBJECT = "utility_notice"
    UNRECORDED: ClassVar = {
        "nonce": "random, changes with each new link; opens nothing without the installation's key",
    }

    code = models.CharField(primary_key=True, max_length=64)
    """Code of the project, `/U` and the code of the utility."""
    project = models.ForeignKey(
        "cases.BuildingProject", on_delete=models.PROTECT, related_name="utility_notices"
    )
    utility = models.CharField(max_length=20)
    """Code in `content/construction/utilities.csv`."""
    name = models.CharField(max_length=60)
    """Such as 供水."""
    unit = models.ForeignKey(
        "parties.Unit", null=True, on_delete=models.PROTECT, related_name="utility_notices"
    )
    """Who provides it here; None for a firm that is no unit."""
    provider = models.CharField(max_length=120, blank=True)
    """Its name where it is no unit."""
    event = models.CharField(max_length=60)
    """At what it was told, such as `item:GC-34`."""
    shared = models.JSONField(default=dict)
    """Field → value, as told."""
    told_at = models.DateTimeField()
    answer_due = models.DateField()
    nonce = models.CharField(max_length=64)
    expires_at = models.DateTimeField()
    opened_at = models.DateTimeField(null=True)
    """When the link was first opened."""
    answered_at = models.DateTimeField(null=True)
    plan_text = models.CharField(max_length=70, blank=True)
    """How it connects, in words."""
    connect_date = models.DateField(null=True)
    """The day it said."""
    commitment = models.CharField(max_length=40, blank=True)
    """Code of the promise to connect by that day."""
    connected_date = models.DateField(null=True)
    """The day on which it says it connected."""
    confirmed_at = models.DateTimeField(null=True)
    """When the developer confirmed it."""
    simulated = models.BooleanField(default=False)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["project", "utility"], name="utility_told_once"),
            models.CheckConstraint(
                condition=Q(answered_at=None, connect_date=None, commitment="")
                | (
                    Q(answered_at__isnull=False, connect_date__isnull=False)
                    & ~Q(commitment="")
                    & ~Q(plan_text="")
                ),
                name="utility_answered_whole",
            ),
            models.CheckConstraint(
                condition=Q(connected_date=None) | Q(answered_at__isnull=False),
                name="utility_connects_as_planned",
            ),
            models.CheckConstraint(
                condition=Q(confirmed_at=None) | Q(connected_date__isnull=False),
                name="utility_confirmed_once_connected",
            ),
            models.CheckConstraint(
                condition=Q(expires_at__gt=F("told_at")), name="utility_link_ends"
            ),
        ]

    @property
    def thread(self) -> str:
        """Told on the page of the project."""
        return f"building_project:{self.project_id}"

    @property
    def answering_units(self) -> frozenset[str]:
        """The unit that leads the approval, and the utility where it is one."""
        return frozenset(filter(None, (self.project.office_id, self.unit_id)))
