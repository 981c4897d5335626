"""What a for goes through: whole numbers or days between two ends."""

from collections.abc import Sequence
from decimal import Decimal

from yinuo.rules.feel.budget import MOST_ITEMS
from yinuo.rules.feel.civil import day_number, numbered_date
from yinuo.rules.feel.kinds import said
from yinuo.rules.feel.values import Date, NoValue, Range, Value


def steps(start: Value, end: Value) -> Sequence[Value]:
    """Whole numbers or days from one to the other, upwards or downwards. Raises `NoValue`."""
    if isinstance(start, Date) and isinstance(end, Date):
        return [numbered_date(day) for day in _count(day_number(start), day_number(end))]
    return [Decimal(number) for number in _count(_whole(start), _whole(end))]


def _count(start: int, end: int) -> range:
    step = 1 if end >= start else -1
    if abs(end - start) >= MOST_ITEMS:
        raise NoValue(f"循环会产生 {MOST_ITEMS:,} 项以上")
    return range(start, end + step, step)


def members(within: Range) -> Sequence[Value]:
    """Whole numbers or days of the range. Raises `NoValue`."""
    found = steps(within.low, within.high)
    return found[0 if within.includes_low else 1 : None if within.includes_high else -1]


def _whole(value: Value) -> int:
    if not isinstance(value, Decimal) or value != value.to_integral_value():
        raise NoValue(f"循环的起止应是整数或日期，却是{said(value)}")
    if value.adjusted() > 18:  # noqa: PLR2004  # digits: far beyond what a loop may take
        raise NoValue("循环的起止太大")
    return int(value)
