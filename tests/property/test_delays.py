"""Days of delay never appear, vanish or move to the debtor because somebody else was waited for."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from yinuo.commitments.delays import Delay, Waiting, delay

START = date(2024, 1, 1)
DAYS = st.integers(-30, 400)


@st.composite
def waitings(draw: st.DrawFn) -> Waiting:
    since = START + timedelta(days=draw(DAYS))
    length = draw(st.none() | st.integers(0, 120))
    until = None if length is None else since + timedelta(days=length)
    return Waiting(draw(st.sampled_from("ABCDE")), since, until)


@st.composite
def cases(draw: st.DrawFn) -> tuple[list[Waiting], date, date]:
    due = START + timedelta(days=draw(st.integers(0, 300)))
    end = START + timedelta(days=draw(st.integers(0, 400)))
    return draw(st.lists(waitings(), max_size=8)), due, end


def reckon(found: list[Waiting], due: date, end: date) -> Delay:
    return delay(start=START, due_original=due, due=due, end=end, waitings=found)


@given(cases())
def test_parts_add_up_to_the_delay(case: tuple[list[Waiting], date, date]) -> None:
    found = reckon(*case)
    assert found.own >= 0
    assert all(0 <= share.part <= share.held for share in found.shares)
    assert found.own + sum(share.part for share in found.shares) == found.total
    assert found.total == max(0, (case[2] - case[1]).days)


@given(cases(), st.randoms())
def test_the_order_of_waits_is_irrelevant(
    case: tuple[list[Waiting], date, date], random: object
) -> None:
    mixed = list(case[0])
    random.shuffle(mixed)  # type: ignore[attr-defined]
    assert reckon(mixed, *case[1:]) == reckon(*case)


@given(cases(), waitings())
def test_one_more_wait_never_raises_what_is_one_s_own(
    case: tuple[list[Waiting], date, date], more: Waiting
) -> None:
    before, after = reckon(*case), reckon([*case[0], more], *case[1:])
    assert after.own <= before.own
    assert after.total == before.total


@given(cases())
def test_without_waits_all_is_one_s_own(case: tuple[list[Waiting], date, date]) -> None:
    found = reckon([], *case[1:])
    assert found.own == found.total
    assert found.shares == ()


@given(cases())
def test_overlap_is_told_once(case: tuple[list[Waiting], date, date]) -> None:
    found = reckon(*case)
    held = sum(share.held for share in found.shares)
    assert found.waited <= held
    assert found.overlap <= found.waited
    assert (held == found.waited) == (found.overlap == 0)
