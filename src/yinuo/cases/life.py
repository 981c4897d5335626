"""The life of a case as data: states, transitions, who told what. Pure.

    take in        accept            decide          deliver
    ─────→ received ────→ accepted ─────────→ decided ─────→ delivered
              │ ↑  └──→ refused  └─→ withdrawn   │ └──────────────┤
              ↓ │                                └→ revoked ←─────┘
            correcting                  reopen: decided | delivered → accepted

The numbers beside the states are those of 办理状态 BLZT (工程建设项目审批管理系统数据共享交换标准).
"""

from enum import StrEnum

from yinuo.kernel.lives import Life, Row, altered, must_not_alter


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


TOLD = frozenset({"case.fed"})
"""Verbs that write down what another system decided: any state may follow any other."""
FIXED = frozenset({"item_version_id", "unit_id", "applicant_id", "received_at"})
"""Columns that only a change to a better version of the item alters."""

_S = CaseStatus
LIFE = Life(
    first=_S.RECEIVED,
    beginning="收件",
    begun_by=("case.applied", "case.taken_in", "case.fed"),
    steps={
        (_S.RECEIVED, "case.accepted"): _S.ACCEPTED,
        (_S.CORRECTING, "case.accepted"): _S.ACCEPTED,
        (_S.RECEIVED, "case.deemed_accepted"): _S.ACCEPTED,
        (_S.RECEIVED, "case.correction_asked"): _S.CORRECTING,
        (_S.CORRECTING, "case.corrected"): _S.RECEIVED,
        (_S.RECEIVED, "case.refused"): _S.REFUSED,
        (_S.CORRECTING, "case.refused"): _S.REFUSED,
        (_S.ACCEPTED, "case.decided"): _S.DECIDED,
        (_S.DECIDED, "case.delivered"): _S.DELIVERED,
        (_S.DECIDED, "case.reopened"): _S.ACCEPTED,
        (_S.DELIVERED, "case.reopened"): _S.ACCEPTED,
        (_S.DECIDED, "case.revoked"): _S.REVOKED,
        (_S.DELIVERED, "case.revoked"): _S.REVOKED,
        (_S.RECEIVED, "case.withdrawn"): _S.WITHDRAWN,
        (_S.CORRECTING, "case.withdrawn"): _S.WITHDRAWN,
        (_S.ACCEPTED, "case.withdrawn"): _S.WITHDRAWN,
    },
    may_stay=True,
)


def check_step(before: Row | None, after: Row, verb: str) -> str | None:
    """What is wrong with one recorded change of a case, or None; replay runs it again."""
    if verb in TOLD:
        return None
    wrong = LIFE.wrong(before, after, verb)
    if wrong or before is None or verb == "case.version_improved":
        return wrong
    return must_not_alter(verb, altered(before, after) & FIXED)
