"""What many threads ask for at once, done by one of them for all: they share one wait for the disk.

thread 1 ─ do(a) ─→ takes a ─────────────→ disk ─→ told        thread 1 wakes all
thread 2 ─ do(b) ─→ waits ┐
thread 3 ─ do(c) ─→ waits ┴─ one of them takes b and c ─→ disk ─→ both told
"""

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from threading import Condition
from typing import Generic, TypeVar

Asked = TypeVar("Asked")
Answer = TypeVar("Answer")


class Interrupted(OSError):
    """Whoever did it for all was ended in the middle: nobody knows whether it was done."""


class _Waiting(Generic[Asked, Answer]):
    """One that waits for its answer."""

    def __init__(self, asked: Asked) -> None:
        self.asked = asked
        self.answers: list[Answer] = []
        """None yet, or the one."""
        self.failed: OSError | None = None

    @property
    def over(self) -> bool:
        """Whether it waits no longer."""
        return bool(self.answers) or self.failed is not None


class Together(Generic[Asked, Answer]):
    """Threads of one process that ask for the same kind of work."""

    def __init__(
        self,
        alone: Callable[[], AbstractContextManager[None]],
        work: Callable[[Sequence[Asked]], Sequence[Answer]],
    ) -> None:
        """`alone` keeps other processes out; `work` does all or, raising `OSError`, nothing."""
        self._alone, self._work = alone, work
        self._changed = Condition()
        self._waiting: list[_Waiting[Asked, Answer]] = []
        self._is_busy = False

    @property
    def waiting(self) -> int:
        """How many nobody has begun with."""
        return len(self._waiting)

    def do(self, asked: Asked) -> Answer:
        """The answer, once the work is done. Raises the `OSError` that it failed with."""
        mine: _Waiting[Asked, Answer] = _Waiting(asked)
        with self._changed:
            self._waiting.append(mine)
            self._changed.wait_for(lambda: mine.over or not self._is_busy)
            self._is_busy = self._is_busy or not mine.over
            leads = not mine.over
        if leads:
            self._lead()
        if mine.failed is not None:
            raise OSError(*mine.failed.args) from mine.failed
        return mine.answers[0]

    def _lead(self) -> None:
        """Do what waits by the time other processes are out, and wake everybody."""
        taken: list[_Waiting[Asked, Answer]] = []
        failed: OSError = Interrupted("写入被打断")
        try:
            with self._alone():
                taken = self._taken()
                answers = self._work([one.asked for one in taken])
            for one, answer in zip(taken, answers, strict=True):
                one.answers.append(answer)
        except OSError as cause:
            failed = cause
            taken = taken or self._taken()  # where not even the lock could be had
        finally:
            with self._changed:
                for one in taken:
                    one.failed = None if one.answers else failed
                self._is_busy = False
                self._changed.notify_all()

    def _taken(self) -> list[_Waiting[Asked, Answer]]:
        with self._changed:
            taken, self._waiting = self._waiting, []
        return taken
