"""Numbers as people type them: one canonical form, and the unit they carry."""

import re
import unicodedata
from dataclasses import dataclass
from decimal import Decimal

from yinuo.kernel.decimals import canonical_decimal

_WRITTEN = re.compile(r"([+-]?)(\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?)([^\d,.+\-]{0,20})")
_LITERAL = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]')
EXACT_DIGITS = 15
"""Significant digits that Excel keeps."""


@dataclass(frozen=True)
class Figure:
    """A number as read from one cell."""

    value: str
    """Canonical decimal."""
    unit: str = ""
    """The unit written behind it, or % from the format of the cell."""

    @property
    def shown(self) -> str:
        """The number with its unit."""
        return f"{self.value} {self.unit}".strip()


def written_figure(text: str) -> Figure | None:
    """The number in 3,800, ３８００, 14% or 106亿元, else None. Words of comparison are no number.

    >>> written_figure("３，８００"), written_figure("15％").unit, written_figure("约15")
    (Figure(value='3800', unit=''), '%', None)
    """
    compact = "".join(unicodedata.normalize("NFKC", text).replace("\u2212", "-").split())
    match = _WRITTEN.fullmatch(compact)
    if match is None:
        return None
    sign, digits, unit = match.groups()
    return Figure(canonical_decimal(sign + digits.replace(",", "")), unit)


def is_percent_format(number_format: str) -> bool:
    """Whether Excel shows the number times 100 with a percent sign.

    >>> is_percent_format("0.00%"), is_percent_format('0"%"')
    (True, False)
    """
    return "%" in _LITERAL.sub("", number_format)


def stored_figure(number: float, number_format: str) -> Figure:
    """The number of a numeric cell; 0.15 shown as 15% is 15 %."""
    exact = Decimal(repr(number))
    if is_percent_format(number_format):
        return Figure(canonical_decimal(exact * 100), "%")
    return Figure(canonical_decimal(exact))


def is_noisy(value: str) -> bool:
    """Whether the number has more digits than anyone types, as formulas leave behind."""
    return len(value.lstrip("-").replace(".", "").strip("0")) > EXACT_DIGITS


def fits_cell(value: str) -> bool:
    """Whether a numeric cell gives the canonical number back exactly."""
    if is_noisy(value):
        return False
    number = float(value)
    return canonical_decimal(Decimal(repr(number))) == value
