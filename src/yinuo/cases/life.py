"""The life of a case as data: states, transitions, who told what. Pure.

    take in        accept            decide          deliver
    ─────→ received ────→ accepted ─────────→ decided ─────→ delivered
              │ ↑  └──→ refused  └─→ withdrawn   │ └──────────────┤
              ↓ │                                └→ revoked ←─────┘
            correcting                  reopen: decided | delivered → accepted

The numbers beside the states are those of 办理状态 BLZT (工程建设项目审批管理系统数据共享交换标准).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any


class CaseStatus(StrEnum):
    """Where a case stands."""

    RECEIVED = "received"
    CORRECTING = "correcting"
    ACCEPTED = "accepted"
    REFUSED = "refused"
    DECIDED = "decided"
    DELIVERED = "delivered"
    WITHDRAWN = "withdrawn"
    REVOKED = "revoked"


STATUS_LABELS = {
    CaseStatus.RECEIVED: "已收件，待受理",
    CaseStatus.CORRECTING: "待补正",
    CaseStatus.ACCEPTED: "已受理，办理中",
    CaseStatus.REFUSED: "不予受理",
    CaseStatus.DECIDED: "已办结，待送达",
    CaseStatus.DELIVERED: "已送达",
    CaseStatus.WITHDRAWN: "已撤件",
    CaseStatus.REVOKED: "已撤销",
}
OPEN = frozenset({CaseStatus.RECEIVED, CaseStatus.CORRECTING, CaseStatus.ACCEPTED})
"""States in which somebody still waits for a decision."""


class Decision(StrEnum):
    """How a case was decided."""

    APPROVED = "approved"
    APPROVED_WITH_GAP = "approved_gap"
    """办结（容缺通过）: documents are still to come."""
    DENIED = "denied"


DECISION_LABELS = {
    Decision.APPROVED: "办结（通过）",
    Decision.APPROVED_WITH_GAP: "办结（容缺通过）",
    Decision.DENIED: "办结（不予通过）",
}


class Accepted(StrEnum):
    """How a case came to be accepted."""

    PLAIN = "plain"
    WITH_GAP = "with_gap"
    """容缺受理."""
    ON_DECLARATION = "declaration"
    """告知承诺."""
    DEEMED = "deemed"
    """Nobody told in time what was missing (行政许可法 第三十二条)."""


ACCEPTED_LABELS = {
    Accepted.PLAIN: "受理",
    Accepted.WITH_GAP: "容缺受理",
    Accepted.ON_DECLARATION: "告知承诺受理",
    Accepted.DEEMED: "逾期未告知，视为受理",
}


class Channel(StrEnum):
    """How a case came in."""

    WINDOW = "window"
    ONLINE = "online"
    FEED = "feed"
    """Told by the window's own system."""


class MaterialState(StrEnum):
    """What there is of one document of a case."""

    MISSING = "missing"
    GIVEN = "given"
    DEFERRED = "deferred"
    DECLARED = "declared"
    HELD = "held"
    """The city has it and used it, with consent."""
    NOT_NEEDED = "not_needed"


MATERIAL_LABELS = {
    MaterialState.MISSING: "未提交",
    MaterialState.GIVEN: "已提交",
    MaterialState.DEFERRED: "容缺后补",
    MaterialState.DECLARED: "以告知承诺替代",
    MaterialState.HELD: "已由数据共享取得",
    MaterialState.NOT_NEEDED: "本件不需要",
}


class EventKind(StrEnum):
    """What an event does to the clocks; the words of `kernel.clock`."""

    START = "start"
    STOP = "stop"
    RESUME = "resume"
    EXTENSION = "extension"
    REMOVAL = "removal"


@dataclass(frozen=True)
class Transition:
    """One permitted change of state."""

    source: CaseStatus
    verb: str
    target: CaseStatus


_S = CaseStatus
TRANSITIONS = frozenset(
    {
        Transition(_S.RECEIVED, "case.accepted", _S.ACCEPTED),
        Transition(_S.CORRECTING, "case.accepted", _S.ACCEPTED),
        Transition(_S.RECEIVED, "case.deemed_accepted", _S.ACCEPTED),
        Transition(_S.RECEIVED, "case.correction_asked", _S.CORRECTING),
        Transition(_S.CORRECTING, "case.corrected", _S.RECEIVED),
        Transition(_S.RECEIVED, "case.refused", _S.REFUSED),
        Transition(_S.CORRECTING, "case.refused", _S.REFUSED),
        Transition(_S.ACCEPTED, "case.decided", _S.DECIDED),
        Transition(_S.DECIDED, "case.delivered", _S.DELIVERED),
        Transition(_S.DECIDED, "case.reopened", _S.ACCEPTED),
        Transition(_S.DELIVERED, "case.reopened", _S.ACCEPTED),
        Transition(_S.DECIDED, "case.revoked", _S.REVOKED),
        Transition(_S.DELIVERED, "case.revoked", _S.REVOKED),
        Transition(_S.RECEIVED, "case.withdrawn", _S.WITHDRAWN),
        Transition(_S.CORRECTING, "case.withdrawn", _S.WITHDRAWN),
        Transition(_S.ACCEPTED, "case.withdrawn", _S.WITHDRAWN),
    }
)
STARTS = frozenset({"case.applied", "case.taken_in", "case.fed"})
"""Verbs with which a case begins."""
TOLD = frozenset({"case.fed"})
"""Verbs that write down what another system decided: any state may follow any other."""


def target_of(status: str, verb: str) -> CaseStatus | None:
    """The state that `verb` leads to from `status`, or None where it leads nowhere."""
    return next((t.target for t in TRANSITIONS if (t.source, t.verb) == (status, verb)), None)


def check_step(before: Mapping[str, Any] | None, after: Mapping[str, Any], verb: str) -> str | None:
    """What is wrong with one recorded change of a case, or None; replay runs it again."""
    if verb in TOLD:
        return None
    if before is None:
        fresh = verb in STARTS and after["status"] == CaseStatus.RECEIVED
        return None if fresh else "首条记录应为收件"
    if before["status"] != after["status"] and target_of(before["status"], verb) != after["status"]:
        return f"{verb} 不能使状态由 {before['status']} 变为 {after['status']}"
    kept = ("item_version_id", "unit_id", "applicant_id", "received_at")
    wrong = [name for name in kept if before[name] != after[name]]
    if wrong and verb != "case.version_improved":
        return f"{verb} 不能改动列 {'、'.join(wrong)}"
    return None
