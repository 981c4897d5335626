"""A bill that may be paid later (先诊疗后付费, 先游后付): the payer's promise with a day."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from yinuo.ledger.recorded import Recorded, State

STEPS = {
    ("open", "payment.paid"): "paid",
    ("open", "payment.waived"): "waived",
    ("paid", "payment.mistaken"): "open",
}
STATE_LABELS = {"open": "待付", "paid": "已付清", "waived": "免除"}


class DeferredPayment(Recorded):
    """One bill of one person with one hospital. Never public."""

    SUBJECT = "deferred_payment"

    code = models.CharField(primary_key=True, max_length=40)
    """Such as YF-2024-000001."""
    unit = models.ForeignKey(
        "parties.Unit", on_delete=models.PROTECT, related_name="deferred_payments"
    )
    """To whom it is owed."""
    payer = models.ForeignKey(
        "credit.Subject", on_delete=models.PROTECT, related_name="deferred_payments"
    )
    scenario = models.CharField(max_length=20)
    amount = models.PositiveBigIntegerField()
    """In 分."""
    made_on = models.DateField()
    due = models.DateField()
    state = models.CharField(max_length=8, default="open")
    paid_on = models.DateField(null=True)
    reason_text = models.CharField(max_length=70, blank=True)
    commitment = models.OneToOneField(
        "commitments.Commitment", on_delete=models.PROTECT, related_name="deferred_payment"
    )
    simulated = models.BooleanField(default=False)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(state__in=sorted(STATE_LABELS)), name="deferred_payment_state"
            ),
            models.CheckConstraint(
                condition=Q(state="paid") ^ Q(paid_on=None), name="deferred_payment_paid_on"
            ),
            models.CheckConstraint(
                condition=Q(due__gte=models.F("made_on")), name="deferred_payment_due"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["unit", "state", "due", "code"], name="deferred_payment_by_due"),
            models.Index(fields=["payer", "state"], name="deferred_payment_by_payer"),
        ]

    @staticmethod
    def wrong_step(before: State | None, after: State, verb: str) -> str | None:
        """A change of state that is not in the table."""
        if before is None:
            return None if after["state"] == "open" else "不是从待付开始"
        wanted = STEPS.get((str(before["state"]), verb))
        return None if wanted == after["state"] else f"{before['state']} 不能经 {verb} 改变"

    @property
    def answering_units(self) -> frozenset[str]:
        """To whom it is owed."""
        return frozenset({self.unit_id})
