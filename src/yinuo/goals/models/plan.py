"""Plans, the goals in them, and which promise stands on which row."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from yinuo.commitments.life import Visibility
from yinuo.ledger.recorded import Recorded


class Plan(Recorded):
    """A plan as an office keeps it: one workbook."""

    SUBJECT = "plan"

    code = models.CharField(primary_key=True, max_length=40)
    title = models.CharField(max_length=300)
    office = models.ForeignKey("parties.Unit", on_delete=models.PROTECT, related_name="plans")
    """The unit that supervises the plan (督查单位)."""
    document = models.ForeignKey(
        "commitments.Document", on_delete=models.PROTECT, related_name="plans"
    )

    @classmethod
    def public_rows(cls) -> Q:
        """That a plan exists is public; what it promises is decided row by row.

        One that an office keeps as a roster of its own is public with its first public task.
        """
        return Q(roster=None) | Q(rows__commitment__visibility=Visibility.PUBLIC)


class Goal(Recorded):
    """A goal under which promises stand; its code is the `heading` of a commitment."""

    SUBJECT = "goal"

    code = models.CharField(primary_key=True, max_length=60)
    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="goals")
    number = models.PositiveIntegerField()
    """Order within the plan, and the number people know it by."""
    title = models.CharField(max_length=300)
    parent = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="children")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["plan", "number"], name="goal_number_in_plan"),
        ]

    @classmethod
    def public_rows(cls) -> Q:
        """Goals are the headings of the public board."""
        return Q()


class PlanRow(Recorded):
    """One row of the workbook and what it stated when it was last taken in."""

    SUBJECT = "plan_row"

    code = models.CharField(primary_key=True, max_length=60)
    """Code of the commitment or observation, as in the workbook."""
    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="rows")
    commitment = models.OneToOneField(
        "commitments.Commitment", null=True, on_delete=models.PROTECT, related_name="plan_row"
    )
    observation = models.OneToOneField(
        "commitments.Observation", null=True, on_delete=models.PROTECT, related_name="plan_row"
    )
    stated = models.JSONField()
    """Column → canonical text as last stated by a file, so that an old file asks for nothing."""

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(commitment=None) ^ Q(observation=None),
                name="plan_row_commitment_or_observation",
            ),
        ]


class Import(Recorded):
    """One workbook taken in: which file, by whom, with what result."""

    SUBJECT = "import"

    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="imports")
    file_name = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64)
    registered = models.PositiveIntegerField()
    requested = models.PositiveIntegerField()
    """Requests for change that the file gave rise to."""
    unchanged = models.PositiveIntegerField()
