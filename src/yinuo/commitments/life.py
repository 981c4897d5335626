"""The life of a commitment as data: states, transitions, outcomes. Pure.

              deliver           verify
(new) → open ────────→ delivered ─────→ kept
         │ ↑ └──reject──┘                │
         │ └─────────── overturn ────────┤
         ├──→ broken  ←── found false ───┘   found broken, by a person, after the deadline
         ├──→ waived     released by the creditor's side
         └──→ withdrawn  by an approved change
"""

from collections.abc import Mapping
from datetime import date
from enum import StrEnum

from yinuo.kernel.lives import Life, Row, altered, must_not_alter


class Status(StrEnum):
    """Where a commitment stands."""

    OPEN = "open"
    DELIVERED = "delivered"
    KEPT = "kept"
    BROKEN = "broken"
    WAIVED = "waived"
    WITHDRAWN = "withdrawn"


class Outcome(StrEnum):
    """How it ended, as decided by the verifier."""

    KEPT_ON_TIME = "kept_on_time"
    KEPT_AFTER_MOVE = "kept_after_move"
    KEPT_LATE = "kept_late"
    KEPT_UNDATED = "kept_undated"
    KEPT_IN_PART = "kept_in_part"
    BROKEN = "broken"
    WAIVED = "waived"


class Visibility(StrEnum):
    """Who may see a commitment."""

    CLOSED = "closed"
    REVIEW = "review"
    ON_REQUEST = "on_request"
    PUBLIC = "public"


STATUS_LABELS = {
    Status.OPEN: "进行中",
    Status.DELIVERED: "已申请销号，待核实",
    Status.KEPT: "已兑现",
    Status.BROKEN: "未兑现",
    Status.WAIVED: "免除",
    Status.WITHDRAWN: "任务终止",
}
OUTCOME_LABELS = {
    Outcome.KEPT_ON_TIME: "按期兑现",
    Outcome.KEPT_AFTER_MOVE: "调整后兑现",
    Outcome.KEPT_LATE: "逾期兑现",
    Outcome.KEPT_UNDATED: "兑现（未定时限）",
    Outcome.KEPT_IN_PART: "部分兑现",
    Outcome.BROKEN: "未兑现",
    Outcome.WAIVED: "免除",
}
VISIBILITY_LABELS = {
    Visibility.CLOSED: "不予公开",
    Visibility.REVIEW: "待审查",
    Visibility.ON_REQUEST: "依申请公开",
    Visibility.PUBLIC: "主动公开",
}


class ChangeKind(StrEnum):
    """What a change alters. Every kind needs two persons."""

    MOVED = "moved"
    REPLANNED = "replanned"
    REVISED = "revised"
    RESCOPED = "rescoped"
    TRANSFERRED = "transferred"
    MERGED = "merged"
    WITHDRAWN = "withdrawn"
    CORRECTED = "corrected"
    KEPT_IN_PART = "kept_in_part"


CHANGE_LABELS = {
    ChangeKind.MOVED: "调整时限",
    ChangeKind.REPLANNED: "调整序时进度",
    ChangeKind.REVISED: "调整指标",
    ChangeKind.RESCOPED: "调整内容",
    ChangeKind.TRANSFERRED: "移交责任单位",
    ChangeKind.MERGED: "并入另一承诺",
    ChangeKind.WITHDRAWN: "任务终止",
    ChangeKind.CORRECTED: "更正录入错误",
    ChangeKind.KEPT_IN_PART: "认定部分兑现",
}

QUANTITY = frozenset({"operator", "value", "unit", "tolerance", "baseline"})
CHANGE_COLUMNS: Mapping[ChangeKind, frozenset[str]] = {
    ChangeKind.MOVED: frozenset({"due", "due_original"}),
    ChangeKind.REPLANNED: frozenset(),
    ChangeKind.REVISED: QUANTITY,
    ChangeKind.RESCOPED: frozenset({"title", "kind", "heading", "parent_id", "area", "note"}),
    ChangeKind.TRANSFERRED: frozenset({"lead_id", "creditor_unit_id"}),
    ChangeKind.MERGED: frozenset({"merged_into_id"}),
    ChangeKind.WITHDRAWN: frozenset(),
    ChangeKind.CORRECTED: QUANTITY | {"due", "due_original", "title", "lead_id", "creditor"},
    ChangeKind.KEPT_IN_PART: frozenset(),
}
"""The columns that a change of each kind may set."""

VERSIONED = frozenset().union(*CHANGE_COLUMNS.values())
"""What was promised: only an approved change touches it."""


LIFE = Life(
    first=Status.OPEN,
    beginning="进行中，且现定时限等于原定时限",
    steps={
        (Status.OPEN, "commitment.delivered"): Status.DELIVERED,
        (Status.DELIVERED, "commitment.rejected"): Status.OPEN,
        (Status.DELIVERED, "commitment.verified"): Status.KEPT,
        (Status.DELIVERED, "commitment.kept_in_part"): Status.KEPT,
        (Status.OPEN, "commitment.found_broken"): Status.BROKEN,
        (Status.OPEN, "commitment.waived"): Status.WAIVED,
        (Status.OPEN, "commitment.withdrawn"): Status.WITHDRAWN,
        (Status.OPEN, "commitment.merged"): Status.WITHDRAWN,
        (Status.KEPT, "commitment.overturned"): Status.OPEN,
        (Status.KEPT, "commitment.found_false"): Status.BROKEN,
    },
    may_stay=True,
)


def kept_outcome(*, delivered: date, due: date | None, due_original: date | None) -> Outcome:
    """The outcome of a verified delivery, by the original date first, then the present one."""
    if due_original is None or due is None:
        return Outcome.KEPT_UNDATED
    if delivered <= due_original:
        return Outcome.KEPT_ON_TIME
    return Outcome.KEPT_AFTER_MOVE if delivered <= due else Outcome.KEPT_LATE


def check_step(before: Row | None, after: Row, verb: str) -> str | None:
    """What is wrong with one recorded change of a commitment, or None; replay runs it again."""
    wrong = LIFE.wrong(before, after, verb)
    if wrong:
        return wrong
    if before is None:
        fresh = after["due"] == after["due_original"]
        return None if fresh else f"首条记录应为{LIFE.beginning}"
    if before["due_original"] not in (None, after["due_original"]) and verb.endswith(".moved"):
        return "调整时限不能改动原定时限"
    name = verb.removeprefix("commitment.")
    allowed = CHANGE_COLUMNS[ChangeKind(name)] if name in set(ChangeKind) else frozenset()
    return must_not_alter(verb, (altered(before, after) & VERSIONED) - allowed)
