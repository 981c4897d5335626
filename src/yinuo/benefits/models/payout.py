"""Files of payments (资金拨付): made, approved by a second person, answered by the bank."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from yinuo.benefits.life import BATCH, BatchState, LineState
from yinuo.ledger.recorded import Recorded, State


class PayoutBatch(Recorded):
    """One payment file. Sent = paid + bounced + open, in lines and in 分, at every moment."""

    SUBJECT = "payout_batch"

    code = models.CharField(primary_key=True, max_length=40)
    """Such as BF-2024-0001."""
    policy = models.ForeignKey("benefits.Policy", on_delete=models.PROTECT, related_name="batches")
    state = models.CharField(max_length=12, default=BatchState.MADE)
    lines_count = models.PositiveIntegerField()
    total = models.PositiveBigIntegerField()
    paid = models.PositiveBigIntegerField(default=0)
    bounced = models.PositiveBigIntegerField(default=0)
    """All in 分."""
    file_sha256 = models.CharField(max_length=64, blank=True)
    """Of the CSV that was handed over; the file itself is made anew from the rows."""
    answers = models.JSONField(default=list)
    """SHA-256 of each file of the bank, with rows taken, repeated and kept aside."""
    aside_text = models.CharField(max_length=70, blank=True)
    """Rows of the last file of the bank that were kept aside, with why; JSON."""
    made_by = models.CharField(max_length=80)
    made_at = models.DateTimeField()
    sent_by = models.CharField(max_length=80, blank=True)
    sent_at = models.DateTimeField(null=True)
    simulated = models.BooleanField(default=False)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(state__in=[each.value for each in BatchState]),
                name="payout_batch_state",
            ),
            models.CheckConstraint(
                condition=Q(sent_by="") | ~Q(sent_by=F("made_by")), name="payout_batch_two_persons"
            ),
            models.CheckConstraint(
                condition=Q(total__gte=F("paid") + F("bounced")), name="payout_batch_balances"
            ),
            models.CheckConstraint(
                condition=~Q(state=BatchState.RECONCILED) | Q(total=F("paid") + F("bounced")),
                name="payout_batch_reconciled",
            ),
        ]

    @staticmethod
    def wrong_step(before: State | None, after: State, verb: str) -> str | None:
        """A change of state that is not in the table."""
        return BATCH.wrong(before, after, verb)

    @property
    def thread(self) -> str:
        """Told with its policy."""
        return f"policy:{self.policy_id}"

    @property
    def answering_units(self) -> frozenset[str]:
        """As those of the policy."""
        return self.policy.answering_units


class PayoutLine(Recorded):
    """One payment of a batch."""

    SUBJECT = "payout_line"

    code = models.CharField(primary_key=True, max_length=60)
    """Code of the batch, `/` and the number."""
    batch = models.ForeignKey(PayoutBatch, on_delete=models.PROTECT, related_name="lines")
    number = models.PositiveIntegerField()
    award = models.ForeignKey("benefits.Award", on_delete=models.PROTECT, related_name="payments")
    amount = models.PositiveBigIntegerField()
    name_text = models.CharField(max_length=70)
    bank_text = models.CharField(max_length=70)
    account_text = models.CharField(max_length=70)
    """Payee, bank and account as of this file: a later account of the firm does not alter it."""
    state = models.CharField(max_length=10, default=LineState.OPEN)
    answered_on = models.DateField(null=True)
    """The bank's day."""
    reason_text = models.CharField(max_length=70, blank=True)
    """Why it bounced, as the bank says."""

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["batch", "number"], name="payout_line_number"),
            models.UniqueConstraint(
                fields=["award"], condition=Q(state="paid"), name="payout_line_paid_once"
            ),
            models.UniqueConstraint(
                fields=["award"], condition=Q(state="open"), name="payout_line_open_once"
            ),
            models.CheckConstraint(
                condition=Q(state__in=[each.value for each in LineState]), name="payout_line_state"
            ),
            models.CheckConstraint(
                condition=Q(state=LineState.OPEN) ^ Q(answered_on__isnull=False),
                name="payout_line_answered",
            ),
        ]

    @property
    def thread(self) -> str:
        """Told with its policy."""
        return f"policy:{self.batch.policy_id}"

    @property
    def answering_units(self) -> frozenset[str]:
        """As those of the policy."""
        return self.batch.answering_units
