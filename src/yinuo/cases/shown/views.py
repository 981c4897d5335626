"""The parts of a case as pages show them."""

from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True, kw_only=True)
class ClockView:
    """One of the two clocks."""

    name: str
    """法定 or 承诺."""
    limit: str
    """As people say it, such as `8 个工作日`; 即办."""
    plain_due: date | None
    """Without stops and extensions."""
    due: date | None
    """None before the start, and while an open stop leaves it unknown."""
    state: str
    """`not_started`, `running`, `paused`, `expired`; `done` once decided."""
    words: str
    """One line, such as 还有 3 个工作日."""
    unit: str
    """What the figures count: 个工作日, 日（自然日）, 小时."""
    allowance: int
    consumed: int
    remaining: int
    overdue: int
    stopped: tuple[tuple[str, int], ...]
    """Ground and units."""
    kept: bool | None
    """Of a decided case: whether it was decided in time."""
    provisional: bool
    explanation: tuple[str, ...]
    basis: str


@dataclass(frozen=True, kw_only=True)
class MaterialView:
    """One document."""

    code: str
    key: str
    name: str
    required: bool
    state: str
    state_label: str
    wish: str
    wish_until: date | None
    given_at: datetime | None
    file_name: str
    """Empty where there is no file."""
    sha256: str
    media_type: str
    size: int
    note: str
    deferrable: bool
    deferral: str
    declarable: bool
    held_by: str


@dataclass(frozen=True, kw_only=True)
class CorrectionView:
    """一次告知."""

    code: str
    asked_at: datetime
    asked_late: bool
    keys: tuple[str, ...]
    names: tuple[str, ...]
    said: str
    notice: str
    answer_due: date | None
    answered_at: datetime | None


@dataclass(frozen=True, kw_only=True)
class StopView:
    """One stop with its end."""

    code: str
    ground: str
    basis: str
    stops: str
    """法定和承诺, 法定 or 承诺."""
    since: datetime
    until: datetime | None
    planned_until: date | None
    notice: str
    reason: str
    recorded_late: bool
    removed: bool


@dataclass(frozen=True, kw_only=True)
class ExtensionView:
    """A request for more time."""

    code: str
    of: str
    amount: str
    reason: str
    asked_by: str
    asked_at: datetime
    granted: bool | None
    decided_by: str
    answer: str


@dataclass(frozen=True, kw_only=True)
class TimelineRow:
    """One thing that happened."""

    entry_id: int
    at: datetime
    recorded_at: datetime
    late: bool
    """Recorded more than a day after it happened (补录)."""
    who: str
    duty: str
    what: str
    why: str
    leaf_index: int | None
