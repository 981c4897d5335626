"""Units of figures: 万 and 亿 before the thing counted, and money. Pure."""

from decimal import Decimal

from yinuo.kernel.decimals import canonical_decimal, times
from yinuo.kernel.errors import YinuoError
from yinuo.kernel.money import convert, is_money

FACTORS = {"亿": 8, "千万": 7, "百万": 6, "十万": 5, "万": 4, "千": 3, "百": 2, "十": 1, "": 0}
"""Word before a unit → its power of ten."""
WHOLE = {"千米", "千克", "千瓦", "百分点", "千瓦时", "千卡"}
"""Units that begin like a multiplier and hold none."""


class UnitsDiffer(YinuoError):
    """Two units between which nothing can be converted."""

    code = "INDICATOR-E002"

    def __init__(self, unit: str, to: str) -> None:
        super().__init__(
            f"“{unit}”换算不成“{to}”",
            place="单位",
            next_step=f"请用“{to}”，或只差万、亿的单位",
        )


def apart(unit: str) -> tuple[int, str]:
    """The power of ten and the thing counted.

    >>> apart("万人次"), apart("亿元"), apart("%")
    ((4, '人次'), (8, '元'), (0, '%'))
    """
    if unit in WHOLE:
        return 0, unit
    for word, power in FACTORS.items():
        if word and unit.startswith(word) and len(unit) > len(word):
            return power, unit.removeprefix(word)
    return (FACTORS[unit], "") if unit in FACTORS else (0, unit)


def converted(value: str, *, unit: str, to: str) -> str:
    """The value in another unit, exact. Raises `UnitsDiffer`.

    >>> converted("61.24", unit="亿元", to="万元"), converted("5300", unit="个", to="万个")
    ('612400', '0.53')
    """
    if unit == to:
        return canonical_decimal(value)
    if is_money(unit) and is_money(to):
        return convert(value, unit=unit, to=to)
    (power, thing), (wanted, other) = apart(unit), apart(to)
    if thing != other:
        raise UnitsDiffer(unit, to)
    return canonical_decimal(times(value, Decimal(1).scaleb(power - wanted)))


def places(value: str) -> int:
    """How many decimal places a canonical number has."""
    return len(value.partition(".")[2])
