"""Due dates of many clocks with stops, on one core, beside NumPy's busday_offset without stops.

Run: python bench/due_dates.py --clocks 1000000 --runs 3
"""

import argparse
import random
import statistics
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import numpy as np

from yinuo.kernel.calendar import Calendar
from yinuo.kernel.clock import Clock, Event, Extension, Resume, Start, Stop
from yinuo.kernel.content import content_dir
from yinuo.kernel.limits import DayType, Limit
from yinuo.kernel.projection import project
from yinuo.kernel.reckoning import due_dates
from yinuo.kernel.special_days import DayKind

FIRST = datetime(2020, 1, 1, tzinfo=UTC)
AT = datetime(2026, 1, 1, tzinfo=UTC)
GOAL = 10 / 1_000_000
"""CPU seconds a clock."""
MINUTES = 5 * 365 * 24 * 60
GROUNDS = ("听证", "检测", "专家评审")
LIMITS = (
    *[Limit(number=20, day_type=DayType.WORKING_DAY)] * 5,
    *[Limit(number=8, day_type=DayType.WORKING_DAY)] * 3,
    Limit(number=45, day_type=DayType.WORKING_DAY),
    Limit(number=90, day_type=DayType.CALENDAR_DAY),
)


def make_clock(number: int, draw: random.Random) -> Clock:
    """One to three stops, one clock in ten extended, one in fifty still stopped."""
    moment = FIRST + timedelta(minutes=draw.randrange(MINUTES))
    events: list[Event] = [Start(key="start", at=moment, recorded_at=moment)]
    for index in range(draw.randint(1, 3)):
        moment += timedelta(hours=draw.randint(1, 120))
        stop = Stop(key=f"s{index}", at=moment, ground=draw.choice(GROUNDS), recorded_at=moment)
        moment += timedelta(hours=draw.randint(1, 240))
        events += [stop, Resume(key=f"r{index}", stop=stop.key, at=moment, recorded_at=moment)]
    if number % 50 == 0:
        events.pop()
    if number % 10 == 0:
        events.append(
            Extension(
                key="x", at=moment, number=10, approver="负责人", reason="复杂", recorded_at=moment
            )
        )
    return Clock(LIMITS[number % len(LIMITS)], tuple(events))


def seconds(work: Callable[[], object]) -> float:
    """How long one call takes, in CPU seconds of this process."""
    begun = time.process_time()
    work()
    return time.process_time() - begun


def floor(clocks: list[Clock], calendar: Calendar) -> Callable[[], object]:
    """NumPy's business days from the same starts: no stops, no make-up days, arrays ready."""
    starts = np.array([clock.start.at.date() for clock in clocks], dtype="datetime64[D]")
    numbers = np.array([clock.number for clock in clocks])
    off = [day.date for day in calendar.special if day.kind is DayKind.OFF]
    week = np.busdaycalendar(holidays=off)
    return lambda: np.busday_offset(starts, numbers, roll="backward", busdaycal=week)


def main() -> None:
    """Print medians over the runs."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--clocks", type=int, default=1_000_000)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--explained", type=int, default=10_000, help="clocks projected in full")
    options = parser.parse_args()
    calendar = Calendar.load(content_dir() / "calendars" / "china.csv")
    draw = random.Random(20240208)
    clocks: list[Clock] = []
    built = seconds(lambda: clocks.extend(make_clock(n, draw) for n in range(options.clocks)))
    numpy_floor = floor(clocks, calendar)
    ours, floors, full = [], [], []
    unknown = 0
    for _ in range(options.runs):
        found: list[object] = []
        ours.append(seconds(lambda: found.extend(due_dates(clocks, calendar, at=AT))))  # noqa: B023
        floors.append(seconds(numpy_floor))
        few = clocks[: options.explained]
        full.append(seconds(lambda: [project(each, calendar, at=AT) for each in few]) / len(few))  # noqa: B023
        unknown = found.count(None)
    took, base = statistics.median(ours), statistics.median(floors)
    stops = sum(len(clock.stops) for clock in clocks)
    print(f"{options.clocks:,} clocks, {stops:,} stops, {unknown:,} still stopped; CPU seconds")
    print(f"made up and checked once        {built:8.2f} s")
    print(
        f"due dates, median of {options.runs}          {took:8.2f} s  "
        f"({took / options.clocks * 1e6:.2f} µs a clock; all runs {[round(t, 2) for t in ours]})"
    )
    print(f"numpy busday_offset, no stops   {base:8.2f} s  (ratio {took / base:.0f})")
    print(f"full projection with reasons    {statistics.median(full) * 1e6:8.1f} µs a clock")
    verdict = "reached" if took / options.clocks <= GOAL else "MISSED"
    print(f"goal: 1,000,000 in 10 s: {verdict}")


if __name__ == "__main__":
    main()
