"""Numbers written in Han characters, as plans write them."""

from collections.abc import Callable
from decimal import Decimal

_DIGITS = {
    character: value
    for value, characters in enumerate(
        ("零〇○", "一壹", "二贰两", "三叁", "四肆", "五伍", "六陆", "七柒", "八捌", "九玖")
    )
    for character in characters
}
_SMALL = {"十": 10, "拾": 10, "百": 100, "佰": 100, "千": 1000, "仟": 1000}
_TEN_THOUSAND, _HUNDRED_MILLION = 10**4, 10**8
CHARACTERS = "".join(_DIGITS) + "".join(_SMALL) + "万亿点"


def read_numeral(text: str) -> Decimal | None:
    """The value of a numeral in Han characters; None if it is not well formed.

    A multiplier without a digit counts as one: 百 is 100, 万亿 is 10¹².

    >>> [int(read_numeral(text)) for text in ("五千六百万", "两百零三", "十五", "万亿", "二〇二四")]
    [56000000, 203, 15, 1000000000000, 2024]
    >>> read_numeral("三点五"), read_numeral("一百二")
    (Decimal('3.5'), None)
    """
    whole_text, point, places = text.partition("点")
    if point:
        digits = [_DIGITS.get(character) for character in places]
        whole = _whole(whole_text)
        if whole is None or not digits or None in digits:
            return None
        return Decimal(f"{whole}.{''.join(map(str, digits))}")
    whole = _whole(text)
    return None if whole is None else Decimal(whole)


def _whole(text: str) -> int | None:
    if not text:
        return None
    digits = [_DIGITS.get(character) for character in text]
    if None not in digits:
        return int("".join(map(str, digits)))
    head, found, tail = text.partition("亿")
    if found:
        return _sum(
            _times(_below_hundred_million(head), _HUNDRED_MILLION), tail, _below_hundred_million
        )
    return _below_hundred_million(text)


def _below_hundred_million(text: str) -> int | None:
    head, found, tail = text.partition("万")
    if found:
        return _sum(_times(_section(head), _TEN_THOUSAND), tail, _section)
    return _section(text)


def _times(value: int | None, factor: int) -> int | None:
    return None if value is None else (value or 1) * factor


def _sum(high: int | None, tail: str, read: Callable[[str], int | None]) -> int | None:
    """The high part and its tail; a lone digit after it (一万二) is ambiguous and refused."""
    if not tail:
        return high
    low = read(tail)
    if high is None or low is None or (len(tail) == 1 and tail in _DIGITS):
        return None
    return high + low


def _section(text: str) -> int | None:
    """A numeral below ten thousand; empty is 0, to be read as one before a multiplier."""
    total, digit, last_unit = 0, None, 10_000
    for index, character in enumerate(text):
        if character in _DIGITS:
            if digit not in (None, 0):
                return None
            digit = _DIGITS[character]
            continue
        unit = _SMALL.get(character)
        if unit is None or unit >= last_unit or digit == 0 or (digit is None and index):
            return None
        total += (digit or 1) * unit
        digit, last_unit = None, unit
    lone = digit is not None and total and last_unit > _SMALL["十"] and text[-2] in _SMALL
    return None if lone else total + (digit or 0)
