"""Times and their zones on one line: nanoseconds since 1970, and offsets of regions."""

from datetime import UTC as PYTHON_UTC
from datetime import datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from yinuo.rules.feel.civil import day_number, numbered_date
from yinuo.rules.feel.values import DAY_NANOS, NANOS, Date, DateTime, NoValue, Time, Zone

MOST_OFFSET = 18 * 3600
_YEARS = range(2, 9999)
"""Those the tz database answers for; others take the offset of a year of the same shape."""
_WINTER, _SUMMER = datetime(2000, 1, 1), datetime(2000, 7, 1)  # noqa: DTZ001  # local on purpose


@lru_cache(maxsize=512)
def region(name: str) -> ZoneInfo:
    """The region of the tz database. Raises `NoValue`."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as cause:
        raise NoValue(f"没有时区“{name}”") from cause


def standard_offset(zone: Zone) -> int:
    """Seconds east of UTC of a time without a day: a region's, when no summer time holds."""
    if zone.offset is not None:
        return zone.offset
    info = region(zone.region)
    found = [info.utcoffset(day) or timedelta() for day in (_WINTER, _SUMMER)]
    return int(min(found).total_seconds())


def local_nanos(moment: DateTime) -> int:
    """Nanoseconds since 1970 by the clock of the place."""
    return day_number(moment.date) * DAY_NANOS + moment.time.nanos


def offset(moment: DateTime) -> int | None:
    """Seconds east of UTC; None without a zone. A time that occurs twice is the first."""
    zone = moment.time.zone
    if zone is None or zone.offset is not None:
        return None if zone is None else zone.offset
    found = region(zone.region).utcoffset(_python(moment)) or timedelta()
    return int(found.total_seconds())


def instant(moment: DateTime) -> int | None:
    """Nanoseconds since 1970 UTC; None without a zone."""
    seconds = offset(moment)
    return None if seconds is None else local_nanos(moment) - seconds * NANOS


def later(moment: DateTime, nanos: int) -> DateTime:
    """The moment so many nanoseconds later, in the same zone."""
    zone = moment.time.zone
    if zone is None or zone.offset is not None:
        return from_local(local_nanos(moment) + nanos, zone)
    at = (instant(moment) or 0) + nanos
    return from_local(at + _region_offset(at, zone) * NANOS, zone)


def from_local(nanos: int, zone: Zone | None) -> DateTime:
    """The moment that many nanoseconds since 1970 by the clock of the place."""
    day, of_day = divmod(nanos, DAY_NANOS)
    return DateTime(numbered_date(day), Time(of_day, zone))


def _region_offset(at: int, zone: Zone) -> int:
    moment = _python(from_local(at, None)).replace(tzinfo=PYTHON_UTC)
    found = moment.astimezone(region(zone.region)).utcoffset() or timedelta()
    return int(found.total_seconds())


def _python(moment: DateTime) -> datetime:
    date, time = moment.date, moment.time
    year = date.year if date.year in _YEARS else 2000 + date.year % 400
    return datetime(year, date.month, date.day, time.hour, time.minute, time.second)  # noqa: DTZ001  # local


def midnight(date: Date, zone: Zone | None) -> DateTime:
    """The beginning of the day."""
    return DateTime(date, Time(0, zone))
