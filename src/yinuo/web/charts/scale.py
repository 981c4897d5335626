"""The unit an axis is drawn in: large figures in 万 and 亿, elsewhere in millions and billions."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import get_language, gettext, npgettext

from yinuo.commitments.figures import UNITS, say
from yinuo.kernel.decimals import Number, canonical_decimal, exact, times
from yinuo.kernel.money import FEN_PER, is_money

FEN = 100
DIGITS = 12
"""Significant digits of a plotted number, more than any screen shows."""
CHINESE_STEPS = ((12, "万亿"), (8, "亿"), (4, "万"))
ENGLISH_STEPS = ((9, "%(number)s 十亿"), (6, "%(number)s 百万"))
MULTIPLES = {"亿": 8, "万": 4}
MANY = 5
"""Counts below 10⁵ are plotted as they are; money changes its unit at every step."""


@dataclass(frozen=True)
class Scale:
    """How values of one unit stand on an axis."""

    unit: str
    """Of the values as given."""
    factor: Decimal
    name: str
    """Unit of the axis in the language of the page."""

    def plot(self, value: Number | None) -> float | None:
        """Where a value stands; None for a missing one."""
        if value is None:
            return None
        return float(f"{times(exact(value), self.factor):.{DIGITS}g}")

    def said(self, value: Number | None) -> str:
        """A value with its unit; 暂无数据 for a missing one."""
        return gettext("暂无数据") if value is None else said(value, self.unit)


def said(value: Number, unit: str) -> str:
    """A figure as people say it, a negative one with a true minus."""
    return say(canonical_decimal(value), unit).replace("-", "−", 1)


def scale(values: Iterable[Number | None], unit: str) -> Scale:
    """The scale on which the largest of the values has at most five digits before its point."""
    largest = max((abs(exact(v)) for v in values if v is not None), default=Decimal(0))
    chinese = get_language() in (None, "zh-hans")
    money = is_money(unit)
    if money:
        base = _power(FEN_PER[unit]) - _power(FEN)
        plain = "元"
    else:
        known = unit in UNITS or unit[1:] not in (*UNITS, "")
        base = 0 if known else MULTIPLES.get(unit[:1], 0)
        plain = unit[1:] if base else unit
    size = largest.scaleb(base)
    power = _step(size, money=money, chinese=chinese)
    factor = Decimal(1).scaleb(base - power)
    return Scale(unit, factor, _named(plain, power, chinese=chinese, money=money))


def _power(ten: int) -> int:
    return len(str(ten)) - 1


def _step(size: Decimal, *, money: bool, chinese: bool) -> int:
    for power, _ in CHINESE_STEPS if chinese else ENGLISH_STEPS:
        if size >= Decimal(1).scaleb(power if money or power > MANY else MANY):
            return power
    return 0


def _named(plain: str, power: int, *, chinese: bool, money: bool) -> str:
    if chinese:
        return f"{dict(CHINESE_STEPS).get(power, '')}{plain}"
    words = dict(ENGLISH_STEPS).get(power)
    number = gettext(words) % {"number": ""} if words else ""
    if money:
        return _tight(gettext("%(number)s 元") % {"number": number})
    if plain in UNITS:
        pattern = f"%(number)s {plain}"
        return _tight(npgettext("figure", pattern, pattern, 2) % {"number": number})
    return _tight(f"{number} {plain}")


def _tight(text: str) -> str:
    return " ".join(text.split())
