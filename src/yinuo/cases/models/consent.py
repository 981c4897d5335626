"""Consent to use what the city has already, instead of asking for it again."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from yinuo.ledger.recorded import Recorded


class Consent(Recorded):
    """One use of one document from one source for one case, with the applicant's consent."""

    SUBJECT = "consent"

    code = models.CharField(primary_key=True, max_length=40)
    """`CS-` and random characters."""
    case = models.ForeignKey("cases.Case", on_delete=models.PROTECT, related_name="consents")
    key = models.CharField(max_length=20)
    """Of the material that need not be brought."""
    source = models.CharField(max_length=60)
    """The register that holds it, such as 电子证照库; or 以前的办件."""
    source_case = models.ForeignKey(
        "cases.Case", null=True, on_delete=models.PROTECT, related_name="consents_reusing"
    )
    """The earlier case whose document is used; None for a register."""
    fields = models.JSONField(default=list)
    """What was taken from it, by name."""
    purpose = models.CharField(max_length=200)
    given_at = models.DateTimeField()
    valid_until = models.DateField()
    answer_sha256 = models.CharField(max_length=64)
    """Of what the source answered, byte for byte."""
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["case", "key"], condition=Q(withdrawn_at=None), name="consent_one_in_force"
            ),
        ]

    @property
    def thread(self) -> str:
        """Told on the page of the case."""
        return f"case:{self.case_id}"

    @property
    def answering_units(self) -> frozenset[str]:
        """As those of the case."""
        return self.case.answering_units
