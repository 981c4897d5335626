"""填报负担: how much a unit is asked to fill in, and how much of it twice. Pure.

One line of a sheet asks for the figure, where the promise has one, and a note. It asks twice if a
report of that day or later is held already, or if another round that is not closed asks for the
same commitment in the same month.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime

from yinuo.kernel.instants import SHANGHAI
from yinuo.supervision.rounds.life import Twice

Month = tuple[int, int]


def month_of(day: date) -> Month:
    """The month a day lies in."""
    return day.year, day.month


def month_span(month: Month) -> tuple[datetime, datetime]:
    """The instants of a month in China, half-open."""
    year, number = month
    first = datetime(year, number, 1, tzinfo=SHANGHAI)
    after = datetime(year + number // 12, number % 12 + 1, 1, tzinfo=SHANGHAI)
    return first.astimezone(UTC), after.astimezone(UTC)


def months_before(day: date, how_many: int) -> tuple[Month, ...]:
    """The months up to the one of a day, the oldest first.

    >>> months_before(date(2024, 2, 3), 3)
    ((2023, 12), (2024, 1), (2024, 2))
    """
    last = day.year * 12 + day.month - 1
    return tuple((n // 12, n % 12 + 1) for n in range(last - how_many + 1, last + 1))


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a sheet, as burden counts it."""

    unit: str
    commitment: str
    fields: int
    twice: Twice | None = None


@dataclass(frozen=True, slots=True)
class Burden:
    """What one unit is asked."""

    fields: int = 0
    twice: int = 0
    """Of them, those asked a second time."""
    lines: int = 0

    def __add__(self, other: "Burden") -> "Burden":
        return Burden(
            self.fields + other.fields, self.twice + other.twice, self.lines + other.lines
        )


def why_twice(
    commitment: str, *, held: frozenset[str], asked_elsewhere: frozenset[str]
) -> Twice | None:
    """Why a commitment would be asked about twice; what is held counts before what is asked."""
    if commitment in held:
        return Twice.HELD
    return Twice.ASKED if commitment in asked_elsewhere else None


def burden_of(lines: Iterable[Line]) -> Mapping[str, Burden]:
    """Unit → what these lines ask of it.

    >>> burden_of([Line("A", "X", 2), Line("A", "Y", 1, Twice.HELD)])
    {'A': Burden(fields=3, twice=1, lines=2)}
    """
    found: dict[str, Burden] = {}
    for line in lines:
        one = Burden(line.fields, line.fields if line.twice else 0, 1)
        found[line.unit] = found.get(line.unit, Burden()) + one
    return found
