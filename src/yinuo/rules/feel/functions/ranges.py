"""`range()`: a range from a text, whose ends are literals."""

from collections.abc import Callable

from yinuo.rules.feel.equality import order
from yinuo.rules.feel.functions.declare import Family
from yinuo.rules.feel.lexer import Lexer, UnreadableFeel
from yinuo.rules.feel.temporal import (
    read_date,
    read_date_time,
    read_duration,
    read_temporal,
    read_time,
)
from yinuo.rules.feel.values import ARITHMETIC, NoValue, Range, Value

RANGES = Family()
_READERS: dict[str, Callable[[str], Value]] = {
    "date and time": read_date_time,
    "date": read_date,
    "time": read_time,
    "duration": read_duration,
}


@RANGES.add("range(from: string)")
def range_of(text: str) -> Value:
    """The range that is written; an end that is left out must be an open one."""
    lexer = Lexer(text)
    try:
        found = _range(lexer)
    except UnreadableFeel as cause:
        raise NoValue(f"“{text[:60]}”不是区间") from cause
    if found.low is not None and found.high is not None and order(found.low, found.high) > 0:
        raise NoValue("区间的起点大于终点")
    return found


def _range(lexer: Lexer) -> Range:
    includes_low = lexer.need("[", "(", "]") == "["
    low = None if lexer.peek("..") else _end(lexer)
    lexer.need("..")
    high = None if any(lexer.peek(sign) for sign in "])[") else _end(lexer)
    includes_high = lexer.need("]", ")", "[") == "]"
    if not lexer.rest_is_empty():
        lexer.unexpected()
    if (low is None and (includes_low or high is None)) or (high is None and includes_high):
        raise NoValue("区间没有写出的一端应是开的")
    return Range(low, high, includes_low, includes_high)


def _end(lexer: Lexer) -> Value:
    if lexer.take("-"):
        found = lexer.number()
        return lexer.unexpected("数") if found is None else ARITHMETIC.minus(found)
    if (number := lexer.number()) is not None:
        return number
    if (text := lexer.quoted()) is not None:
        return text
    if lexer.take("@"):
        return read_temporal(_text(lexer))
    for name, reader in _READERS.items():
        if lexer.take_word(name):
            lexer.need("(")
            found_end = reader(_text(lexer))
            lexer.need(")")
            return found_end
    return lexer.unexpected("数、文本、日期、时间或时长")


def _text(lexer: Lexer) -> str:
    found = lexer.quoted()
    return lexer.unexpected("引号里的文本") if found is None else found
