"""Equality, order and membership, with the three answers of the window."""

from yinuo.rules.sql.kinds import (
    MOMENT,
    TRUTH,
    Day,
    Kind,
    Listed,
    Moment,
    Months,
    Nothing,
    Number,
    Seconds,
    Struct,
    Text,
    Truth,
    common,
    word,
)
from yinuo.rules.sql.numbers import aligned
from yinuo.rules.sql.refusals import Refusal
from yinuo.rules.sql.scope import Between, Part, value_of
from yinuo.rules.sql.tree import (
    NO,
    UNKNOWN,
    YES,
    Constant,
    Lambda,
    Operation,
    Sql,
    Variable,
    both,
    choose,
    either,
    is_null,
    opposite,
    surely,
)

_ORDERED = (Number, Text, Day, Moment, Seconds, Months)


def equal(left: Sql, right: Sql) -> Sql:
    """`left = right`: null equals null alone; null where the kinds cannot be compared."""
    if isinstance(left.kind, Nothing):
        return is_null(right)
    if isinstance(right.kind, Nothing):
        return is_null(left)
    kind = common(left.kind, right.kind)
    if kind is None:
        return _of_two_kinds(left, right)
    return _same(*aligned(left, right))


def same(left: Sql, right: Sql) -> Sql:
    """Whether both are equal, as members of lists are: two answers."""
    return surely(equal(left, right))


def _same(left: Sql, right: Sql) -> Sql:
    if left == right:
        return YES
    if isinstance(left, Constant) and isinstance(right, Constant) and left.kind != MOMENT:
        return YES if left.value == right.value else NO
    if left.kind == MOMENT:
        left, right = (Operation("to the second", (each,), MOMENT) for each in (left, right))
    elif _holds_moments(left.kind):
        raise Refusal("含有日期和时间的列表或上下文比是否相等", "逐项比较时只到秒")
    return Operation("same", (left, right), TRUTH)


def _holds_moments(kind: Kind) -> bool:
    match kind:
        case Listed(element):
            return element == MOMENT or _holds_moments(element)
        case Struct(entries):
            return any(each == MOMENT or _holds_moments(each) for _, each in entries)
    return False


def _of_two_kinds(left: Sql, right: Sql) -> Sql:
    if {type(left.kind), type(right.kind)} == {Day, Moment}:
        raise Refusal("日期与日期和时间相比", "日期是零时区的零点，SQL 的时间没有时区")
    for kind in (left.kind, right.kind):
        if isinstance(kind, Listed | Struct) and type(left.kind) is type(right.kind):
            raise Refusal(f"不同的{word(kind)}比是否相等", "两边各项的类型不同")
    one, other = is_null(left), is_null(right)
    return choose(either(one, other), both(one, other), UNKNOWN)


def in_order(operator: str, left: Sql, right: Sql) -> Sql:
    """`left < right` and the like: null if one is null, or of kinds without an order."""
    if isinstance(left.kind, Nothing) or isinstance(right.kind, Nothing):
        return UNKNOWN
    kind = common(left.kind, right.kind)
    if kind is None and {type(left.kind), type(right.kind)} == {Day, Moment}:
        raise Refusal("日期与日期和时间相比", "日期是零时区的零点，SQL 的时间没有时区")
    if kind is None or not isinstance(kind, _ORDERED):
        return UNKNOWN
    return Operation(operator, aligned(left, right), TRUTH)


def within(value: Sql, low: Sql, high: Sql, lower: str = ">=", upper: str = "<=") -> Sql:
    """Whether the value lies between; the upper end is only asked for above the lower one."""
    above = in_order(lower, value, low)
    if all(isinstance(end, Constant) and end.value is not None for end in (low, high)):
        return both(above, in_order(upper, value, high))
    return Operation(
        "case",
        (above, in_order(upper, value, high), is_null(above), UNKNOWN, NO),
        TRUTH,
    )


def contains(found: Between, value: Sql) -> Sql:
    """Whether the value lies in the range."""
    lower = ">=" if found.includes_low else ">"
    upper = "<=" if found.includes_high else "<"
    if found.low is None:
        return YES if found.high is None else in_order(upper, value, found.high)
    if found.high is None:
        return in_order(lower, value, found.low)
    return within(value, found.low, found.high, lower, upper)


def has(items: Sql, value: Sql) -> Sql:
    """Whether the value is a member of the list: two answers, null of no list."""
    element = items.kind.element if isinstance(items.kind, Listed) else items.kind
    variable = Variable("each", element)
    answers = Operation("map", (items, Lambda(variable, same(variable, value))), Listed(TRUTH))
    return Operation("has", (answers, YES), TRUTH)


def among(value: Sql, found: Part) -> Sql:
    """Whether the value is what a test gives, or lies in it."""
    if isinstance(found, Between):
        return contains(found, value)
    test = value_of(found)
    if isinstance(test.kind, Listed):
        return _among_list(value, test)
    if test.kind == TRUTH:
        # As at the window: a test that is true is satisfied by every value that is no boolean.
        is_other = NO if value.kind == TRUTH else opposite(is_null(value))
        return choose(both(surely(test), is_other), YES, equal(value, test))
    return equal(value, test)


def _among_list(value: Sql, test: Sql) -> Sql:
    if isinstance(value.kind, Listed):
        if common(value.kind, test.kind) is None:
            raise Refusal("列表在不同类型的列表中", "两边各项的类型不同")
        return either(same(value, test), surely(has(test, value)))
    return Operation("case", (is_null(test), is_null(value), has(test, value)), TRUTH)


def is_truth(kind: Kind) -> bool:
    """Whether the kind is yes or no, or null."""
    return isinstance(kind, Truth | Nothing)
