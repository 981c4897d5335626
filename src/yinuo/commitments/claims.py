"""The life of a claim to wait for another unit (卡点) as data: states and transitions. Pure.

                  accept
(new) → claimed ─────────→ accepted        ended once, by a date; accepted and upheld count
           │                               as waiting, the others do not
           └──→ disputed ──→ upheld
                    │ └────→ dismissed
                    ↓
        taken back (also before an answer or after an acceptance), closed (with the commitment)
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any


class ClaimStatus(StrEnum):
    """Where a claim stands."""

    CLAIMED = "claimed"
    ACCEPTED = "accepted"
    DISPUTED = "disputed"
    UPHELD = "upheld"
    DISMISSED = "dismissed"
    TAKEN_BACK = "taken_back"
    CLOSED = "closed"


CLAIM_LABELS = {
    ClaimStatus.CLAIMED: "待对方确认",
    ClaimStatus.ACCEPTED: "对方已认可",
    ClaimStatus.DISPUTED: "对方有异议，待裁定",
    ClaimStatus.UPHELD: "裁定成立",
    ClaimStatus.DISMISSED: "裁定不成立",
    ClaimStatus.TAKEN_BACK: "已撤回",
    ClaimStatus.CLOSED: "不再处理",
}
OPEN = frozenset({ClaimStatus.CLAIMED, ClaimStatus.DISPUTED})
"""Not settled: somebody still has to answer or rule."""
COUNTED = frozenset({ClaimStatus.ACCEPTED, ClaimStatus.UPHELD})
"""Taken to be true: their days count as waiting."""
FIXED = ("commitment_id", "what_text", "since_date")
"""What was claimed; no later step touches it."""
UNITS = ("claimed_by_unit_id", "on_unit_id")
"""Only a successor takes a unit's place."""


@dataclass(frozen=True)
class ClaimStep:
    """One permitted change of state."""

    source: ClaimStatus
    verb: str
    target: ClaimStatus


STEPS = frozenset(
    {
        ClaimStep(ClaimStatus.CLAIMED, "wait.accepted", ClaimStatus.ACCEPTED),
        ClaimStep(ClaimStatus.CLAIMED, "wait.disputed", ClaimStatus.DISPUTED),
        ClaimStep(ClaimStatus.DISPUTED, "wait.upheld", ClaimStatus.UPHELD),
        ClaimStep(ClaimStatus.DISPUTED, "wait.dismissed", ClaimStatus.DISMISSED),
        *(
            ClaimStep(source, "wait.taken_back", ClaimStatus.TAKEN_BACK)
            for source in (ClaimStatus.CLAIMED, ClaimStatus.ACCEPTED, ClaimStatus.DISPUTED)
        ),
        *(ClaimStep(source, "wait.closed", ClaimStatus.CLOSED) for source in OPEN),
        *(ClaimStep(status, "wait.ended", status) for status in OPEN | COUNTED),
        *(ClaimStep(status, "wait.succeeded", status) for status in OPEN | COUNTED),
    }
)


def claim_target(status: str, verb: str) -> ClaimStatus | None:
    """The state that `verb` leads to from `status`, or None where it leads nowhere."""
    return next((s.target for s in STEPS if (s.source, s.verb) == (status, verb)), None)


def check_claim(
    before: Mapping[str, Any] | None, after: Mapping[str, Any], verb: str
) -> str | None:
    """What is wrong with one recorded change of a claim, or None; replay runs it again."""
    if before is None:
        fresh = after["status"] == ClaimStatus.CLAIMED and after["ended_date"] is None
        return None if fresh and verb == "wait.claimed" else "首条记录应为待对方确认的卡点"
    if claim_target(before["status"], verb) != after["status"]:
        return f"{verb} 不能使状态由 {before['status']} 变为 {after['status']}"
    wrong = [name for name in FIXED if before[name] != after[name]]
    if verb != "wait.succeeded":
        wrong += [name for name in UNITS if before[name] != after[name]]
    if before["ended_date"] != after["ended_date"] and (
        before["ended_date"] is not None or verb not in ("wait.ended", "wait.closed")
    ):
        wrong.append("ended_date")
    return f"{verb} 不能改动列 {'、'.join(wrong)}" if wrong else None
