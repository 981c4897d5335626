"""The life of a round and of its lines as data. Pure.

round   open ─→ released ─→ closed ─→ open, by two persons
line    waiting ─→ answered ⇄ returned
"""

from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Any, TypeAlias


class RoundSort(StrEnum):
    """How often such a round comes."""

    MONTHLY = "monthly"
    QUARTERLY = "quarterly"
    SPECIAL = "special"


class RoundState(StrEnum):
    """Where a round stands."""

    OPEN = "open"
    RELEASED = "released"
    """Every unit of the round sees how all of them reported."""
    CLOSED = "closed"
    """Nothing is reported into it any more."""


class LineState(StrEnum):
    """Where one line of a sheet stands."""

    WAITING = "waiting"
    ANSWERED = "answered"
    RETURNED = "returned"


class Twice(StrEnum):
    """Why a line asks for something a second time."""

    HELD = "held"
    """A report of that day or later was there already."""
    ASKED = "asked"
    """Another round that is not closed asks for the same month."""


SORT_LABELS = {
    RoundSort.MONTHLY: "月度",
    RoundSort.QUARTERLY: "季度",
    RoundSort.SPECIAL: "专项",
}
ROUND_LABELS = {
    RoundState.OPEN: "报送中",
    RoundState.RELEASED: "已发布",
    RoundState.CLOSED: "已关闭",
}
LINE_LABELS = {
    LineState.WAITING: "未报送",
    LineState.ANSWERED: "已报送",
    LineState.RETURNED: "已退回",
}
SIGNED = frozenset({"%", "‰", "个百分点", "℃"})
"""Units in which a figure may be below zero."""
Steps: TypeAlias = Mapping[str, tuple[frozenset[str], str]]
"""Verb → the states it may be taken in, and the one it leads to."""

ROUND_STEPS: Steps = {
    "round.released": (frozenset({RoundState.OPEN}), RoundState.RELEASED),
    "round.closed": (frozenset({RoundState.OPEN, RoundState.RELEASED}), RoundState.CLOSED),
    "round.reopening_asked": (frozenset({RoundState.CLOSED}), RoundState.CLOSED),
    "round.reopening_refused": (frozenset({RoundState.CLOSED}), RoundState.CLOSED),
    "round.reopened": (frozenset({RoundState.CLOSED}), RoundState.OPEN),
}
LINE_STEPS: Steps = {
    "asked.answered": (frozenset(LineState), LineState.ANSWERED),
    "asked.returned": (frozenset({LineState.ANSWERED}), LineState.RETURNED),
}


def target_of(steps: Steps, status: str, verb: str) -> str | None:
    """The state that a verb leads to from a state; None where it leads nowhere."""
    sources, target = steps.get(verb, (frozenset(), ""))
    return target if status in sources else None


def wrong(
    steps: Steps,
    first: str,
    before: Mapping[str, Any] | None,
    after: Mapping[str, Any],
    verb: str,
    *,
    fixed: Sequence[str],
) -> str | None:
    """What is wrong with one recorded change, or None; `fixed` columns never change."""
    if before is None:
        return None if after["status"] == first else f"首条记录的状态应为 {first}"
    if target_of(steps, before["status"], verb) != after["status"]:
        return f"{verb} 不能使状态由 {before['status']} 变为 {after['status']}"
    altered = [name for name in fixed if before.get(name) != after.get(name)]
    return f"{verb} 不能改动列 {'、'.join(altered)}" if altered else None
