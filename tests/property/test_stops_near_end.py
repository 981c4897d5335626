"""What is left of a promise at a stop, against the kernel's clock on the same events."""

from datetime import UTC, date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from yinuo.cases.supervising.stops import StopSpan, left_at_stops
from yinuo.kernel.calendar import Calendar
from yinuo.kernel.clock import Clock, Event, Resume, Start, Stop
from yinuo.kernel.content import content_dir
from yinuo.kernel.counting import counting
from yinuo.kernel.limits import DayType, Limit
from yinuo.kernel.reckoning import reckon

CALENDAR = Calendar.load(content_dir() / "calendars" / "china.csv")
LATER = datetime(2027, 1, 1, tzinfo=UTC)


def noon(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 4, tzinfo=UTC)


@st.composite
def runs(draw: st.DrawFn) -> tuple[int, date, list[StopSpan]]:
    """An allowance, a start, and stops one after the other; the last may be open."""
    start = draw(st.dates(date(2023, 6, 1), date(2024, 12, 31)))
    spans: list[StopSpan] = []
    at = start
    for number in range(draw(st.integers(1, 4))):
        at += timedelta(days=draw(st.integers(1, 20)))
        end = at + timedelta(days=draw(st.integers(1, 20)))
        spans.append(StopSpan(f"S{number}", at, end))
        at = end
    if draw(st.booleans()):
        last = spans.pop()
        spans.append(StopSpan(last.code, last.start, None))
    return draw(st.integers(1, 40)), start, spans


def by_kernel(allowance: int, start: date, spans: list[StopSpan], place: int) -> int:
    """The budget less what the clock had counted when that stop began."""
    events: list[Event] = [Start(key="start", at=noon(start), event="受理", recorded_at=LATER)]
    for span in spans[:place]:
        key = span.code
        events.append(Stop(key=key, at=noon(span.start), ground="检测", recorded_at=LATER))
        if span.end is not None:
            events.append(Resume(key=f"R{key}", stop=key, at=noon(span.end), recorded_at=LATER))
    clock = Clock(Limit(number=allowance, day_type=DayType.WORKING_DAY), tuple(events))
    ways = counting(clock.limit, CALENDAR)
    found = reckon(clock, ways, at=LATER)
    at = ways.position(noon(spans[place].start))
    stopped = sum(ways.count(a, min(b, at)) for a, b in found.stops if a < at)
    return allowance - max(ways.count(found.first, max(at, found.first)) - stopped, 0)


@given(runs())
def test_left_at_each_stop_is_what_the_clock_had_not_counted(
    run: tuple[int, date, list[StopSpan]],
) -> None:
    allowance, start, spans = run
    found = left_at_stops(allowance=allowance, start=start, stops=spans, calendar=CALENDAR)
    left = {one.code: one.left for one in found}
    for place, span in enumerate(spans):
        expected = by_kernel(allowance, start, spans, place)
        if expected > 0:
            assert left[span.code] == expected
        else:
            assert left[span.code] <= 0
