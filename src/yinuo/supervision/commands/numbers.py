"""Giving out the running numbers of papers."""

import re
from datetime import datetime

from yinuo.ledger.commands.recording import By, command, one_at_a_time, record
from yinuo.supervision.errors.papers import SeriesInvalid
from yinuo.supervision.models.number import GIVEN, PaperSeries

LOCK = 0x59_4E_55_07
"""Key of the PostgreSQL advisory lock that lets one paper take its number at a time."""
SERIES = re.compile("[\u3400-\u9fff]{1,20}")


@command("paper.number")
def next_paper_number(*, series: str, year: int, by: By, at: datetime) -> int:
    """Take the next running number of a 机关代字 in a year, from 1; none is given twice.

    For commands that issue a paper, inside whose transaction it is given: rolled back with them,
    the number is free again. `paper_number` writes it out. Raises `SeriesInvalid`.
    """
    if not SERIES.fullmatch(series):
        raise SeriesInvalid(series)
    one_at_a_time(LOCK)
    code = f"{series}〔{year}〕"
    row = PaperSeries.objects.filter(pk=code).first()
    if row is None:
        row = PaperSeries(code=code, series=series, year=year, last=0)
    row.last += 1
    record(row, verb=GIVEN, by=by, at=at)
    return row.last
