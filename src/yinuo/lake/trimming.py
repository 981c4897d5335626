"""Which extremes the official mean leaves out: a rule that is data, never code."""

from dataclasses import dataclass
from typing import TypeAlias

PER_MILLE = 1000


@dataclass(frozen=True)
class KeepAll:
    """No case is an extreme."""


@dataclass(frozen=True)
class Fences:
    """Outside [Q1 − k·IQR, Q3 + k·IQR] of its group is an extreme; quartiles by nearest rank."""

    k_mille: int = 1500
    """k in thousandths: 1500 is 1.5."""


@dataclass(frozen=True)
class LongestShare:
    """The longest p ‰ of a group are extremes, rounded down to whole cases."""

    per_mille: int


Trim: TypeAlias = KeepAll | Fences | LongestShare


def rank(count: int, per_mille: int) -> int:
    """The nearest rank, from 1: the smallest with at least that share at or below it.

    >>> rank(4, 500), rank(10, 900), rank(11, 900), rank(3, 0)
    (2, 9, 10, 1)
    """
    return max(1, -(-count * per_mille // PER_MILLE))
