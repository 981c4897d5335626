"""When a message leaves the system, and when a failed sending is tried again. Pure."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from yinuo.kernel.calendar import Calendar
from yinuo.kernel.instants import SHANGHAI, utc

DIGEST_MINUTE = 8 * 60 + 30
"""Half past eight in the morning, where a person chose nothing else."""
FIRST_MINUTE, LAST_MINUTE = 7 * 60, 20 * 60
"""Between these minutes of the day a person may choose; half-open."""
QUIET_FROM, QUIET_TO = time(22), time(7)
"""At night even what is urgent waits for the morning."""
URGENT_PAUSE = timedelta(minutes=10)
"""Between two urgent messages to one person; what comes meanwhile leaves together."""
FIRST_RETRY_SECONDS, GROWTH, LONGEST_RETRY_SECONDS = 25, 4, 52_000
TRIES = 8
"""The first and seven more: about 24 hours."""


def _instant(day: date, minute: int) -> datetime:
    moment = time(minute // 60, minute % 60, tzinfo=SHANGHAI)
    return datetime.combine(day, moment).astimezone(UTC)


def next_digest(told: datetime, minute: int, calendar: Calendar) -> datetime:
    """The first time of the digest on a working day that is not before `told`.

    `minute` counts from midnight in China. Raises `OutsideHorizon` beyond 2100.
    """
    here = utc(told).astimezone(SHANGHAI)
    day = calendar.on_or_after(here.date())
    found = _instant(day, minute)
    return found if found >= told else _instant(calendar.next_working_day(day), minute)


def after_quiet(at: datetime) -> datetime:
    """The instant itself by day; the end of the night where it falls into one."""
    here = utc(at).astimezone(SHANGHAI)
    if QUIET_TO <= here.time() < QUIET_FROM:
        return at
    day = here.date() + timedelta(days=here.time() >= QUIET_FROM)
    return datetime.combine(day, QUIET_TO, tzinfo=SHANGHAI).astimezone(UTC)


@dataclass(frozen=True)
class Pending:
    """What one person has not been sent yet."""

    first_told: datetime
    """When the oldest of it was told."""
    first_urgent: datetime | None
    """When the oldest of the urgent ones was told."""
    last_sent: datetime | None
    """When something was last made ready for this person."""


def leaves_at(pending: Pending, *, minute: int, calendar: Calendar) -> datetime:
    """When what one person has not been sent leaves, all of it together."""
    leaves = next_digest(pending.first_told, minute, calendar)
    if pending.first_urgent is None:
        return leaves
    urgent = pending.first_urgent
    if pending.last_sent is not None:
        urgent = max(urgent, pending.last_sent + URGENT_PAUSE)
    return min(leaves, after_quiet(urgent))


def retry_seconds(tries: int) -> int | None:
    """How long to wait after so many failures; None when it is given up.

    >>> [retry_seconds(n) for n in (1, 2, 3, 7, 8)]
    [25, 100, 400, 52000, None]
    """
    if tries >= TRIES:
        return None
    return int(min(FIRST_RETRY_SECONDS * GROWTH ** (tries - 1), LONGEST_RETRY_SECONDS))


def job_retry_seconds(tries: int) -> int:
    """How long to wait before a failed job is tried again; a job is never given up.

    >>> [job_retry_seconds(n) for n in (1, 2, 3, 20)]
    [60, 240, 960, 21600]
    """
    return int(min(60 * 4 ** min(tries - 1, 10), 6 * 3600))


@dataclass(frozen=True)
class Daily:
    """Once every day, at a minute after midnight in China."""

    minute: int

    def after(self, at: datetime) -> datetime:
        """The first time after `at`; days that were missed are not made up for one by one."""
        day = utc(at).astimezone(SHANGHAI).date()
        found = _instant(day, self.minute)
        return found if found > at else _instant(day + timedelta(days=1), self.minute)


@dataclass(frozen=True)
class Every:
    """Again and again, so many minutes apart; times that were missed are not made up for."""

    minutes: int

    def after(self, at: datetime) -> datetime:
        """The next time."""
        return at + timedelta(minutes=self.minutes)
