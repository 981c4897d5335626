"""The stages of a project, from an idea to full production. Pure.

谋划 → 储备 → 签约 → 开工 → 入统 → 竣工 → 投产 → 达产

A stage may be left out (public works are not signed), and 入统 may stand before 开工 on paper.
在建 is no stage but the state between 开工 and 竣工.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from itertools import pairwise


class Stage(StrEnum):
    """One step of a project; in order."""

    CONCEIVED = "conceived"
    RESERVED = "reserved"
    SIGNED = "signed"
    STARTED = "started"
    ENROLLED = "enrolled"
    COMPLETED = "completed"
    PRODUCING = "producing"
    AT_CAPACITY = "at_capacity"


STAGE_LABELS: Mapping[Stage, str] = {
    Stage.CONCEIVED: "谋划",
    Stage.RESERVED: "储备",
    Stage.SIGNED: "签约",
    Stage.STARTED: "开工",
    Stage.ENROLLED: "入统",
    Stage.COMPLETED: "竣工",
    Stage.PRODUCING: "投产",
    Stage.AT_CAPACITY: "达产",
}
STAGES: tuple[Stage, ...] = tuple(Stage)
RANK: Mapping[Stage, int] = {stage: number for number, stage in enumerate(Stage, start=1)}
"""Stage → its place in the order, from 1."""


class State(StrEnum):
    """Where a project stands now; as the stages, with 在建 for started and not completed."""

    UNKNOWN = "unknown"
    CONCEIVED = "conceived"
    RESERVED = "reserved"
    SIGNED = "signed"
    BUILDING = "building"
    COMPLETED = "completed"
    PRODUCING = "producing"
    AT_CAPACITY = "at_capacity"


STATE_LABELS: Mapping[State, str] = {
    State.UNKNOWN: "阶段未报送",
    State.CONCEIVED: "谋划",
    State.RESERVED: "储备",
    State.SIGNED: "已签约",
    State.BUILDING: "在建",
    State.COMPLETED: "已竣工",
    State.PRODUCING: "已投产",
    State.AT_CAPACITY: "已达产",
}
_STATES: Mapping[Stage, State] = {
    Stage.CONCEIVED: State.CONCEIVED,
    Stage.RESERVED: State.RESERVED,
    Stage.SIGNED: State.SIGNED,
    Stage.STARTED: State.BUILDING,
    Stage.COMPLETED: State.COMPLETED,
    Stage.PRODUCING: State.PRODUCING,
    Stage.AT_CAPACITY: State.AT_CAPACITY,
}
"""入统 is not in here: a project in the statistics before it starts is not under construction."""


def state_of(reached: Sequence[Stage] | frozenset[Stage]) -> State:
    """Where a project stands that has reached these stages.

    >>> state_of([Stage.SIGNED, Stage.STARTED, Stage.ENROLLED]).value
    'building'
    >>> state_of([Stage.RESERVED, Stage.ENROLLED]).value
    'reserved'
    """
    known = [stage for stage in reached if stage in _STATES]
    return _STATES[max(known, key=RANK.__getitem__)] if known else State.UNKNOWN


@dataclass(frozen=True, slots=True)
class OutOfOrder:
    """Two stages whose dates stand against their order: a question, no fault."""

    earlier: Stage
    """The one that comes first in the order."""
    later: Stage
    earlier_date: date
    later_date: date

    @property
    def said(self) -> str:
        """The question in words."""
        return (
            f"{STAGE_LABELS[self.later]}（{self.later_date}）早于"
            f"{STAGE_LABELS[self.earlier]}（{self.earlier_date}）"
        )


def out_of_order(dates: Mapping[Stage, date]) -> tuple[OutOfOrder, ...]:
    """Neighbouring stages of which the later has the earlier date.

    入统 is compared with nothing: on paper it may precede 开工.

    >>> [each.said for each in out_of_order({
    ...     Stage.STARTED: date(2024, 6, 1), Stage.COMPLETED: date(2024, 5, 1)})]
    ['竣工（2024-05-01）早于开工（2024-06-01）']
    """
    known = [stage for stage in STAGES if stage in dates and stage is not Stage.ENROLLED]
    return tuple(
        OutOfOrder(one, other, dates[one], dates[other])
        for one, other in pairwise(known)
        if dates[other] < dates[one]
    )
