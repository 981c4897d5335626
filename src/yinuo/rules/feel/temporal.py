"""Dates, times and durations as FEEL texts write them (XML Schema, with `@region` besides)."""

import re
from decimal import Decimal

from yinuo.rules.feel.civil import civil_date
from yinuo.rules.feel.instants import MOST_OFFSET, midnight, region
from yinuo.rules.feel.values import (
    DAY_SECONDS,
    NANOS,
    Date,
    DateTime,
    DayDuration,
    MonthDuration,
    NoValue,
    Time,
    Value,
    Zone,
)

MOST_DURATION = 10**24
"""Nanoseconds or months beyond which a duration is refused."""
_ASCII = re.ASCII
_DATE = r"(-?(?:[1-9]\d{3,8}|0\d{3}))-(\d\d)-(\d\d)"
_TIME = r"(\d\d):(\d\d):(\d\d)(?:\.(\d{1,9})\d*)?(Z|[+-]\d\d:\d\d(?::\d\d)?|@[A-Za-z][\w+/-]*)?"
_DATE_ONLY = re.compile(_DATE, _ASCII)
_TIME_ONLY = re.compile(_TIME, _ASCII)
_DATE_TIME = re.compile(f"{_DATE}T{_TIME}", _ASCII)
_DAYS = re.compile(
    r"(-)?P(?=[\dT])(?:(\d+)D)?(?:T(?=\d)(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)(?:\.(\d*))?S)?)?", _ASCII
)
_MONTHS = re.compile(r"(-)?P(?=\d)(?:(\d+)Y)?(?:(\d+)M)?", _ASCII)
_MOST_DIGITS = 30


def read_date(text: str) -> Date:
    """A date such as `2026-11-28`. Raises `NoValue`."""
    if found := _DATE_ONLY.fullmatch(text):
        return _date(found.groups())
    raise NoValue(f"“{text}”不是日期，应写成 2026-11-28 这样")


def read_time(text: str) -> Time:
    """A time such as `12:30:00`, `12:30:00+08:00` or `12:30:00@Asia/Shanghai`. Raises `NoValue`."""
    if found := _TIME_ONLY.fullmatch(text):
        return _time(found.groups())
    raise NoValue(f"“{text}”不是时间，应写成 12:30:00 这样")


def read_date_time(text: str) -> DateTime:
    """A date and time; a date alone is its midnight, without a zone. Raises `NoValue`."""
    if found := _DATE_TIME.fullmatch(text):
        groups = found.groups()
        return DateTime(_date(groups[:3]), _time(groups[3:]))
    if found := _DATE_ONLY.fullmatch(text):
        return midnight(_date(found.groups()), None)
    raise NoValue(f"“{text}”不是日期和时间，应写成 2026-11-28T12:30:00 这样")


def read_duration(text: str) -> DayDuration | MonthDuration:
    """A duration such as `P1DT2H` or `P1Y2M`. Raises `NoValue`."""
    if found := _MONTHS.fullmatch(text):
        sign, years, months = found.groups()
        return month_duration(_signed(sign, _whole(years) * 12 + _whole(months)))
    if found := _DAYS.fullmatch(text):
        sign, days, hours, minutes, seconds, part = found.groups()
        whole = _whole(days) * DAY_SECONDS + _whole(hours) * 3600 + _whole(minutes) * 60
        nanos = (whole + _whole(seconds)) * NANOS + int(f"{part or '':0<9}"[:9])
        return day_duration(_signed(sign, nanos))
    raise NoValue(f"“{text}”不是时长，应写成 P1DT2H 或 P1Y2M 这样")


def read_temporal(text: str) -> Value:
    """Whatever of these the text is. Raises `NoValue`.

    >>> read_temporal("PT90M")
    DayDuration(nanos=5400000000000)
    """
    if text.lstrip("-").startswith("P"):
        return read_duration(text)
    if _DATE_ONLY.fullmatch(text):
        return read_date(text)
    return read_date_time(text) if "T" in text[:16] else read_time(text)


def day_duration(nanos: int) -> DayDuration:
    """A days and time duration of reasonable length. Raises `NoValue`."""
    if abs(nanos) > MOST_DURATION:
        raise NoValue("时长太长")
    return DayDuration(nanos)


def month_duration(months: int) -> MonthDuration:
    """A years and months duration of reasonable length. Raises `NoValue`."""
    if abs(months) > MOST_DURATION:
        raise NoValue("时长太长")
    return MonthDuration(months)


def clock_time(hour: int, minute: int, second: Decimal, zone: Zone | None) -> Time:
    """The time, if there is such a one. Raises `NoValue`."""
    if not (0 <= hour < 24 and 0 <= minute < 60 and 0 <= second < 60):  # noqa: PLR2004  # the clock
        raise NoValue(f"没有 {hour} 时 {minute} 分 {second} 秒")
    return Time((hour * 3600 + minute * 60) * NANOS + int(second * NANOS), zone)


def fixed_zone(seconds: int) -> Zone:
    """A zone that far east of UTC, at most 18 hours. Raises `NoValue`."""
    if abs(seconds) > MOST_OFFSET:
        raise NoValue("时区偏移超过 18 小时")
    return Zone(seconds)


def _date(parts: tuple[str | None, ...]) -> Date:
    year, month, day = (int(part or 0) for part in parts)
    return civil_date(year, month, day)


def _time(parts: tuple[str | None, ...]) -> Time:
    hour, minute, second, fraction, zone = parts
    seconds = Decimal(f"{second}.{fraction or 0}")
    return clock_time(int(hour or 0), int(minute or 0), seconds, _zone(zone or ""))


def _zone(text: str) -> Zone | None:
    if not text:
        return None
    if text == "Z":
        return Zone(0)
    if text.startswith("@"):
        region(text[1:])
        return Zone(region=text[1:])
    hours, minutes, *seconds = (int(part) for part in text[1:].split(":"))
    if minutes >= 60 or seconds >= [60]:  # noqa: PLR2004  # the clock
        raise NoValue(f"没有时区“{text}”")
    total = hours * 3600 + minutes * 60 + sum(seconds)
    return fixed_zone(-total if text[0] == "-" else total)


def _whole(digits: str | None) -> int:
    if digits and len(digits) > _MOST_DIGITS:
        raise NoValue("时长太长")
    return int(digits or 0)


def _signed(sign: str | None, number: int) -> int:
    return -number if sign else number
