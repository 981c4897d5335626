"""Instants are UTC, civil dates are Asia/Shanghai; the two meet only here."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from yinuo.kernel.errors import YinuoError

SHANGHAI = ZoneInfo("Asia/Shanghai")


class NaiveInstant(YinuoError):
    """An instant without a time zone, whose moment is therefore unknown."""

    code = "TIME-E001"

    def __init__(self, value: datetime) -> None:
        super().__init__(
            f"时间 {value.isoformat()} 没有时区",
            next_step="请给出带时区的时间，如 2024-02-08T16:30+08:00",
        )


def utc(value: datetime) -> datetime:
    """The same moment in UTC. Raises `NaiveInstant` for a time without a zone."""
    if value.tzinfo is None:
        raise NaiveInstant(value)
    return value.astimezone(UTC)


def instant_text(value: datetime) -> str:
    """The instant as stored in ledger entries: UTC, microseconds, `Z`.

    >>> instant_text(datetime(2024, 2, 8, 8, 30, tzinfo=UTC))
    '2024-02-08T08:30:00.000000Z'
    """
    return utc(value).replace(tzinfo=None).isoformat(timespec="microseconds") + "Z"


def civil_date(value: datetime) -> date:
    """The date on the wall calendar in China at that instant.

    >>> civil_date(datetime(2024, 2, 8, 17, 0, tzinfo=UTC))
    datetime.date(2024, 2, 9)
    """
    return utc(value).astimezone(SHANGHAI).date()
