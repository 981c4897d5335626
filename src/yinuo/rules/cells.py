"""What a cell of a rule asks of a value: a small algebra, and its three answers."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import Enum
from typing import TypeAlias

from yinuo.rules.kinds import Kind, Value, canonical

Ordered: TypeAlias = Decimal | date


class Unknown(Enum):
    """Why no value is there to be compared."""

    MISSING = "缺少"
    """Nothing was given: the cell 空 is met."""
    UNREADABLE = "读不懂"
    """Something was given that is no value of the column: nothing can be said of it."""


@dataclass(frozen=True, slots=True)
class AnyValue:
    """The cell `-`: asks nothing."""


@dataclass(frozen=True, slots=True)
class IsNull:
    """The cell 空: the value is missing."""


@dataclass(frozen=True, slots=True)
class Interval:
    """From low to high; an end that is None is open without limit."""

    low: Ordered | None = None
    high: Ordered | None = None
    includes_low: bool = True
    includes_high: bool = True


@dataclass(frozen=True, slots=True)
class OneOf:
    """One of the values."""

    values: tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class Either:
    """At least one of the parts holds."""

    parts: tuple["Cell", ...]


@dataclass(frozen=True, slots=True)
class Not:
    """The part does not hold."""

    part: "Cell"


Cell: TypeAlias = AnyValue | IsNull | Interval | OneOf | Either | Not
ANY = AnyValue()
NULL = IsNull()
NOT_NULL = Not(NULL)


def holds(cell: Cell, value: Value | Unknown) -> bool | None:
    """Whether the cell holds for a value; None where that cannot be said.

    >>> month = Interval(low=Decimal(10), high=Decimal(30), includes_high=False)
    >>> [holds(month, each) for each in (Decimal(10), Decimal(30), Unknown.MISSING)]
    [True, False, None]
    """
    match cell:
        case AnyValue():
            return True
        case IsNull():
            return None if value is Unknown.UNREADABLE else value is Unknown.MISSING
        case Not(part):
            inner = holds(part, value)
            return None if inner is None else not inner
        case Either(parts):
            return _any_holds(parts, value)
        case OneOf(values):
            return None if isinstance(value, Unknown) else value in values
        case Interval():
            return None if isinstance(value, Unknown) else _within(cell, value)


def _any_holds(parts: tuple[Cell, ...], value: Value | Unknown) -> bool | None:
    answers = [holds(part, value) for part in parts]
    if True in answers:
        return True
    return None if None in answers else False


def _within(cell: Interval, value: Value) -> bool:
    # Static types make every comparison one of equals; mypy cannot see that.
    low, high = cell.low, cell.high
    if low is not None and (value < low or (value == low and not cell.includes_low)):  # type: ignore[operator]
        return False
    return high is None or value < high or (value == high and cell.includes_high)  # type: ignore[operator]


def write(cell: Cell, kind: Kind, unit: str = "") -> str:  # noqa: PLR0911  # one a shape
    """The one canonical text of a cell; reading it gives the same cell.

    >>> write(Interval(low=Decimal(10), includes_low=False), Kind.NUMBER, "万元")
    '> 10 万元'
    >>> write(Not(OneOf(("甲", "乙"))), Kind.TEXT)
    '不是 甲、乙'
    """
    match cell:
        case AnyValue():
            return "-"
        case IsNull():
            return "空"
        case Not(IsNull()):
            return "非空"
        case Not(part):
            return f"不是 {write(part, kind, unit)}"
        case Either(parts):
            return "、".join(write(part, kind, unit) for part in parts)
        case OneOf(values):
            return "、".join(canonical(value, kind, unit) for value in values)
    return _write_interval(cell, kind, unit)


def _write_interval(cell: Interval, kind: Kind, unit: str) -> str:
    low = None if cell.low is None else canonical(cell.low, kind, unit)
    high = None if cell.high is None else canonical(cell.high, kind, unit)
    if high is None:
        return f"{'≥' if cell.includes_low else '>'} {low}"
    if low is None:
        return f"{'≤' if cell.includes_high else '<'} {high}"
    return f"{'[' if cell.includes_low else '('}{low}..{high}{']' if cell.includes_high else ')'}"


def constants(cell: Cell) -> Iterator[Value]:
    """Every value that stands in a cell."""
    match cell:
        case OneOf(values):
            yield from values
        case Interval(low, high):
            yield from (end for end in (low, high) if end is not None)
        case Not(part):
            yield from constants(part)
        case Either(parts):
            for part in parts:
                yield from constants(part)


def asks_for_null(cell: Cell) -> bool:
    """Whether the cell speaks of missing values."""
    match cell:
        case IsNull():
            return True
        case Not(part):
            return asks_for_null(part)
        case Either(parts):
            return any(asks_for_null(part) for part in parts)
    return False


def either(parts: Iterator[Cell] | tuple[Cell, ...]) -> Cell:
    """The parts joined by "or", in the one form that a cell is written and read in."""
    values: dict[Value, None] = {}
    others: dict[Cell, None] = {}
    for part in parts:
        for each in part.parts if isinstance(part, Either) else (part,):
            if isinstance(each, OneOf):
                values.update(dict.fromkeys(each.values))
            else:
                others[each] = None
    found: tuple[Cell, ...] = (*((OneOf(tuple(values)),) if values else ()), *others)
    return found[0] if len(found) == 1 else Either(found)
