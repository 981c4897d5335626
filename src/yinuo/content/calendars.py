"""The calendar of working days that counts: the city's own before the shipped one."""

from functools import lru_cache
from pathlib import Path

from django.conf import settings

from yinuo.kernel.calendar import Calendar
from yinuo.kernel.content import content_file

CALENDAR = ("calendars", "china.csv")


@lru_cache(maxsize=4)
def _calendar(path: Path, _age: int) -> Calendar:
    return Calendar.load(path)


def working_calendar() -> Calendar:
    """The city's calendar, read once a change. Raises `BadCalendar`, `CalendarUnreadable`."""
    path = content_file(*CALENDAR, own=settings.YINUO_CONTENT)
    # One that is missing is reported by loading it.
    return _calendar(path, path.stat().st_mtime_ns if path.is_file() else 0)
