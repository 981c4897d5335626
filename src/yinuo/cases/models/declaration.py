"""告知承诺: the applicant declares to meet the conditions; somebody looks afterwards."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from yinuo.cases.deferrals.life import DECLARATION, DeclarationState
from yinuo.ledger.recorded import Recorded, State


class Declaration(Recorded):
    """One signed instance of the text of an item, in place of some of its proofs."""

    SUBJECT = "declaration"

    code = models.CharField(primary_key=True, max_length=20)
    """承诺编码 of its letter."""
    letter = models.OneToOneField(
        "cases.CreditLetter", on_delete=models.PROTECT, related_name="declaration"
    )
    case = models.ForeignKey("cases.Case", on_delete=models.PROTECT, related_name="declarations")
    commitment = models.OneToOneField(
        "commitments.Commitment", on_delete=models.PROTECT, related_name="declaration"
    )
    keys = models.JSONField(default=list)
    """Keys of the proofs that it stands for."""
    text_version = models.CharField(max_length=20)
    text_sha256 = models.CharField(max_length=64)
    """Of what was told, promised and threatened, word for word; see `deferrals.declared`."""
    signed_at = models.DateTimeField()
    state = models.CharField(max_length=12, default=DeclarationState.SIGNED)
    share = models.PositiveIntegerField()
    """Percent of such declarations that are checked."""
    lot = models.CharField(max_length=80, blank=True)
    """Its ticket, which anybody can work out again."""
    seed = models.CharField(max_length=200, blank=True)
    """What the ticket was drawn from."""
    check_due = models.DateField(null=True)
    checked_date = models.DateField(null=True)
    rectify_due = models.DateField(null=True)
    ended_date = models.DateField(null=True)
    said_text = models.CharField(max_length=70, blank=True)
    """What was found, or said with the last step."""
    mended_date = models.DateField(null=True)
    table = models.PositiveIntegerField(null=True)
    """Publication of the table by which it was open to this applicant."""
    rule = models.CharField(max_length=20, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["case"],
                condition=~Q(state="withdrawn"),
                name="declaration_one_a_case",
            ),
            models.CheckConstraint(
                condition=Q(state__in=[s.value for s in DeclarationState]),
                name="declaration_state",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["to_check", "rectifying"]) | Q(check_due__isnull=False),
                name="declaration_check_due",
            ),
            models.CheckConstraint(
                condition=Q(state="rectifying", rectify_due__isnull=False) | ~Q(state="rectifying"),
                name="declaration_rectify_due",
            ),
            models.CheckConstraint(
                condition=Q(state="broken") | Q(mended_date=None), name="declaration_mended"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["state", "check_due", "code"], name="declaration_by_check"),
        ]

    @staticmethod
    def wrong_step(before: State | None, after: State, verb: str) -> str | None:
        """A change of state that is not in the table."""
        return DECLARATION.wrong(before, after, verb)

    @property
    def thread(self) -> str:
        """Told on the page of the case."""
        return f"case:{self.case_id}"

    @property
    def answering_units(self) -> frozenset[str]:
        """As those of the case."""
        return self.case.answering_units
