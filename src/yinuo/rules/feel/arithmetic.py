"""`+ - * / **` by the kinds of both sides; every other pair has no value."""

from collections.abc import Callable
from decimal import Decimal, DecimalException
from typing import Any

from yinuo.rules.feel import kinds
from yinuo.rules.feel.civil import day_number, moved_months, numbered_date
from yinuo.rules.feel.equality import time_nanos
from yinuo.rules.feel.instants import instant, later, local_nanos, midnight
from yinuo.rules.feel.kinds import kind, said
from yinuo.rules.feel.temporal import day_duration, month_duration
from yinuo.rules.feel.values import (
    ARITHMETIC,
    DAY_NANOS,
    UTC,
    Date,
    DateTime,
    DayDuration,
    MonthDuration,
    NoValue,
    Time,
    Value,
)

MOST_TEXT = 1_000_000
"""Letters a text may grow to."""
Operation = Callable[[Any, Any], Value]


def calculate(operator: str, left: Value, right: Value) -> Value:
    """The value of `left operator right`. Raises `NoValue`."""
    found = _OPERATIONS.get((operator, kind(left), kind(right)))
    if found is None:
        raise NoValue(f"{said(left)}与{said(right)}不能作“{operator}”运算")
    return found(left, right)


def negative(value: Value) -> Value:
    """The value with its sign turned. Raises `NoValue`."""
    if isinstance(value, Decimal):
        return ARITHMETIC.minus(value)
    if isinstance(value, DayDuration):
        return DayDuration(-value.nanos)
    if isinstance(value, MonthDuration):
        return MonthDuration(-value.months)
    raise NoValue(f"{said(value)}不能取负")


def number(operation: Callable[[], Decimal], trouble: str = "结果太大或没有定义") -> Decimal:
    """A calculation with what FEEL has no number for turned into `NoValue`."""
    try:
        return operation()
    except (DecimalException, OverflowError) as cause:
        raise NoValue(trouble) from cause


def quotient(left: Decimal, right: Decimal) -> Decimal:
    """The quotient to 34 digits. Raises `NoValue` for zero."""
    if right == 0:
        raise NoValue("除数是 0")
    return number(lambda: ARITHMETIC.divide(left, right))


def power(base: Decimal, exponent: Decimal) -> Decimal:
    """The power to 34 digits. Raises `NoValue`."""
    if base == 0 and exponent == 0:
        return Decimal(1)
    return number(lambda: ARITHMETIC.power(base, exponent))


def whole(value: Decimal) -> int:
    """The whole part, towards zero. Raises `NoValue` for numbers no date or duration needs."""
    if value.adjusted() > 30:  # noqa: PLR2004  # digits: far beyond nanoseconds of all years
        raise NoValue("数太大")
    return int(value)


def _joined(left: str, right: str) -> str:
    if len(left) + len(right) > MOST_TEXT:
        raise NoValue(f"文本会超过 {MOST_TEXT:,} 个字")
    return left + right


def _scaled_days(duration: DayDuration, factor: Decimal) -> DayDuration:
    return day_duration(whole(number(lambda: ARITHMETIC.multiply(duration.nanos, factor))))


def _scaled_months(duration: MonthDuration, factor: Decimal) -> MonthDuration:
    return month_duration(whole(number(lambda: ARITHMETIC.multiply(duration.months, factor))))


def _divided_days(duration: DayDuration, divisor: Decimal) -> DayDuration:
    return day_duration(whole(quotient(Decimal(duration.nanos), divisor)))


def _divided_months(duration: MonthDuration, divisor: Decimal) -> MonthDuration:
    return month_duration(whole(quotient(Decimal(duration.months), divisor)))


def between(start: Value, end: Value) -> DayDuration:
    """From one date or moment to the other; a date is its midnight in UTC."""
    first, last = _moment(start), _moment(end)
    left, right = instant(first), instant(last)
    if (left is None) != (right is None):
        raise NoValue("一个有时区，一个没有，不能相减")
    if left is None or right is None:
        left, right = local_nanos(first), local_nanos(last)
    return day_duration(right - left)


def _moment(value: Value) -> DateTime:
    if isinstance(value, Date):
        return midnight(value, UTC)
    if isinstance(value, DateTime):
        return value
    raise NoValue(f"{said(value)}不是日期")


def _time_difference(left: Time, right: Time) -> DayDuration:
    if (left.zone is None) != (right.zone is None):
        raise NoValue("一个有时区，一个没有，不能相减")
    return DayDuration(time_nanos(left) - time_nanos(right))


def _date_later(date: Date, duration: DayDuration) -> Date:
    return numbered_date(day_number(date) + duration.nanos // DAY_NANOS)


def _time_later(time: Time, duration: DayDuration) -> Time:
    return Time((time.nanos + duration.nanos) % DAY_NANOS, time.zone)


def _date_by_months(date: Date, duration: MonthDuration) -> Date:
    return moved_months(date, duration.months)


def _moment_by_months(moment: DateTime, duration: MonthDuration) -> DateTime:
    return DateTime(moved_months(moment.date, duration.months), moment.time)


_N, _D, _T, _DT = kinds.NUMBER, kinds.DATE, kinds.TIME, kinds.DATE_TIME
_DAYS, _MONTHS = kinds.DAYS, kinds.MONTHS

_OPERATIONS: dict[tuple[str, str, str], Operation] = {
    ("+", _N, _N): lambda a, b: number(lambda: ARITHMETIC.add(a, b)),
    ("-", _N, _N): lambda a, b: number(lambda: ARITHMETIC.subtract(a, b)),
    ("*", _N, _N): lambda a, b: number(lambda: ARITHMETIC.multiply(a, b)),
    ("/", _N, _N): quotient,
    ("**", _N, _N): power,
    ("+", kinds.STRING, kinds.STRING): _joined,
    ("+", _DAYS, _DAYS): lambda a, b: day_duration(a.nanos + b.nanos),
    ("-", _DAYS, _DAYS): lambda a, b: day_duration(a.nanos - b.nanos),
    ("+", _MONTHS, _MONTHS): lambda a, b: month_duration(a.months + b.months),
    ("-", _MONTHS, _MONTHS): lambda a, b: month_duration(a.months - b.months),
    ("*", _DAYS, _N): _scaled_days,
    ("*", _N, _DAYS): lambda a, b: _scaled_days(b, a),
    ("*", _MONTHS, _N): _scaled_months,
    ("*", _N, _MONTHS): lambda a, b: _scaled_months(b, a),
    ("/", _DAYS, _N): _divided_days,
    ("/", _MONTHS, _N): _divided_months,
    ("/", _DAYS, _DAYS): lambda a, b: quotient(Decimal(a.nanos), Decimal(b.nanos)),
    ("/", _MONTHS, _MONTHS): lambda a, b: quotient(Decimal(a.months), Decimal(b.months)),
    ("-", _D, _D): lambda a, b: between(b, a),
    ("-", _D, _DT): lambda a, b: between(b, a),
    ("-", _DT, _D): lambda a, b: between(b, a),
    ("-", _DT, _DT): lambda a, b: between(b, a),
    ("-", _T, _T): _time_difference,
    ("+", _D, _DAYS): _date_later,
    ("+", _T, _DAYS): _time_later,
    ("+", _DT, _DAYS): lambda a, b: later(a, b.nanos),
    ("+", _D, _MONTHS): _date_by_months,
    ("+", _DT, _MONTHS): _moment_by_months,
}


def _swapped(operation: Operation) -> Operation:
    return lambda left, right: operation(right, left)


def _backwards(operation: Operation) -> Operation:
    return lambda left, right: operation(left, negative(right))


for _first, _second in ((_D, _DAYS), (_T, _DAYS), (_DT, _DAYS), (_D, _MONTHS), (_DT, _MONTHS)):
    _plus = _OPERATIONS["+", _first, _second]
    _OPERATIONS["+", _second, _first] = _swapped(_plus)
    _OPERATIONS["-", _first, _second] = _backwards(_plus)
