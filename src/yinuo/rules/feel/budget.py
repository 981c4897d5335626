"""How much work one question may cause: no text, however short, runs for ever."""

from collections.abc import Iterator
from contextlib import contextmanager

MOST_STEPS = 1_000_000
MOST_DEEP = 200
"""Nodes inside one another, calls of functions included: about what Python's stack takes."""
MOST_ITEMS = 100_000
"""Members of a list that a text makes by itself."""


class Exhausted(Exception):
    """The budget is used up; the text says how."""


class Budget:
    """Counts the steps of a whole decision, so functions that call each other share one."""

    def __init__(self, steps: int = MOST_STEPS, deep: int = MOST_DEEP) -> None:
        self.steps = steps
        self.deep = deep

    def spend(self, steps: int = 1) -> None:
        """Count steps. Raises `Exhausted`."""
        self.steps -= steps
        if self.steps < 0:
            raise Exhausted("计算步数超过上限，已停止；请缩小列表或循环")

    @contextmanager
    def deeper(self) -> Iterator[None]:
        """One level further in. Raises `Exhausted`."""
        self.enter()
        try:
            yield
        finally:
            self.leave()

    def enter(self) -> None:
        """Go one level further in. Raises `Exhausted`."""
        if self.deep <= 0:
            raise Exhausted(f"计算套了 {MOST_DEEP} 层以上，已停止；请检查函数是否无限调用自己")
        self.deep -= 1

    def leave(self) -> None:
        """Come back one level."""
        self.deep += 1
