"""The life of a draw as data: states, steps, and what a check on site can find. Pure.

framed → known → drawn → concluded
  └────────┴───────┴──→ cancelled     with a reason; the number is never used again
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

FRAMED = "draw.framed"
KNOWN = "draw.randomness_entered"
DRAWN = "draw.drawn"
CONCLUDED = "draw.concluded"
CANCELLED = "draw.cancelled"
PUBLISHED = "draw.published"


class DrawStatus(StrEnum):
    """Where a draw stands."""

    FRAMED = "framed"
    KNOWN = "known"
    DRAWN = "drawn"
    CONCLUDED = "concluded"
    CANCELLED = "cancelled"


STATUS_LABELS = {
    DrawStatus.FRAMED: "抽样框已固定，等待随机数",
    DrawStatus.KNOWN: "随机数已录入，待抽取",
    DrawStatus.DRAWN: "已抽取，现场核查中",
    DrawStatus.CONCLUDED: "已得出结论",
    DrawStatus.CANCELLED: "已作废",
}
STEPS: Mapping[str, tuple[frozenset[str], str]] = {
    KNOWN: (frozenset({DrawStatus.FRAMED, DrawStatus.KNOWN}), DrawStatus.KNOWN),
    DRAWN: (frozenset({DrawStatus.KNOWN}), DrawStatus.DRAWN),
    CONCLUDED: (frozenset({DrawStatus.DRAWN}), DrawStatus.CONCLUDED),
    CANCELLED: (
        frozenset({DrawStatus.FRAMED, DrawStatus.KNOWN, DrawStatus.DRAWN}),
        DrawStatus.CANCELLED,
    ),
}
"""Verb → the states it may start from, and the one it leads to."""
ENDED = frozenset({DrawStatus.CONCLUDED, DrawStatus.CANCELLED})
WRITTEN: Mapping[str, frozenset[str]] = {
    KNOWN: frozenset({"status", "randomness", "randomness_known_at", "randomness_text"}),
    DRAWN: frozenset({"status"}),
    CONCLUDED: frozenset({"status", "closing_text", "result"}),
    CANCELLED: frozenset({"status", "closing_text"}),
    PUBLISHED: frozenset({"visibility"}),
}
"""Verb → the columns it may write: the frame itself never changes."""


class Result(StrEnum):
    """What a check on site found."""

    TRUE = "true"
    FALSE = "false"
    PARTLY = "partly"
    UNCHECKED = "unchecked"


RESULT_LABELS = {
    Result.TRUE: "属实",
    Result.FALSE: "不实",
    Result.PARTLY: "部分不实",
    Result.UNCHECKED: "未能核查",
}


def wrong_draw_step(
    before: Mapping[str, Any] | None, after: Mapping[str, Any], verb: str
) -> str | None:
    """What is wrong with one recorded change of a draw, or None."""
    if before is None:
        fresh = (verb, after["status"], after["randomness"]) == (FRAMED, DrawStatus.FRAMED, "")
        return None if fresh else "首条记录应为固定抽样框，还没有随机数"
    altered = {name for name in after if before.get(name) != after[name]}
    extra = sorted(altered - WRITTEN.get(verb, frozenset()))
    if extra:
        return f"{verb} 不能改动列 {'、'.join(extra)}"
    if verb == PUBLISHED:
        return None if before["status"] in ENDED else "没有结束的抽查不能公开"
    sources, target = STEPS[verb]
    if before["status"] not in sources or after["status"] != target:
        return f"{verb} 不能使状态由 {before['status']} 变为 {after['status']}"
    return None
