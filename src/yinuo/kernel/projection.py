"""What a clock comes to at an instant: due, used, left, and why.

The rules, and what of them is law and what is our reading, stand in docs/reference/clock.md.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from yinuo.kernel.calendar import Calendar
from yinuo.kernel.canonical import Canonical
from yinuo.kernel.clock import Clock, Removal
from yinuo.kernel.counting import Due, counting
from yinuo.kernel.explanation import explain
from yinuo.kernel.instants import instant_text
from yinuo.kernel.limits import DayType
from yinuo.kernel.reckoning import Reckoning, late_extensions, reckon, stopped_units
from yinuo.kernel.spans import OPEN

_LATE_RECORD = timedelta(days=1)


class ClockState(StrEnum):
    """How a clock stands at an instant."""

    NOT_STARTED = "not_started"
    RUNNING = "running"
    PAUSED = "paused"
    EXPIRED = "expired"


@dataclass(frozen=True, slots=True, kw_only=True)
class Projection:
    """What a clock comes to, as seen at one instant."""

    state: ClockState
    due: Due | None
    """None while an open stop leaves it unknown."""
    earliest: Due
    """`due`, or what it would be if the clock were resumed at this instant."""
    latest: Due | None
    """`due`, or what it would be if the open stop lasted to its cap; None if it has no cap."""
    unit: DayType
    """What the figures below count: working days, calendar days, or hours in microseconds."""
    allowance: int
    """The limit with its extensions. Months and years are given as their calendar days."""
    consumed: int
    remaining: int
    """`allowance - consumed`; on the last day, that day is still left."""
    overdue: int
    """Units since the end; 0 while in time."""
    stopped: tuple[tuple[str, int], ...]
    """Units each ground takes off. Overlapping stops count under each ground: do not add."""
    provisional: bool
    """Whether a day was used whose arrangement has not been announced."""
    backdated: tuple[str, ...]
    """Keys of events recorded more than a day after they happened (补录)."""
    late_extensions: tuple[str, ...]
    """Keys of extensions granted when the time had already run out."""
    calendar_version: str
    explanation: tuple[str, ...]
    """The reasoning in Chinese, in sentences that may be quoted to the citizen."""

    def as_dict(self) -> dict[str, Canonical]:
        """The projection as data, for `--json` and for a cache that replay compares."""
        return {
            "state": self.state.value,
            "due": _due_data(self.due),
            "earliest": _due_data(self.earliest),
            "latest": _due_data(self.latest),
            "unit": self.unit.value,
            "allowance": self.allowance,
            "consumed": self.consumed,
            "remaining": self.remaining,
            "overdue": self.overdue,
            "stopped": [{"ground": ground, "units": units} for ground, units in self.stopped],
            "provisional": self.provisional,
            "backdated": list(self.backdated),
            "late_extensions": list(self.late_extensions),
            "calendar_version": self.calendar_version,
            "explanation": list(self.explanation),
        }


def project(
    clock: Clock, calendar: Calendar, *, at: datetime, known_at: datetime | None = None
) -> Projection:
    """The due date of a clock, what is used up and what is left at an instant, and why.

    With `known_at`, only what had been recorded by then is used, so "which date did we give on
    day X" has an answer. Raises `OutsideHorizon`, and `NoStart` if the start was not known by then.
    """
    if known_at is not None:
        clock = clock.as_known(known_at)
    ways = counting(clock.limit, calendar)
    reckoning = reckon(clock, ways, at=at)
    elapsed = ways.elapsed(at)
    earliest = ways.due(reckoning.earliest)
    due = earliest if reckoning.known else None
    consumed = _consumed(reckoning, elapsed)
    return Projection(
        state=_state(clock, reckoning, due, elapsed, at),
        due=due,
        earliest=earliest,
        latest=None if reckoning.latest == OPEN else ways.due(reckoning.latest),
        unit=ways.unit,
        allowance=reckoning.budget,
        consumed=consumed,
        remaining=reckoning.budget - consumed,
        overdue=ways.count(reckoning.earliest, elapsed) if due else 0,
        stopped=stopped_units(clock, reckoning, at),
        provisional=ways.provisional(reckoning.first, reckoning.end, reckoning.earliest),
        backdated=_backdated(clock),
        late_extensions=late_extensions(clock, reckoning),
        calendar_version=calendar.version,
        explanation=explain(clock, calendar, reckoning, at=at),
    )


def _consumed(reckoning: Reckoning, elapsed: int) -> int:
    until = min(elapsed, reckoning.end)
    count = reckoning.counting.count
    stopped = sum(count(start, min(end, until)) for start, end in reckoning.stops if start < until)
    return count(reckoning.first, until) - stopped


def _state(
    clock: Clock, reckoning: Reckoning, due: Due | None, elapsed: int, at: datetime
) -> ClockState:
    if at < clock.start.at:
        return ClockState.NOT_STARTED
    if due is not None and at >= due.at:
        return ClockState.EXPIRED
    open_now = any(span.resume is None and span.stop.at <= at for span in clock.stops)
    if due is None and open_now:
        return ClockState.PAUSED
    if any(start <= elapsed < end for start, end in reckoning.stops):
        return ClockState.PAUSED
    return ClockState.RUNNING


def _backdated(clock: Clock) -> tuple[str, ...]:
    return tuple(
        sorted(
            event.key
            for event in clock.events
            if not isinstance(event, Removal) and event.recorded_at - event.at > _LATE_RECORD
        )
    )


def _due_data(due: Due | None) -> Canonical:
    if due is None:
        return None
    return {"date": due.date.isoformat(), "at": instant_text(due.at)}
