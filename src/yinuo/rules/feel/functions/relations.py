"""How points and ranges lie to each other (Allen's relations), and `is`.

Every function but those of two ranges alone also takes points in place of ranges, as the standard's
table has it. A range without an end on a side has no relation on that side.
"""

from collections.abc import Callable

from yinuo.rules.feel.equality import order
from yinuo.rules.feel.functions.declare import Family
from yinuo.rules.feel.instants import local_nanos, offset, standard_offset
from yinuo.rules.feel.kinds import said
from yinuo.rules.feel.values import DateTime, Function, NoValue, Range, Time, Value

RELATIONS = Family()
_KINDS = "number|string|date|time|date and time|days and time duration|years and months duration"
Relation = Callable[[Range, Range], bool]


def _is_below(left: Range, right: Range) -> bool:
    """Whether all of left comes before all of right."""
    if left.high is None or right.low is None:
        return False
    found = order(left.high, right.low)
    return found < 0 or (found == 0 and not (left.includes_high and right.includes_low))


def _meet(left: Range, right: Range) -> bool:
    """Whether left ends where right begins, both with that point."""
    return (
        left.high is not None
        and right.low is not None
        and left.includes_high
        and right.includes_low
        and order(left.high, right.low) == 0
    )


def _low(left: Range, right: Range) -> int:
    """How the beginnings lie; one that is left out comes after its point."""
    if left.low is None or right.low is None:
        return (left.low is not None) - (right.low is not None)
    return order(left.low, right.low) or right.includes_low - left.includes_low


def _high(left: Range, right: Range) -> int:
    """How the ends lie; one that is left out comes before its point."""
    if left.high is None or right.high is None:
        return (left.high is None) - (right.high is None)
    return order(left.high, right.high) or left.includes_high - right.includes_high


def _overlap(left: Range, right: Range) -> bool:
    return not _is_below(left, right) and not _is_below(right, left)


def _overlap_before(left: Range, right: Range) -> bool:
    return _overlap(left, right) and _low(left, right) < 0 and _high(left, right) <= 0


def _includes(left: Range, right: Range) -> bool:
    return _low(left, right) <= 0 and _high(left, right) >= 0


def _finishes(left: Range, right: Range) -> bool:
    return _high(left, right) == 0 and _low(left, right) >= 0


def _starts(left: Range, right: Range) -> bool:
    return _low(left, right) == 0 and _high(left, right) <= 0


def _coincide(left: Range, right: Range) -> bool:
    return _low(left, right) == 0 and _high(left, right) == 0


def _turned(relation: Relation) -> Relation:
    return lambda left, right: relation(right, left)


def _as_range(value: Value) -> Range:
    return value if isinstance(value, Range) else Range(value, value)


def _relation(name: str, relation: Relation, *shapes: tuple[str, str]) -> None:
    """Declare the relation for these pairs of points and ranges."""

    def related(left: Value, right: Value) -> Value:
        if left is None or right is None:
            raise NoValue("有一端没有值")
        return relation(_as_range(left), _as_range(right))

    for first, second in shapes:
        one, other = (_KINDS if shape == "point" else "range" for shape in (first, second))
        names = _names(first, second)
        RELATIONS.add(f"{name}({names[0]}: {one}, {names[1]}: {other})")(related)


def _names(first: str, second: str) -> tuple[str, str]:
    return (first, second) if first != second else (f"{first}1", f"{second}2")


_POINTS, _POINT_RANGE = ("point", "point"), ("point", "range")
_RANGE_POINT, _RANGES = ("range", "point"), ("range", "range")

_relation("before", _is_below, _POINTS, _POINT_RANGE, _RANGE_POINT, _RANGES)
_relation("after", _turned(_is_below), _POINTS, _POINT_RANGE, _RANGE_POINT, _RANGES)
_relation("meets", _meet, _RANGES)
_relation("met by", _turned(_meet), _RANGES)
_relation("overlaps", _overlap, _RANGES)
_relation("overlaps before", _overlap_before, _RANGES)
_relation("overlaps after", _turned(_overlap_before), _RANGES)
_relation("finishes", _finishes, _POINT_RANGE, _RANGES)
_relation("finished by", _turned(_finishes), _RANGE_POINT, _RANGES)
_relation("includes", _includes, _RANGE_POINT, _RANGES)
_relation("during", _turned(_includes), _POINT_RANGE, _RANGES)
_relation("starts", _starts, _POINT_RANGE, _RANGES)
_relation("started by", _turned(_starts), _RANGE_POINT, _RANGES)
_relation("coincides", _coincide, _POINTS, _RANGES)


@RELATIONS.add("is(value1: Any, value2: Any)")
def is_same(left: Value, right: Value) -> Value:
    """Whether both are the same element of the same type, clock and offset included."""
    if isinstance(left, Function) or isinstance(right, Function):
        raise NoValue(f"{said(left)}与{said(right)}不能比是否相同")
    if isinstance(left, Time) and isinstance(right, Time):
        return left.nanos == right.nanos and _east(left) == _east(right)
    if isinstance(left, DateTime) and isinstance(right, DateTime):
        return local_nanos(left) == local_nanos(right) and offset(left) == offset(right)
    return type(left) is type(right) and left == right


def _east(time: Time) -> int | None:
    return None if time.zone is None else standard_offset(time.zone)
