"""The life of a draw as data: states, steps, and what a check on site can find. Pure.

framed → known → drawn → concluded
  └────────┴───────┴──→ cancelled     with a reason; the number is never used again
"""

from collections.abc import Mapping
from enum import StrEnum

from yinuo.kernel.lives import Life, Row, altered, must_not_alter

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
_S = DrawStatus
LIFE = Life(
    first=_S.FRAMED,
    beginning="固定抽样框，还没有随机数",
    begun_by=(FRAMED,),
    steps={
        (_S.FRAMED, KNOWN): _S.KNOWN,
        (_S.KNOWN, KNOWN): _S.KNOWN,
        (_S.KNOWN, DRAWN): _S.DRAWN,
        (_S.DRAWN, CONCLUDED): _S.CONCLUDED,
        (_S.FRAMED, CANCELLED): _S.CANCELLED,
        (_S.KNOWN, CANCELLED): _S.CANCELLED,
        (_S.DRAWN, CANCELLED): _S.CANCELLED,
    },
    beside=(PUBLISHED,),
)
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


def wrong_draw_step(before: Row | None, after: Row, verb: str) -> str | None:
    """What is wrong with one recorded change of a draw, or None."""
    wrong = LIFE.wrong(before, after, verb)
    if wrong is not None:
        return wrong
    if before is None:
        return "抽样框固定时不能已有随机数" if after["randomness"] else None
    if verb == PUBLISHED and before["status"] not in ENDED:
        return "没有结束的抽查不能公开"
    return must_not_alter(verb, altered(before, after) - WRITTEN[verb])
