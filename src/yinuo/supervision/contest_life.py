"""The life of a contested figure (数据异议) as data. Pure.

open → upheld       the figure is wrong; it says by what it will be corrected
     → refused      the figure stands, with a reason
     → withdrawn    by the unit
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

FILED = "contest.filed"


class ContestStatus(StrEnum):
    """Where a contested figure stands."""

    OPEN = "open"
    UPHELD = "upheld"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


STATUS_LABELS = {
    ContestStatus.OPEN: "待决定",
    ContestStatus.UPHELD: "异议成立",
    ContestStatus.REFUSED: "异议不成立",
    ContestStatus.WITHDRAWN: "已撤回",
}
VERBS = {
    FILED: "提出异议",
    "contest.upheld": "决定：异议成立",
    "contest.refused": "决定：异议不成立",
    "contest.withdrawn": "撤回异议",
}
ENDING = frozenset({"status", "decision_text", "correction_text", "decided_date"})
"""The columns that the end of it writes."""


def wrong_contest_step(
    before: Mapping[str, Any] | None, after: Mapping[str, Any], verb: str
) -> str | None:
    """What is wrong with one recorded change, or None."""
    if before is None:
        fresh = (verb, after["status"]) == (FILED, ContestStatus.OPEN)
        return None if fresh else "首条记录应为提出异议"
    target = verb.removeprefix("contest.")
    if before["status"] != ContestStatus.OPEN or after["status"] != target or verb == FILED:
        return f"{verb} 不能使状态由 {before['status']} 变为 {after['status']}"
    extra = sorted({name for name in after if before.get(name) != after[name]} - ENDING)
    return f"{verb} 不能改动列 {'、'.join(extra)}" if extra else None
