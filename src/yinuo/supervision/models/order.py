"""Steps of supervision that were taken: thin rows beside the commitments that they are."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from yinuo.kernel.lives import altered, must_not_alter
from yinuo.ledger.recorded import Recorded, State
from yinuo.supervision.orders.steps import Step

ISSUED, RETURNED, ACCEPTED, REOPENED = (
    "order.issued",
    "order.returned",
    "order.accepted",
    "order.reopened",
)
ACCEPTANCE = frozenset({"accepted_by", "accepted_at", "accepted_text", "accepted_version"})
ALTERS = {
    RETURNED: frozenset({"again_by"}),
    ACCEPTED: ACCEPTANCE,
    REOPENED: frozenset({"again_by"}),
}
"""What a step after the issue may write; all else stays as it was issued."""


class Order(Recorded):
    """提示函, 督办单, 约谈 or 专报 to one unit; an office matter, never public.

    Who owes the reply, by when, whether it came and was found true is what the commitment of the
    same code says.
    """

    SUBJECT = "order"

    code = models.CharField(primary_key=True, max_length=40)
    """That of the commitment."""
    commitment = models.OneToOneField(
        "commitments.Commitment", on_delete=models.PROTECT, related_name="order"
    )
    step = models.CharField(max_length=8)
    series = models.CharField(max_length=20)
    """机关代字."""
    year = models.PositiveIntegerField()
    number = models.PositiveIntegerField()
    """The running number of the series in the year, from 1."""
    issued_date = models.DateField()
    issued_by = models.CharField(max_length=80)
    asked_text = models.CharField(max_length=70)
    """What the unit is to do."""
    reason_text = models.CharField(max_length=70, blank=True)
    """Why this step, where the table asked for another or for none (越级)."""
    extendable = models.BooleanField()
    again_days = models.PositiveIntegerField()
    """Working days for a reply that was returned, by the table at the time of issue."""
    table_number = models.PositiveIntegerField()
    """Number of the publication of the table that decided, as in `content.queries.InForce`."""
    table_edition = models.PositiveIntegerField()
    meeting_date = models.DateField(null=True)
    """Of a talk."""
    meeting_text = models.CharField(max_length=70, blank=True)
    """Of a talk: who talks, by office held, and where."""
    addressee_text = models.CharField(max_length=70, blank=True)
    """Of a 专报: to whom it is written."""
    again_by = models.DateField(null=True)
    """The last day for a reply that was returned or called for anew."""
    accepted_by = models.CharField(max_length=80, blank=True)
    accepted_at = models.DateTimeField(null=True)
    accepted_text = models.CharField(max_length=70, blank=True)
    """Who found a reply in order, and how it is to be verified."""
    accepted_version = models.PositiveIntegerField(default=0)
    """Version of the commitment at that time: once it goes on, the acceptance is history."""

    @staticmethod
    def wrong_step(before: State | None, after: State, verb: str) -> str | None:
        """What was issued never changes; of the answer only what each step may write."""
        if before is None:
            fresh = verb == ISSUED and after["again_by"] is None and after["accepted_by"] == ""
            return None if fresh else "首条记录应为发出"
        if verb not in ALTERS:
            return f"没有 {verb} 这一步"
        return must_not_alter(verb, altered(before, after) - ALTERS[verb])

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(step__in=[step.value for step in Step]), name="order_step"
            ),
            models.CheckConstraint(condition=Q(code=F("commitment")), name="order_is_commitment"),
            models.CheckConstraint(
                condition=Q(accepted_by="", accepted_at=None)
                | (~Q(accepted_by="") & Q(accepted_at__isnull=False)),
                name="order_accepted_by_and_at",
            ),
            models.UniqueConstraint(fields=["series", "year", "number"], name="order_number"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["-issued_date", "-code"], name="order_in_order"),
        ]


class Concern(Recorded):
    """One commitment that an order is about, with the facts on which the step was taken."""

    SUBJECT = "concern"

    code = models.CharField(primary_key=True, max_length=90)
    """Codes of order and commitment, joined by `/`."""
    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="concerns")
    commitment = models.ForeignKey(
        "commitments.Commitment", on_delete=models.PROTECT, related_name="concerned_by"
    )
    due_step = models.CharField(max_length=8, blank=True)
    """The step that the table asked for; empty for none."""
    rule = models.CharField(max_length=40, blank=True)
    """Name of its rule."""
    colour = models.CharField(max_length=12, blank=True)
    said = models.CharField(max_length=300, blank=True)
    """The light and why, in the words of the day."""
    days_left = models.IntegerField(null=True)
    behind = models.CharField(max_length=40, blank=True)
    """Percentage points behind the plan, as a canonical decimal."""
    reported_date = models.DateField(null=True)
    """As of when the unit last reported."""

    @property
    def thread(self) -> str:
        """Told with the order."""
        return f"order:{self.order_id}"

    @staticmethod
    def wrong_step(before: State | None, after: State, verb: str) -> str | None:
        """Written once."""
        del after
        return None if before is None and verb == "concern.noted" else "这条记录不能再改"


class Forgone(Recorded):
    """A step that was due on a commitment and was not taken, with the reason."""

    SUBJECT = "forgone"

    code = models.CharField(primary_key=True, max_length=60)
    """Code of the commitment, `/F` and a number from 1."""
    commitment = models.ForeignKey(
        "commitments.Commitment", on_delete=models.PROTECT, related_name="forgone"
    )
    step = models.CharField(max_length=8)
    last_order = models.CharField(max_length=40, blank=True)
    """Code of the last order about it at that time; once there is another, this is history."""
    until_date = models.DateField(null=True)
    """Left until this day, which is the first on which it is due again; None: passed over."""
    rule = models.CharField(max_length=40, blank=True)
    table_number = models.PositiveIntegerField()
    decided_by = models.CharField(max_length=80)
    decided_at = models.DateTimeField()
    reason_text = models.CharField(max_length=70)

    @staticmethod
    def wrong_step(before: State | None, after: State, verb: str) -> str | None:
        """Written once."""
        del after
        return None if before is None and verb == "step.forgone" else "这条记录不能再改"

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(step__in=[step.value for step in Step]), name="forgone_step"
            ),
        ]
