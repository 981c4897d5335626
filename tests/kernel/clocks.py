"""Short makers of clocks, and a second opinion that walks day by day."""

import calendar as month_lengths
from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime, timedelta
from functools import cache

from yinuo.kernel.calendar import Calendar
from yinuo.kernel.clock import Clock, Event, Extension, Resume, Start, Stop
from yinuo.kernel.content import content_dir
from yinuo.kernel.instants import SHANGHAI
from yinuo.kernel.limits import DayType, Limit, parse_limit

LONG_AFTER = datetime(2101, 1, 1, tzinfo=SHANGHAI)
"""When the events of a made clock were recorded, unless said otherwise."""
ONE_DAY = timedelta(days=1)

DateSpan = tuple[date, date]


@cache
def china() -> Calendar:
    return Calendar.load(content_dir() / "calendars" / "china.csv")


def local(text: str) -> datetime:
    """`2024-02-08` or `2024-02-08T16:30`, Beijing time."""
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


def make_limit(text: str, **rule: object) -> Limit:
    number, day_type = parse_limit(text)
    return Limit(number=number, day_type=day_type, **rule)  # type: ignore[arg-type]


def make_start(at: str | datetime, event: str = "受理") -> Start:
    moment = local(at) if isinstance(at, str) else at
    return Start(key=f"start-{event}", at=moment, event=event, recorded_at=LONG_AFTER)


def make_stop(
    key: str, start: str | datetime, end: str | datetime | None = None, ground: str = "专家评审"
) -> tuple[Event, ...]:
    begun = local(start) if isinstance(start, str) else start
    stop = Stop(key=key, at=begun, ground=ground, recorded_at=LONG_AFTER)
    if end is None:
        return (stop,)
    ended = local(end) if isinstance(end, str) else end
    return (stop, Resume(key=f"{key}-end", stop=key, at=ended, recorded_at=LONG_AFTER))


def make_extension(number: int, at: str = "2024-02-09", **more: str) -> Extension:
    return Extension(
        key=more.pop("key", f"extension-{number}"),
        at=local(at),
        number=number,
        approver="本机关负责人",
        reason="情况复杂",
        recorded_at=LONG_AFTER,
        **more,
    )


def make_clock(start: str | datetime, limit: str | Limit, *events: Iterable[Event]) -> Clock:
    rule = make_limit(limit) if isinstance(limit, str) else limit
    return Clock(rule, (make_start(start), *(event for group in events for event in group)))


def walk(
    start: date,
    number: int,
    day_type: DayType,
    stops: Sequence[DateSpan],
    *,
    is_working: Callable[[date], bool],
    roll: bool = True,
) -> date:
    """The last day of a limit, one day at a time: no prefix sums, no merging."""
    nominal = {
        DayType.MONTH: corresponding_day(start, number),
        DayType.YEAR: corresponding_day(start, 12 * number),
    }
    left = (nominal[day_type] - start).days if day_type in nominal else number
    day = start
    while left:
        day += ONE_DAY
        if day_type is DayType.WORKING_DAY and not is_working(day):
            continue
        if not is_stopped(day, stops):
            left -= 1
    if roll and day_type is not DayType.WORKING_DAY:
        while not is_working(day) or is_stopped(day, stops):
            day += ONE_DAY
    return day


def is_stopped(day: date, stops: Iterable[DateSpan]) -> bool:
    return any(begun <= day < ended for begun, ended in stops)


def corresponding_day(start: date, months: int) -> date:
    year, month = start.year, start.month
    for _ in range(months):
        year, month = (year + 1, 1) if month == 12 else (year, month + 1)
    return date(year, month, min(start.day, month_lengths.monthrange(year, month)[1]))
