"""A clock that is wrong, was wrong, or is set by nobody."""

from datetime import UTC, datetime, timedelta

import pytest

from yinuo.project.doctor.clocks import clocks, synchronised
from yinuo.project.doctor.finding import State

NOW = datetime(2024, 6, 3, 1, 0, tzinfo=UTC)


def test_agreeing_clocks_are_well() -> None:
    (seen,) = clocks(here=NOW, database=NOW + timedelta(seconds=2), newest=NOW - timedelta(hours=1))
    assert seen.state is State.WELL


def test_a_server_of_another_time_is_named() -> None:
    (seen,) = clocks(here=NOW, database=NOW - timedelta(hours=8), newest=None)
    assert seen.state is State.BAD
    assert "相差 28,800 秒" in seen.said


def test_an_entry_from_the_future_means_that_the_clock_was_ahead() -> None:
    (seen,) = clocks(here=NOW, database=NOW, newest=NOW + timedelta(hours=8))
    assert seen.state is State.BAD
    assert "晚 480 分钟" in seen.said
    assert "时间被倒填" in seen.next_step


@pytest.mark.parametrize(("told", "state"), [(0, State.WELL), (5, State.LOOK)])
def test_the_kernel_says_whether_anybody_sets_its_clock(told: int, state: State) -> None:
    (seen,) = synchronised(lambda: told)
    assert seen.state is state


def test_where_the_kernel_may_not_be_asked_nothing_is_said() -> None:
    def refused() -> int:
        raise PermissionError

    assert synchronised(refused) == []


def test_this_kernel_answers_or_refuses() -> None:
    assert all(seen.name == "time service" for seen in synchronised())
