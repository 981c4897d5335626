"""The day's work by clock: lists of cases, counted filters, what waits for a viewer."""

from dataclasses import dataclass
from datetime import date, datetime

from yinuo.parties.viewer import Viewer

MOST_COUNTED = 1_000


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """Filters of the list; empty ones do not filter."""

    show: str = "open"
    """`open` (somebody has to act), `late`, `today`, `week`, `stopped`, `received` (to accept),
    `correcting`, `accepted` (to decide), `decided` (to deliver), `done` or `all`."""
    item: str = ""
    unit: str = ""
    window: str = ""
    code: str = ""
    """Beginning of a case number."""


@dataclass(frozen=True, kw_only=True)
class CaseRow:
    """One line of the list."""

    code: str
    item: str
    title: str
    applicant: str
    unit: str
    unit_name: str
    status: str
    status_label: str
    received_at: datetime
    next_due: date | None
    promised_due: date | None
    legal_due: date | None
    days_left: int | None
    """Working days to `next_due`; negative once late."""
    late: bool
    stopped: bool
    provisional: bool
    joint: str
    simulated: bool


@dataclass(frozen=True, kw_only=True)
class Page:
    """A page of the list."""

    rows: tuple[CaseRow, ...]
    after: str
    """Cursor of the next page; empty at the end."""


@dataclass(frozen=True, kw_only=True)
class Bounded:
    """A count that stops at `MOST_COUNTED`."""

    number: int
    more: bool

    def __str__(self) -> str:
        return f"{self.number:,}+" if self.more else f"{self.number:,}"


def cases(
    *, viewer: Viewer, at: datetime, wanted: Wanted, after: str = "", limit: int = 50
) -> Page:
    """The cases a viewer may read, by the next date somebody has to act."""
    raise NotImplementedError


def counts(*, viewer: Viewer, at: datetime, wanted: Wanted) -> dict[str, Bounded]:
    """How many cases each value of `Wanted.show` would give, the other filters kept."""
    raise NotImplementedError


def choices(*, viewer: Viewer) -> dict[str, tuple[tuple[str, str], ...]]:
    """What the filters `item`, `unit`, `window` may be set to: (code, name) each."""
    raise NotImplementedError


@dataclass(frozen=True, kw_only=True)
class Today:
    """What waits for a viewer today."""

    to_accept: Bounded
    to_decide: Bounded
    to_deliver: Bounded
    late: Bounded
    due_today: Bounded
    extensions: int
    """Requests that wait for this viewer's approval."""


def today(*, viewer: Viewer, at: datetime) -> Today:
    """Counts for the inbox."""
    raise NotImplementedError
