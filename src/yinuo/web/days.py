"""How pages write days and numbers."""

from datetime import date, datetime
from functools import lru_cache

from django.utils.dateformat import format as format_date

from yinuo.commitments.spoken import spoken
from yinuo.kernel.instants import SHANGHAI


@lru_cache(maxsize=5_000)
def _written(value: date, form: str) -> str:
    return format_date(value, form)


def day(value: date | datetime | None) -> str:
    """A civil date in text, such as 2024年2月27日; empty for none.

    >>> day(date(2024, 2, 27))
    '2024年2月27日'
    """
    if value is None:
        return ""
    if isinstance(value, datetime):
        value = value.astimezone(SHANGHAI).date()
    return _written(value, spoken("date", "Y年n月j日"))


def thousands(value: int) -> str:
    """A whole number with separators.

    >>> thousands(12345)
    '12,345'
    """
    return f"{value:,}"
