"""What one firm is to get from one policy for one period (兑现)."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from yinuo.benefits.life import AWARD, AwardState
from yinuo.ledger.recorded import Recorded, State


class Award(Recorded):
    """Found by screening, never applied for. Once a firm, policy and period: the database holds it.

    Names, numbers and accounts are texts that can be erased; the code of a firm is public anyway.
    """

    SUBJECT = "award"

    code = models.CharField(primary_key=True, max_length=40)
    """Such as DX-2024-00000001."""
    policy = models.ForeignKey("benefits.Policy", on_delete=models.PROTECT, related_name="awards")
    policy_version = models.ForeignKey(
        "benefits.PolicyVersion", on_delete=models.PROTECT, related_name="awards"
    )
    screening = models.ForeignKey(
        "benefits.Screening", on_delete=models.PROTECT, related_name="awards"
    )
    entity = models.CharField(max_length=40)
    """Opaque id of the firm in the credit lake."""
    period = models.CharField(max_length=20)
    name_text = models.CharField(max_length=70)
    credit_code = models.CharField(max_length=18, blank=True)
    """统一社会信用代码 of a firm or trader."""
    number_text = models.CharField(max_length=70, blank=True)
    """公民身份号码 of a person."""
    amount = models.PositiveBigIntegerField(null=True)
    """In 分; unknown while a field is asked for."""
    state = models.CharField(max_length=12)
    rule = models.CharField(max_length=40, blank=True)
    """Of the decision table, by which it is eligible."""
    lacking = models.CharField(max_length=80, blank=True)
    """The field that the firm is asked for."""
    told_text = models.CharField(max_length=70, blank=True)
    """What the firm answered."""
    sampled = models.BooleanField(default=False)
    """Drawn for a person to look at before it is listed."""
    cleared_by = models.CharField(max_length=80, blank=True)
    """Who looked at it, or at what is odd about it, and let it pass."""
    odd = models.JSONField(default=list)
    """What wants a person's eye: related firms, the same account."""
    listed_at = models.DateTimeField(null=True)
    object_until = models.DateField(null=True)
    asked_by = models.CharField(max_length=80, blank=True)
    """Who asked that it be approved."""
    approved_by = models.CharField(max_length=80, blank=True)
    approved_at = models.DateTimeField(null=True)
    bank_text = models.CharField(max_length=70, blank=True)
    account_text = models.CharField(max_length=70, blank=True)
    account_mark = models.CharField(max_length=64, blank=True)
    """Keyed hash of the account, to see that two firms name the same."""
    account_good = models.BooleanField(default=False)
    """False without an account, and after the bank sent money back."""
    paid_on = models.DateField(null=True)
    reason_text = models.CharField(max_length=70, blank=True)
    """Said with the last step that needs a reason."""
    objections = models.JSONField(default=list)
    """What was said against it while it was listed: when, and the reference of the text."""
    commitment = models.OneToOneField(
        "commitments.Commitment", on_delete=models.PROTECT, related_name="award", null=True
    )
    simulated = models.BooleanField(default=False)

    UNRECORDED: ClassVar = {
        "account_mark": "finds the same account again; repeats nothing that can be read",
    }

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["policy", "entity", "period"], name="award_once"),
            models.CheckConstraint(
                condition=Q(state__in=[each.value for each in AwardState]), name="award_state"
            ),
            models.CheckConstraint(
                condition=Q(approved_by="") | ~Q(approved_by=F("asked_by")),
                name="award_two_persons",
            ),
            models.CheckConstraint(
                condition=Q(state__in=[AwardState.ASKED, AwardState.REFUSED])
                | Q(amount__isnull=False),
                name="award_amount",
            ),
            models.CheckConstraint(
                condition=Q(state=AwardState.PAID) ^ Q(paid_on=None), name="award_paid_on"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["policy", "state", "code"], name="award_by_policy"),
            models.Index(fields=["entity"], name="award_by_entity"),
            models.Index(fields=["credit_code"], name="award_by_credit_code"),
        ]

    @staticmethod
    def wrong_step(before: State | None, after: State, verb: str) -> str | None:
        """A change of state that is not in the table."""
        if before is None and after["state"] == AwardState.ASKED:
            return None
        return AWARD.wrong(before, after, verb)

    @property
    def answering_units(self) -> frozenset[str]:
        """As those of the policy."""
        return self.policy.answering_units
