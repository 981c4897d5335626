"""What values other than contexts answer to after a point."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from yinuo.rules.feel import kinds
from yinuo.rules.feel.civil import weekday
from yinuo.rules.feel.instants import offset
from yinuo.rules.feel.kinds import kind, said
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
)


def property_of(value: Value, name: str) -> Value:
    """The property of the value. Raises `NoValue` if it has none of that name."""
    found = _PROPERTIES.get(kind(value), {}).get(name)
    if found is None:
        raise NoValue(f"{said(value)}没有属性“{name}”")
    return found(value)


def _number(value: int) -> Decimal:
    return Decimal(value)


def _date_part(name: str) -> Callable[[Any], Value]:
    def part(value: Date | DateTime) -> Value:
        date = value if isinstance(value, Date) else value.date
        return _number(weekday(date) if name == "weekday" else getattr(date, name))

    return part


def _time_part(name: str) -> Callable[[Any], Value]:
    def part(value: Time | DateTime) -> Value:
        return _number(getattr(value if isinstance(value, Time) else value.time, name))

    return part


def _time_offset(value: Time | DateTime) -> Value:
    if isinstance(value, DateTime):
        seconds = offset(value)
    else:
        seconds = value.zone.offset if value.zone else None
    return None if seconds is None else DayDuration(seconds * NANOS)


def _timezone(value: Time | DateTime) -> Value:
    zone = value.zone if isinstance(value, Time) else value.time.zone
    return (zone.region or None) if zone else None


def _duration_part(unit: int, within: int) -> Callable[[Any], Value]:
    """A part of a days and time duration, with the sign of the whole."""

    def part(value: DayDuration) -> Value:
        found = abs(value.nanos) // NANOS % within // unit
        return _number(-found if value.nanos < 0 else found)

    return part


def _years(value: MonthDuration) -> Value:
    found = abs(value.months) // 12
    return _number(-found if value.months < 0 else found)


def _months(value: MonthDuration) -> Value:
    found = abs(value.months) % 12
    return _number(-found if value.months < 0 else found)


_OF_DATE = {name: _date_part(name) for name in ("year", "month", "day", "weekday")}
_OF_TIME = {
    **{name: _time_part(name) for name in ("hour", "minute", "second")},
    "time offset": _time_offset,
    "timezone": _timezone,
}
_PROPERTIES: dict[str, dict[str, Callable[[Any], Value]]] = {
    kinds.DATE: _OF_DATE,
    kinds.TIME: _OF_TIME,
    kinds.DATE_TIME: {**_OF_DATE, **_OF_TIME},
    kinds.DAYS: {
        "days": _duration_part(DAY_SECONDS, 10**30),
        "hours": _duration_part(3600, DAY_SECONDS),
        "minutes": _duration_part(60, 3600),
        "seconds": _duration_part(1, 60),
    },
    kinds.MONTHS: {"years": _years, "months": _months},
    kinds.RANGE: {
        "start": lambda value: value.low,
        "end": lambda value: value.high,
        "start included": lambda value: value.includes_low,
        "end included": lambda value: value.includes_high,
    },
}
