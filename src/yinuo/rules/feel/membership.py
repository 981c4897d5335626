"""Whether a value is what a test gives: equal to it, in its list or within its range."""

from yinuo.rules.feel import kinds
from yinuo.rules.feel.equality import contains, equal
from yinuo.rules.feel.kinds import kind, said
from yinuo.rules.feel.values import NoValue, Range, Value


def among(value: Value, found: Value) -> bool:
    """Whether the value is what the test gives, or lies in it. Raises `NoValue`."""
    if isinstance(found, Range):
        return contains(found, value)
    if isinstance(found, list):
        if isinstance(value, list) and equal(value, found):
            return True
        return any(_is_member(value, each) for each in found)
    # A test that says of itself that it holds, such as `string length(?) > 2`.
    if found is True and value is not None and not isinstance(value, bool):
        return True
    answer = equal(value, found)
    if answer is None:
        raise NoValue(f"{said(value)}与{said(found)}不能比是否相等")
    return answer


def _is_member(value: Value, found: Value) -> bool:
    if isinstance(found, Range) and value is not None and not isinstance(value, Range):
        return contains(found, value)
    return equal(value, found) is True


def range_of(operator: str, end: Value) -> Value:
    """The range of `< end` and the like; the standard gives `!= end` two open ends that meet.

    Raises `NoValue`.
    """
    if end is None or kind(end) == kinds.BOOLEAN:
        raise NoValue(f"{said(end)}不能作区间的一端")
    low = end if operator in (">", ">=", "=", "!=") else None
    high = end if operator in ("<", "<=", "=", "!=") else None
    return Range(low, high, operator in (">=", "="), operator in ("<=", "="))
