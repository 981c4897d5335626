"""The values of a column, cut where any rule cuts them: within a piece all values are alike.

Numbers and days fall into pieces between cuts; a cut lies just before a value, which then belongs
to what is above, or just after it. Texts and truths fall into those that some cell names, and the
others.
"""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from yinuo.rules.cells import (
    AnyValue,
    Cell,
    Either,
    Interval,
    IsNull,
    Not,
    OneOf,
    Unknown,
    constants,
    holds,
)
from yinuo.rules.kinds import Kind, Value

OTHER = "\0"
"""Stands for every text that no cell names."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A cell with the values its table allows."""

    cell: Cell
    allowed: Cell

    def at(self, place: int | Value | Unknown, *, mapped: "Asked | None" = None) -> bool | None:
        """Whether the cell holds for a value, or for a place among the mapped constants."""
        cell, allowed = (mapped.cell, mapped.allowed) if mapped else (self.cell, self.allowed)
        value: Any = place
        if not isinstance(value, Unknown) and holds(allowed, value) is False:
            value = Unknown.UNREADABLE
        return holds(cell, value)


@dataclass(frozen=True, slots=True)
class Cut:
    """Between two pieces of an ordered column."""

    value: Decimal | date
    after: bool
    """Whether the value itself lies below the cut."""

    @property
    def key(self) -> tuple[Fraction | int, bool]:
        """What cuts are sorted by."""
        value = self.value
        return (value.toordinal() if isinstance(value, date) else Fraction(value)), self.after


@dataclass(frozen=True, slots=True)
class Atoms:
    """The pieces of one column, and for each asked cell its answer in each piece."""

    kind: Kind
    cuts: tuple[Cut, ...]
    """Of ordered columns: piece i lies between cut i - 1 and cut i."""
    values: tuple[Value, ...]
    """Of others: piece i is value i; the last piece is all others."""
    answers: tuple[tuple[bool | None, ...], ...]
    """Piece → answers in the order of the cells; then of missing, then of unreadable values."""

    @property
    def pieces(self) -> int:
        """How many pieces known values fall into."""
        return len(self.answers) - 2

    def piece_of(self, value: Any) -> int:  # noqa: ANN401  # any known value of the column's kind
        """The piece of one exact value; of computed numbers a `Fraction`."""
        if self.kind.is_ordered:
            key = value.toordinal() if isinstance(value, date) else Fraction(value)
            return bisect_right([cut.key for cut in self.cuts], (key, False))
        return self.values.index(value) if value in self.values else len(self.values)


def atoms(kind: Kind, cells: Sequence[Asked]) -> Atoms:
    """Cut a column for the cells asked of it. Neighbouring pieces that answer alike are one."""
    unknown = tuple(
        tuple(each.at(why) for each in cells) for why in (Unknown.MISSING, Unknown.UNREADABLE)
    )
    if kind.is_ordered:
        cuts, answers = _ordered(cells)
        return Atoms(kind, cuts, (), (*answers, *unknown))
    named: dict[Value, None] = {}
    for each in cells:
        named.update(dict.fromkeys(constants(each.cell)))
        named.update(dict.fromkeys(constants(each.allowed)))
    values: list[Value] = [True, False] if kind is Kind.TRUTH else list(named)
    answers = [tuple(each.at(value) for each in cells) for value in values]
    answers.append(tuple(each.at(OTHER) for each in cells))
    return Atoms(kind, (), tuple(values), (*answers, *unknown))


def _ordered(
    cells: Sequence[Asked],
) -> tuple[tuple[Cut, ...], list[tuple[bool | None, ...]]]:
    points = _points(cells)
    place = {value: 2 * number + 1 for number, value in enumerate(points)}
    # Place 2i + 1 is point i itself, 2i all values just below it, so that cells compare places.
    mapped = [Asked(_mapped(each.cell, place), _mapped(each.allowed, place)) for each in cells]
    rows = [tuple(each.at(at) for each in mapped) for at in range(2 * len(points) + 1)]
    cuts: list[Cut] = []
    answers = [rows[0]]
    for at in range(1, len(rows)):
        if rows[at] != answers[-1]:
            cuts.append(Cut(points[(at - 1) // 2], after=at % 2 == 0))
            answers.append(rows[at])
    return tuple(cuts), answers


def _points(cells: Iterable[Asked]) -> list[Any]:
    found: set[Any] = set()
    for each in cells:
        found.update(constants(each.cell))
        found.update(constants(each.allowed))
    return sorted(found)


def _mapped(cell: Cell, place: dict[Any, int]) -> Cell:
    """The cell with places in place of values; only ever compared with places."""
    match cell:
        case AnyValue() | IsNull():
            return cell
        case Interval(low, high, includes_low, includes_high):
            ends: tuple[Any, Any] = (
                None if low is None else place[low],
                None if high is None else place[high],
            )
            return Interval(*ends, includes_low, includes_high)
        case OneOf(values):
            return OneOf(tuple(place[value] for value in values))  # type: ignore[misc]  # places
        case Not(part):
            return Not(_mapped(part, place))
        case Either(parts):
            return Either(tuple(_mapped(part, place) for part in parts))
