"""A document that may come later, against a dated promise (容缺受理)."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from yinuo.cases.deferrals.life import DEFERRAL, Consequence, DeferralState
from yinuo.ledger.recorded import Recorded, State


class Deferral(Recorded):
    """One gap of one case: which document, by when, and what became of it."""

    SUBJECT = "deferral"

    code = models.CharField(primary_key=True, max_length=20)
    """承诺编码 of its letter."""
    letter = models.OneToOneField(
        "cases.CreditLetter", on_delete=models.PROTECT, related_name="deferral"
    )
    case = models.ForeignKey("cases.Case", on_delete=models.PROTECT, related_name="deferrals")
    key = models.CharField(max_length=20)
    """Of the material in the item."""
    commitment = models.OneToOneField(
        "commitments.Commitment", on_delete=models.PROTECT, related_name="deferral"
    )
    made_at = models.DateTimeField()
    due = models.DateField()
    due_provisional = models.BooleanField(default=False)
    """Whether days were counted whose arrangement has not been announced."""
    state = models.CharField(max_length=12, default=DeferralState.OPEN)
    handed_date = models.DateField(null=True)
    """When it was handed in last."""
    ended_date = models.DateField(null=True)
    consequence = models.CharField(max_length=10, blank=True)
    """Of a broken one: `deferrals.life.Consequence`."""
    said_text = models.CharField(max_length=70, blank=True)
    """What was said with the last step."""
    mended_date = models.DateField(null=True)
    """Of a broken one: when the document came after all."""
    table = models.PositiveIntegerField(null=True)
    """Publication of the table that allowed it."""
    rule = models.CharField(max_length=20, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["case", "key"],
                condition=Q(state__in=["open", "handed_in"]),
                name="deferral_one_open",
            ),
            models.CheckConstraint(
                condition=Q(state__in=[s.value for s in DeferralState]), name="deferral_state"
            ),
            models.CheckConstraint(
                condition=Q(consequence__in=["", *(c.value for c in Consequence)])
                & (Q(state="broken") ^ Q(consequence="")),
                name="deferral_consequence",
            ),
            models.CheckConstraint(
                condition=Q(state="broken") | Q(mended_date=None), name="deferral_mended"
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["state", "due", "code"], name="deferral_by_due")]

    @staticmethod
    def wrong_step(before: State | None, after: State, verb: str) -> str | None:
        """A change of state that is not in the table."""
        return DEFERRAL.wrong(before, after, verb)

    @property
    def thread(self) -> str:
        """Told on the page of the case."""
        return f"case:{self.case_id}"

    @property
    def answering_units(self) -> frozenset[str]:
        """As those of the case."""
        return self.case.answering_units
