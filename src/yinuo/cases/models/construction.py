"""Building projects (工程建设项目)."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from yinuo.ledger.recorded import Recorded


class BuildingProject(Recorded):
    """One building project (项目代码), with its works (工程代码) through four stages."""

    SUBJECT = "building_project"

    code = models.CharField(primary_key=True, max_length=40)
    """项目代码 XMDM."""
    title = models.CharField(max_length=200)
    office = models.ForeignKey(
        "parties.Unit", on_delete=models.PROTECT, related_name="building_projects"
    )
    developer = models.ForeignKey(
        "cases.Applicant", on_delete=models.PROTECT, related_name="building_projects"
    )
    track_mark = models.CharField(max_length=64, blank=True)
    visibility = models.CharField(max_length=12, default="closed")
    simulated = models.BooleanField(default=False)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["track_mark"], name="building_project_by_track"),
        ]

    @classmethod
    def public_rows(cls) -> Q:
        """Opened by a second person."""
        return Q(visibility="public")
