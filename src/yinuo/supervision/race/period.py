"""The periods over which units are compared: a month, a quarter, a year. Pure."""

import re
from dataclasses import dataclass
from datetime import date, timedelta

from yinuo.kernel.errors import YinuoError

WRITTEN = re.compile(r"(\d{4})(?:Q([1-4])|-(0[1-9]|1[0-2]))?")
QUARTERS = ("一季度", "二季度", "三季度", "四季度")
MONTH, YEAR = "月度", "年度"
SEASONS = (*QUARTERS, MONTH, YEAR)
"""What a scheme may tell apart."""
DECEMBER = 12
MONTHS_OF_A_QUARTER = 3


class BadPeriod(YinuoError):
    """A text that is no period."""

    code = "RACE-E001"

    def __init__(self, text: str) -> None:
        super().__init__(
            f"“{text[:20]}”不是赛马的期间",
            place="期间",
            next_step="写成 2024Q2（季度）、2024-07（月）或 2024（年）",
        )


@dataclass(frozen=True, slots=True)
class Period:
    """The days from `first` up to, not including, `end`."""

    code: str
    """`2024Q2`, `2024-07` or `2024`."""
    season: str
    """One of `SEASONS`."""
    first: date
    end: date

    @property
    def last(self) -> date:
        """Its last day."""
        return self.end - timedelta(days=1)

    @property
    def words(self) -> str:
        """As people say it: `2024年二季度`, `2024年7月`, `2024年`."""
        if self.season == YEAR:
            return f"{self.first.year}年"
        if self.season == MONTH:
            return f"{self.first.year}年{self.first.month}月"
        return f"{self.first.year}年{self.season}"

    @property
    def before(self) -> "Period":
        """The period of the same length that ends where this one begins."""
        day = self.first - timedelta(days=1)
        if self.season == YEAR:
            return period(f"{day.year}")
        if self.season == MONTH:
            return period(f"{day.year}-{day.month:02}")
        return period(f"{day.year}Q{(day.month - 1) // MONTHS_OF_A_QUARTER + 1}")

    @property
    def length(self) -> str:
        """`quarter`, `month` or `year`: races of one length make a series."""
        return {MONTH: "month", YEAR: "year"}.get(self.season, "quarter")


def period(code: str) -> Period:
    """The period a text names. Raises `BadPeriod`.

    >>> found = period("2024Q2")
    >>> found.first.isoformat(), found.last.isoformat(), found.words, found.before.code
    ('2024-04-01', '2024-06-30', '2024年二季度', '2024Q1')
    """
    match = WRITTEN.fullmatch(code.strip())
    if match is None or not int(match[1]):
        raise BadPeriod(code)
    year, quarter, month = int(match[1]), match[2], match[3]
    if quarter:
        start = (int(quarter) - 1) * MONTHS_OF_A_QUARTER + 1
        season, months = QUARTERS[int(quarter) - 1], MONTHS_OF_A_QUARTER
    elif month:
        start, season, months = int(month), MONTH, 1
    else:
        start, season, months = 1, YEAR, DECEMBER
    try:
        return Period(match[0], season, date(year, start, 1), _later(year, start + months))
    except ValueError:
        raise BadPeriod(code) from None


def _later(year: int, month: int) -> date:
    """The first day of a month that may lie in the next year."""
    return date(year + (month > DECEMBER), (month - 1) % DECEMBER + 1, 1)
