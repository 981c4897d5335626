"""A simulated stretch of the year: reports, requests and findings, played from a CSV file.

Everything it does goes through the same commands as on the pages, at the dates in the file, so a
demo has a real ledger. It runs only in a demo home.
"""

import csv
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from pathlib import Path

from yinuo.commitments.commands import change, deliver, judge
from yinuo.commitments.life import ChangeKind
from yinuo.commitments.queries.changes import changes_of
from yinuo.kernel.errors import YinuoError
from yinuo.kernel.instants import SHANGHAI
from yinuo.parties.viewer import Viewer

MORNING = time(10, 0, tzinfo=SHANGHAI)


class NothingWaits(YinuoError):
    """The file decides a request that nobody made."""

    code = "DEMO-E001"

    def __init__(self, commitment: str) -> None:
        super().__init__(
            "没有待批准的申请", place=commitment, next_step="请检查 demo.csv 中申请与批准的先后"
        )


@dataclass(frozen=True)
class Event:
    """One row of the file."""

    at: datetime
    account: str
    action: str
    commitment: str
    value: str
    day: str
    """ISO date that belongs to the action: as of, done on, or the new deadline."""
    text: str


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


def _waiting(event: Event, by: Viewer) -> str:
    """Code of the request about the commitment that waits for a decision."""
    for view in changes_of(commitment=event.commitment, viewer=by):
        if view.waiting:
            return view.code
    raise NothingWaits(event.commitment)


def _report(e: Event, by: Viewer) -> None:
    as_of = date.fromisoformat(e.day)
    deliver.report(
        commitment=e.commitment, as_of_date=as_of, value=e.value, note=e.text, by=by, at=e.at
    )


def _deliver(e: Event, by: Viewer) -> None:
    done = date.fromisoformat(e.day)
    deliver.deliver(commitment=e.commitment, delivered_date=done, note=e.text, by=by, at=e.at)


def _move(e: Event, by: Viewer) -> None:
    change.ask(
        commitment=e.commitment,
        kind=ChangeKind.MOVED,
        new={"due": e.day},
        reason=e.text,
        by=by,
        at=e.at,
    )


def _part(e: Event, by: Viewer) -> None:
    kind = ChangeKind.KEPT_IN_PART
    change.ask(commitment=e.commitment, kind=kind, new={}, reason=e.text, by=by, at=e.at)


def _approve(e: Event, by: Viewer) -> None:
    change.approve(change=_waiting(e, by), reason=e.text, by=by, at=e.at)


def _refuse(e: Event, by: Viewer) -> None:
    change.refuse(change=_waiting(e, by), reason=e.text, by=by, at=e.at)


def _verify(e: Event, by: Viewer) -> None:
    judge.verify(commitment=e.commitment, note=e.text, by=by, at=e.at)


def _reject(e: Event, by: Viewer) -> None:
    judge.reject(commitment=e.commitment, note=e.text, by=by, at=e.at)


def _broken(e: Event, by: Viewer) -> None:
    judge.find_broken(commitment=e.commitment, note=e.text, by=by, at=e.at)


ACTIONS: Mapping[str, Callable[[Event, Viewer], None]] = {
    "report": _report,
    "deliver": _deliver,
    "move": _move,
    "part": _part,
    "approve": _approve,
    "refuse": _refuse,
    "verify": _verify,
    "reject": _reject,
    "broken": _broken,
}


def play(
    events: tuple[Event, ...],
    *,
    viewers: Mapping[str, Viewer],
    progress: Callable[[], None] = lambda: None,
) -> None:
    """Play all events in order, each by its account."""
    for event in events:
        ACTIONS[event.action](event, viewers[event.account])
        progress()
