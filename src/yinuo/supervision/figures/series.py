"""The figures of one commitment in the order of their days. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

LEVELS = frozenset({"%", "‰", "个百分点", "℃"})
"""Units of a level, which goes up and down, and not of a number that adds up."""
UP = frozenset({"ge", "gt", "eq", "about"})
DONE = "done"
"""The operator of what has no quantity; its figures are percentages done, which add up."""


@dataclass(frozen=True, slots=True)
class Point:
    """One reported figure."""

    report: str
    """Code of the report."""
    number: int
    """The order in which it was made."""
    day: date
    """As of which."""
    value: Decimal


@dataclass(frozen=True, slots=True)
class Terms:
    """What was promised, as far as the checks want to know it."""

    commitment: str
    operator: str
    target: Decimal | None
    baseline: Decimal | None
    unit: str
    due: date | None

    @property
    def adds_up(self) -> bool:
        """Whether its figures are cumulative and so never fall.

        Not those of a level such as a rate, nor of a limit or a reduction.
        """
        if self.operator == DONE:
            return True
        if self.operator not in UP or self.unit in LEVELS:
            return False
        return self.baseline is None or self.target is None or self.baseline <= self.target


def known_at(points: Iterable[Point], latest: Point) -> tuple[Point, ...]:
    """What was known when a report was made, by day; of several of one day the last that was made.

    So a report is always looked at with what came before it, whenever somebody looks.
    """
    by_day = {
        point.day: point
        for point in sorted(points, key=lambda point: point.number)
        if point.number <= latest.number
    }
    return tuple(by_day[day] for day in sorted(by_day))


def places(points: Sequence[Point]) -> int:
    """The most decimal places any figure of a series has: 12.50 is stored as 12.5."""
    return max((max(0, -int(p.value.as_tuple().exponent)) for p in points), default=0)
