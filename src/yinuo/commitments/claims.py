"""The life of a claim to wait for another unit (卡点) as data: states and transitions. Pure.

                  accept
(new) → claimed ─────────→ accepted        ended once, by a date; accepted and upheld count
           │                               as waiting, the others do not
           └──→ disputed ──→ upheld
                    │ └────→ dismissed
                    ↓
        taken back (also before an answer or after an acceptance), closed (with the commitment)
"""

from enum import StrEnum

from yinuo.kernel.lives import Life, Row, altered, must_not_alter


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
UNITS = frozenset({"claimed_by_unit_id", "on_unit_id"})
"""Only a successor takes a unit's place."""
LIFE = Life(
    first=ClaimStatus.CLAIMED,
    beginning="待对方确认的卡点",
    begun_by={"wait.claimed"},
    steps={
        (ClaimStatus.CLAIMED, "wait.accepted"): ClaimStatus.ACCEPTED,
        (ClaimStatus.CLAIMED, "wait.disputed"): ClaimStatus.DISPUTED,
        (ClaimStatus.DISPUTED, "wait.upheld"): ClaimStatus.UPHELD,
        (ClaimStatus.DISPUTED, "wait.dismissed"): ClaimStatus.DISMISSED,
        (ClaimStatus.CLAIMED, "wait.taken_back"): ClaimStatus.TAKEN_BACK,
        (ClaimStatus.ACCEPTED, "wait.taken_back"): ClaimStatus.TAKEN_BACK,
        (ClaimStatus.DISPUTED, "wait.taken_back"): ClaimStatus.TAKEN_BACK,
        **{(status, "wait.closed"): ClaimStatus.CLOSED for status in OPEN},
        **{(status, "wait.ended"): status for status in OPEN | COUNTED},
        **{(status, "wait.succeeded"): status for status in OPEN | COUNTED},
    },
    fixed=frozenset({"commitment_id", "what_text", "since_date"}),
)


def check_claim(before: Row | None, after: Row, verb: str) -> str | None:
    """What is wrong with one recorded change of a claim, or None; replay runs it again."""
    wrong = LIFE.wrong(before, after, verb)
    if wrong:
        return wrong
    if before is None:
        return None if after["ended_date"] is None else f"首条记录应为{LIFE.beginning}"
    kept = frozenset() if verb == "wait.succeeded" else UNITS
    if before["ended_date"] is not None or verb not in {"wait.ended", "wait.closed"}:
        kept |= {"ended_date"}
    return must_not_alter(verb, altered(before, after) & kept)
