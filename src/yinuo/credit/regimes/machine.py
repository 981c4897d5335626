"""States with a table of steps: what may follow what, and who takes the step. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Generic, TypeVar

from yinuo.kernel.errors import YinuoError

S = TypeVar("S", bound=StrEnum)
E = TypeVar("E", bound=StrEnum)


class StepNotAllowed(YinuoError):
    """The step does not follow from where the record stands."""

    code = "CREDIT-E111"
    status = 409

    def __init__(self, subject: str, state: str, event: str, possible: Iterable[str]) -> None:
        steps = "、".join(possible) or "无"
        super().__init__(
            f"{subject}现在是“{state}”，不能“{event}”",
            place=subject,
            next_step=f"请刷新后再办；现在可以：{steps}",
        )


@dataclass(frozen=True, slots=True)
class Step(Generic[S, E]):
    """One row of the table."""

    before: S
    event: E
    after: S
    by: str
    """Who takes it, in words."""


@dataclass(frozen=True, slots=True)
class Machine(Generic[S, E]):
    """A first state and a table of steps, at most one for a state and an event."""

    subject: str
    start: S
    steps: tuple[Step[S, E], ...]

    def after(self, state: S, event: E) -> S:
        """The state after an event. Raises `StepNotAllowed`."""
        for step in self.steps:
            if (step.before, step.event) == (state, event):
                return step.after
        raise StepNotAllowed(self.subject, state, event, self.possible(state))

    def possible(self, state: S) -> tuple[E, ...]:
        """What can happen next."""
        return tuple(step.event for step in self.steps if step.before == state)

    def is_final(self, state: S) -> bool:
        """Whether nothing follows."""
        return not self.possible(state)


def wrong_recorded_step(
    machine: Machine[S, E], before: S, event: E | None, after: str
) -> str | None:
    """What is wrong with a recorded change of state, in words; None where it is in the table."""
    for step in machine.steps:
        if (step.before, step.event, str(step.after)) == (before, event, after):
            return None
    return f"{machine.subject}不能经“{event or '未知的动作'}”由“{before}”成为“{after}”"
