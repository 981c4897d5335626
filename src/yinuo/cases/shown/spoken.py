"""Days and lengths of time in the language of the page: limits, what is left, what is over."""

from datetime import date

from django.utils.dateformat import format as format_date
from django.utils.translation import gettext, ngettext

from yinuo.commitments.spoken import spoken
from yinuo.kernel.counting import MICROSECONDS_PER_HOUR
from yinuo.kernel.limits import DayType

MINUTES_PER_HOUR = 60


def in_units(number: int, unit: DayType) -> str:
    """A whole number of a unit.

    >>> in_units(8, DayType.WORKING_DAY), in_units(2, DayType.MONTH)
    ('8 个工作日', '2 个月')
    """
    return _form(number, unit) % {"n": number}


def _form(n: int, unit: DayType) -> str:
    match unit:
        case DayType.WORKING_DAY:
            return ngettext("%(n)d 个工作日", "%(n)d 个工作日", n)
        case DayType.CALENDAR_DAY:
            return ngettext("%(n)d 天（自然日）", "%(n)d 天（自然日）", n)
        case DayType.HOUR:
            return ngettext("%(n)d 小时", "%(n)d 小时", n)
        case DayType.MONTH:
            return ngettext("%(n)d 个月", "%(n)d 个月", n)
        case DayType.YEAR:
            return ngettext("%(n)d 年", "%(n)d 年", n)


def measured(units: int, unit: DayType) -> str:
    """What a clock counted; hours come in microseconds.

    >>> measured(4, DayType.WORKING_DAY), measured(12_600_000_000, DayType.HOUR)
    ('4 个工作日', '3 小时 30 分')
    """
    if unit is not DayType.HOUR:
        return in_units(units, unit)
    hours, rest = divmod(units, MICROSECONDS_PER_HOUR)
    minutes = rest * MINUTES_PER_HOUR // MICROSECONDS_PER_HOUR
    if not minutes:
        return in_units(hours, unit)
    return gettext("%(hours)d 小时 %(minutes)d 分") % {"hours": hours, "minutes": minutes}


def in_text(day: date | None) -> str:
    """A day as running text has it, such as 2024年3月26日; empty for none."""
    return "" if day is None else format_date(day, spoken("date", "Y年n月j日"))
