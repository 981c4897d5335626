"""Periods of months, as the civil code counts them. Pure.

Source: 民法典 第二百零一条 (the first day is not counted), 第二百零二条 (the corresponding day, or
the last day of a month that has none).
"""

from calendar import monthrange
from datetime import date

IN_YEAR = 12


def months_later(day: date, months: int) -> date:
    """The last day of a period of whole months that starts with an event on `day`.

    It is not moved to a working day: that rule (第二百零三条) is for who has to act by then.

    >>> months_later(date(2026, 5, 10), 3), months_later(date(2025, 11, 30), 3)
    (datetime.date(2026, 8, 10), datetime.date(2026, 2, 28))
    """
    year, month = divmod(day.year * IN_YEAR + day.month - 1 + months, IN_YEAR)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
