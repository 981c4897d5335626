"""Progress as the unit that owes states it."""

from typing import ClassVar

from django.db import models

from yinuo.ledger.recorded import Recorded


class Report(Recorded):
    """Progress as its own unit states it; never counted as kept."""

    SUBJECT = "report"
    SCHEMA = 2
    ADDED: ClassVar = {"source": 2}

    code = models.CharField(primary_key=True, max_length=60)
    """Code of the commitment, `/R` and a number from 1."""
    commitment = models.ForeignKey(
        "commitments.Commitment", on_delete=models.PROTECT, related_name="reports"
    )
    as_of_date = models.DateField()
    value = models.CharField(max_length=40, blank=True)
    note_text = models.CharField(max_length=70)
    source = models.CharField(max_length=120, blank=True)
    """What it was made from, such as `figure:GDP-SHARE/2`: indicator and vintage; empty where a
    person of the unit stated it."""

    class Meta:
        indexes: ClassVar = [
            # Whoever looks for the same figure elsewhere asks for a day and a value.
            models.Index(fields=["value", "as_of_date"], name="report_by_figure"),
        ]

    @property
    def thread(self) -> str:
        """Told on the page of the commitment."""
        return f"commitment:{self.commitment_id}"
