"""The lives of a policy's money as data: states, steps, who takes them. Pure.

    proposed ──list──→ listed ──approve──→ approved ──send──→ sent ──paid──→ paid
       │ │                │                    ↑                │
       │ └─ask─→ asked    │ object             └───bounced──────┘
       └──── refused ←────┘

Nobody applies: a proposal comes from screening alone, and what a firm is asked for is the one field
that screening could not find.
"""

from enum import StrEnum

from yinuo.kernel.lives import Life


class AwardState(StrEnum):
    """Where the money of one firm from one policy stands."""

    ASKED = "asked"
    """Undetermined for want of one field; the firm is asked for that field."""
    PROPOSED = "proposed"
    LISTED = "listed"
    """公示: everybody may object until a day."""
    APPROVED = "approved"
    """By two persons; the promise to pay runs from here."""
    SENT = "sent"
    """In a file that the bank was given."""
    PAID = "paid"
    REFUSED = "refused"
    """Taken off the list, with a reason that the firm may read and contest."""


AWARD_LABELS = {
    AwardState.ASKED: "待补一项",
    AwardState.PROPOSED: "拟兑现",
    AwardState.LISTED: "公示中",
    AwardState.APPROVED: "待拨付",
    AwardState.SENT: "已送银行",
    AwardState.PAID: "已到账",
    AwardState.REFUSED: "不予兑现",
}
_A = AwardState
AWARD = Life(
    first=AwardState.PROPOSED,
    beginning="拟兑现，或待补一项",
    steps={
        (_A.ASKED, "award.told"): _A.PROPOSED,
        (_A.ASKED, "award.refused"): _A.REFUSED,
        (_A.PROPOSED, "award.listed"): _A.LISTED,
        (_A.PROPOSED, "award.refused"): _A.REFUSED,
        (_A.LISTED, "award.refused"): _A.REFUSED,
        (_A.LISTED, "award.approved"): _A.APPROVED,
        (_A.APPROVED, "award.refused"): _A.REFUSED,
        (_A.APPROVED, "award.sent"): _A.SENT,
        (_A.SENT, "award.paid"): _A.PAID,
        (_A.SENT, "award.bounced"): _A.APPROVED,
        (_A.REFUSED, "award.restored"): _A.PROPOSED,
    },
    beside=("award.objected", "award.account_told", "award.cleared", "award.approval_asked"),
    column="state",
)
COUNTED = frozenset({_A.LISTED, _A.APPROVED, _A.SENT, _A.PAID})
"""States whose money is taken from the budget."""


class PolicyState(StrEnum):
    """Of one version of a policy."""

    DRAFT = "draft"
    PUBLISHED = "published"
    ENDED = "ended"


POLICY = Life(
    first=PolicyState.DRAFT,
    beginning="草稿",
    steps={
        (PolicyState.DRAFT, "policy.changed"): PolicyState.DRAFT,
        (PolicyState.DRAFT, "policy.published"): PolicyState.PUBLISHED,
        (PolicyState.PUBLISHED, "policy.ended"): PolicyState.ENDED,
    },
    column="state",
)


class BatchState(StrEnum):
    """Of a payment file."""

    MADE = "made"
    SENT = "sent"
    """Approved by a second person and handed to the bank."""
    RECONCILED = "reconciled"
    """The bank has answered for every line."""
    CANCELLED = "cancelled"


BATCH = Life(
    first=BatchState.MADE,
    beginning="编制付款清单",
    steps={
        (BatchState.MADE, "payout.sent"): BatchState.SENT,
        (BatchState.MADE, "payout.cancelled"): BatchState.CANCELLED,
        (BatchState.SENT, "payout.answered"): BatchState.SENT,
        (BatchState.SENT, "payout.reconciled"): BatchState.RECONCILED,
    },
    column="state",
)


class LineState(StrEnum):
    """Of one line of a payment file."""

    OPEN = "open"
    PAID = "paid"
    BOUNCED = "bounced"


class ClawbackState(StrEnum):
    """Of money that was wrongly paid."""

    ASKED = "asked"
    """Proposed by one person."""
    ORDERED = "ordered"
    """Approved by another; the firm owes it by a day."""
    REPAID = "repaid"
    WITHDRAWN = "withdrawn"


CLAWBACK = Life(
    first=ClawbackState.ASKED,
    beginning="提出退回",
    steps={
        (ClawbackState.ASKED, "clawback.ordered"): ClawbackState.ORDERED,
        (ClawbackState.ASKED, "clawback.withdrawn"): ClawbackState.WITHDRAWN,
        (ClawbackState.ORDERED, "clawback.repaid_part"): ClawbackState.ORDERED,
        (ClawbackState.ORDERED, "clawback.repaid"): ClawbackState.REPAID,
        (ClawbackState.ORDERED, "clawback.withdrawn"): ClawbackState.WITHDRAWN,
    },
    column="state",
)
