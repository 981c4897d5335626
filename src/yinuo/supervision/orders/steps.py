"""Steps of supervision and the life of an order as data. Pure.

             sign           reply            accept            close
(issued) → unsigned → to_reply ────→ to_review ────→ to_verify ────→ closed
              │ ↑        ↑  └───────── return ─┴────────┘               │
           given_back    └──────────────────── reopen ──────────────────┘

An order is a commitment of kind `order`: this state is read off its status, its signature and
whether its reply was accepted, and kept nowhere.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from yinuo.commitments.life import Status


class Step(StrEnum):
    """What supervision does, the mildest first."""

    PROMPT = "prompt"
    ORDER = "order"
    TALK = "talk"
    MEMO = "memo"


STEP_LABELS: Mapping[Step, str] = {
    Step.PROMPT: "提示函",
    Step.ORDER: "督办单",
    Step.TALK: "约谈",
    Step.MEMO: "专报",
}
LETTER_LABELS: Mapping[Step, str] = {**STEP_LABELS, Step.TALK: "约谈通知"}
"""What the letter of a step is called."""
BY_LABEL = {label: step for step, label in STEP_LABELS.items()}
RANKS = {step: rank for rank, step in enumerate(Step, start=1)}
CODES: Mapping[Step, str] = {
    Step.PROMPT: "TS{year}-{n:03}",
    Step.ORDER: "DB{year}-{n:03}",
    Step.TALK: "YT{year}-{n:03}",
    Step.MEMO: "ZB{year}-{n:03}",
}
"""How the commitments behind the steps are numbered, over all offices."""


class State(StrEnum):
    """Where an order stands."""

    UNSIGNED = "unsigned"
    GIVEN_BACK = "given_back"
    TO_REPLY = "to_reply"
    TO_REVIEW = "to_review"
    TO_VERIFY = "to_verify"
    CLOSED = "closed"
    WITHDRAWN = "withdrawn"
    BROKEN = "broken"


STATE_LABELS: Mapping[State, str] = {
    State.UNSIGNED: "待签收",
    State.GIVEN_BACK: "签收被退回",
    State.TO_REPLY: "待回复",
    State.TO_REVIEW: "待审核",
    State.TO_VERIFY: "待核实",
    State.CLOSED: "已销号",
    State.WITHDRAWN: "已撤销",
    State.BROKEN: "认定未办",
}
RUNNING = frozenset(
    {State.UNSIGNED, State.GIVEN_BACK, State.TO_REPLY, State.TO_REVIEW, State.TO_VERIFY}
)
UNANSWERED = frozenset({State.UNSIGNED, State.GIVEN_BACK, State.TO_REPLY})
"""The unit owes a reply."""

TRANSITIONS: Mapping[str, frozenset[tuple[State, State]]] = {
    "sign": frozenset({(State.UNSIGNED, State.TO_REPLY)}),
    "give_back": frozenset({(State.UNSIGNED, State.GIVEN_BACK)}),
    "ask_again": frozenset({(State.GIVEN_BACK, State.UNSIGNED), (State.TO_REPLY, State.UNSIGNED)}),
    "reply": frozenset({(State.TO_REPLY, State.TO_REVIEW)}),
    "return": frozenset({(State.TO_REVIEW, State.TO_REPLY), (State.TO_VERIFY, State.TO_REPLY)}),
    "accept": frozenset({(State.TO_REVIEW, State.TO_VERIFY)}),
    "close": frozenset({(State.TO_VERIFY, State.CLOSED)}),
    "reopen": frozenset({(State.CLOSED, State.TO_REPLY)}),
    "withdraw": frozenset(
        {(state, state) for state in UNANSWERED}
        | {(state, State.WITHDRAWN) for state in UNANSWERED}
    ),
    "extend": frozenset({(state, state) for state in UNANSWERED}),
}
"""Act → from where to where. A withdrawal and an extension wait for a second person."""


def may(act: str, state: State) -> bool:
    """Whether an act is possible in a state.

    >>> may("close", State.TO_VERIFY), may("close", State.TO_REVIEW)
    (True, False)
    """
    return any(source is state for source, _ in TRANSITIONS[act])


def state_of(*, status: str, signing: str, accepted: bool) -> State:
    """The state that follows from the commitment's status, its signature and an acceptance.

    `signing` is the status of the request for a signature; empty where none is asked.
    """
    if status == Status.OPEN:
        if signing == "returned":
            return State.GIVEN_BACK
        return State.UNSIGNED if signing == "waiting" else State.TO_REPLY
    if status == Status.DELIVERED:
        return State.TO_VERIFY if accepted else State.TO_REVIEW
    if status == Status.KEPT:
        return State.CLOSED
    return State.BROKEN if status == Status.BROKEN else State.WITHDRAWN


def last_day(due: date | None, again_by: date | None) -> date | None:
    """The last day for the reply: the deadline, or a later one given with a return."""
    days = [day for day in (due, again_by) if day]
    return max(days, default=None)


def has_lapsed(state: State, last: date | None, today: date) -> bool:
    """Whether the reply is owed and its last day has passed."""
    return state in UNANSWERED and last is not None and last < today


@dataclass(frozen=True)
class Standing:
    """The last step taken on one commitment, as the table asks about it."""

    step: Step
    state: State
    issued: date
    lapsed: bool

    @property
    def situation(self) -> str:
        """The last step in the words of the table."""
        if self.lapsed or self.state is State.BROKEN:
            return "逾期未回复"
        if self.state in UNANSWERED:
            return "办理中"
        return "待审核" if self.state in RUNNING else "已办结"
