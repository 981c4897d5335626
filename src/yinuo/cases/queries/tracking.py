"""A case as its applicant sees it, by the 查询码 of the receipt."""

from dataclasses import dataclass
from datetime import date, datetime

from yinuo.cases.queries.case import ClockView, CorrectionView, MaterialView, StopView


@dataclass(frozen=True, kw_only=True)
class TrackedStep:
    """One thing that happened, in plain words; nobody's name."""

    at: datetime
    what: str
    why: str


@dataclass(frozen=True, kw_only=True)
class TrackedCase:
    """Everything the applicant may know; nothing of third persons."""

    code: str
    version: int
    item: str
    item_number: int
    title: str
    unit_name: str
    phone: str
    applicant_name: str
    about: str
    status: str
    status_label: str
    line: str
    """The state in one sentence, with what happens next and by when."""
    received_at: datetime
    accepted_how: str
    decision: str
    decision_label: str
    decision_said: str
    tell_due: date | None
    legal: ClockView | None
    promised: ClockView | None
    materials: tuple[MaterialView, ...]
    correction: CorrectionView | None
    """The open one."""
    stops: tuple[StopView, ...]
    steps: tuple[TrackedStep, ...]
    can_withdraw: bool
    joint: str
    simulated: bool


def public_case(*, track: str, at: datetime) -> TrackedCase:
    """The case that goes by this 查询码. Raises `UnknownTrack`, the same for every wrong one."""
    raise NotImplementedError


def public_tracked_code(*, track: str) -> str:
    """Only its number, for a session that shall show it again. Raises `UnknownTrack`."""
    raise NotImplementedError
