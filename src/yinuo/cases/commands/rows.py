"""The rows of a case, for the commands that change them: locked, numbered, with clocks kept."""

import re
from collections.abc import Sequence
from datetime import date, datetime

from django.db.models import F

from yinuo.cases.case_rows import clocks_of
from yinuo.cases.clocks import dates_of
from yinuo.cases.columns import columns_of
from yinuo.cases.errors.cases import ToldElsewhere, UnknownCase, UnknownTrack, WrongCaseState
from yinuo.cases.life import STATUS_LABELS, CaseStatus, Channel, EventKind, target_of
from yinuo.cases.models import Case, CaseEvent, CaseSeries
from yinuo.cases.permission import sees
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
_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")
Faults = list[tuple[str, str]]


def next_code(unit: str, year: int) -> str:
    """The next number of a unit's cases in a year, such as `DL-SJJ-2024-000123`."""
    return next_codes(unit, year, 1)[0]


def next_codes(unit: str, year: int, count: int) -> list[str]:
    """The next `count` numbers of a unit's cases in a year.

    The row of the series is locked until the transaction ends; other units do not wait.
    """
    series = CaseSeries.objects.filter(unit=unit, year=year)
    if series.update(last=F("last") + count) == 0:
        CaseSeries.objects.bulk_create([CaseSeries(unit_id=unit, year=year)], ignore_conflicts=True)
        series.update(last=F("last") + count)
    last = series.values_list("last", flat=True).get()
    return [f"{unit}-{year}-{number:06d}" for number in range(last - count + 1, last + 1)]


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
    rows = Case.objects.select_for_update(of=("self",)).select_related("item_version__item")
    return rows.filter(code=code).first()


def advance(row: Case, verb: str, wanted: str, *, by_law: bool = False) -> None:
    """Move the state as the transition table says. Raises `WrongCaseState`, `ToldElsewhere`.

    What happens `by_law` happens to every case, wherever it is handled.
    """
    if not by_law:
        _require_typed(row, wanted)
    target = target_of(row.status, verb)
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


@command("case.put_event")
def put_event(
    row: Case,
    kind: EventKind,
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

    Raises `ClockError` or `OutsideHorizon` where the clock may not record it; nothing is written
    then.
    """
    before = list(row.events.order_by("number"))
    number = before[-1].number + 1 if before else 1
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
    dates_of(clocks_of(row, [*before, new]), working_calendar())
    new.reason_text = put_text(reason)
    record(new, verb=f"case_event.{kind}", by=by, at=happened_at or at)
    return new


def clock_fault(error: ClockError | OutsideHorizon, *, place: str) -> Invalid:
    """What the clock refuses, as a fault at its field."""
    field = "happened_at"
    if isinstance(error, ClockError):
        field = FIELD_OF.get(type(error), field)
    words = f"{error.what}。{error.next_step}" if error.next_step else error.what
    return Invalid(place, [(field, words)])


def recompute(row: Case, events: Sequence[CaseEvent] | None = None) -> None:
    """Set what a case repeats of its events (`columns.columns_of`); the caller records it.

    `events`: all of them in order, where the caller has them. Raises `OutsideHorizon`.
    """
    waiting = row.corrections.filter(answered_at=None).first()
    found = columns_of(
        row,
        list(row.events.order_by("number")) if events is None else events,
        answer_due=waiting.answer_due if waiting else None,
        calendar=working_calendar(),
    )
    for name, value in found.items():
        setattr(row, name, value)
