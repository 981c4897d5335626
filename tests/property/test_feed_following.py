"""However the events of a case arrive, the walk through them comes to the same."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from yinuo.cases.feed.following import Story, follow, live
from yinuo.cases.feed.telling import Step, Told
from yinuo.cases.life import EventKind

START = datetime(2024, 3, 4, 1, tzinfo=UTC)
NOTED = START + timedelta(days=30)
GROUNDS = frozenset({"专家评审", "补正"})


@st.composite
def histories(draw: st.DrawFn) -> list[Told]:
    """Events of one case at distinct instants, sane or not, some corrected or taken back."""
    steps = draw(st.lists(st.sampled_from(list(Step)), max_size=10))
    events = [
        Told(
            event=f"e{place}",
            case="W-1",
            step=step,
            happened_at=START + timedelta(hours=place),
            noted_at=NOTED,
            ground=draw(st.sampled_from(["专家评审", "领导出差", ""])),
            amount=draw(st.sampled_from([None, 5])),
        )
        for place, step in enumerate([Step.RECEIVED, *steps])
    ]
    for place in draw(st.sets(st.integers(0, len(steps)), max_size=3)):
        old = events[place]
        events.append(
            replace(
                old,
                event=f"{old.event}b",
                corrects=old.event,
                void=draw(st.booleans()),
                happened_at=old.happened_at + timedelta(minutes=draw(st.integers(0, 50))),
            )
        )
    return events


def walk(events: list[Told]) -> Story:
    return follow(events, grounds=GROUNDS, at_once=False)


@given(histories(), st.randoms(use_true_random=False))
def test_the_order_of_rows_does_not_matter(events: list[Told], random: object) -> None:
    shuffled = list(events)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert walk(shuffled) == walk(events)


@given(histories(), st.data())
def test_how_they_are_cut_into_batches_does_not_matter(
    events: list[Told], data: st.DataObject
) -> None:
    """Only when a clock event counts as known may differ."""
    late = [
        replace(one, noted_at=NOTED + timedelta(hours=data.draw(st.integers(0, 3))))
        for one in events
    ]
    one, other = walk(events), walk(late)
    times = [(t.key, t.kind, t.happened_at, t.refers) for t in one.timings]
    assert times == [(t.key, t.kind, t.happened_at, t.refers) for t in other.timings]
    assert (one.status, one.accepted_at, one.decided_at, one.decision) == (
        other.status,
        other.accepted_at,
        other.decided_at,
        other.decision,
    )


@given(histories())
def test_no_event_is_lost_and_no_time_is_moved(events: list[Told]) -> None:
    """Every event counts, stands corrected, takes back, or is a finding; times are as told."""
    story = walk(events)
    counted, _ = live(events)
    told = {one.event: one.happened_at for one in events}
    assert all(timing.happened_at == told[timing.key] for timing in story.timings)
    assert {finding.event for finding in story.findings} <= told.keys()
    assert {one.event for one in counted} <= told.keys()
    clocked = {timing.key for timing in story.timings}
    found = {finding.event for finding in story.findings}
    moving = {Step.STOPPED, Step.RESUMED, Step.EXTENDED}
    assert all(one.event in clocked | found for one in counted if one.step in moving)


@given(histories())
def test_every_resume_ends_a_stop_that_counts(events: list[Told]) -> None:
    story = walk(events)
    stops = {t.key for t in story.timings if t.kind is EventKind.STOP}
    ends = [t.refers for t in story.timings if t.kind is EventKind.RESUME]
    assert set(ends) <= stops
    assert len(ends) == len(set(ends))
