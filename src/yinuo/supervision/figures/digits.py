"""How the figures of one unit end: round numbers, favourite digits, all digits the same. Pure.

The last of at least three digits is as good as drawn: each of ten has the same chance. The test
is the upper tail of the binomial distribution, times ten because any of the ten may stick out
(Bonferroni). All digits alike come in one figure of a hundred of three digits, and less often in
longer ones, so a hundredth is on the safe side.
"""

import math
from collections.abc import Mapping
from decimal import Decimal

LEAST = 100
"""Figures with fewer than three digits are not looked at."""
ALIKE = 10
"""The cell, beside the digits 0 to 9, of figures whose digits are all the same."""
CHANCE_OF_DIGIT = 0.1
CHANCE_ALIKE = 0.01
DIGITS = 10
NOTHING = 1e-12
"""Share of a sum below which a term is left out."""


def whole_number(value: Decimal, places: int) -> int:
    """A figure without its point, at the resolution of its series: 12.5 of two places is 1250."""
    return int(abs(value).scaleb(places))


def cells(value: Decimal, places: int) -> tuple[int, ...]:
    """The cells in which a figure is counted; none where it is too short to tell."""
    number = whole_number(value, places)
    if number < LEAST:
        return ()
    text = str(number)
    return (int(text[-1]), ALIKE) if len(set(text)) == 1 else (int(text[-1]),)


def tail(found: int, of: int, chance: float) -> float:
    """The chance of at least so many out of so many; 1 where it is no more than expected.

    >>> round(tail(2, 2, 0.1), 4), tail(0, 5, 0.1)
    (0.01, 1.0)
    """
    if found <= of * chance:
        return 1.0
    ways = math.lgamma(of + 1) - math.lgamma(found + 1) - math.lgamma(of - found + 1)
    term = math.exp(ways + found * math.log(chance) + (of - found) * math.log1p(-chance))
    odds, total = chance / (1 - chance), 0.0
    for hit in range(found, of + 1):
        total += term
        if term < total * NOTHING:
            break
        # Above what is expected each further one is less likely than the one before.
        term *= (of - hit) / (hit + 1) * odds
    return min(1.0, total)


def odd_cell(counts: Mapping[int, int], *, least: int, chance: float) -> tuple[int, float] | None:
    """The digit (or `ALIKE`) that sticks out most, with its chance; None where none does."""
    of = sum(counts.get(digit, 0) for digit in range(DIGITS))
    if of < least:
        return None
    chances = {
        digit: min(1.0, tail(counts.get(digit, 0), of, CHANCE_OF_DIGIT) * DIGITS)
        for digit in range(DIGITS)
    }
    chances[ALIKE] = tail(counts.get(ALIKE, 0), of, CHANCE_ALIKE)
    cell = min(chances, key=lambda each: chances[each])
    return (cell, chances[cell]) if chances[cell] <= chance else None
