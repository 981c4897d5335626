"""Lanes do not wait for each other, and one that fails goes on."""

import threading
from collections.abc import Callable

import pytest

from yinuo.project import lanes
from yinuo.project.lanes import Lane, run

PATIENCE = 20.0


@pytest.fixture(autouse=True)
def brisk(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lanes, "LOOK_SECONDS", 0.01)
    monkeypatch.setattr(lanes, "FAILED_SECONDS", 0.01)
    # Connections of threads are closed in tests that have a database.
    monkeypatch.setattr(lanes, "close_old_connections", lambda: None)


def until(over: threading.Event) -> Callable[[], bool]:
    return lambda: not over.is_set()


def test_what_is_quick_goes_on_beside_what_is_long() -> None:
    quick, over = threading.Event(), threading.Event()

    def long() -> float:
        assert quick.wait(PATIENCE)
        over.set()
        return 0.0

    def short() -> float:
        quick.set()
        return 0.01

    run([Lane("long", long), Lane("quick", short)], goes_on=until(over))
    assert quick.is_set()


def test_a_lane_that_fails_is_noted_and_goes_on(caplog: pytest.LogCaptureFixture) -> None:
    over, turns = threading.Event(), list[None]()

    def fails() -> float:
        turns.append(None)
        if len(turns) == 3:
            over.set()
        raise OSError("the database is away")

    run([Lane("messages", fails)], goes_on=until(over))
    assert len(turns) >= 3
    assert "messages failed" in caplog.text
    assert "the database is away" in caplog.text


def test_the_end_does_not_wait_for_what_is_long(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lanes, "GRACE_SECONDS", 0.05)
    begun, free = threading.Event(), threading.Event()

    def long() -> float:
        begun.set()
        free.wait(PATIENCE)
        return 0.0

    run([Lane("long", long)], goes_on=lambda: not begun.is_set())
    assert not free.is_set()
    free.set()
