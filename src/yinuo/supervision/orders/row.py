"""An order as lists show it."""

from dataclasses import dataclass
from datetime import date

from yinuo.supervision.orders.steps import State, Step


@dataclass(frozen=True, kw_only=True)
class OrderRow:
    """An order as a line of a list."""

    code: str
    step: Step
    label: str
    number: str
    """发文字号."""
    title: str
    unit: str
    unit_name: str
    office: str
    office_name: str
    issued_date: date
    reply_by: date
    """The last day for the reply, with extensions and renewed replies."""
    sign_by: date | None
    state: State
    state_label: str
    lapsed: bool
    days_left: str
    """To the last day, in words; empty once it is replied to."""
    extended: bool
    """Whether the deadline was moved."""
