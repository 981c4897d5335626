"""When two values are equal, and which comes first."""

from collections.abc import Callable
from typing import Any

from yinuo.rules.feel import kinds
from yinuo.rules.feel.instants import instant, local_nanos, midnight, standard_offset
from yinuo.rules.feel.kinds import kind, said
from yinuo.rules.feel.values import NANOS, UTC, Date, DateTime, NoValue, Range, Time, Value


def equal(left: Value, right: Value) -> bool | None:
    """Whether the values are equal; None where they cannot be compared.

    Times count to the second, and as instants where both have a zone; one with a zone never equals
    one without. A date equals its midnight in UTC.
    """
    if left is None or right is None:
        return left is right
    if {kind(left), kind(right)} == {kinds.DATE, kinds.DATE_TIME}:
        return _equal_moments(_moment(left), _moment(right))
    if kind(left) != kind(right):
        return None
    compare = _EQUAL.get(kind(left))
    return bool(left == right) if compare is None else compare(left, right)


def same(left: Value, right: Value) -> bool:
    """Whether the values are equal, as members of a list are: what cannot be compared is not."""
    return equal(left, right) is True


def order(left: Value, right: Value) -> int:
    """-1, 0 or 1. Raises `NoValue` where there is no order."""
    if {kind(left), kind(right)} == {kinds.DATE, kinds.DATE_TIME}:
        return _order_moments(_moment(left), _moment(right))
    if kind(left) != kind(right) or kind(left) not in _ORDER:
        raise NoValue(f"{said(left)}与{said(right)}不能比大小")
    first, second = _ORDER[kind(left)](left, right)
    return int(first > second) - int(first < second)


def contains(within: Range, value: Value) -> bool:
    """Whether the value lies in the range. Raises `NoValue` where there is no order."""
    if within.low is not None:
        found = order(value, within.low)
        if found < 0 or (found == 0 and not within.includes_low):
            return False
    if within.high is not None:
        found = order(value, within.high)
        return found < 0 or (found == 0 and within.includes_high)
    return True


def _moment(value: Value) -> DateTime:
    if isinstance(value, Date):
        return midnight(value, UTC)
    if isinstance(value, DateTime):
        return value
    raise NoValue(f"{said(value)}不是日期")


def _seconds(moment: DateTime) -> tuple[bool, int]:
    at = instant(moment)
    return at is not None, (local_nanos(moment) if at is None else at) // NANOS


def _equal_moments(left: DateTime, right: DateTime) -> bool:
    return _seconds(left) == _seconds(right)


def _order_moments(left: DateTime, right: DateTime) -> int:
    first, second = _ordered_moments(left, right)
    return (first > second) - (first < second)


def _ordered_moments(left: DateTime, right: DateTime) -> tuple[int, int]:
    first, second = instant(left), instant(right)
    if (first is None) != (second is None):
        raise NoValue("一个有时区，一个没有，不能比先后")
    if first is None or second is None:
        return local_nanos(left), local_nanos(right)
    return first, second


def time_nanos(time: Time) -> int:
    """Nanoseconds since midnight, in UTC if the time has a zone."""
    return time.nanos - (0 if time.zone is None else standard_offset(time.zone) * NANOS)


def _equal_times(left: Time, right: Time) -> bool:
    both = (left.zone is None) == (right.zone is None)
    return both and time_nanos(left) // NANOS == time_nanos(right) // NANOS


def _ordered_times(left: Time, right: Time) -> tuple[int, int]:
    if (left.zone is None) != (right.zone is None):
        raise NoValue("一个有时区，一个没有，不能比先后")
    return time_nanos(left), time_nanos(right)


def _equal_lists(left: list[Value], right: list[Value]) -> bool:
    return len(left) == len(right) and all(map(same, left, right))


def _equal_contexts(left: dict[str, Value], right: dict[str, Value]) -> bool:
    return left.keys() == right.keys() and all(same(left[name], right[name]) for name in left)


def _equal_ranges(left: Range, right: Range) -> bool:
    sides = (left.includes_low, left.includes_high) == (right.includes_low, right.includes_high)
    return sides and same(left.low, right.low) and same(left.high, right.high)


def _never(_left: Value, _right: Value) -> None:
    return None


# The kinds of both sides are the same when one of these is called; mypy cannot see that.
_EQUAL: dict[str, Callable[[Any, Any], bool | None]] = {
    kinds.TIME: _equal_times,
    kinds.DATE_TIME: _equal_moments,
    kinds.LIST: _equal_lists,
    kinds.CONTEXT: _equal_contexts,
    kinds.RANGE: _equal_ranges,
    kinds.FUNCTION: _never,
}


def _as_they_are(left: Any, right: Any) -> tuple[Any, Any]:  # noqa: ANN401  # kinds that Python orders
    return left, right


def _dates(left: Date, right: Date) -> tuple[Any, Any]:
    return (left.year, left.month, left.day), (right.year, right.month, right.day)


_ORDER: dict[str, Callable[[Any, Any], tuple[Any, Any]]] = {
    kinds.NUMBER: _as_they_are,
    kinds.STRING: _as_they_are,
    kinds.DAYS: _as_they_are,
    kinds.MONTHS: _as_they_are,
    kinds.DATE: _dates,
    kinds.TIME: _ordered_times,
    kinds.DATE_TIME: _ordered_moments,
}
