"""Comparisons of figures: exact inside, rounded when shown, never stored. Pure.

A comparison that cannot be made is not zero: `value` is None and `why` says what is missing.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from yinuo.goals.indicators.measuring import places
from yinuo.goals.indicators.words import Measure, ValueKind
from yinuo.kernel.decimals import canonical_decimal
from yinuo.kernel.errors import YinuoError

HUNDRED = 100
SHOWN_PLACES = 2
MOST_PLACES = 12
PERCENT, POINTS = "%", "个百分点"


class NotInvertible(YinuoError):
    """A stated rate from which no base follows."""

    code = "INDICATOR-E003"

    def __init__(self, why: str) -> None:
        super().__init__(f"反推不出基数：{why}", place="推算", next_step="请核对数值和所称的比率")


@dataclass(frozen=True)
class Compared:
    """A comparison as computed, beside what a source states."""

    value: str | None
    """Canonical decimal, rounded; None where it cannot be computed."""
    unit: str
    """% or 个百分点."""
    why: str = ""
    """Why there is none."""
    base: str = ""
    """What it is compared with, in words: 2023年 153.35 万人次（推算）."""
    stated: str = ""
    """The same as a source states it."""
    agrees: bool | None = None
    """Whether the two agree at the places stated; None where only one is known."""
    implied: bool = False
    """Whether the base is only inferred (推算)."""


def rounded(value: Fraction, digits: int = SHOWN_PLACES) -> str:
    """The number with at most so many places, half away from zero.

    >>> rounded(Fraction(2, 3)), rounded(Fraction(-5, 1000)), rounded(Fraction(14))
    ('0.67', '-0.01', '14')
    """
    shifted = value * 10**digits
    whole = abs(shifted.numerator) * 2 // shifted.denominator
    nearest = (whole + 1) // 2
    sign = -1 if shifted < 0 else 1
    return canonical_decimal(Decimal(sign * nearest).scaleb(-digits))


def change(now: str, before: str) -> Fraction | None:
    """The growth in percent; None from a base that is zero or negative."""
    base = Fraction(before)
    return None if base <= 0 else (Fraction(now) - base) / base * HUNDRED


def points(now: str, before: str) -> Fraction:
    """The difference of two ratios, in percentage points."""
    return Fraction(now) - Fraction(before)


def share(part: str, whole: str) -> Fraction | None:
    """The part in percent of the whole; None of a whole that is zero or negative."""
    base = Fraction(whole)
    return None if base <= 0 else Fraction(part) / base * HUNDRED


def compression(now: str, base: str) -> Fraction | None:
    """By how many percent it is less than the base; negative where it grew."""
    grown = change(now, base)
    return None if grown is None else -grown


def held_against(computed: str | None, stated: str, exact: Fraction | None) -> bool | None:
    """Whether a computed comparison gives the stated one at the places it is stated with."""
    if exact is None or computed is None or not stated:
        return None
    return rounded(exact, places(stated)) == canonical_decimal(stated)


def compared(
    measure: str,
    *,
    now: str | None,
    base: str | None,
    kind: str,
    unit: str,
    stated: str = "",
    why: str = "",
    said: str = "",
    implied: bool = False,
) -> Compared:
    """One comparison of two values of an indicator of that kind and unit.

    Ratios in percent are compared by percentage points. `why` says what is missing where one of
    the two is, `said` what the base is.
    """
    by_points = kind == ValueKind.RATIO and unit == PERCENT
    by_points = by_points and measure in (Measure.YEAR_ON_YEAR, Measure.PERIOD_ON_PERIOD)
    in_unit = POINTS if by_points else PERCENT
    if now is None or base is None:
        return Compared(None, in_unit, why or "缺少相比的数", stated=stated)
    exact = _computed(measure, now, base, by_points=by_points)
    if exact is None:
        return Compared(None, in_unit, "基数为零或负数，不比", base=said, stated=stated)
    value = rounded(exact, max(SHOWN_PLACES, places(stated)))
    agrees = held_against(value, stated, exact)
    return Compared(value, in_unit, "", said, stated, agrees, implied)


def _computed(measure: str, now: str, base: str, *, by_points: bool) -> Fraction | None:
    if by_points:
        return points(now, base)
    if measure == Measure.SHARE:
        return share(now, base)
    return compression(now, base) if measure == Measure.COMPRESSION else change(now, base)


def implied_base(measure: str, *, value: str, stated: str) -> tuple[str, str]:
    """The base that a stated comparison implies, and how it was worked out.

    It has as few places as give the stated comparison back, and at least those of the value.
    Raises `NotInvertible`.

    >>> implied_base("yoy", value="455.14", stated="196.8")
    ('153.35', '455.14 ÷ (1 + 196.8%)')
    """
    rate, figure = Fraction(stated) / HUNDRED, Fraction(value)
    if measure == Measure.SHARE:
        divisor, how = rate, f"{value} ÷ {stated}%"
    elif measure == Measure.COMPRESSION:
        divisor, how = 1 - rate, f"{value} ÷ (1 - {stated}%)"
    elif measure in (Measure.YEAR_ON_YEAR, Measure.PERIOD_ON_PERIOD):
        divisor = 1 + rate
        sign, size = ("-", stated.removeprefix("-")) if rate < 0 else ("+", stated)
        how = f"{value} ÷ (1 {sign} {size}%)"
    else:
        raise NotInvertible("这不是一个比率")
    if divisor <= 0:
        raise NotInvertible(f"{stated}% 得不出正的基数")
    if figure <= 0:
        raise NotInvertible(f"数值 {value} 不是正数")
    for digits in range(places(value), MOST_PLACES + 1):
        base = rounded(figure / divisor, digits)
        again = _computed(measure, value, base, by_points=False)
        if held_against(base, stated, again):
            return base, how
    raise NotInvertible(f"{MOST_PLACES} 位小数之内得不回 {stated}%")


@dataclass(frozen=True)
class Sum:
    """Parts added up; null rather than partial."""

    value: str | None
    reported: int
    wanted: int

    @property
    def said(self) -> str:
        """How much of it is there."""
        return "" if self.value is not None else f"已报 {self.reported} / 应报 {self.wanted}"


def added(parts: Sequence[str | None]) -> Sum:
    """The sum of all parts, None where one is missing or there are none.

    >>> added(["1.5", "2"]).value, added(["1", None]).said
    ('3.5', '已报 1 / 应报 2')
    """
    there = [Decimal(part) for part in parts if part is not None]
    whole = bool(parts) and len(there) == len(parts)
    total = sum((Fraction(each) for each in there), Fraction(0))
    value = canonical_decimal(_decimal(total)) if whole else None
    return Sum(value, len(there), len(parts))


def _decimal(value: Fraction) -> Decimal:
    """A sum of decimals is one, whose denominator has no other primes than 2 and 5."""
    digits = 0
    while (value * 10**digits).denominator != 1:
        digits += 1
    return Decimal(int(value * 10**digits)).scaleb(-digits)


def running(values: Mapping[str, str | None], keys: Iterable[str]) -> Sum:
    """The cumulative of the current values of these periods."""
    return added([values.get(key) for key in keys])
