"""The lives of a deferral and of a declaration as data. Pure.

deferral     open ──hand in──→ handed_in ──confirm──→ kept
              │ ↑───turn down────┘
              ├──default (a person, after the day)──→ broken ──mend──→ (mended_at)
              └──release──→ released

declaration  signed ──decision──→ to_check ──met──→ kept
              │            └────→ not_drawn   │
              └─withdraw→ withdrawn           ├─not met─→ rectifying ─met──→ kept
                                              │               │
                                              └──refused──────┴─again─────→ broken
"""

from enum import StrEnum

from yinuo.cases.life import CaseStatus, Decision
from yinuo.kernel.lives import Life


class DeferralState(StrEnum):
    """Where a document that may come later stands."""

    OPEN = "open"
    HANDED_IN = "handed_in"
    KEPT = "kept"
    BROKEN = "broken"
    RELEASED = "released"


DEFERRAL_LABELS = {
    DeferralState.OPEN: "待补交",
    DeferralState.HANDED_IN: "已补交，待核对",
    DeferralState.KEPT: "已补齐",
    DeferralState.BROKEN: "未兑现",
    DeferralState.RELEASED: "不必再补",
}


class Consequence(StrEnum):
    """What follows when a deferred document did not come."""

    STOP = "stop"
    REVOKE = "revoke"
    RECORD = "record"


CONSEQUENCE_LABELS = {
    Consequence.STOP: "不予通过，停止办理",
    Consequence.REVOKE: "撤销已作出的决定",
    Consequence.RECORD: "只记入信用承诺书",
}


class DeclarationState(StrEnum):
    """Where a declaration stands."""

    SIGNED = "signed"
    WITHDRAWN = "withdrawn"
    TO_CHECK = "to_check"
    NOT_DRAWN = "not_drawn"
    KEPT = "kept"
    RECTIFYING = "rectifying"
    BROKEN = "broken"
    LET_GO = "let_go"


DECLARATION_LABELS = {
    DeclarationState.SIGNED: "已承诺，办理中",
    DeclarationState.WITHDRAWN: "已撤回，走普通程序",
    DeclarationState.TO_CHECK: "待核查",
    DeclarationState.NOT_DRAWN: "未抽中核查",
    DeclarationState.KEPT: "核查属实",
    DeclarationState.RECTIFYING: "限期整改中，暂停使用办理结果",
    DeclarationState.BROKEN: "承诺不实",
    DeclarationState.LET_GO: "不再核查",
}


PROMISED = frozenset({"case_id", "commitment_id"})
"""Columns that no step alters."""
_F, _D = DeferralState, DeclarationState
DEFERRAL = Life(
    first=_F.OPEN,
    beginning="刚刚作出的承诺",
    steps={
        (_F.OPEN, "deferral.handed_in"): _F.HANDED_IN,
        (_F.HANDED_IN, "deferral.confirmed"): _F.KEPT,
        (_F.HANDED_IN, "deferral.turned_down"): _F.OPEN,
        (_F.OPEN, "deferral.defaulted"): _F.BROKEN,
        (_F.OPEN, "deferral.released"): _F.RELEASED,
        (_F.HANDED_IN, "deferral.released"): _F.RELEASED,
        (_F.BROKEN, "deferral.mended"): _F.BROKEN,
    },
    may_stay=True,
    fixed=PROMISED,
    column="state",
)
DECLARATION = Life(
    first=_D.SIGNED,
    beginning="刚刚作出的承诺",
    steps={
        (_D.SIGNED, "declaration.withdrawn"): _D.WITHDRAWN,
        (_D.SIGNED, "declaration.drawn"): _D.TO_CHECK,
        (_D.SIGNED, "declaration.not_drawn"): _D.NOT_DRAWN,
        (_D.NOT_DRAWN, "declaration.drawn"): _D.TO_CHECK,
        (_D.TO_CHECK, "declaration.met"): _D.KEPT,
        (_D.TO_CHECK, "declaration.rectify"): _D.RECTIFYING,
        (_D.TO_CHECK, "declaration.broken"): _D.BROKEN,
        (_D.RECTIFYING, "declaration.met"): _D.KEPT,
        (_D.RECTIFYING, "declaration.broken"): _D.BROKEN,
        (_D.BROKEN, "declaration.mended"): _D.BROKEN,
        (_D.SIGNED, "declaration.let_go"): _D.LET_GO,
        (_D.TO_CHECK, "declaration.let_go"): _D.LET_GO,
    },
    may_stay=True,
    fixed=PROMISED,
    column="state",
)
OVER = frozenset({CaseStatus.REFUSED, CaseStatus.WITHDRAWN, CaseStatus.REVOKED})
"""States of a case in which nothing is waited for."""


def nothing_awaited(status: str, decision: str) -> bool:
    """Whether a case has come to an end in which no document is waited for: ended, or denied."""
    return status in OVER or decision == Decision.DENIED
