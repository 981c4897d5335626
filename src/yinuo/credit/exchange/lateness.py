"""When a decision must have been reported: within seven working days. Pure.

Source: 双公示, 自作出行政决定之日起 7 个工作日内; the day of the decision does not count.
"""

from datetime import date, timedelta

from yinuo.kernel.calendar import HORIZON_FIRST, HORIZON_LAST, Calendar

WORKING_DAYS = 7
MARGIN = timedelta(days=60)
"""Calendar days that hold so many working days for sure."""


def last_day(decided: date, calendar: Calendar) -> date:
    """The last day on which reporting is in time.

    A day that no calendar answers for, a slip of the pen, counts as the nearest that it does.
    """
    known = min(max(decided, HORIZON_FIRST), HORIZON_LAST - MARGIN)
    return calendar.add_working_days(known, WORKING_DAYS)


def days_late(decided: date, reported: date, calendar: Calendar) -> int:
    """Calendar days after the last day; 0 in time."""
    return max((reported - last_day(decided, calendar)).days, 0)
