"""The life of a problem (问题清零) as data: states, steps, who takes them. Pure.

           own           answer            confirm
    raised ────→ owned ────────→ answered ─────────→ zero ─┐
      ↑ │ ↑       │ ↑──not solved──┘  │                    │
      │ └─┘ pass  │ │                 └──no word──→ lapsed │
      └─hand over─┘ └─────────────reopen───────────────┴───┘

Zero is said by whoever raised it and by nobody else. Lapsed is no zero: it is counted apart.
"""

from collections.abc import Mapping
from enum import StrEnum

from yinuo.kernel.lives import Life


class ProblemStatus(StrEnum):
    """Where a problem stands."""

    RAISED = "raised"
    OWNED = "owned"
    ANSWERED = "answered"
    ZERO = "zero"
    LAPSED = "lapsed"
    """Answered, and no word from who raised it for as long as the table waits."""
    WITHDRAWN = "withdrawn"


STATUS_LABELS = {
    ProblemStatus.RAISED: "待认领",
    ProblemStatus.OWNED: "办理中",
    ProblemStatus.ANSWERED: "已答复，待提出人确认",
    ProblemStatus.ZERO: "已清零",
    ProblemStatus.LAPSED: "无回应终结",
    ProblemStatus.WITHDRAWN: "提出人撤回",
}
OPEN = frozenset({ProblemStatus.RAISED, ProblemStatus.OWNED, ProblemStatus.ANSWERED})
"""Not at zero, and somebody still has to act."""
REOPENABLE = frozenset({ProblemStatus.ZERO, ProblemStatus.LAPSED})

_S = ProblemStatus
CHANNELS: Mapping[str, tuple[str, str]] = {
    "phone": ("来电", "problem.told_by_phone"),
    "paper": ("来函（信件、传真、邮件）", "problem.told_on_paper"),
    "visit": ("当面", "problem.told_in_person"),
}
"""How it came to the officer who takes it down → its label, and the verb of the first entry."""
RAISING = frozenset({"problem.raised", *(verb for _, verb in CHANNELS.values())})
"""Verbs with which a problem begins: by whoever has it, or taken down by an officer for them."""
VERB_LABELS = {
    "problem.raised": "提出问题",
    "problem.told_by_phone": "来电提出，工作人员代录",
    "problem.told_on_paper": "来函提出，工作人员代录",
    "problem.told_in_person": "当面提出，工作人员代录",
    "problem.asked": "转请单位认领",
    "problem.passed_on": "不属本单位，转出",
    "problem.unowned": "一个工作日内无人认领，已告知督查人",
    "problem.owned": "认领",
    "problem.handed_over": "改由其他单位办理",
    "problem.answered": "答复",
    "problem.confirmed": "提出人确认解决",
    "problem.not_solved": "提出人认为没有解决",
    "problem.reopened": "提出人重新提出",
    "problem.lapsed": "提出人没有回应，按规定终结",
    "problem.withdrawn": "提出人撤回",
    "problem.up": "提交联席会议",
    "problem.grouped": "归入同类问题",
    "problem.forced": "列入专班",
}
LIFE = Life(
    first=_S.RAISED,
    beginning="提出问题",
    begun_by=RAISING,
    steps={
        (_S.RAISED, "problem.asked"): _S.RAISED,
        (_S.RAISED, "problem.passed_on"): _S.RAISED,
        (_S.RAISED, "problem.owned"): _S.OWNED,
        (_S.OWNED, "problem.handed_over"): _S.RAISED,
        (_S.OWNED, "problem.answered"): _S.ANSWERED,
        (_S.ANSWERED, "problem.confirmed"): _S.ZERO,
        (_S.ANSWERED, "problem.not_solved"): _S.OWNED,
        (_S.ANSWERED, "problem.lapsed"): _S.LAPSED,
        (_S.ZERO, "problem.reopened"): _S.OWNED,
        (_S.LAPSED, "problem.reopened"): _S.OWNED,
        **{(status, "problem.withdrawn"): _S.WITHDRAWN for status in sorted(OPEN)},
    },
    beside=("problem.unowned", "problem.up", "problem.grouped", "problem.forced"),
    # What was raised: no step touches it, so the clock runs on whoever has it.
    fixed=frozenset(
        {"office_id", "applicant_id", "raised_at", "own_due", "said_text", "title_text"}
    ),
)
