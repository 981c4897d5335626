"""What must hold for every clock, whatever happens to it and in whatever order."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise

from hypothesis import assume, given
from hypothesis import strategies as st

from tests.kernel.clocks import (
    LONG_AFTER,
    china,
    is_stopped,
    make_clock,
    make_extension,
    make_start,
    make_stop,
    walk,
)
from yinuo.kernel.clock import Clock, Event, Removal, Resume, Stop
from yinuo.kernel.instants import SHANGHAI, civil_date
from yinuo.kernel.limits import DayType, Ground, Limit
from yinuo.kernel.projection import ClockState, project
from yinuo.kernel.reckoning import due_date, due_dates

CALENDAR = china()
GROUNDS = ("专家评审", "检测", "听证")
FAR = datetime(2060, 1, 1, tzinfo=SHANGHAI)
DAY_TYPES = [kind for kind in DayType if kind is not DayType.HOUR]
MOST = {
    DayType.WORKING_DAY: 60,
    DayType.CALENDAR_DAY: 120,
    DayType.HOUR: 900,
    DayType.MONTH: 7,
    DayType.YEAR: 2,
}

minutes = st.integers(0, 3 * 365 * 24 * 60)
instants = minutes.map(lambda n: datetime(2023, 1, 1, tzinfo=SHANGHAI) + timedelta(minutes=n))
lengths = st.integers(0, 40 * 24 * 60).map(lambda n: timedelta(minutes=n))


@st.composite
def limits(draw: st.DrawFn, kinds: Sequence[DayType] | None = None) -> Limit:
    kind = draw(st.sampled_from(kinds or list(DayType)))
    cutoff = draw(st.sampled_from([None, time(17, 0), time(11, 30)]))
    return Limit(
        number=draw(st.integers(1, MOST[kind])),
        day_type=kind,
        cutoff=None if kind is DayType.HOUR else cutoff,
        roll=None if kind is DayType.HOUR else draw(st.sampled_from([None, False])),
    )


@st.composite
def stops_after(draw: st.DrawFn, start: datetime, most: int = 4) -> tuple[Event, ...]:
    events: tuple[Event, ...] = ()
    for number in range(draw(st.integers(0, most))):
        begun = start + draw(lengths)
        events += make_stop(
            f"s{number}", begun, begun + draw(lengths), draw(st.sampled_from(GROUNDS))
        )
    return events


@st.composite
def clocks(draw: st.DrawFn, kinds: Sequence[DayType] | None = None) -> Clock:
    start = draw(instants)
    extended = draw(st.lists(st.integers(1, 15), max_size=2, unique=True))
    return make_clock(
        start,
        draw(limits(kinds)),
        draw(stops_after(start)),
        [make_extension(number, start.date().isoformat() + "T23:59") for number in extended],
    )


def due_of(clock: Clock) -> datetime:
    due = project(clock, CALENDAR, at=FAR).due
    assert due is not None
    return due.at


def with_events(clock: Clock, *events: Event) -> Clock:
    return replace(clock, events=(*clock.events, *events))


def working(day: date) -> bool:
    return CALENDAR.is_working(day)


def belongs_to(instant: datetime, limit: Limit) -> date:
    """The day of an event, by the words of docs/reference/clock.md."""
    there = instant.astimezone(SHANGHAI)
    if limit.cutoff is None:
        return there.date()
    day = there.date() + timedelta(days=there.time() >= limit.cutoff)
    while limit.day_type is DayType.WORKING_DAY and not working(day):
        day += timedelta(days=1)
    return day


def day_spans(clock: Clock) -> list[tuple[date, date]]:
    ends = {e.stop: e.at for e in clock.events if isinstance(e, Resume)}
    return [
        (belongs_to(e.at, clock.limit), belongs_to(ends[e.key], clock.limit))
        for e in clock.events
        if isinstance(e, Stop)
    ]


@given(clocks(DAY_TYPES))
def test_the_due_date_is_the_one_a_day_by_day_walk_finds(clock: Clock) -> None:
    limit = clock.limit
    walked = walk(
        belongs_to(clock.start.at, limit),
        clock.number,
        limit.day_type,
        day_spans(clock),
        is_working=working,
        roll=limit.roll is not False,
    )
    assert due_date(clock, CALENDAR, at=FAR) == walked


@given(clocks([DayType.HOUR]))
def test_hours_are_the_first_moment_with_enough_time_outside_the_stops(clock: Clock) -> None:
    due = due_of(clock)
    spans = [(span.stop.at, span.until or FAR) for span in clock.stops]
    edges = sorted({clock.start.at, due, *(edge for span in spans for edge in span)})
    ran = timedelta()
    for begun, ended in pairwise(edges):
        if begun < due and not any(start <= begun and ended <= end for start, end in spans):
            ran += ended - begun
    assert ran == timedelta(hours=clock.number)


@given(clocks(), st.data())
def test_splitting_a_stop_at_an_inner_instant_changes_nothing(
    clock: Clock, data: st.DataObject
) -> None:
    assume(clock.stops)
    span = data.draw(st.sampled_from(clock.stops))
    begun, ended = span.stop.at, span.until
    assert ended is not None
    inner = begun + (ended - begun) * data.draw(st.floats(0, 1))
    others = [e for e in clock.events if e is not span.stop and e is not span.resume]
    ground = span.stop.ground
    halves = make_stop("half-1", begun, inner, ground) + make_stop("half-2", inner, ended, ground)
    split = replace(clock, events=(*others, *halves))
    before, after = project(clock, CALENDAR, at=FAR), project(split, CALENDAR, at=FAR)
    assert (after.due, after.consumed, after.stopped) == (
        before.due,
        before.consumed,
        before.stopped,
    )


@given(clocks(), st.data(), lengths)
def test_a_longer_stop_never_gives_an_earlier_due_date(
    clock: Clock, data: st.DataObject, more: timedelta
) -> None:
    assume(clock.stops)
    span = data.draw(st.sampled_from(clock.stops))
    assert span.resume is not None
    longer = replace(span.resume, at=span.resume.at + more)
    events = tuple(longer if e is span.resume else e for e in clock.events)
    assert due_of(replace(clock, events=events)) >= due_of(clock)


@given(clocks(), st.data())
def test_a_further_stop_never_gives_an_earlier_due_date(clock: Clock, data: st.DataObject) -> None:
    begun = clock.start.at + data.draw(lengths)
    stop = make_stop("further", begun, begun + data.draw(lengths))
    assert due_of(with_events(clock, *stop)) >= due_of(clock)


@given(clocks(), st.randoms(use_true_random=False))
def test_the_order_of_recording_does_not_matter(clock: Clock, random: object) -> None:
    events = list(clock.events)
    random.shuffle(events)  # type: ignore[attr-defined]
    shuffled = replace(clock, events=tuple(events))
    assert project(shuffled, CALENDAR, at=FAR) == project(clock, CALENDAR, at=FAR)


@given(clocks(), st.data(), st.integers(1, 15))
def test_extending_then_stopping_is_stopping_then_extending(
    clock: Clock, data: st.DataObject, number: int
) -> None:
    begun = clock.start.at + data.draw(lengths)
    stop = make_stop("further", begun, begun + data.draw(lengths))
    extension = make_extension(number, clock.start.at.date().isoformat() + "T23:59", key="more")
    one = due_of(with_events(with_events(clock, extension), *stop))
    assert one == due_of(with_events(with_events(clock, *stop), extension))
    assert one >= due_of(with_events(clock, *stop))


@given(instants, limits([DayType.WORKING_DAY]), st.data())
def test_a_stop_on_days_off_moves_no_working_day_limit(
    start: datetime, limit: Limit, data: st.DataObject
) -> None:
    clock = make_clock(start, limit)
    off = data.draw(st.dates(start.date() + timedelta(days=1), date(2026, 12, 25)))
    assume(not working(off))
    last = off
    while not working(last):
        last += timedelta(days=1)
    midnight = datetime.combine(off, time(), SHANGHAI)
    stop = make_stop("s", midnight, datetime.combine(last, time(), SHANGHAI))
    assert due_of(with_events(clock, *stop)) == due_of(clock)


@given(clocks(), st.data())
def test_a_stop_without_length_and_a_stop_after_the_end_move_nothing(
    clock: Clock, data: st.DataObject
) -> None:
    due = due_of(clock)
    moment = clock.start.at + data.draw(lengths)
    after = due + data.draw(lengths)
    events = make_stop("empty", moment, moment) + make_stop("after", after, after + timedelta(40))
    assert due_of(with_events(clock, *events)) == due


@given(clocks(DAY_TYPES))
def test_a_stop_of_the_last_day_moves_it_beyond_the_stop(clock: Clock) -> None:
    last = due_date(clock, CALENDAR, at=FAR)
    assert last is not None
    begun = max(clock.start.at, datetime.combine(last, time(), SHANGHAI))
    ended = begun + timedelta(days=30)
    later = due_date(with_events(clock, *make_stop("last", begun, ended)), CALENDAR, at=FAR)
    assert later is not None
    assert later >= ended.date()


@given(clocks(), st.data())
def test_the_same_time_stopped_twice_counts_once(clock: Clock, data: st.DataObject) -> None:
    assume(clock.stops)
    span = data.draw(st.sampled_from(clock.stops))
    again = make_stop("again", span.stop.at, span.until, "另一个部门的检验")
    assert due_of(with_events(clock, *again)) == due_of(clock)


@given(clocks(), st.data())
def test_what_is_removed_counts_as_never_recorded(clock: Clock, data: st.DataObject) -> None:
    removable = [e for e in clock.events if not isinstance(e, Resume) and e is not clock.start]
    assume(removable)
    event = data.draw(st.sampled_from(removable))
    removal = Removal(
        key="removal", removes=event.key, approver="科长", reason="记错", recorded_at=LONG_AFTER
    )
    never = tuple(
        e
        for e in clock.events
        if e is not event and not (isinstance(e, Resume) and e.stop == event.key)
    )
    removed = project(with_events(clock, removal), CALENDAR, at=FAR)
    without = project(replace(clock, events=never), CALENDAR, at=FAR)
    assert (removed.due, removed.consumed) == (without.due, without.consumed)


@given(clocks(), instants)
def test_used_and_left_are_always_the_whole_allowance(clock: Clock, at: datetime) -> None:
    now, later = (project(clock, CALENDAR, at=moment) for moment in (at, at + timedelta(hours=30)))
    assert now.consumed + now.remaining == now.allowance == later.allowance
    assert 0 <= now.consumed <= later.consumed <= now.allowance
    assert now.due == later.due
    if now.due is not None and at >= now.due.at:
        assert (now.state, now.remaining) == (ClockState.EXPIRED, 0)
    elif clock.limit.roll is False:
        assert now.remaining > 0
        assert now.overdue == 0


@given(clocks(), st.data())
def test_an_open_stop_leaves_only_a_least_date(clock: Clock, data: st.DataObject) -> None:
    due = due_of(clock)
    begun = clock.start.at + (due - clock.start.at) * data.draw(st.floats(0, 0.5))
    at = begun + data.draw(lengths)
    paused = with_events(clock, *make_stop("open", begun))
    seen = project(paused, CALENDAR, at=at)
    resumed = [
        with_events(paused, Resume(key="end", stop="open", at=end, recorded_at=LONG_AFTER))
        for end in (at, at + data.draw(lengths))
    ]
    now, later = due_of(resumed[0]), due_of(resumed[1])
    assert seen.earliest.at == now <= later
    assert seen.latest is None
    if seen.due is None:
        assert seen.state is ClockState.PAUSED
        assert due_date(paused, CALENDAR, at=at) is None
    else:
        assert seen.due.at == now == due


@given(clocks(DAY_TYPES), st.integers(0, 12), st.data())
def test_a_cap_bounds_what_a_ground_takes_off(clock: Clock, cap: int, data: st.DataObject) -> None:
    capped_ground = data.draw(st.sampled_from(GROUNDS))
    grounds = tuple(
        Ground(name=name, cap=cap if name == capped_ground else None) for name in GROUNDS
    )
    capped = replace(clock, limit=replace(clock.limit, grounds=grounds))
    others = [e for e in clock.events if not isinstance(e, Stop | Resume)]
    seen = project(capped, CALENDAR, at=FAR)
    assert dict(seen.stopped).get(capped_ground, 0) <= cap
    assert due_of(replace(clock, events=tuple(others))) <= due_of(capped) <= due_of(clock)


@given(clocks(), instants)
def test_many_at_once_are_the_same_as_one_by_one(clock: Clock, at: datetime) -> None:
    opened = with_events(clock, *make_stop("open", clock.start.at + timedelta(days=3)))
    dues = [project(each, CALENDAR, at=at).due for each in (clock, opened, clock)]
    bulk = list(due_dates([clock, opened, clock], CALENDAR, at=at))
    assert bulk == [due and due.date for due in dues]


@given(clocks(), instants)
def test_what_was_not_yet_recorded_is_not_used(clock: Clock, known_at: datetime) -> None:
    begun = clock.start.at
    recorded = [replace(event, recorded_at=begun) for event in (clock.start,)]
    at = max(known_at, begun)
    seen = project(replace(clock, events=(*recorded, *clock.events[1:])), CALENDAR, at=at,
                   known_at=at)  # fmt: skip
    assert seen.due == project(make_clock(begun, clock.limit), CALENDAR, at=at).due


@given(clocks([DayType.WORKING_DAY, DayType.CALENDAR_DAY]), lengths)
def test_a_later_start_never_gives_an_earlier_due_date(clock: Clock, more: timedelta) -> None:
    # Months are left out: 30 and 31 January both end on 28 February (民法典 202).
    later = clock.start.at + more
    first_stop = min((span.stop.at for span in clock.stops), default=later)
    assume(later <= first_stop)
    start = replace(clock.start, at=later)
    assert due_of(replace(clock, events=(start, *clock.events[1:]))) >= due_of(clock)


@given(clocks([DayType.CALENDAR_DAY, DayType.MONTH, DayType.YEAR]), st.integers(0, 20))
def test_a_rolled_last_day_is_worked_and_not_stopped(clock: Clock, days: int) -> None:
    fixed = replace(clock, limit=replace(clock.limit, roll=False))
    rolling = replace(clock, limit=replace(clock.limit, roll=True))
    assert due_of(rolling) >= due_of(fixed)
    last = due_date(rolling, CALENDAR, at=FAR)
    assert last is not None
    begun = max(clock.start.at, datetime.combine(last, time(), SHANGHAI))
    for each in (rolling, with_events(rolling, *make_stop("l", begun, begun + timedelta(days)))):
        rolled = due_date(each, CALENDAR, at=FAR)
        assert rolled is not None
        assert working(rolled)
        assert not is_stopped(rolled, day_spans(each))


@given(clocks(), instants)
def test_provisional_is_exactly_what_uses_an_unannounced_day(clock: Clock, at: datetime) -> None:
    seen = project(clock, CALENDAR, at=at)
    assert seen.due is not None
    beyond = seen.due.date > CALENDAR.valid_through
    kind = clock.limit.day_type
    asks_calendar = kind is DayType.WORKING_DAY or clock.limit.rolls
    assert seen.provisional == (beyond and asks_calendar)
    assert any("放假安排未公布" in line for line in seen.explanation) == seen.provisional


@given(clocks())
def test_in_time_ends_when_the_last_day_does(clock: Clock) -> None:
    due = project(clock, CALENDAR, at=FAR).due
    assert due is not None
    assert due.at.tzinfo is UTC
    moment_before = due.at - timedelta(microseconds=1)
    assert civil_date(moment_before) == due.date or clock.limit.day_type is DayType.HOUR
    assert project(clock, CALENDAR, at=due.at).state is ClockState.EXPIRED
    assert project(clock, CALENDAR, at=moment_before).state is not ClockState.EXPIRED


@given(instants, limits())
def test_a_clock_without_events_has_all_its_time_on_its_first_day(
    start: datetime, limit: Limit
) -> None:
    seen = project(Clock(limit, (make_start(start),)), CALENDAR, at=start)
    assert (seen.consumed, seen.remaining) == (0, seen.allowance)
    assert seen.state is ClockState.RUNNING
