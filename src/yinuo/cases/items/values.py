"""From what stands in a cell or in JSON to the value of a field. Pure."""

from dataclasses import dataclass
from datetime import date

from yinuo.cases.items.definition import AT_ONCE
from yinuo.cases.items.layout import Column, Form
from yinuo.kernel.limits import DayType, UnknownLimit, parse_limit

YES = frozenset({"是", "1", "true", "有", "y", "yes"})
NO = frozenset({"否", "0", "false", "无", "n", "no"})
SEPARATORS = str.maketrans(dict.fromkeys("，,;；\n", "、"))
WRITTEN = {
    DayType.WORKING_DAY: "wd",
    DayType.CALENDAR_DAY: "d",
    DayType.HOUR: "h",
    DayType.MONTH: "m",
    DayType.YEAR: "y",
}
FEWEST, MOST = -1_000_000, 2**53


@dataclass(frozen=True, slots=True)
class BadValue:
    """A value that its column cannot hold."""

    what: str
    next_step: str


Value = str | int | bool | tuple[str, ...]


def taken(column: Column, raw: object) -> Value | BadValue:
    """A value that is not empty, as the field of its column wants it."""
    match column.form:
        case Form.TRUTH:
            return _truth(raw)
        case Form.COUNT:
            return _count(raw)
        case Form.LIST:
            return _listed(column, raw)
        case Form.LIMIT:
            return _limit(raw)
        case Form.TEXT:
            return _text(column, raw)


def _text(column: Column, raw: object) -> str | BadValue:
    if isinstance(raw, bool | date | list | dict):
        return BadValue(f"“{str(raw)[:40]}”不是文字", "请写成文字")
    if isinstance(raw, float) and raw.is_integer():
        raw = int(raw)
    text = str(raw).strip()
    return column.coded.get(text, text) if column.coded else text


def _listed(column: Column, raw: object) -> tuple[str, ...] | BadValue:
    if isinstance(raw, list):
        parts = [str(one) for one in raw]
    elif isinstance(raw, str | int):
        parts = str(raw).translate(SEPARATORS).split("、")
    else:
        return BadValue(f"“{str(raw)[:40]}”不是几项文字", "请用、隔开")
    words = tuple(part.strip() for part in parts if part.strip())
    return tuple((column.coded or {}).get(word, word) for word in words)


def _truth(raw: object) -> bool | BadValue:
    if isinstance(raw, bool):
        return raw
    word = str(raw).strip().casefold()
    if word in YES or word in NO:
        return word in YES
    return BadValue(f"“{str(raw)[:40]}”不是“是”或“否”", "请填“是”或“否”")


def _count(raw: object) -> int | BadValue:
    text = str(raw).strip()
    try:
        number = float(text) if isinstance(raw, float) else int(text)
        if number == int(number) and FEWEST <= number <= MOST:
            return int(number)
    except (ValueError, OverflowError):
        pass
    return BadValue(f"“{text[:40]}”不是整数", "请填整数")


def _limit(raw: object) -> str | BadValue:
    """A limit in its one form, such as `20wd`; what cannot be read is left to the checks."""
    if not isinstance(raw, str):
        return BadValue(f"“{str(raw)[:40]}”没有写单位", "请写成 20wd（工作日）或 90d（自然日）")
    text = raw.strip()
    if text == AT_ONCE:
        return text
    try:
        number, kind = parse_limit(text)
    except UnknownLimit:
        return text
    return f"{number}{WRITTEN[kind]}"
