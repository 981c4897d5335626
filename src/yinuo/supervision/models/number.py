"""How far each number series of papers (发文字号) has been given out."""

from typing import ClassVar

from django.db import models

from yinuo.ledger.recorded import Recorded, State

GIVEN = "paper_series.given"


class PaperSeries(Recorded):
    """One 机关代字 in one year, with the last running number; counts up by one and never back.

    An office matter, not public.
    """

    SUBJECT = "paper_series"

    code = models.CharField(primary_key=True, max_length=30)
    """机关代字〔年份〕."""
    series = models.CharField(max_length=20)
    """机关代字."""
    year = models.PositiveIntegerField()
    last = models.PositiveIntegerField()

    @staticmethod
    def wrong_step(before: State | None, after: State, verb: str) -> str | None:
        """A number that was left out or given twice."""
        held = 0 if before is None else before["last"]
        if verb != GIVEN or after["last"] != int(str(held)) + 1:
            return f"发文序号应从 {held} 加一，写成了 {after['last']}"
        return None

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["series", "year"], name="paper_series_once"),
        ]
