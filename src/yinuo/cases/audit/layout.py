"""Which column of an event log holds what, and which words start, stop and end a case."""

import datetime as dt
from dataclasses import dataclass

from yinuo.kernel.limits import DayType, Limit


@dataclass(frozen=True, kw_only=True)
class Words:
    """The events that matter to a clock, as the log writes them."""

    start: frozenset[str]
    end: frozenset[str]
    stop: frozenset[str] = frozenset()
    resume: frozenset[str] = frozenset()


@dataclass(frozen=True, kw_only=True)
class Layout:
    """How a log is read. Columns are named as in its header."""

    case: str
    event: str
    time: str
    department: str = ""
    ground: str = ""
    """Why the clock stops; without the column, the word of the event is the ground."""
    words: Words
    limit: Limit | None = None
    """The same for all; else each case has its own in one of the next two columns."""
    limit_column: str = ""
    limit_unit: DayType | None = None
    """Of a limit column that holds bare numbers."""
    due_column: str = ""
    """The deadline itself, as a date."""
    cutoff: dt.time | None = None
    allowed: frozenset[str] | None = None
    """The grounds that may stop the clock; None: any may."""

    @property
    def columns(self) -> dict[str, str]:
        """Option → column that must be there."""
        named = {
            "--case": self.case,
            "--event": self.event,
            "--time": self.time,
            "--department": self.department,
            "--ground": self.ground,
            "--limit-column": self.limit_column,
            "--due-column": self.due_column,
        }
        return {option: column for option, column in named.items() if column}
