"""Days of the proleptic Gregorian calendar as numbers, for years Python's dates do not reach."""

from yinuo.rules.feel.values import Date, NoValue

MOST_YEARS = 999_999_999
_MONTH_DAYS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
_ERA_DAYS = 146_097
"""Days of 400 years."""
_EPOCH = 719_468
"""Days from 1 March of year 0 to 1 January 1970."""


def is_leap(year: int) -> bool:
    """Whether the year has a 29 February."""
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)


def month_days(year: int, month: int) -> int:
    """How many days the month has."""
    return 29 if month == 2 and is_leap(year) else _MONTH_DAYS[month - 1]  # noqa: PLR2004  # February


def civil_date(year: int, month: int, day: int) -> Date:
    """The date, if there is such a day. Raises `NoValue`."""
    if abs(year) > MOST_YEARS:
        raise NoValue(f"年份 {year} 超出 ±{MOST_YEARS}")
    if not (1 <= month <= 12 and 1 <= day <= month_days(year, month)):  # noqa: PLR2004  # months
        raise NoValue(f"没有 {year} 年 {month} 月 {day} 日")
    return Date(year, month, day)


def day_number(date: Date) -> int:
    """Days since 1 January 1970.

    >>> day_number(Date(1970, 1, 1)), day_number(Date(2000, 3, 1))
    (0, 11017)
    """
    year = date.year - (date.month <= 2)  # noqa: PLR2004  # years that begin in March end with 29 February
    era, of_era = divmod(year, 400)
    of_year = (153 * ((date.month + 9) % 12) + 2) // 5 + date.day - 1
    return era * _ERA_DAYS + of_era * 365 + of_era // 4 - of_era // 100 + of_year - _EPOCH


def numbered_date(number: int) -> Date:
    """The date so many days after 1 January 1970. Raises `NoValue` beyond the years of FEEL.

    >>> numbered_date(11017)
    Date(year=2000, month=3, day=1)
    """
    era, of_era = divmod(number + _EPOCH, _ERA_DAYS)
    year = (of_era - of_era // 1460 + of_era // 36_524 - of_era // 146_096) // 365
    of_year = of_era - (365 * year + year // 4 - year // 100)
    part = (5 * of_year + 2) // 153
    month = (part + 2) % 12 + 1
    return civil_date(
        era * 400 + year + (month <= 2),  # noqa: PLR2004  # as above
        month,
        of_year - (153 * part + 2) // 5 + 1,
    )


def moved_months(date: Date, months: int) -> Date:
    """The date so many months later; the last day of the month where the day is missing.

    >>> moved_months(Date(2024, 1, 31), 1)
    Date(year=2024, month=2, day=29)
    """
    year, month = divmod(date.year * 12 + date.month - 1 + months, 12)
    if abs(year) > MOST_YEARS:
        raise NoValue(f"年份 {year} 超出 ±{MOST_YEARS}")
    return Date(year, month + 1, min(date.day, month_days(year, month + 1)))


def weekday(date: Date) -> int:
    """1 for Monday to 7 for Sunday."""
    return (day_number(date) + 3) % 7 + 1
