"""How much of their promises units need: days, medians, limits that nobody needs. Pure."""

from collections import Counter
from collections.abc import Mapping
from fractions import Fraction

UNUSED = Fraction(40, 100)
"""Decided in less than this share of the promise: the promise could be shorter."""


def median(days: Mapping[int, int]) -> int | None:
    """The lower median of days → how many; None without any.

    >>> median({1: 2, 9: 2}), median({})
    (1, None)
    """
    total, seen = sum(days.values()), 0
    for value in sorted(days):
        seen += days[value]
        if seen * 2 >= total:
            return value
    return None


def unused(days: Mapping[int, int], promised: int) -> int:
    """How many were decided in less than `UNUSED` of so many promised days.

    >>> unused({3: 5, 4: 1}, 10)
    5
    """
    return sum(n for value, n in days.items() if value < UNUSED * promised)


def added(histograms: Mapping[object, Mapping[int, int]]) -> Counter[int]:
    """All days of several, together."""
    found: Counter[int] = Counter()
    for each in histograms.values():
        found.update(each)
    return found
