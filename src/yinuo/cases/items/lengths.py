"""Two time limits set side by side, also where they are counted in different kinds of day. Pure.

Limits of one kind compare by their numbers. Else both become calendar days: by the ordinary rate,
which decides, and by the extremes that any calendar may bring, which only warn.
"""

from dataclasses import dataclass
from enum import Enum
from fractions import Fraction

from yinuo.cases.items.definition import AT_ONCE
from yinuo.kernel.limits import MAX_NUMBER, UNIT_WORDS, DayType, UnknownLimit, parse_limit

PERMILLE = 1_000
WITHIN_PERMILLE = 400
"""四成: promised ÷ legal ≤ 0.4, the 0.4 included (民法典 第一千二百五十九条)."""
LONGEST_HOLIDAY = 9
"""Days off in a row; the longest announced so far."""
ORDINARY = {
    DayType.WORKING_DAY: Fraction(7, 5),
    DayType.CALENDAR_DAY: Fraction(1),
    DayType.HOUR: Fraction(1, 24),
    DayType.MONTH: Fraction(30),
    DayType.YEAR: Fraction(365),
}
"""Calendar days in one of each."""


@dataclass(frozen=True, slots=True)
class Length:
    """A limit of an item as a number and a kind of day; 0 working days for 即办."""

    number: int
    day_type: DayType

    @property
    def words(self) -> str:
        """As people say it."""
        return AT_ONCE if not self.number else f"{self.number} {UNIT_WORDS[self.day_type]}"

    @property
    def ordinary(self) -> Fraction:
        """Calendar days at the ordinary rate."""
        return self.number * ORDINARY[self.day_type]

    @property
    def shortest(self) -> Fraction:
        """Calendar days that it takes at the very least, on any calendar."""
        least = {DayType.WORKING_DAY: 1, DayType.MONTH: 28, DayType.YEAR: 365}
        return self.number * Fraction(least.get(self.day_type, ORDINARY[self.day_type]))

    @property
    def longest(self) -> Fraction:
        """Calendar days that it may take at the very most, holidays and the roll included."""
        most = {DayType.WORKING_DAY: 2, DayType.MONTH: 31, DayType.YEAR: 366}
        days = self.number * Fraction(most.get(self.day_type, ORDINARY[self.day_type]))
        return days if self.day_type is DayType.HOUR or not days else days + LONGEST_HOLIDAY


def length(text: str) -> Length:
    """Read `8wd` or 即办. Raises `UnknownLimit`, also for a number that no limit may have."""
    if text.strip() == AT_ONCE:
        return Length(0, DayType.WORKING_DAY)
    number, day_type = parse_limit(text)
    if not 1 <= number <= MAX_NUMBER:
        raise UnknownLimit(text)
    return Length(number, day_type)


def said(text: str) -> str:
    """A limit in words; what cannot be read stays as it is.

    >>> said("8wd"), said("即办"), said("尽快")
    ('8 个工作日', '即办', '尽快')
    """
    try:
        return length(text).words
    except UnknownLimit:
        return text


class Fit(Enum):
    """Whether a limit stays within another."""

    WITHIN = "不长于"
    BEYOND = "长于"
    DEPENDS = "遇长假可能长于"


def fit(promised: Length, legal: Length) -> Fit:
    """Whether the first is never longer than the second."""
    if promised.day_type is legal.day_type or not promised.number:
        return Fit.WITHIN if promised.number <= legal.number else Fit.BEYOND
    if promised.ordinary > legal.ordinary:
        return Fit.BEYOND
    return Fit.WITHIN if promised.longest <= legal.shortest else Fit.DEPENDS


def share_permille(promised: str, legal: str) -> int | None:
    """Promised of legal limit in thousandths, rounded up; None where they cannot be compared.

    Rounded up, so that 400 means at most two fifths. 即办 is 0 of anything.

    >>> share_permille("8wd", "20wd"), share_permille("3wd", "7wd"), share_permille("8wd", "1m")
    (400, 429, None)
    """
    try:
        one, other = length(promised), length(legal)
    except UnknownLimit:
        return None
    if not other.number:
        return None
    if one.number and one.day_type is not other.day_type:
        return None
    return -(-one.number * PERMILLE // other.number)
