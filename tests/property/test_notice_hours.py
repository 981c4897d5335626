"""When messages leave: never before they were told, never late, never on a day off."""

from datetime import UTC, date, datetime, time, timedelta

from hypothesis import given
from hypothesis import strategies as st

from yinuo.kernel.calendar import Calendar
from yinuo.kernel.instants import SHANGHAI
from yinuo.kernel.special_days import DayKind, SpecialDay
from yinuo.notices.hours import (
    QUIET_FROM,
    QUIET_TO,
    URGENT_PAUSE,
    Daily,
    Pending,
    after_quiet,
    leaves_at,
    next_digest,
)

SPECIAL = tuple(
    SpecialDay(
        date=date(2024, 10, day), kind=DayKind.OFF, name="国庆节", notice="", notice_status=""
    )
    for day in range(1, 8)
)
CALENDAR = Calendar(SPECIAL, date(2024, 1, 1), date(2024, 12, 31))
instants = st.datetimes(datetime(2024, 1, 1), datetime(2024, 12, 20)).map(  # noqa: DTZ001
    lambda moment: moment.replace(tzinfo=UTC)
)
minutes = st.integers(0, 24 * 60 - 1)


@given(instants, minutes)
def test_a_digest_leaves_on_a_working_day_at_its_minute(told: datetime, minute: int) -> None:
    leaves = next_digest(told, minute, CALENDAR).astimezone(SHANGHAI)
    assert leaves >= told
    assert CALENDAR.is_working(leaves.date())
    assert leaves.hour * 60 + leaves.minute == minute


@given(instants, minutes)
def test_no_earlier_digest_was_missed(told: datetime, minute: int) -> None:
    leaves = next_digest(told, minute, CALENDAR)
    day = told.astimezone(SHANGHAI).date()
    while day < leaves.astimezone(SHANGHAI).date():
        moment = datetime.combine(day, time(minute // 60, minute % 60), tzinfo=SHANGHAI)
        assert moment < told or not CALENDAR.is_working(day)
        day += timedelta(days=1)


@given(instants, instants, minutes)
def test_whoever_is_told_later_is_not_sent_earlier(a: datetime, b: datetime, minute: int) -> None:
    first, second = sorted((a, b))
    assert next_digest(first, minute, CALENDAR) <= next_digest(second, minute, CALENDAR)


@given(instants)
def test_the_night_is_quiet_and_no_longer_than_nine_hours(at: datetime) -> None:
    leaves = after_quiet(at)
    assert timedelta() <= leaves - at <= timedelta(hours=9)
    assert QUIET_TO <= leaves.astimezone(SHANGHAI).time() < QUIET_FROM
    assert after_quiet(leaves) == leaves


@given(instants, st.timedeltas(timedelta(), timedelta(days=3)), minutes)
def test_urgent_never_leaves_after_the_digest_nor_in_a_flood(
    told: datetime, since: timedelta, minute: int
) -> None:
    last = told - since
    calm = Pending(told, None, last)
    urgent = Pending(told, told, last)
    leaves = leaves_at(urgent, minute=minute, calendar=CALENDAR)
    assert told <= leaves <= leaves_at(calm, minute=minute, calendar=CALENDAR)
    assert leaves - last >= URGENT_PAUSE or leaves == next_digest(told, minute, CALENDAR)


@given(instants, minutes, st.integers(1, 400))
def test_daily_jobs_lie_a_day_apart_and_ahead(at: datetime, minute: int, times: int) -> None:
    every, due = Daily(minute), at
    first = every.after(at)
    assert timedelta() < first - at <= timedelta(days=1)
    for _ in range(min(times, 5)):
        due = every.after(due)
    assert due == first + timedelta(days=min(times, 5) - 1)
