"""The kinds of value a table speaks of, and how a value of each is written."""

from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import TypeAlias

from yinuo.kernel.decimals import canonical_decimal, grouped

Value: TypeAlias = Decimal | date | str | bool
"""Numbers, percentages (in points: 15 is 15 %), days and months are `Decimal`."""


class Kind(StrEnum):
    """What sort of value a column holds."""

    NUMBER = "数"
    PERCENT = "百分比"
    DAYS = "天数"
    MONTHS = "月数"
    DATE = "日期"
    TEXT = "文本"
    TRUTH = "是否"

    @property
    def is_ordered(self) -> bool:
        """Whether its values can be more or less."""
        return self not in (Kind.TEXT, Kind.TRUTH)

    @property
    def is_numeric(self) -> bool:
        """Whether its values are numbers."""
        return self in (Kind.NUMBER, Kind.PERCENT, Kind.DAYS, Kind.MONTHS)


UNIT = {Kind.PERCENT: "%", Kind.DAYS: "天", Kind.MONTHS: "个月"}
"""The unit that a kind always has."""
TRUTHS = {True: "是", False: "否"}
RESERVED = ("-", "空", "非空")
"""What a cell says by itself, so that a text of these letters stands in quotation marks."""
_QUOTES = "“”"
_SEPARATORS = "、，,；;\n\r“”\"'()（）=≠!<>≥≤-"


def canonical(value: Value, kind: Kind, unit: str = "") -> str:
    """The value as a cell writes it, with its unit.

    >>> canonical(Decimal("15.0"), Kind.PERCENT), canonical(Decimal(36), Kind.MONTHS)
    ('15%', '36 个月')
    >>> canonical("甲、乙", Kind.TEXT), canonical(True, Kind.TRUTH)
    ('“甲、乙”', '是')
    """
    if isinstance(value, bool):
        return TRUTHS[value]
    if isinstance(value, Decimal):
        return _with_unit(canonical_decimal(value), UNIT.get(kind, unit))
    if isinstance(value, date):
        return value.isoformat()
    return quoted(value)


def say(value: Value, kind: Kind, unit: str = "") -> str:
    """The value as a sentence says it: digits grouped, texts without marks."""
    if isinstance(value, Decimal):
        return _with_unit(grouped(value), UNIT.get(kind, unit))
    return value if isinstance(value, str) else canonical(value, kind, unit)


def quoted(text: str) -> str:
    """A text in a cell, in quotation marks where it could be read as something else."""
    plain = (
        text
        and text not in RESERVED
        and text == text.strip()
        and not any(mark in text for mark in _SEPARATORS)
        and not text.startswith(("不是", "不等于", "除", "任意", "不限", "not", "null", "无数据"))
    )
    return text if plain else f"“{text.replace('”', '””')}”"


def _with_unit(number: str, unit: str) -> str:
    return f"{number}{'' if unit in ('', '%', '‰') else ' '}{unit}"


def is_sound(number: Decimal, most_digits: int) -> bool:
    """Whether a number is finite and no longer than can be compared exactly everywhere."""
    return number.is_finite() and len(number.normalize().as_tuple().digits) <= most_digits
