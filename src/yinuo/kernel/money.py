"""Money: whole 分 inside, 元, 万元 and 亿元 as people say them."""

from decimal import ROUND_HALF_UP, Decimal

from yinuo.kernel.decimals import Number, canonical_decimal, grouped, times
from yinuo.kernel.errors import YinuoError

FEN_PER = {
    "分": 1,
    "角": 10,
    "元": 100,
    "千元": 100_000,
    "万元": 1_000_000,
    "百万元": 100_000_000,
    "千万元": 1_000_000_000,
    "亿元": 10_000_000_000,
    "万亿元": 100_000_000_000_000,
}
"""How many 分 each unit of money holds."""
_SPOKEN = ("元", "万元", "亿元")
_NEXT_UNIT = 10_000
_CENT = Decimal("0.01")


class UnknownMoneyUnit(YinuoError):
    """A unit that is no unit of money."""

    code = "AMOUNT-E003"

    def __init__(self, unit: str) -> None:
        super().__init__(
            f"“{unit}”不是金额单位", place="单位", next_step=f"用 {'、'.join(FEN_PER)} 之一"
        )


class NotWholeFen(YinuoError):
    """An amount of money with a part smaller than one 分."""

    code = "AMOUNT-E004"

    def __init__(self, value: object, unit: str) -> None:
        super().__init__(
            f"{value} {unit}不是整数分", place="金额", next_step="金额最小到分（0.01 元）"
        )


def to_fen(value: Number, unit: str) -> int:
    """The amount in whole 分. Raises `UnknownMoneyUnit`, `NotWholeFen`.

    >>> to_fen("1.06", "亿元")
    10600000000
    """
    fen = times(value, _fen_per(unit))
    if fen != fen.to_integral_value():
        raise NotWholeFen(value, unit)
    return int(fen)


def convert(value: Number, *, unit: str, to: str) -> str:
    """The amount in another unit, exact, as a canonical decimal. Raises `UnknownMoneyUnit`.

    >>> convert("10600", unit="万元", to="亿元")
    '1.06'
    """
    factor, divisor = _fen_per(unit), _fen_per(to)
    # Units differ by powers of ten, so shifting the point is exact.
    shift = len(str(factor)) - len(str(divisor))
    return canonical_decimal(times(value, Decimal(1).scaleb(shift)))


def say_money(fen: int) -> str:
    """The amount as people say it, in 亿元, 万元 or 元, rounded to two places.

    >>> say_money(10_600_000_000), say_money(86_050), say_money(5_600_000_000)
    ('1.06 亿元', '860.5 元', '5,600 万元')
    """
    for unit in _SPOKEN:
        value = (Decimal(fen) / FEN_PER[unit]).quantize(_CENT, ROUND_HALF_UP)
        if abs(value) < _NEXT_UNIT:
            break
    return f"{grouped(value)} {unit}"


def _fen_per(unit: str) -> int:
    if unit not in FEN_PER:
        raise UnknownMoneyUnit(unit)
    return FEN_PER[unit]


def is_money(unit: str) -> bool:
    """Whether that is a unit of money."""
    return unit in FEN_PER


def in_spoken_unit(value: Number, unit: str) -> str:
    """An amount of money in any unit as people say it; one that is no whole 分 as it stands."""
    try:
        return say_money(to_fen(value, unit))
    except NotWholeFen:
        return f"{grouped(value)} {unit}"
