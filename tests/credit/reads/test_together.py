"""Work for many done by one: nobody waits for ever, whatever becomes of whoever leads."""

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, contextmanager
from threading import Barrier, Event

import pytest

from yinuo.credit.reads.together import Together


@contextmanager
def nobody_else() -> Iterator[None]:
    yield


def doubled(asked: Sequence[int]) -> list[int]:
    return [2 * number for number in asked]


def test_each_gets_its_own_answer() -> None:
    together = Together(nobody_else, doubled)
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(together.do, range(200))) == [2 * n for n in range(200)]


def test_those_who_wait_are_done_at_once() -> None:
    """The first is held up until the other seven wait."""
    sizes: list[int] = []
    begun, go = Event(), Event()

    def work(asked: Sequence[int]) -> list[int]:
        sizes.append(len(asked))
        begun.set()
        go.wait(30)
        return list(asked)

    together = Together(nobody_else, work)
    with ThreadPoolExecutor(8) as pool:
        first = pool.submit(together.do, 0)
        begun.wait(30)
        others = [pool.submit(together.do, n) for n in range(1, 8)]
        while together.waiting < 7:
            pass
        go.set()
        assert [each.result(30) for each in (first, *others)] == list(range(8))
    assert sizes == [1, 7]


def test_a_failure_is_that_of_all_who_shared_it_and_of_nobody_after() -> None:
    broken = [True]

    def work(asked: Sequence[int]) -> list[int]:
        if broken:
            raise OSError(28, "full")
        return list(asked)

    together = Together(nobody_else, work)
    barrier = Barrier(6)

    def attempt(n: int) -> str:
        barrier.wait(30)
        with pytest.raises(OSError, match="full") as caught:
            together.do(n)
        return type(caught.value).__name__

    with ThreadPoolExecutor(6) as pool:
        assert set(pool.map(attempt, range(6))) == {"OSError"}
    broken.clear()
    assert together.do(7) == 7


def test_a_lock_that_cannot_be_had_fails_those_who_wait() -> None:
    def never() -> AbstractContextManager[None]:
        raise PermissionError(13, "denied")

    together = Together(never, doubled)
    for number in (1, 2):
        with pytest.raises(OSError, match="denied"):
            together.do(number)


def test_whoever_leads_may_be_ended_and_the_others_are_told() -> None:
    begun, go = Event(), Event()

    def work(asked: Sequence[int]) -> list[int]:
        if 0 in asked:
            begun.set()
            go.wait(30)
        if 1 in asked:
            raise KeyboardInterrupt
        return list(asked)

    together = Together(nobody_else, work)

    def attempt(n: int) -> str:
        try:
            return str(together.do(n))
        except (OSError, KeyboardInterrupt) as error:
            return type(error).__name__

    with ThreadPoolExecutor(4) as pool:
        first = pool.submit(attempt, 0)
        begun.wait(30)
        others = [pool.submit(attempt, n) for n in (1, 2, 3)]
        while together.waiting < 3:
            pass
        go.set()
        assert first.result(30) == "0"
        assert sorted(each.result(30) for each in others) == [
            "KeyboardInterrupt",
            "OSError",
            "OSError",
        ]
    assert together.do(5) == 5
