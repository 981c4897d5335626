"""One row of a demo file: who does what to which promise, on which day."""

import csv
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from pathlib import Path

from yinuo.kernel.instants import SHANGHAI

MORNING = time(10, 0, tzinfo=SHANGHAI)


@dataclass(frozen=True)
class Event:
    """One row of the file."""

    at: datetime
    account: str
    action: str
    commitment: str
    value: str
    day: str
    """ISO date that belongs to the action: as of, done on, the new deadline, to sign by."""
    text: str

    @property
    def date(self) -> date:
        """`day` as a date."""
        return date.fromisoformat(self.day)


def instant(day: str) -> datetime:
    """Ten in the morning of that day in China, as an instant."""
    return datetime.combine(date.fromisoformat(day), MORNING).astimezone(UTC)


def read_events(path: Path) -> tuple[Event, ...]:
    """The rows of a demo file, in their order."""
    with path.open(encoding="utf-8", newline="") as file:
        return tuple(
            Event(
                at=instant(row["date"]),
                account=row["account"],
                action=row["action"],
                commitment=row["commitment"],
                value=row["value"],
                day=row["day"],
                text=row["text"],
            )
            for row in csv.DictReader(file)
        )
