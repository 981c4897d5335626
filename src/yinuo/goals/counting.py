"""What an indicator can be counted from: a register, and a function that counts it."""

from dataclasses import dataclass
from datetime import date
from typing import Protocol


class Counts(Protocol):
    """Counts a register over a period, both days included, of one unit or of all (None)."""

    def __call__(self, *, first: date, last: date, unit: str | None) -> str:
        """Canonical decimal; empty where a part is missing, so that there is no sum."""


class Covers(Protocol):
    """Says of how many parts the figure is known."""

    def __call__(self, *, first: date, last: date, unit: str | None) -> tuple[int, int]:
        """Known, and expected."""


@dataclass(frozen=True)
class Count:
    """One figure that a register gives."""

    label: str
    unit: str
    """Of measure."""
    confirmed: Counts
    """Of confirmed rows only."""
    reported: Counts
    """Of what was reported, confirmed or not."""
    covered: Covers | None = None
    """Of confirmed parts; None where nothing can be missing."""
