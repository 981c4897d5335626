"""The rows of a case, for the commands that change them: locked, numbered, with clocks kept."""

import re
from collections.abc import Sequence
from datetime import date, datetime

from django.db import connection

from yinuo.cases.access.cases import sees
from yinuo.cases.clocks import dates_of
from yinuo.cases.errors.cases import ToldElsewhere, UnknownCase, UnknownTrack, WrongCaseState
from yinuo.cases.life import LIFE, STATUS_LABELS, CaseStatus, Channel, EventKind
from yinuo.cases.models import Case, CaseEvent, CaseSeries, Correction, ItemVersion
from yinuo.cases.stored.cases import clocks_of
from yinuo.cases.stored.columns import columns_from
from yinuo.cases.tracks import track_mark
from yinuo.commitments.errors import Invalid
from yinuo.content.calendars import working_calendar
from yinuo.kernel.calendar import OutsideHorizon
from yinuo.kernel.clock_errors import (
    ClockError,
    ExtensionWithoutApproval,
    GroundNotAllowed,
    RemovesNothing,
    ResumeWithoutStop,
    SecondResume,
)
from yinuo.ledger.commands.recording import By, command, put_text, record
from yinuo.parties.viewer import Viewer

LONGEST_SAID = 4_000
LONGEST_NOTICE = 80
FIELD_OF: dict[type[ClockError], str] = {
    GroundNotAllowed: "ground",
    ResumeWithoutStop: "stop",
    SecondResume: "stop",
    ExtensionWithoutApproval: "amount",
    RemovesNothing: "event",
}
"""The field at which a fault of the clock stands; all others are about the time."""
# The reads of every step are written out: Django takes several times as long to put such a query
# together as the database to answer it.
ONE_CASE = "SELECT * FROM cases_case WHERE code = %s"
ONE_CASE_LOCKED = "SELECT * FROM cases_case WHERE code = %s FOR UPDATE"
ITS_VERSION = "SELECT code, version, item_id, number, sha256 FROM cases_itemversion WHERE code = %s"
"""Without what the item says: that is read once (`definition_of`)."""
ITS_EVENTS = "SELECT * FROM cases_caseevent WHERE case_id = %s ORDER BY number"
ITS_MATERIALS = "SELECT name, state FROM cases_casematerial WHERE case_id = %s ORDER BY key"
ITS_OPEN_CORRECTION = "SELECT * FROM cases_correction WHERE case_id = %s AND answered_at IS NULL"
COUNT_ON = (
    "UPDATE cases_caseseries SET last = last + %s WHERE unit_id = %s AND year = %s RETURNING last"
)
_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")
Faults = list[tuple[str, str]]


def next_code(unit: str, year: int) -> str:
    """The next number of a unit's cases in a year, such as `DL-SJJ-2024-000123`."""
    return next_codes(unit, year, 1)[0]


def next_codes(unit: str, year: int, count: int) -> list[str]:
    """The next `count` numbers of a unit's cases in a year.

    The row of the series is locked until the transaction ends; other units do not wait.
    """
    last = _count_on(unit, year, count)
    if last is None:
        CaseSeries.objects.bulk_create([CaseSeries(unit_id=unit, year=year)], ignore_conflicts=True)
        last = _count_on(unit, year, count)
    assert last is not None  # noqa: S101  # it is there now
    return [f"{unit}-{year}-{number:06d}" for number in range(last - count + 1, last + 1)]


def _count_on(unit: str, year: int, count: int) -> int | None:
    """The last number after counting a series on; None where there is none yet."""
    with connection.cursor() as cursor:
        cursor.execute(COUNT_ON, [count, unit, year])
        found = cursor.fetchone()
    return found[0] if found else None


def locked_case(code: str, by: Viewer, version: int | None = None) -> Case:
    """The case, locked; one that the actor may not see does not exist.

    Raises `UnknownCase`; a stale version is refused by the guarded write.
    """
    row = _locked(code)
    if row is None or not by.signed_in or not sees(by, row):
        raise UnknownCase(code)
    if version is not None and row.version != version:
        row.version = version
    return row


def tracked_case(code: str, track: str, version: int | None = None) -> Case:
    """The case, locked, for the applicant who holds its 查询码. Raises `UnknownTrack`."""
    row = _locked(code)
    if row is None or not row.track_mark or row.track_mark != track_mark(track):
        raise UnknownTrack
    if version is not None and row.version != version:
        row.version = version
    return row


def _locked(code: str) -> Case | None:
    # On SQLite every transaction already is the only one that writes.
    statement = ONE_CASE_LOCKED if connection.vendor == "postgresql" else ONE_CASE
    row = next(iter(Case.objects.raw(statement, [code])), None)
    if row is not None:
        (row.item_version,) = ItemVersion.objects.raw(ITS_VERSION, [row.item_version_id])
    return row


def advance(row: Case, verb: str, wanted: str, *, by_law: bool = False) -> None:
    """Move the state as the transition table says. Raises `WrongCaseState`, `ToldElsewhere`.

    What happens `by_law` happens to every case, wherever it is handled.
    """
    if not by_law:
        _require_typed(row, wanted)
    target = LIFE.target(row.status, verb)
    if target is None:
        raise WrongCaseState(row.code, STATUS_LABELS[CaseStatus(row.status)], wanted)
    row.status = target


def require_status(
    row: Case, *, allowed: frozenset[CaseStatus], wanted: str, fed: bool = False
) -> None:
    """Raises `WrongCaseState` where the case stands elsewhere.

    `ToldElsewhere` for a case of a window's own system, unless `fed` says that this is typed here.
    """
    if not fed:
        _require_typed(row, wanted)
    if row.status not in allowed:
        raise WrongCaseState(row.code, STATUS_LABELS[CaseStatus(row.status)], wanted)


def _require_typed(row: Case, wanted: str) -> None:
    """What the next event of a window's system would overwrite is not typed beside it."""
    if row.channel == Channel.FEED:
        raise ToldElsewhere(row.code, row.source, wanted)


def said_faults(field: str, label: str, text: str, *, longest: int = LONGEST_SAID) -> Faults:
    """What is wrong with words that somebody has to write."""
    if not text.strip():
        return [(field, f"请填写{label}")]
    return word_faults(field, label, text, longest=longest)


def word_faults(field: str, label: str, text: str, *, longest: int) -> Faults:
    """What is wrong with words that may be left out."""
    faults = []
    if len(text) > longest:
        faults.append((field, f"{label}有 {len(text):,} 字，最多 {longest:,} 字"))
    if _CONTROLS.search(text):
        faults.append((field, f"{label}中有不可见的控制字符，请删去"))
    return faults


def time_faults(
    field: str, happened_at: datetime, *, at: datetime, after: datetime | None, what: str
) -> Faults:
    """What is wrong with when something is said to have happened.

    It may not come before `after`, which is called `what`.
    """
    if happened_at > at:
        return [(field, "发生时间还没有到")]
    if after is not None and happened_at < after:
        return [(field, f"发生时间早于{what}")]
    return []


def events_of(row: Case) -> list[CaseEvent]:
    """The events of the clocks of a case, in order."""
    return list(CaseEvent.objects.raw(ITS_EVENTS, [row.code]))


def states_of(row: Case) -> list[tuple[str, str]]:
    """Name and state of each document of a case, in order of their keys."""
    with connection.cursor() as cursor:
        cursor.execute(ITS_MATERIALS, [row.code])
        return list(cursor.fetchall())


def open_correction(row: Case) -> Correction | None:
    """What was asked for and not answered yet; there is one at most."""
    return next(iter(Correction.objects.raw(ITS_OPEN_CORRECTION, [row.code])), None)


@command("case.put_event", part=True)
def put_event(
    row: Case,
    kind: EventKind,
    events: list[CaseEvent],
    *,
    by: By,
    at: datetime,
    happened_at: datetime | None,
    event: str = "",
    ground: str = "",
    refers: str = "",
    amount: int | None = None,
    of: str = "",
    planned_until: date | None = None,
    notice: str = "",
    approver: str = "",
    reason: str = "",
) -> CaseEvent:
    """Write one event of the clocks of a locked case; the caller then calls `recompute`.

    `events`: all that there are, in order; the new one is put at their end. Raises `ClockError` or
    `OutsideHorizon` where the clock may not record it.
    """
    number = events[-1].number + 1 if events else 1
    new = CaseEvent(
        code=f"{row.code}/T{number}",
        case=row,
        number=number,
        kind=kind,
        happened_at=happened_at,
        noted_at=at,
        event=event,
        ground=ground,
        refers=refers,
        amount=amount,
        of=of,
        planned_until=planned_until,
        notice=notice,
        approver=approver,
        reason_text=reason,
    )
    dates_of(clocks_of(row, [*events, new]), working_calendar())
    new.reason_text = put_text(reason)
    record(new, verb=f"case_event.{kind}", by=by, at=happened_at or at)
    events.append(new)
    return new


def clock_fault(error: ClockError | OutsideHorizon, *, place: str) -> Invalid:
    """What the clock refuses, as a fault at its field."""
    field = "happened_at"
    if isinstance(error, ClockError):
        field = FIELD_OF.get(type(error), field)
    words = f"{error.what}。{error.next_step}" if error.next_step else error.what
    return Invalid(place, [(field, words)])


def recompute(row: Case, events: Sequence[CaseEvent] | None = None) -> None:
    """Set what a case repeats of its events (`columns.columns_from`); the caller records it.

    `events`: all of them in order, where the caller has them. Raises `OutsideHorizon`.
    """
    found = columns_from(
        row,
        events_of(row) if events is None else events,
        answer_due=_answer_due(row),
        calendar=working_calendar(),
    )
    for name, value in found.items():
        setattr(row, name, value)


def _answer_due(row: Case) -> date | None:
    """Until when the applicant may answer; asked only of a case that waits for it."""
    if row.status != CaseStatus.CORRECTING:
        return None
    waiting = open_correction(row)
    return waiting.answer_due if waiting else None
