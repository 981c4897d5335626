"""What a look at the machine found: well, worth a look, or to be mended now."""

from dataclasses import dataclass
from enum import StrEnum


class State(StrEnum):
    """How something stands."""

    WELL = "well"
    LOOK = "look"
    """Works, and will not for ever, or not in every case."""
    BAD = "bad"


MARKS = {State.WELL: "✓", State.LOOK: "▲", State.BAD: "✕"}


@dataclass(frozen=True)
class Seen:
    """One thing that was looked at."""

    name: str
    """Permanent, for `--json`: `disk`, `clock`."""
    place: str
    state: State
    said: str
    next_step: str = ""


def well(name: str, place: str, said: str) -> Seen:
    """Nothing to do."""
    return Seen(name, place, State.WELL, said)


def look(name: str, place: str, said: str, next_step: str) -> Seen:
    """Something to do in time."""
    return Seen(name, place, State.LOOK, said, next_step)


def bad(name: str, place: str, said: str, next_step: str) -> Seen:
    """Something to do now."""
    return Seen(name, place, State.BAD, said, next_step)
