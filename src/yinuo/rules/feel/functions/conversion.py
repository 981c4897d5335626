"""Values from other values: `string`, `number`, dates, times, durations."""

import re
from decimal import Decimal, DecimalException

from yinuo.rules.feel.arithmetic import whole
from yinuo.rules.feel.civil import civil_date
from yinuo.rules.feel.functions.declare import Family
from yinuo.rules.feel.instants import midnight, region
from yinuo.rules.feel.temporal import (
    clock_time,
    fixed_zone,
    month_duration,
    read_date,
    read_date_time,
    read_duration,
    read_time,
)
from yinuo.rules.feel.values import (
    ARITHMETIC,
    NANOS,
    UTC,
    Date,
    DateTime,
    DayDuration,
    MonthDuration,
    NoValue,
    Time,
    Value,
    Zone,
)
from yinuo.rules.feel.writing import text_of

CONVERSION = Family()
_NUMBER = re.compile(r"-?(?:\d+(?:\.\d+)?|\.\d+)(?:[eE][+-]?\d+)?", re.ASCII)


@CONVERSION.add("string(from: Any)")
def string(value: Value) -> Value:
    """The value as a text; null of null."""
    return None if value is None else text_of(value)


@CONVERSION.add("number(from: number)")
def number_itself(value: Decimal) -> Value:
    """The number itself."""
    return value


@CONVERSION.add("number(from: string)")
@CONVERSION.add(
    "number(from: string, grouping separator: string|null, decimal separator: string|null)"
)
def number(text: str, grouping: str | None = None, point: str | None = None) -> Value:
    """The number that the text writes with these separators."""
    if grouping not in (None, " ", ",", ".") or point not in (None, ".", ","):
        raise NoValue("分隔符只能是空格、逗号或点")
    if grouping is not None and grouping == point:
        raise NoValue("千位分隔符与小数点相同")
    plain = text.replace(grouping, "") if grouping else text
    plain = plain.replace(point, ".") if point else plain
    if not _NUMBER.fullmatch(plain) or (point == "," and "." in text and grouping != "."):
        raise NoValue(f"“{text[:40]}”不是数")
    try:
        return ARITHMETIC.create_decimal(plain)
    except DecimalException as cause:
        raise NoValue(f"数“{text[:40]}”太大") from cause


@CONVERSION.add("date(from: string|date|date and time)")
def date(value: str | Date | DateTime) -> Value:
    """The date that is written, or the day of the moment."""
    match value:
        case str():
            return read_date(value)
        case DateTime():
            return value.date
    return value


@CONVERSION.add("date(year: number, month: number, day: number)")
def date_of(year: Decimal, month: Decimal, day: Decimal) -> Value:
    """The date of these numbers."""
    return civil_date(_integer(year), _integer(month), _integer(day))


@CONVERSION.add("time(from: string|time|date and time)")
def time(value: str | Time | DateTime) -> Value:
    """The time that is written, or that of the moment."""
    match value:
        case str():
            return read_time(value)
        case DateTime():
            return value.time
    return value


@CONVERSION.add(
    "time(hour: number, minute: number, second: number, offset?: days and time duration)"
)
def time_of(
    hour: Decimal, minute: Decimal, second: Decimal, offset: DayDuration | None = None
) -> Value:
    """The time of these numbers, that far east of UTC."""
    return clock_time(_integer(hour), _integer(minute), second, _zone_of(offset))


@CONVERSION.add("date and time(from: string|date|date and time)")
def date_and_time(value: str | Date | DateTime) -> Value:
    """The moment that is written; a date is its midnight in UTC."""
    match value:
        case str():
            return read_date_time(value)
        case Date():
            return midnight(value, UTC)
    return value


@CONVERSION.add("date and time(date: date|date and time, time: time)")
def date_and_time_of(day: Date | DateTime, clock: Time) -> Value:
    """The time on that day."""
    return DateTime(day.date if isinstance(day, DateTime) else day, clock)


@CONVERSION.add("date and time(date: date and time, timezone: string)")
def date_and_time_in(moment: DateTime, name: str) -> Value:
    """The same clock in another region."""
    region(name)
    return DateTime(moment.date, Time(moment.time.nanos, Zone(region=name)))


@CONVERSION.add(
    "date and time(year: number, month: number, day: number, hour: number, minute: number,"
    " second: number, offset?: days and time duration|string)"
)
def date_and_time_of_numbers(  # noqa: PLR0917  # as the standard has it
    year: Decimal,
    month: Decimal,
    day: Decimal,
    hour: Decimal,
    minute: Decimal,
    second: Decimal,
    offset: DayDuration | str | None = None,
) -> Value:
    """The moment of these numbers, in a fixed zone or a region."""
    if isinstance(offset, str):
        region(offset)
        zone: Zone | None = Zone(region=offset)
    else:
        zone = _zone_of(offset)
    clock = clock_time(_integer(hour), _integer(minute), second, zone)
    return DateTime(civil_date(_integer(year), _integer(month), _integer(day)), clock)


@CONVERSION.add("duration(from: string|days and time duration|years and months duration)")
def duration(value: str | DayDuration | MonthDuration) -> Value:
    """The duration that is written."""
    return read_duration(value) if isinstance(value, str) else value


@CONVERSION.add("years and months duration(from: date|date and time, to: date|date and time)")
def years_and_months_duration(start: Date | DateTime, end: Date | DateTime) -> Value:
    """How many months are full from one day to the other, towards zero."""
    if type(start) is not type(end):
        raise NoValue("起止应都是日期，或都是日期和时间")
    first, last = _day(start), _day(end)
    months = (last.year - first.year) * 12 + last.month - first.month
    if months > 0 and last.day < first.day:
        months -= 1
    elif months < 0 and last.day > first.day:
        months += 1
    return month_duration(months)


def _day(value: Date | DateTime) -> Date:
    return value if isinstance(value, Date) else value.date


def _integer(value: Decimal) -> int:
    if value != value.to_integral_value():
        raise NoValue(f"{value} 不是整数")
    return whole(value)


def _zone_of(offset: DayDuration | None) -> Zone | None:
    return None if offset is None else fixed_zone(offset.nanos // NANOS)
