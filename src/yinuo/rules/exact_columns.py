"""Exact arithmetic over whole columns: fractions of 64-bit integers, and what they cannot hold.

Every operation watches for overflow in floating point beside it. Rows that come near are marked
`slow` and worked out one by one, so nothing is ever rounded or wrapped around.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from yinuo.rules.expression import Binary, Expression, Minus, Months, Name, Number
from yinuo.rules.kinds import Kind

Int: TypeAlias = NDArray[np.int64]
Bool: TypeAlias = NDArray[np.bool_]

SAFE = 2.0**62
"""Where integers are given up: far enough below 2⁶³ for the error of the estimate."""
EPOCH = 719_163
"""Ordinal of 1970-01-01, day 0 of Arrow's dates."""
FIRST_DAY, LAST_DAY = 1 - EPOCH, 3_652_059 - EPOCH
"""0001-01-01 and 9999-12-31."""


@dataclass(frozen=True, slots=True)
class Fractions:
    """A column of numbers `top / bottom`, `bottom` above zero; or of days, with a bottom of 1."""

    top: Int
    bottom: Int
    none: Bool
    """Has no value: something is missing, or was divided by zero."""
    slow: Bool
    """Does not fit 64 bits."""
    is_date: bool = False


def whole(top: Int, none: Bool, *, is_date: bool = False) -> Fractions:
    """A column of whole numbers or days."""
    return Fractions(top, np.ones_like(top), none, np.zeros(len(top), np.bool_), is_date)


def over(top: Int, bottom: int, none: Bool, slow: Bool) -> Fractions:
    """A column of numbers with a fixed count of decimal places."""
    return Fractions(top, np.full(len(top), bottom, np.int64), none, slow)


def work_out(expression: Expression, columns: Mapping[str, Fractions], rows: int) -> Fractions:
    """The value of an expression in each row."""
    match expression:
        case Number(number):
            top, bottom = number.as_integer_ratio()
            none = np.zeros(rows, np.bool_)
            fits = abs(top) < SAFE and bottom < SAFE
            if not fits:
                return over(np.zeros(rows, np.int64), 1, none, ~none)
            return over(np.full(rows, top, np.int64), bottom, none, none.copy())
        case Name(name, kind):
            found = columns[name]
            return _percent(found) if kind is Kind.PERCENT else found
        case Minus(part):
            found = work_out(part, columns, rows)
            return Fractions(-found.top, found.bottom, found.none, found.slow)
        case Months(start, end):
            return _months(work_out(start, columns, rows), work_out(end, columns, rows))
        case Binary(operator, left, right):
            return _apply(operator, work_out(left, columns, rows), work_out(right, columns, rows))


def _percent(found: Fractions) -> Fractions:
    bottom, slow = _times(found.bottom, np.full_like(found.bottom, 100))
    return Fractions(found.top, bottom, found.none, found.slow | slow)


def _times(one: Int, other: Int) -> tuple[Int, Bool]:
    """The product, and where it does not fit (there it is 0)."""
    slow = np.abs(one.astype(np.float64) * other.astype(np.float64)) >= SAFE
    return np.where(slow, 0, one) * other, slow


def _plus(one: Int, other: Int) -> tuple[Int, Bool]:
    slow = np.abs(one.astype(np.float64) + other.astype(np.float64)) >= SAFE
    return np.where(slow, 0, one) + np.where(slow, 0, other), slow


def _apply(operator: str, left: Fractions, right: Fractions) -> Fractions:
    none, slow = left.none | right.none, left.slow | right.slow
    if left.is_date:
        return _apply_to_days(operator, left, right, none, slow)
    if operator in "+-":
        return _sum(left, right if operator == "+" else _negative(right), none, slow)
    if operator == "/":
        zero = right.top == 0
        sign = np.where(right.top < 0, -1, 1)
        right = Fractions(
            np.where(zero, 1, right.bottom * sign),
            np.where(zero, 1, right.top * sign),
            right.none,
            right.slow,
        )
        # A slow divisor may be zero or not: its row is worked out apart.
        none = none | (zero & ~slow)
    top, slow_top = _times(left.top, right.top)
    bottom, slow_bottom = _times(left.bottom, right.bottom)
    return Fractions(top, _never_zero(bottom), none, slow | slow_top | slow_bottom)


def _never_zero(bottom: Int) -> Int:
    return np.where(bottom == 0, 1, bottom)


def _negative(found: Fractions) -> Fractions:
    return Fractions(-found.top, found.bottom, found.none, found.slow)


def _sum(left: Fractions, right: Fractions, none: Bool, slow: Bool) -> Fractions:
    if np.array_equal(left.bottom, right.bottom):
        top, more = _plus(left.top, right.top)
        return Fractions(top, left.bottom, none, slow | more)
    one, slow_one = _times(left.top, right.bottom)
    other, slow_other = _times(right.top, left.bottom)
    top, slow_top = _plus(one, other)
    bottom, slow_bottom = _times(left.bottom, right.bottom)
    more = slow_one | slow_other | slow_top | slow_bottom
    return Fractions(top, _never_zero(bottom), none, slow | more)


def _apply_to_days(
    operator: str, left: Fractions, right: Fractions, none: Bool, slow: Bool
) -> Fractions:
    if right.is_date:
        return Fractions(left.top - right.top, left.bottom, none, slow)
    days = right.top // right.bottom if operator == "+" else (-right.top) // right.bottom
    top, more = _plus(left.top, days)
    beyond = (top < FIRST_DAY) | (top > LAST_DAY)
    return Fractions(top, left.bottom, none | (beyond & ~slow & ~more), slow | more, is_date=True)


def _months(start: Fractions, end: Fractions) -> Fractions:
    none = start.none | end.none
    slow = start.slow | end.slow
    turned = end.top < start.top
    first = np.where(turned, end.top, start.top)
    last = np.where(turned, start.top, end.top)
    first_month, first_day = _month_and_day(first)
    last_month, last_day = _month_and_day(last)
    next_month, _ = _month_and_day(last + 1)
    reached = (last_day >= first_day) | (next_month != last_month)
    months = last_month - first_month - np.where(reached, 0, 1)
    return Fractions(np.where(turned, -months, months), np.ones_like(months), none, slow)


def _month_and_day(days: Int) -> tuple[Int, Int]:
    """Months since 1970-01 and the day of the month, from 0."""
    dates = days.astype("datetime64[D]")
    months = dates.astype("datetime64[M]")
    day = (dates - months.astype("datetime64[D]")).astype(np.int64)
    return months.astype(np.int64), day


def doubled_floor(found: Fractions, places: int, factor: int = 1) -> tuple[Int, Bool]:
    """Twice the whole part of value × factor × 10ᵖˡᵃᶜᵉˢ, plus 1 where something is left over.

    Such numbers stand to those of exact multiples as the values stand to them. Also returned: where
    they do not fit.
    """
    scale = factor * 10**places
    slow_scale = scale >= SAFE
    scaled, slow = _times(found.top, np.full_like(found.top, 1 if slow_scale else scale))
    floor = scaled // found.bottom
    rest = scaled != floor * found.bottom
    big = np.abs(floor.astype(np.float64)) >= SAFE / 2
    return np.where(big, 0, floor) * 2 + rest, slow | big | found.slow | slow_scale
