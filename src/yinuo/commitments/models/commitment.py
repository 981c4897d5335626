"""Who owes whom what, how much of it, by when, said where."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from yinuo.commitments.life import Outcome, Status, Visibility, check_step
from yinuo.ledger.recorded import Recorded, State


class Commitment(Recorded):
    """Who owes whom what, how much of it, by when, said where."""

    SUBJECT = "commitment"
    SCHEMA = 2
    ADDED: ClassVar = {"area": 2}

    class Operator(models.TextChoices):
        """How the result is compared with the value."""

        DONE = "done", "完成"
        GE = "ge", "≥"
        GT = "gt", ">"
        LE = "le", "≤"
        LT = "lt", "<"
        EQ = "eq", "="
        ABOUT = "about", "≈"

    class Origin(models.TextChoices):
        """Whether a term stands in the document or is our reading of it."""

        TEXT = "text", "原文"
        INFERRED = "inferred", "推定"
        NONE = "none", "未明确"

    code = models.CharField(primary_key=True, max_length=40)
    kind = models.CharField(max_length=40)
    title = models.CharField(max_length=300)
    heading = models.CharField(max_length=60, blank=True)
    """Code of the goal under which it stands; opaque here."""
    parent = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="children")
    note = models.TextField(blank=True)
    effort = models.CharField(max_length=40, blank=True)
    """The word of commitment as said: 力争, 将, 推进 …"""

    lead = models.ForeignKey(
        "parties.Unit", null=True, on_delete=models.PROTECT, related_name="owes"
    )
    """牵头单位, the debtor; None where nobody was named."""
    lead_said = models.CharField(max_length=120, blank=True)
    lead_origin = models.CharField(max_length=10, choices=Origin.choices, default=Origin.TEXT)
    area = models.CharField(max_length=300, blank=True)
    """责任地区, in the words of the document, such as 各区市县政府、先导区管委会."""
    creditor = models.CharField(max_length=120)
    """承诺对象, in the words of the document."""
    creditor_unit = models.ForeignKey(
        "parties.Unit", on_delete=models.PROTECT, related_name="supervises"
    )
    """The unit that speaks for the creditor: it verifies and decides changes."""

    operator = models.CharField(max_length=8, choices=Operator.choices, default=Operator.DONE)
    operator_origin = models.CharField(max_length=10, choices=Origin.choices, default=Origin.TEXT)
    value = models.CharField(max_length=40, blank=True)
    """Canonical decimal; empty where the operator is `done`."""
    value_scaled = models.BigIntegerField(null=True)
    """`value` × 10⁶, for sorting."""
    unit = models.CharField(max_length=20, blank=True)
    tolerance = models.CharField(max_length=40, blank=True)
    """For ≈: the distance from the value that still counts, in the same unit."""
    baseline = models.CharField(max_length=40, blank=True)
    texts_known = models.PositiveIntegerField(null=True)
    """Of a promised number of items, how many were printed; None where that is no question."""

    due = models.DateField(null=True)
    due_original = models.DateField(null=True)
    due_origin = models.CharField(max_length=10, choices=Origin.choices, default=Origin.TEXT)
    due_said = models.CharField(max_length=80, blank=True)
    moved_count = models.PositiveIntegerField(default=0)

    document = models.ForeignKey(
        "commitments.Document", on_delete=models.PROTECT, related_name="commitments"
    )
    place = models.CharField(max_length=80, blank=True)
    """Where in the document: paragraph, page or number."""

    status = models.CharField(max_length=12, default=Status.OPEN)
    outcome = models.CharField(max_length=20, blank=True)
    delivered_date = models.DateField(null=True)
    remark_text = models.CharField(max_length=70, blank=True)
    """What was said with the last step: the declaration, the reason, the finding."""
    merged_into = models.ForeignKey(
        "self", null=True, on_delete=models.PROTECT, related_name="merged"
    )
    visibility = models.CharField(max_length=12, default=Visibility.CLOSED)

    @classmethod
    def public_rows(cls) -> Q:
        """What passed the review before publication, with its whole story."""
        return Q(visibility=Visibility.PUBLIC)

    @property
    def answering_units(self) -> frozenset[str]:
        """The unit that owes it and the one that supervises: their people wrote its story."""
        return frozenset(filter(None, (self.lead_id, self.creditor_unit_id)))

    @staticmethod
    def wrong_step(before: State | None, after: State, verb: str) -> str | None:
        """A change of state that is not in the transition table, or of terms without approval."""
        return check_step(before, after, verb)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(status__in=[s.value for s in Status]), name="commitment_status"
            ),
            models.CheckConstraint(
                condition=Q(outcome__in=["", *(o.value for o in Outcome)]),
                name="commitment_outcome",
            ),
            models.CheckConstraint(
                condition=Q(visibility__in=[v.value for v in Visibility]),
                name="commitment_visibility",
            ),
            models.CheckConstraint(
                condition=Q(status__in=["kept", "broken", "waived"]) ^ Q(outcome=""),
                name="commitment_outcome_when_ended",
            ),
            models.CheckConstraint(
                condition=Q(due=None, due_original=None)
                | Q(due__isnull=False, due_original__isnull=False),
                name="commitment_due_and_original",
            ),
            models.CheckConstraint(
                condition=Q(operator="done") ^ ~Q(value=""), name="commitment_done_or_value"
            ),
            models.CheckConstraint(
                condition=Q(status__in=["delivered", "kept"]) ^ Q(delivered_date=None),
                name="commitment_delivered_date",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["visibility", "due", "code"], name="commitment_by_due"),
            # Each list is read in its order from one of these, whatever it is filtered by.
            models.Index(fields=["due", "code"], name="commitment_in_order"),
            models.Index(fields=["heading", "due", "code"], name="commitment_heading_order"),
            models.Index(fields=["lead", "due", "code"], name="commitment_lead_order"),
            models.Index(fields=["kind", "due", "code"], name="commitment_kind_order"),
            models.Index(fields=["status", "due", "code"], name="commitment_status_order"),
            # Two filters at once, and what a unit owes, are counted from these alone, and few are
            # listed from them.
            models.Index(
                fields=[
                    "heading",
                    "kind",
                    "lead",
                    "visibility",
                    "creditor_unit",
                    "status",
                    "due",
                    "moved_count",
                    "code",
                ],
                name="commitment_heading_facts",
            ),
            models.Index(
                fields=[
                    "lead",
                    "kind",
                    "heading",
                    "visibility",
                    "creditor_unit",
                    "status",
                    "outcome",
                    "due",
                    "due_original",
                    "moved_count",
                    "code",
                ],
                name="commitment_lead_facts",
            ),
            # An office's tasks by source are counted from this alone.
            models.Index(
                fields=["creditor_unit", "document", "kind", "status", "due"],
                name="commitment_by_source",
            ),
        ]


class Cooperating(models.Manager["Cooperation"]):
    """The cooperations that last: one whose unit was succeeded is history."""

    def get_queryset(self) -> models.QuerySet["Cooperation"]:
        """Those that have not ended."""
        return super().get_queryset().filter(ended_date=None)


class Cooperation(Recorded):
    """A cooperating unit (配合单位) of a commitment."""

    SUBJECT = "cooperation"
    SCHEMA = 2
    ADDED: ClassVar = {"ended_date": 2}

    code = models.CharField(primary_key=True, max_length=80)
    """Commitment and unit, joined by `/`."""
    commitment = models.ForeignKey(
        Commitment, on_delete=models.PROTECT, related_name="cooperations"
    )
    unit = models.ForeignKey("parties.Unit", on_delete=models.PROTECT, related_name="cooperates")
    ended_date = models.DateField(null=True)
    """Day after the last, half-open; None while it cooperates. A successor stands in its place."""

    objects = Cooperating()

    @property
    def thread(self) -> str:
        """Told on the page of the commitment."""
        return f"commitment:{self.commitment_id}"
