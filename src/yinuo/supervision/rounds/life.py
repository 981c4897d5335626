"""The life of a round and of its lines as data. Pure.

round   open ─→ released ─→ closed ─→ open, by two persons
line    waiting ─→ answered ⇄ returned
"""

from enum import StrEnum

from yinuo.kernel.lives import Life


class RoundSort(StrEnum):
    """How often such a round comes."""

    MONTHLY = "monthly"
    QUARTERLY = "quarterly"
    SPECIAL = "special"


class RoundState(StrEnum):
    """Where a round stands."""

    OPEN = "open"
    RELEASED = "released"
    """Every unit of the round sees how all of them reported."""
    CLOSED = "closed"
    """Nothing is reported into it any more."""


class LineState(StrEnum):
    """Where one line of a sheet stands."""

    WAITING = "waiting"
    ANSWERED = "answered"
    RETURNED = "returned"


class Twice(StrEnum):
    """Why a line asks for something a second time."""

    HELD = "held"
    """A report of that day or later was there already."""
    ASKED = "asked"
    """Another round that is not closed asks for the same month."""


SORT_LABELS = {
    RoundSort.MONTHLY: "月度",
    RoundSort.QUARTERLY: "季度",
    RoundSort.SPECIAL: "专项",
}
ROUND_LABELS = {
    RoundState.OPEN: "报送中",
    RoundState.RELEASED: "已发布",
    RoundState.CLOSED: "已关闭",
}
LINE_LABELS = {
    LineState.WAITING: "未报送",
    LineState.ANSWERED: "已报送",
    LineState.RETURNED: "已退回",
}
SIGNED = frozenset({"%", "‰", "个百分点", "℃"})
"""Units in which a figure may be below zero."""

_R, _L = RoundState, LineState
ROUND = Life(
    first=_R.OPEN,
    beginning="报送中的一轮",
    steps={
        (_R.OPEN, "round.released"): _R.RELEASED,
        (_R.OPEN, "round.closed"): _R.CLOSED,
        (_R.RELEASED, "round.closed"): _R.CLOSED,
        (_R.CLOSED, "round.reopening_asked"): _R.CLOSED,
        (_R.CLOSED, "round.reopening_refused"): _R.CLOSED,
        (_R.CLOSED, "round.reopened"): _R.OPEN,
    },
    fixed=frozenset({"office_id", "as_of_date", "due", "sort", "opened_by", "burden_edition"}),
)
LINE = Life(
    first=_L.WAITING,
    beginning="未报送的一行",
    steps={
        **{(state, "asked.answered"): _L.ANSWERED for state in LineState},
        (_L.ANSWERED, "asked.returned"): _L.RETURNED,
    },
    fixed=frozenset({"round_id", "sheet_id", "commitment_id", "fields", "twice"}),
)
