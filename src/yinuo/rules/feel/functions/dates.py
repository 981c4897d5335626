"""Functions on dates."""

from decimal import Decimal

from yinuo.rules.feel.civil import day_number, weekday
from yinuo.rules.feel.functions.declare import Family
from yinuo.rules.feel.values import Date, DateTime, Value

DATES = Family()
_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS = (
    *("January", "February", "March", "April", "May", "June", "July", "August", "September"),
    *("October", "November", "December"),
)


def _day(value: Date | DateTime) -> Date:
    return value if isinstance(value, Date) else value.date


@DATES.add("day of year(date: date|date and time)")
def day_of_year(value: Date | DateTime) -> Value:
    """1 for 1 January."""
    date = _day(value)
    return Decimal(day_number(date) - day_number(Date(date.year, 1, 1)) + 1)


@DATES.add("day of week(date: date|date and time)")
def day_of_week(value: Date | DateTime) -> Value:
    """The English name of the day."""
    return _DAYS[weekday(_day(value)) - 1]


@DATES.add("month of year(date: date|date and time)")
def month_of_year(value: Date | DateTime) -> Value:
    """The English name of the month."""
    return _MONTHS[_day(value).month - 1]


@DATES.add("week of year(date: date|date and time)")
def week_of_year(value: Date | DateTime) -> Value:
    """The week by ISO 8601: the first is the one with the year's first Thursday."""
    date = _day(value)
    thursday = day_number(date) + 4 - weekday(date)
    year = date.year
    for candidate in (year - 1, year, year + 1):
        first = day_number(Date(candidate, 1, 1))
        if first <= thursday < day_number(Date(candidate + 1, 1, 1)):
            return Decimal((thursday - first) // 7 + 1)
    raise AssertionError(date)
