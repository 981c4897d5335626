"""受理, 不予受理, 撤件."""

from datetime import datetime

from yinuo.cases.access.cases import act_at_window
from yinuo.cases.clocks import ACCEPTED
from yinuo.cases.commands.correct import as_party
from yinuo.cases.commands.joining import rejoin
from yinuo.cases.commands.rows import (
    LONGEST_NOTICE,
    Faults,
    advance,
    clock_fault,
    events_of,
    locked_case,
    open_correction,
    put_event,
    recompute,
    said_faults,
    states_of,
    time_faults,
    word_faults,
)
from yinuo.cases.life import Accepted, EventKind, MaterialState
from yinuo.cases.models import Case
from yinuo.cases.stored.cases import definition_of
from yinuo.cases.trust import track_of
from yinuo.commitments.errors import Invalid
from yinuo.kernel.calendar import OutsideHorizon
from yinuo.kernel.clock_errors import ClockError
from yinuo.kernel.instants import civil_date
from yinuo.ledger.commands.recording import By, command, put_text, record
from yinuo.notices.commands.tell import Telling, settle, tell
from yinuo.parties.viewer import Viewer

VERBS = {Accepted.DEEMED: "case.deemed_accepted"}
STATES = {
    Accepted.WITH_GAP: MaterialState.DEFERRED,
    Accepted.ON_DECLARATION: MaterialState.DECLARED,
}
"""The state of a document without which a case cannot be accepted in that way."""


@command("case.put_accepted", part=True)
def put_accepted(
    row: Case, how: Accepted, by: By, at: datetime, happened_at: datetime, *, basis: str = ""
) -> None:
    """Write a locked case as accepted, start its clocks, keep its due dates.

    Permission and documents were checked by the caller. `basis`: the law, where nobody decided it.
    Raises `WrongCaseState`, and `Invalid` (field `happened_at`).
    """
    verb = VERBS.get(how, "case.accepted")
    faults = time_faults("happened_at", happened_at, at=at, after=row.received_at, what="收件时间")
    if faults:
        raise Invalid(row.code, faults)
    advance(row, verb, "受理", by_law=bool(basis))
    row.accepted_at, row.accepted_how, row.tell_due = happened_at, how, None
    row.track = track_of(row, definition_of(row.item_version), civil_date(at))
    events = events_of(row)
    try:
        put_event(
            row,
            EventKind.START,
            events,
            by=by,
            at=at,
            happened_at=happened_at,
            event=ACCEPTED,
            notice=basis,
        )
        recompute(row, events)
    except (ClockError, OutsideHorizon) as error:
        raise clock_fault(error, place=row.code) from error
    _close_correction(row, by, at)
    record(row, verb=verb, by=by, at=happened_at)
    _tell_unit(row, by, at)


def _close_correction(row: Case, by: By, at: datetime) -> None:
    """What was still asked for is no longer waited for."""
    waiting = open_correction(row)
    if waiting is not None:
        waiting.answered_at = at
        record(waiting, verb="correction.closed", by=by, at=at)


def _tell_unit(row: Case, by: By, at: datetime) -> None:
    """The unit that decides learns by when, where somebody else accepted."""
    settle(about=[row.subject], at=at)
    if by.capacity == f"officer:{row.unit_id}":
        return
    tell(
        tellings=[
            Telling(
                to_unit=row.unit_id,
                role="officer",
                topic="case.accepted",
                title=f"办件 {row.code} 已受理，{row.sort_due} 前办结",
                page="case",
                args=(row.code,),
                about=row.subject,
                due=row.sort_due,
            )
        ],
        at=at,
    )


@command("case.accept")
def accept(
    *,
    case: str,
    how: Accepted = Accepted.PLAIN,
    by: Viewer,
    at: datetime,
    happened_at: datetime | None = None,
    version: int | None = None,
) -> None:
    """Accept a case whose required documents are all there (given, held, declared, deferred).

    Raises `UnknownCase`, `NotAllowed`, `WrongCaseState`, `Invalid` (field `materials`, or
    `happened_at`), `StaleVersion`.
    """
    row = locked_case(case, by, version)
    acting = act_at_window(row, by)
    faults = material_faults(row, how)
    if faults:
        raise Invalid(row.code, faults)
    put_accepted(row, how, acting, at, happened_at or at)


def material_faults(row: Case, how: Accepted) -> Faults:
    """What of the documents speaks against accepting a case in that way."""
    materials = states_of(row)
    missing = [name for name, state in materials if state == MaterialState.MISSING]
    faults = []
    if missing:
        names = "、".join(f"“{name}”" for name in missing)
        faults.append(("materials", f"还缺 {names}，请一次告知补正，或办理容缺、告知承诺"))
    for way, its in STATES.items():
        some = any(state == its for _, state in materials)
        if some and how == Accepted.PLAIN:
            faults.append(("materials", "有材料容缺或以承诺替代，请按相应方式受理"))
        if not some and how == way:
            faults.append(("materials", "没有材料是这样替代的，请按普通方式受理"))
    return faults


@command("case.refuse")
def refuse(
    *,
    case: str,
    reason: str,
    notice: str = "",
    by: Viewer,
    at: datetime,
    version: int | None = None,
) -> None:
    """不予受理, with a reason for the applicant. Raises as `accept`."""
    row = locked_case(case, by, version)
    acting = act_at_window(row, by)
    faults = said_faults("reason", "不予受理的理由", reason)
    faults += word_faults("notice", "文书编号", notice, longest=LONGEST_NOTICE)
    if faults:
        raise Invalid(row.code, faults)
    words = f"{reason.strip()}（{notice.strip()}）" if notice.strip() else reason.strip()
    _end(row, "case.refused", "不予受理", words, by=acting, at=at)


@command("case.withdraw")
def withdraw(
    *,
    case: str,
    reason: str,
    at: datetime,
    by: Viewer | None = None,
    track: str | None = None,
    version: int | None = None,
) -> None:
    """撤件: the applicant takes the application back, by 查询码 or through the window.

    Raises `UnknownCase`, `UnknownTrack`, `NotAllowed`, `WrongCaseState`, `Invalid`.
    """
    row, acting = as_party(case, by=by, track=track, version=version)
    faults = said_faults("reason", "撤件的理由", reason)
    if faults:
        raise Invalid(row.code, faults)
    _end(row, "case.withdrawn", "撤件", reason.strip(), by=acting, at=at)


def _end(row: Case, verb: str, wanted: str, reason: str, *, by: By, at: datetime) -> None:
    advance(row, verb, wanted)
    row.decision_text, row.ended_at, row.tell_due = put_text(reason), at, None
    _close_correction(row, by, at)
    recompute(row)
    record(row, verb=verb, by=by, at=at)
    rejoin(case=row, by=by, at=at)
    settle(about=[row.subject], at=at)
