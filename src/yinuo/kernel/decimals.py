"""Exact decimal numbers: one written form, and one integer to sort by."""

from decimal import ROUND_HALF_EVEN, Context, Decimal, Inexact, InvalidOperation
from typing import TypeAlias

from yinuo.kernel.errors import YinuoError

Number: TypeAlias = Decimal | int | str

SCALE = 6
"""Decimal places of the sorting integer."""
MAX_SCALED = 2**63 - 1
"""The largest sorting integer: what a signed 64-bit column holds."""
MAX_DIGITS = 60
_EXACT = Context(prec=4 * MAX_DIGITS, traps=[Inexact, InvalidOperation])


class NotANumber(YinuoError):
    """A text that is no finite decimal number."""

    code = "AMOUNT-E001"

    def __init__(self, value: object) -> None:
        super().__init__(
            f"“{value}”不是数字", place="数值", next_step="写成 14、1.06 或 -3.5 这样的数"
        )


class OutOfRange(YinuoError):
    """A number too large or too long to store and sort."""

    code = "AMOUNT-E002"

    def __init__(self, value: object) -> None:
        super().__init__(
            f"数字 {str(value)[:40]} 太大或位数太多（绝对值须小于 9.2 万亿）",
            place="数值",
            next_step="换用更大的单位，如万元、亿元",
        )


def exact(value: Number) -> Decimal:
    """The number as an exact `Decimal`.

    Raises `NotANumber` for a text that is none, NaN and infinities, `OutOfRange` beyond 60 digits.
    """
    try:
        number = Decimal(value)
    except InvalidOperation as cause:
        raise NotANumber(value) from cause
    if not number.is_finite():
        raise NotANumber(value)
    if len(number.as_tuple().digits) > MAX_DIGITS or abs(number.adjusted()) > MAX_DIGITS:
        raise OutOfRange(value)
    return number


def canonical_decimal(value: Number) -> str:
    """The number as it is stored: no exponent, no plus, no trailing zeros, no minus zero.

    Raises `NotANumber` and `OutOfRange` as `exact` does.

    >>> [canonical_decimal(text) for text in ("14.0", "1.06E+2", "-0.00", "+3800")]
    ['14', '106', '0', '3800']
    """
    text = f"{exact(value):f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text in ("-0", "") else text


def scaled(value: Number) -> int:
    """The number times 10⁶, to sort by; further places are rounded half to even.

    Order is kept (equal keys only closer than 10⁻⁶). Raises `OutOfRange` unless it fits a signed
    64-bit integer, so below about 9.2 × 10¹².

    >>> scaled("1.06")
    1060000
    """
    number = exact(value)
    key = int(number.scaleb(SCALE, _EXACT).to_integral_value(ROUND_HALF_EVEN))
    if abs(key) > MAX_SCALED:
        raise OutOfRange(value)
    return key


def times(left: Number, right: Number) -> Decimal:
    """The exact product; nothing is rounded."""
    return _EXACT.multiply(exact(left), exact(right))


def plus(left: Number, right: Number) -> Decimal:
    """The exact sum; nothing is rounded."""
    return _EXACT.add(exact(left), exact(right))


def grouped(value: Number) -> str:
    """The canonical number with thousands separators.

    >>> grouped("3800"), grouped("-1234567.50")
    ('3,800', '-1,234,567.5')
    """
    whole, point, places = canonical_decimal(value).partition(".")
    sign = "-" if whole.startswith("-") else ""
    return f"{sign}{int(whole.lstrip('-')):,}{point}{places}"
