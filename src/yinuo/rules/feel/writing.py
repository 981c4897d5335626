"""Values as texts, as `string()` gives them."""

import re
from decimal import Decimal

from yinuo.rules.feel.values import (
    DAY_SECONDS,
    NANOS,
    Date,
    DateTime,
    DayDuration,
    Function,
    MonthDuration,
    Range,
    Time,
    Value,
    Zone,
)

MOST_ZEROS = 40
"""Zeros written out before a number takes an exponent."""
_ESCAPES = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t"}
_ESCAPED = re.compile(r'[\\"\n\r\t]')
_PLAIN_NAME = re.compile(r"[^\W\d]\w*(?: \w+)*")


def text_of(value: Value) -> str:
    """The value as a text; a text is itself.

    >>> text_of([Decimal("1.50"), "甲", None, {"到期": Date(2026, 11, 28)}])
    '[1.50, "甲", null, {到期: 2026-11-28}]'
    """
    return value if isinstance(value, str) else inner_text(value)


def inner_text(value: Value) -> str:  # noqa: PLR0911  # one a kind
    """The value as it stands inside a list or context: texts in quotation marks."""
    match value:
        case None:
            return "null"
        case bool():
            return "true" if value else "false"
        case str():
            return quoted(value)
        case Decimal():
            return number_text(value)
        case list():
            return f"[{', '.join(map(inner_text, value))}]"
        case dict():
            entries = (f"{key_text(name)}: {inner_text(each)}" for name, each in value.items())
            return f"{{{', '.join(entries)}}}"
        case Range():
            return _range_text(value)
        case Function():
            return f"function {value.name}".strip()
    return temporal_text(value)


def quoted(text: str) -> str:
    """The text in quotation marks, as FEEL reads it."""
    return '"' + _ESCAPED.sub(lambda found: _ESCAPES[found.group()], text) + '"'


def key_text(name: str) -> str:
    """The key of a context, in quotation marks where it is no plain name."""
    return name if _PLAIN_NAME.fullmatch(name) else quoted(name)


def number_text(number: Decimal) -> str:
    """The number without an exponent, unless that takes forty zeros; no minus zero.

    >>> number_text(Decimal("1E+3")), number_text(Decimal("-0.0"))
    ('1000', '0.0')
    """
    if not number:
        number = abs(number)
    exponent = number.as_tuple().exponent
    if isinstance(exponent, int) and -MOST_ZEROS - 34 < exponent <= MOST_ZEROS:
        return f"{number:f}"
    return str(number)


def _range_text(value: Range) -> str:
    low = "" if value.low is None else inner_text(value.low)
    high = "" if value.high is None else inner_text(value.high)
    start, end = "[" if value.includes_low else "(", "]" if value.includes_high else ")"
    if not low and high:
        return f"({'<=' if value.includes_high else '<'} {high})"
    if low and not high:
        return f"({'>=' if value.includes_low else '>'} {low})"
    return f"{start}{low}..{high}{end}"


def temporal_text(value: Date | Time | DateTime | DayDuration | MonthDuration) -> str:
    """A date, time or duration as FEEL reads it."""
    match value:
        case Date():
            return _date_text(value)
        case Time():
            return _time_text(value)
        case DateTime():
            return f"{_date_text(value.date)}T{_time_text(value.time)}"
        case DayDuration():
            return _days_text(value)
        case MonthDuration():
            return _months_text(value)


def _date_text(date: Date) -> str:
    sign = "-" if date.year < 0 else ""
    return f"{sign}{abs(date.year):04d}-{date.month:02d}-{date.day:02d}"


def _time_text(time: Time) -> str:
    fraction = _fraction(time.nanos % NANOS)
    clock = f"{time.hour:02d}:{time.minute:02d}:{time.second:02d}{fraction}"
    return clock + ("" if time.zone is None else _zone_text(time.zone))


def _zone_text(zone: Zone) -> str:
    if zone.offset is None:
        return f"@{zone.region}"
    if zone.offset == 0:
        return "Z"
    minutes, seconds = divmod(abs(zone.offset), 60)
    tail = f":{seconds:02d}" if seconds else ""
    return f"{'-' if zone.offset < 0 else '+'}{minutes // 60:02d}:{minutes % 60:02d}{tail}"


def _fraction(nanos: int) -> str:
    return f".{nanos:09d}".rstrip("0") if nanos else ""


def _days_text(duration: DayDuration) -> str:
    whole, nanos = divmod(abs(duration.nanos), NANOS)
    days, rest = divmod(whole, DAY_SECONDS)
    hours, minutes, seconds = rest // 3600, rest // 60 % 60, rest % 60
    time = "".join(f"{number}{unit}" for number, unit in ((hours, "H"), (minutes, "M")) if number)
    if seconds or nanos:
        time += f"{seconds}{_fraction(nanos)}S"
    text = (f"{days}D" if days else "") + (f"T{time}" if time else "")
    return f"{'-' if duration.nanos < 0 else ''}P{text or 'T0S'}"


def _months_text(duration: MonthDuration) -> str:
    years, months = divmod(abs(duration.months), 12)
    text = (f"{years}Y" if years else "") + (f"{months}M" if months else "")
    return f"{'-' if duration.months < 0 else ''}P{text or '0M'}"
