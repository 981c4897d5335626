"""Functions on numbers."""

from decimal import (
    ROUND_CEILING,
    ROUND_DOWN,
    ROUND_FLOOR,
    ROUND_HALF_DOWN,
    ROUND_HALF_EVEN,
    ROUND_HALF_UP,
    ROUND_UP,
    Context,
    Decimal,
)

from yinuo.rules.feel.arithmetic import number, quotient, whole
from yinuo.rules.feel.functions.declare import Family
from yinuo.rules.feel.values import (
    ARITHMETIC,
    DayDuration,
    MonthDuration,
    NoValue,
    Value,
)

NUMBERS = Family()
LEAST_SCALE, MOST_SCALE = -6111, 6176
_EXACT = Context(prec=20_000)


def _rounded(value: Decimal, scale: Decimal, rounding: str) -> Decimal:
    places = whole(scale)
    if not LEAST_SCALE <= places <= MOST_SCALE:
        raise NoValue(f"小数位数 {scale} 应在 {LEAST_SCALE} 到 {MOST_SCALE} 之间")
    exponent = value.as_tuple().exponent
    if isinstance(exponent, int) and -exponent <= places:
        return value
    found = number(lambda: value.quantize(Decimal(1).scaleb(-places), rounding, _EXACT))
    return number(lambda: ARITHMETIC.plus(found))


@NUMBERS.add("decimal(n: number, scale: number)")
def decimal(value: Decimal, scale: Decimal) -> Value:
    """Rounded to so many places, half to even."""
    return _rounded(value, scale, ROUND_HALF_EVEN)


@NUMBERS.add("floor(n: number, scale?: number)")
def floor(value: Decimal, scale: Decimal | None = None) -> Value:
    """Rounded down the line of numbers."""
    return _rounded(value, Decimal(0) if scale is None else scale, ROUND_FLOOR)


@NUMBERS.add("ceiling(n: number, scale?: number)")
def ceiling(value: Decimal, scale: Decimal | None = None) -> Value:
    """Rounded up the line of numbers."""
    return _rounded(value, Decimal(0) if scale is None else scale, ROUND_CEILING)


@NUMBERS.add("round up(n: number, scale: number)")
def round_up(value: Decimal, scale: Decimal) -> Value:
    """Rounded away from zero."""
    return _rounded(value, scale, ROUND_UP)


@NUMBERS.add("round down(n: number, scale: number)")
def round_down(value: Decimal, scale: Decimal) -> Value:
    """Rounded towards zero."""
    return _rounded(value, scale, ROUND_DOWN)


@NUMBERS.add("round half up(n: number, scale: number)")
def round_half_up(value: Decimal, scale: Decimal) -> Value:
    """Rounded to the nearest, half away from zero."""
    return _rounded(value, scale, ROUND_HALF_UP)


@NUMBERS.add("round half down(n: number, scale: number)")
def round_half_down(value: Decimal, scale: Decimal) -> Value:
    """Rounded to the nearest, half towards zero."""
    return _rounded(value, scale, ROUND_HALF_DOWN)


@NUMBERS.add("abs(n: number|days and time duration|years and months duration)")
def absolute(value: Decimal | DayDuration | MonthDuration) -> Value:
    """Without its sign."""
    match value:
        case DayDuration(nanos):
            return DayDuration(abs(nanos))
        case MonthDuration(months):
            return MonthDuration(abs(months))
    return abs(value)


@NUMBERS.add("modulo(dividend: number, divisor: number)")
def modulo(dividend: Decimal, divisor: Decimal) -> Value:
    """What a division to the next lower whole number leaves; it has the divisor's sign."""
    if divisor == 0:
        raise NoValue("除数是 0")
    found = number(lambda: ARITHMETIC.remainder(dividend, divisor), "商太大")
    if found and (found < 0) != (divisor < 0):
        return number(lambda: ARITHMETIC.add(found, divisor))
    return found


@NUMBERS.add("sqrt(number: number)")
def sqrt(value: Decimal) -> Value:
    """The square root; null of a negative number."""
    if value < 0:
        raise NoValue("负数没有平方根")
    return number(lambda: ARITHMETIC.sqrt(value))


@NUMBERS.add("log(number: number)")
def log(value: Decimal) -> Value:
    """The natural logarithm; null of zero and less."""
    if value <= 0:
        raise NoValue("只有正数有对数")
    return number(lambda: ARITHMETIC.ln(value))


@NUMBERS.add("exp(number: number)")
def exp(value: Decimal) -> Value:
    """The base of the natural logarithm to that power."""
    return number(lambda: ARITHMETIC.exp(value))


@NUMBERS.add("odd(number: number)")
def odd(value: Decimal) -> Value:
    """Whether it is an odd whole number."""
    return _remainder_of_two(value) == 1


@NUMBERS.add("even(number: number)")
def even(value: Decimal) -> Value:
    """Whether it is an even whole number."""
    return _remainder_of_two(value) == 0


def _remainder_of_two(value: Decimal) -> Decimal:
    if value != value.to_integral_value():
        raise NoValue(f"{value} 不是整数")
    half = quotient(value, Decimal(2))
    return abs(
        ARITHMETIC.subtract(value, ARITHMETIC.multiply(half.to_integral_value(ROUND_DOWN), 2))
    )
