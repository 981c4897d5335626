"""The life of a doubt (疑点) as data: kinds, states and steps. Pure.

(new) → open ──answered──→ answered ──closed──→ closed
          └───────────closed──────────────────────┘ │
          ↑                └────────reopened────────┘

A doubt asks a person to look; it says nothing about who is right. The unit answers, the
supervising side closes with what it found, and may open it again.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from yinuo.kernel.lives import Life


class DoubtKind(StrEnum):
    """What was noticed."""

    TARGET_HIT = "target_hit"
    RUSH = "rush"
    JUMP = "jump"
    FALLING = "falling"
    PARTS = "parts"
    PASTED = "pasted"
    DIGITS = "digits"
    PHOTO_REUSED = "photo_reused"
    PHOTO_TIME = "photo_time"
    PHOTO_PLACE = "photo_place"


KIND_LABELS = {
    DoubtKind.TARGET_HIT: "恰好达标",
    DoubtKind.RUSH: "期末突增",
    DoubtKind.JUMP: "增速异常",
    DoubtKind.FALLING: "累计数回落",
    DoubtKind.PARTS: "分项合计不符",
    DoubtKind.PASTED: "数字雷同",
    DoubtKind.DIGITS: "尾数集中",
    DoubtKind.PHOTO_REUSED: "照片重复",
    DoubtKind.PHOTO_TIME: "拍摄时间不符",
    DoubtKind.PHOTO_PLACE: "拍摄地点不符",
}
PHOTO_KINDS = frozenset({DoubtKind.PHOTO_REUSED, DoubtKind.PHOTO_TIME, DoubtKind.PHOTO_PLACE})


class DoubtStatus(StrEnum):
    """Where a doubt stands."""

    OPEN = "open"
    ANSWERED = "answered"
    CLOSED = "closed"


STATUS_LABELS = {
    DoubtStatus.OPEN: "待答复",
    DoubtStatus.ANSWERED: "已答复，待核对",
    DoubtStatus.CLOSED: "已关闭",
}


class DoubtResult(StrEnum):
    """What the supervising side found, with its reason in words."""

    EXPLAINED = "explained"
    SOUND = "sound"
    CONFIRMED = "confirmed"
    RECTIFY = "rectify"


RESULT_LABELS = {
    DoubtResult.EXPLAINED: "说明合理",
    DoubtResult.SOUND: "核对无误",
    DoubtResult.CONFIRMED: "疑点属实",
    DoubtResult.RECTIFY: "需整改",
}

LIFE = Life(
    first=DoubtStatus.OPEN,
    beginning="发现疑点",
    begun_by=("doubt.found",),
    steps={
        (DoubtStatus.OPEN, "doubt.answered"): DoubtStatus.ANSWERED,
        (DoubtStatus.OPEN, "doubt.closed"): DoubtStatus.CLOSED,
        (DoubtStatus.ANSWERED, "doubt.closed"): DoubtStatus.CLOSED,
        (DoubtStatus.CLOSED, "doubt.reopened"): DoubtStatus.OPEN,
    },
    # What was noticed; no later step touches it.
    fixed=frozenset({"key", "kind", "commitment_id", "facts", "found_date", "rules"}),
)
VERB_LABELS = {
    "doubt.found": "发现疑点",
    "doubt.answered": "责任单位答复",
    "doubt.closed": "关闭疑点",
    "doubt.reopened": "重新打开",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Spotted:
    """Something a check noticed, before it is recorded."""

    kind: DoubtKind
    key: str
    """The same thing noticed again has the same key."""
    commitment: str
    facts: Mapping[str, Any]
    """The evidence as data: codes, days as text, numbers as text; no names, no free text."""
