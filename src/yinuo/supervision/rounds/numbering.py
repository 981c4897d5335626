"""How rounds are numbered: TD2024-07, TD2024-Q3, TD2024-Z01. Pure."""

from collections.abc import Collection
from datetime import date
from string import ascii_uppercase

from yinuo.supervision.rounds.life import SORT_LABELS, RoundSort

MONTHS_A_QUARTER = 3


def quarter_of(day: date) -> int:
    """The quarter of the year, from 1."""
    return (day.month - 1) // MONTHS_A_QUARTER + 1


def round_code(sort: RoundSort, as_of: date, taken: Collection[str]) -> str:
    """The next free code; a second round of one month gets a letter.

    >>> round_code(RoundSort.MONTHLY, date(2024, 7, 31), ["TD2024-07"])
    'TD2024-07B'
    >>> round_code(RoundSort.SPECIAL, date(2024, 7, 31), ["TD2024-Z01"])
    'TD2024-Z02'
    """
    head = f"TD{as_of.year}-"
    if sort is RoundSort.SPECIAL:
        return next(c for n in range(1, 10_000) if (c := f"{head}Z{n:02}") not in taken)
    part = f"{as_of.month:02}" if sort is RoundSort.MONTHLY else f"Q{quarter_of(as_of)}"
    plain = f"{head}{part}"
    if plain not in taken:
        return plain
    letters = (*ascii_uppercase[1:], *(f"Z{n}" for n in range(1, 10_000)))
    return next(c for letter in letters if (c := f"{plain}{letter}") not in taken)


def round_title(sort: RoundSort, as_of: date) -> str:
    """What a round is called unless it is given a name.

    >>> round_title(RoundSort.QUARTERLY, date(2024, 9, 30))
    '2024年第3季度调度'
    """
    if sort is RoundSort.MONTHLY:
        return f"{as_of.year}年{as_of.month}月调度"
    if sort is RoundSort.QUARTERLY:
        return f"{as_of.year}年第{quarter_of(as_of)}季度调度"
    return f"{as_of.year}年{as_of.month}月{SORT_LABELS[sort]}调度"
