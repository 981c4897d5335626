"""Functions on texts."""

from decimal import Decimal

from yinuo.rules.feel.arithmetic import MOST_TEXT, whole
from yinuo.rules.feel.functions.declare import Family
from yinuo.rules.feel.functions.patterns import compiled, expanded
from yinuo.rules.feel.values import NoValue, Value

TEXTS = Family()


@TEXTS.add("substring(string: string, start position: number, length?: number)")
def substring(text: str, start: Decimal, length: Decimal | None = None) -> Value:
    """So many letters from a place counted from 1, or from the end if negative."""
    place = whole(start)
    if place == 0 or abs(place) > len(text):
        raise NoValue(f"起始位置 {start} 不在文本里")
    first = place - 1 if place > 0 else len(text) + place
    if length is None:
        return text[first:]
    if length < 1:
        raise NoValue(f"长度 {length} 应至少是 1")
    return text[first : first + whole(length)]


@TEXTS.add("string length(string: string)")
def string_length(text: str) -> Value:
    """How many letters."""
    return Decimal(len(text))


@TEXTS.add("upper case(string: string)")
def upper_case(text: str) -> Value:
    """In capital letters."""
    return text.upper()


@TEXTS.add("lower case(string: string)")
def lower_case(text: str) -> Value:
    """In small letters."""
    return text.lower()


@TEXTS.add("substring before(string: string, match: string)")
def substring_before(text: str, match: str) -> Value:
    """What stands before the first match; empty without one."""
    return text.partition(match)[0] if match and match in text else ""


@TEXTS.add("substring after(string: string, match: string)")
def substring_after(text: str, match: str) -> Value:
    """What stands after the first match; empty without one."""
    return text.partition(match)[2] if match else text


@TEXTS.add("contains(string: string, match: string)")
def contains(text: str, match: str) -> Value:
    """Whether the match stands in it."""
    return match in text


@TEXTS.add("starts with(string: string, match: string)")
def starts_with(text: str, match: str) -> Value:
    """Whether it begins so."""
    return text.startswith(match)


@TEXTS.add("ends with(string: string, match: string)")
def ends_with(text: str, match: str) -> Value:
    """Whether it ends so."""
    return text.endswith(match)


@TEXTS.add("matches(input: string, pattern: string, flags?: string)")
def matches(text: str, pattern: str, flags: str | None = None) -> Value:
    """Whether the pattern is found in it."""
    return compiled(pattern, flags or "", text).search(text) is not None


@TEXTS.add("replace(input: string, pattern: string, replacement: string, flags?: string)")
def replace(text: str, pattern: str, replacement: str, flags: str | None = None) -> Value:
    """The text with every find replaced; `$1` is what the first group found."""
    found = compiled(pattern, flags or "", text)
    if found.search("") is not None:
        raise NoValue(f"模式“{pattern}”能匹配空文本，不能用于替换")
    if "q" in (flags or ""):
        return _bounded(found.sub(lambda _: replacement, text))
    return _bounded(found.sub(expanded(replacement, found.groups), text))


@TEXTS.add("split(string: string, delimiter: string)")
def split(text: str, delimiter: str) -> Value:
    """The parts between the finds of a pattern."""
    found = compiled(delimiter, "", text)
    if found.search("") is not None:
        return list(text)
    parts: list[Value] = []
    last = 0
    for each in found.finditer(text):
        parts.append(text[last : each.start()])
        last = each.end()
    return [*parts, text[last:]]


@TEXTS.add("string join(list: list, delimiter?: string)")
def string_join(parts: list[Value], delimiter: str | None = None) -> Value:
    """The texts of a list as one; null among them is left out."""
    texts = [part for part in parts if part is not None]
    if not all(isinstance(part, str) for part in texts):
        raise NoValue("列表里有的不是文本")
    return _bounded((delimiter or "").join(map(str, texts)))


def _bounded(text: str) -> str:
    if len(text) > MOST_TEXT:
        raise NoValue(f"文本会超过 {MOST_TEXT:,} 个字")
    return text
