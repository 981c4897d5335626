"""Credit reports that were issued: which document, when, on which data; nothing of what it says."""

from typing import ClassVar

from django.db import models

from yinuo.ledger.recorded import Recorded, State


class CreditReport(Recorded):
    """One issued document. It is not kept: whoever has it proves it by its hashes. Never public."""

    SUBJECT = "credit_report"

    code = models.CharField(primary_key=True, max_length=40)
    """`BG-20261129-` and random characters, so that nobody guesses one."""
    subject_row = models.ForeignKey(
        "credit.Subject", on_delete=models.PROTECT, related_name="reports"
    )
    form = models.CharField(max_length=8)
    """Version of the form of the report."""
    scope = models.CharField(max_length=8)
    """`all`, or `public`: only what everybody may see."""
    release = models.PositiveIntegerField()
    """Number of the data release it was made from."""
    content_sha256 = models.CharField(max_length=64)
    """Of what it says, as `report.document.canonical` writes it; printed on it and in its QR."""
    file_sha256 = models.CharField(max_length=64)
    """Of the PDF, byte for byte."""
    facts = models.PositiveIntegerField()
    """How many records stand in it."""
    made_at = models.DateTimeField()
    simulated = models.BooleanField(default=False)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["subject_row", "made_at"], name="credit_report_of_subject"),
        ]

    @staticmethod
    def wrong_step(before: State | None, after: State, verb: str) -> str | None:
        """What was issued stays as it was issued."""
        del after
        fresh = before is None and verb == "credit_report.issued"
        return None if fresh else f"{verb} 不能改动信用报告"
