from dataclasses import replace

import pytest

from tests.kernel.clocks import (
    LONG_AFTER,
    china,
    local,
    make_clock,
    make_extension,
    make_limit,
    make_start,
    make_stop,
)
from yinuo.kernel import clock_errors as errors
from yinuo.kernel.clock import Clock, Event, Removal, Resume, Stop
from yinuo.kernel.instants import NaiveInstant
from yinuo.kernel.limits import Ground
from yinuo.kernel.projection import project

LIMIT = make_limit("20wd")
START = make_start("2024-03-01T09:00")


def stop(key: str, at: str, recorded: str, ground: str = "检测") -> Stop:
    return Stop(key=key, at=local(at), ground=ground, recorded_at=local(recorded))


def resume(of: str, at: str, recorded: str, key: str = "") -> Resume:
    return Resume(key=key or f"{of}-end", stop=of, at=local(at), recorded_at=local(recorded))


def removal(of: str, recorded: str = "2101-01-02") -> Removal:
    return Removal(
        key=f"remove-{of}", removes=of, approver="科长", reason="记错", recorded_at=local(recorded)
    )


REFUSED: dict[type[errors.ClockError], tuple[Event, ...]] = {
    errors.NoStart: (),
    errors.SecondStart: (START, replace(START, key="again")),
    errors.DuplicateKey: (START, stop(START.key, "2024-03-04", "2024-03-04")),
    errors.InTheFuture: (START, stop("s", "2024-03-05", "2024-03-04T23:59")),
    errors.StopBeforeStart: (START, stop("s", "2024-03-01T08:59", "2024-03-04")),
    errors.StopBeforeRestart: (
        START,
        stop("s", "2024-03-04", "2024-03-04"),
        resume("s", "2024-03-06", "2024-03-06"),
        stop("t", "2024-03-05", "2024-03-07"),
    ),
    errors.ResumeWithoutStop: (START, resume("s", "2024-03-06", "2024-03-06")),
    errors.SecondResume: (
        START,
        stop("s", "2024-03-04", "2024-03-04"),
        resume("s", "2024-03-06", "2024-03-06"),
        resume("s", "2024-03-07", "2024-03-07", key="again"),
    ),
    errors.ResumeBeforeStop: (
        START,
        stop("s", "2024-03-04", "2024-03-04"),
        resume("s", "2024-03-03", "2024-03-06"),
    ),
    errors.ExtensionWithoutApproval: (START, replace(make_extension(10), approver="")),
    errors.RemovesNothing: (START, removal("nothing")),
}


@pytest.mark.parametrize("error", REFUSED, ids=lambda error: error.__name__)
def test_what_may_not_be_recorded_is_refused_with_a_code_and_a_next_step(
    error: type[errors.ClockError],
) -> None:
    with pytest.raises(error) as caught:
        Clock(LIMIT, REFUSED[error])
    assert caught.value.code.startswith("CLOCK-E0")
    assert caught.value.place
    assert caught.value.next_step


def test_codes_are_unique() -> None:
    codes = [error.code for error in errors.ClockError.__subclasses__()]
    assert len(codes) == len(set(codes)) >= 13


def test_a_naive_instant_is_refused() -> None:
    naive = replace(START, at=START.at.replace(tzinfo=None))
    with pytest.raises(NaiveInstant):
        Clock(LIMIT, (naive,))


def test_a_stop_may_start_at_the_very_restart_and_inside_an_open_stop() -> None:
    events = (
        START,
        stop("s", "2024-03-04", "2024-03-04"),
        stop("inside", "2024-03-05", "2024-03-08"),
        resume("s", "2024-03-06", "2024-03-09"),
        resume("inside", "2024-03-06", "2024-03-09"),
        stop("t", "2024-03-06", "2024-03-10"),
        resume("t", "2024-03-07", "2024-03-10"),
    )
    assert [span.stop.key for span in Clock(LIMIT, events).stops] == ["s", "inside", "t"]


def test_only_a_restart_of_the_whole_clock_forbids_earlier_stops() -> None:
    # "inside" ended on 6 March, but "s" went on: the clock did not run again.
    events = (
        START,
        stop("s", "2024-03-04", "2024-03-04"),
        stop("inside", "2024-03-05", "2024-03-05"),
        resume("inside", "2024-03-06", "2024-03-06"),
        stop("t", "2024-03-05", "2024-03-07"),
    )
    assert len(Clock(LIMIT, events).stops) == 3


def test_a_stop_that_follows_on_another_is_no_restart() -> None:
    events = (
        START,
        stop("s", "2024-03-04", "2024-03-04"),
        resume("s", "2024-03-06", "2024-03-06"),
        stop("follows", "2024-03-06", "2024-03-06"),
        stop("t", "2024-03-05", "2024-03-07"),
    )
    assert len(Clock(LIMIT, events).stops) == 3


def test_a_backdated_stop_in_running_time_is_allowed_and_marked() -> None:
    clock = Clock(LIMIT, (START, stop("s", "2024-03-04", "2024-03-12")))
    seen = project(clock, china(), at=local("2024-03-13"))
    assert "s" in seen.backdated


@pytest.mark.parametrize("removed", ["start-受理", "remove-s"])
def test_a_start_and_a_removal_cannot_be_removed(removed: str) -> None:
    events = (START, stop("s", "2024-03-04", "2024-03-04"), removal("s"))
    again = replace(removal(removed), key="another")
    with pytest.raises(errors.RemovesNothing):
        Clock(LIMIT, (*events, again))


def test_nothing_is_removed_before_it_was_recorded() -> None:
    events = (START, stop("s", "2024-03-04", "2024-03-04"), removal("s", "2024-03-03"))
    with pytest.raises(errors.RemovesNothing):
        Clock(LIMIT, events)


def test_removing_a_resume_opens_the_stop_again() -> None:
    stopped = make_stop("s", "2024-03-04", "2024-03-08")
    clock = make_clock("2024-03-01", "20wd", stopped, [removal("s-end", "2101-01-02")])
    assert clock.is_open


def test_a_ground_that_the_limit_does_not_know_is_refused_with_those_it_does() -> None:
    limit = make_limit("20wd", grounds=(Ground(name="听证"), Ground(name="检测")), name="法定")
    with pytest.raises(errors.GroundNotAllowed, match="听证、检测"):
        make_clock("2024-03-01", limit, make_stop("s", "2024-03-04", ground="缴费"))


def test_a_limit_without_grounds_cannot_be_stopped() -> None:
    with pytest.raises(errors.GroundNotAllowed, match="不得暂停"):
        make_clock("2024-03-01", make_limit("5wd", grounds=()), make_stop("s", "2024-03-04"))


def test_two_starts_of_different_events_stand_side_by_side() -> None:
    both = (make_start("2024-03-01", "接件"), make_start("2024-03-05", "受理"))
    received = Clock(make_limit("5wd", start_event="接件"), both)
    accepted = Clock(make_limit("5wd", start_event="受理"), both)
    at = local("2024-03-06")
    dues = [project(clock, china(), at=at).earliest.date for clock in (received, accepted)]
    assert [due.isoformat() for due in dues] == ["2024-03-08", "2024-03-12"]


def test_as_known_forgets_what_was_recorded_later() -> None:
    clock = Clock(LIMIT, (replace(START, recorded_at=local("2024-03-01T10:00")),
                          stop("s", "2024-03-04", "2024-03-12")))  # fmt: skip
    assert clock.as_known(local("2024-03-11")).stops == ()
    assert len(clock.as_known(local("2024-03-12")).stops) == 1
    with pytest.raises(errors.NoStart):
        clock.as_known(local("2024-02-01"))


def test_an_extension_of_another_limit_is_not_ours() -> None:
    legal = make_extension(10, of="法定")
    clock = make_clock("2024-03-01", make_limit("8wd", name="承诺"), [legal])
    assert clock.extensions == ()
    assert clock.number == 8


def test_everything_may_be_recorded_at_one_instant() -> None:
    clock = make_clock(
        "2024-03-01",
        "20wd",
        make_stop("b", "2024-03-06", "2024-03-08"),
        make_stop("a", "2024-03-04", "2024-03-05"),
    )
    assert [span.stop.key for span in clock.stops] == ["a", "b"]
    assert all(event.recorded_at == LONG_AFTER for event in clock.events)
