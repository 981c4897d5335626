"""Stops, resumes, extensions and removals on the clocks of a case."""

from datetime import date, datetime, timedelta

from yinuo.cases.access.cases import act_as_watcher, act_in_department, sees
from yinuo.cases.clocks import dates_of, limits_of
from yinuo.cases.commands.rows import (
    LONGEST_NOTICE,
    Faults,
    clock_fault,
    events_of,
    locked_case,
    put_event,
    recompute,
    require_status,
    said_faults,
    time_faults,
    word_faults,
)
from yinuo.cases.errors.cases import ExtensionDecided, ExtensionWaiting, UnknownExtension
from yinuo.cases.items.definition import LEGAL, PROMISED
from yinuo.cases.life import CaseStatus, EventKind
from yinuo.cases.models import Case, CaseEvent, ExtensionRequest
from yinuo.cases.stored.cases import clocks_of, definition_of, open_stops
from yinuo.commitments.errors import Invalid
from yinuo.commitments.wording import short_wording
from yinuo.content.calendars import working_calendar
from yinuo.kernel.calendar import OutsideHorizon
from yinuo.kernel.clock_errors import ClockError
from yinuo.kernel.instants import civil_date
from yinuo.kernel.limits import DayType
from yinuo.ledger.commands.recording import By, command, put_text, record
from yinuo.ledger.history import last_actor
from yinuo.notices.commands.tell import Telling, settle, tell
from yinuo.parties.viewer import NotAllowed, Viewer

LONGEST_STOP = timedelta(days=3 * 366)
"""How long a stop may be planned; a later day is a slip of the year."""
RUNNING = frozenset({CaseStatus.ACCEPTED})
LICENCE = "行政许可"
MOST_BY_LAW, MOST_JOINT = 10, 15
"""Working days by which a licence may be extended (行政许可法 第四十二条)."""


@command("case.stop")
def stop(
    *,
    case: str,
    ground: str,
    happened_at: datetime,
    planned_until: date,
    notice: str,
    reason: str,
    by: Viewer,
    at: datetime,
    version: int | None = None,
) -> str:
    """Stop the clocks on a ground of the item; returns the code of the event.

    By an officer of the deciding unit. What the clock refuses (before the start, before the last
    restart, in the future, a ground that is not allowed) is a fault at its field. Raises
    `UnknownCase`, `NotAllowed`, `WrongCaseState`, `Invalid`, `StaleVersion`.
    """
    row = locked_case(case, by, version)
    acting = act_in_department(row, by)
    require_status(row, allowed=RUNNING, wanted="暂停计时")
    faults = said_faults("reason", "暂停的理由", reason)
    faults += said_faults("notice", "书面告知的文号", notice, longest=LONGEST_NOTICE)
    faults += time_faults("happened_at", happened_at, at=at, after=row.accepted_at, what="受理时间")
    if planned_until < civil_date(happened_at):
        faults.append(("planned_until", "预计恢复的日期早于暂停"))
    elif planned_until > civil_date(happened_at) + LONGEST_STOP:
        faults.append(("planned_until", f"预计恢复的日期 {planned_until} 太远，请核对年份"))
    if any(one.ground == ground for one in open_stops(row.events.all())):
        faults.append(("ground", f"“{ground}”的暂停还没有恢复，不能重复暂停"))
    if faults:
        raise Invalid(row.code, faults)
    return _put(
        row,
        EventKind.STOP,
        "case.stopped",
        by=acting,
        at=at,
        happened_at=happened_at,
        ground=ground,
        planned_until=planned_until,
        notice=notice.strip(),
        reason=reason.strip(),
    )


@command("case.resume")
def resume(
    *,
    case: str,
    stop: str,
    happened_at: datetime,
    notice: str,
    by: Viewer,
    at: datetime,
    reason: str = "",
    version: int | None = None,
) -> str:
    """End the stop with that code; returns the code of the event. Raises as `stop`."""
    row = locked_case(case, by, version)
    acting = act_in_department(row, by)
    require_status(row, allowed=RUNNING, wanted="恢复计时")
    faults = word_faults("notice", "书面告知的文号", notice, longest=LONGEST_NOTICE)
    faults += time_faults("happened_at", happened_at, at=at, after=row.accepted_at, what="受理时间")
    if faults:
        raise Invalid(row.code, faults)
    return _put(
        row,
        EventKind.RESUME,
        "case.resumed",
        by=acting,
        at=at,
        happened_at=happened_at,
        refers=stop,
        notice=notice.strip(),
        reason=reason.strip(),
    )


def _put(
    row: Case,
    kind: EventKind,
    verb: str,
    *,
    by: By,
    at: datetime,
    happened_at: datetime | None,
    ground: str = "",
    refers: str = "",
    amount: int | None = None,
    of: str = "",
    planned_until: date | None = None,
    notice: str = "",
    approver: str = "",
    reason: str = "",
) -> str:
    """Write the event and the dates that follow from it; what the clock refuses is a fault."""
    events = events_of(row)
    try:
        event = put_event(
            row,
            kind,
            events,
            by=by,
            at=at,
            happened_at=happened_at,
            ground=ground,
            refers=refers,
            amount=amount,
            of=of,
            planned_until=planned_until,
            notice=notice,
            approver=approver,
            reason=reason,
        )
        recompute(row, events)
    except (ClockError, OutsideHorizon) as error:
        raise clock_fault(error, place=row.code) from error
    record(row, verb=verb, by=by, at=happened_at or at)
    return event.code


@command("case.ask_extension")
def ask_extension(
    *,
    case: str,
    of: str = "",
    amount: int,
    reason: str,
    notice: str = "",
    by: Viewer,
    at: datetime,
    version: int | None = None,
) -> str:
    """Ask for more time, `of` 法定, 承诺 or both (empty); returns the code of the request.

    Raises `ExtensionWaiting` and as `stop` (fields `of`, `amount`, `reason`, `notice`).
    """
    row = locked_case(case, by, version)
    acting = act_in_department(row, by)
    require_status(row, allowed=RUNNING, wanted="申请延期")
    if row.extension_requests.filter(granted=None).exists():
        raise ExtensionWaiting(row.code)
    faults = said_faults("reason", "延期的理由", reason)
    faults += word_faults("notice", "书面告知的文号", notice, longest=LONGEST_NOTICE)
    faults += _amount_faults(row, of, amount, at)
    if faults:
        raise Invalid(row.code, faults)
    number = row.extension_requests.count() + 1
    request = ExtensionRequest(
        code=f"{row.code}/Y{number}",
        case=row,
        number=number,
        asked_by=by.actor,
        asked_at=at,
        of=of,
        amount=amount,
        reason_text=put_text(reason.strip()),
        notice=notice.strip(),
    )
    record(request, verb="case_extension.asked", by=acting, at=at)
    record(row, verb="case.extension_asked", by=acting, at=at)
    tell(
        tellings=[
            Telling(
                to_unit=row.office_id,
                role="supervisor",
                topic="case.extension_asked",
                title=f"办件 {row.code} 申请延期 {amount}，等待批准",
                page="case",
                args=(row.code,),
                about=request.subject,
                due=row.sort_due,
            )
        ],
        at=at,
    )
    return request.code


def _amount_faults(row: Case, of: str, amount: int, at: datetime) -> Faults:
    """How much may be asked for: ten working days for a licence, and no promise beyond the law."""
    item = definition_of(row.item_version)
    limits = limits_of(item)
    if of not in ("", LEGAL, PROMISED):
        return [("of", "请选择延长法定时限、承诺时限，或两者")]
    if of == PROMISED and limits.promised is None:
        return [("of", "即办件没有可以延长的承诺时限")]
    if amount < 1:
        return [("amount", "延期至少 1 天")]
    if limits.promised and of == "" and limits.promised.day_type != limits.legal.day_type:
        return [("of", "法定和承诺时限的计算单位不同，请分别申请")]
    if of != PROMISED and item.kind == LICENCE and limits.legal.day_type is DayType.WORKING_DAY:
        most = MOST_JOINT if row.joint_id else MOST_BY_LAW
        before = sum(one.amount or 0 for one in _legal_extensions(row))
        if before + amount > most:
            had = f"，已延长 {before} 个" if before else ""
            return [("amount", f"依法最多延长 {most} 个工作日{had}（行政许可法第四十二条）")]
    return _beyond_law(row, of, amount, at)


def _legal_extensions(row: Case) -> list[CaseEvent]:
    events = list(row.events.all())
    removed = {one.refers for one in events if one.kind == EventKind.REMOVAL}
    return [
        one
        for one in events
        if one.kind == EventKind.EXTENSION and one.of != PROMISED and one.code not in removed
    ]


def _beyond_law(row: Case, of: str, amount: int, at: datetime) -> Faults:
    """A promise that would end after the day of the law, or a date beyond the calendar."""
    events = list(row.events.order_by("number"))
    would = CaseEvent(
        code=f"{row.code}/T?",
        case=row,
        kind=EventKind.EXTENSION,
        happened_at=at,
        noted_at=at,
        amount=amount,
        of=of,
        approver="?",
        reason_text="?",
    )
    try:
        dates = dates_of(clocks_of(row, [*events, would]), working_calendar())
    except OutsideHorizon as error:
        return [("amount", error.what)]
    if of == PROMISED and dates.promised and dates.legal and dates.promised > dates.legal:
        return [("amount", f"延长后承诺期限（{dates.promised}）晚于法定期限（{dates.legal}）")]
    return []


@command("case.decide_extension")
def decide_extension(
    *, request: str, grant: bool, answer: str = "", by: Viewer, at: datetime
) -> None:
    """Grant or refuse it, by another person of the supervising office (行政许可法 第四十二条).

    Raises `UnknownExtension`, `ExtensionDecided`, `NotAllowed`, `WrongCaseState`, `Invalid`.
    """
    found = ExtensionRequest.objects.select_related("case").filter(code=request).first()
    if found is None or not by.signed_in or not sees(by, found.case):
        raise UnknownExtension(request)
    row = locked_case(found.case_id, by)
    acting = act_as_watcher(row, by)
    found = ExtensionRequest.objects.select_for_update().get(code=request)
    if found.granted is not None:
        raise ExtensionDecided(request)
    if found.asked_by == by.actor:
        raise NotAllowed("申请人不能批准自己的延期申请", place=row.code)
    if not grant:
        faults = said_faults("answer", "不予批准的理由", answer)
        if faults:
            raise Invalid(row.code, faults)
    found.granted, found.decided_by, found.decided_at = grant, by.actor, at
    found.answer_text = put_text(answer.strip())
    verb = "case_extension.granted" if grant else "case_extension.refused"
    record(found, verb=verb, by=acting, at=at)
    settle(about=[found.subject], at=at)
    if grant:
        _extend(row, found, acting, by.actor, at)
    _tell_asker(row, found, at)


def _extend(row: Case, found: ExtensionRequest, acting: By, approver: str, at: datetime) -> None:
    require_status(row, allowed=RUNNING, wanted="延期")
    _put(
        row,
        EventKind.EXTENSION,
        "case.extended",
        by=acting,
        at=at,
        happened_at=at,
        amount=found.amount,
        of=found.of,
        notice=found.notice,
        approver=approver,
        reason=short_wording([found.reason_text])[found.reason_text],
    )


def _tell_asker(row: Case, found: ExtensionRequest, at: datetime) -> None:
    word = "已批准" if found.granted else "未获批准"
    tell(
        tellings=[
            Telling(
                to=(found.asked_by,),
                topic="case.extension_decided",
                title=f"办件 {row.code} 的延期申请{word}",
                page="case",
                args=(row.code,),
                about=row.subject,
            )
        ],
        at=at,
    )


@command("case.remove_event")
def remove(
    *,
    case: str,
    event: str,
    reason: str,
    by: Viewer,
    at: datetime,
    version: int | None = None,
) -> str:
    """A stop, resume or extension that was written down wrongly counts as never recorded.

    By a supervisor of the office who did not write it down himself. Raises as `stop`.
    """
    row = locked_case(case, by, version)
    acting = act_as_watcher(row, by)
    require_status(row, allowed=RUNNING, wanted="更正计时")
    wrong = row.events.filter(code=event).first()
    if wrong and last_actor(wrong.subject, f"case_event.{wrong.kind}") == by.actor:
        raise NotAllowed("记录人不能撤销自己记的计时", place=row.code)
    faults = said_faults("reason", "更正的理由", reason)
    if wrong is None or wrong.kind in (EventKind.START, EventKind.REMOVAL):
        faults.append(("event", f"没有可以撤销的计时记录 {event}"))
    if faults:
        raise Invalid(row.code, faults)
    return _put(
        row,
        EventKind.REMOVAL,
        "case.clock_corrected",
        by=acting,
        at=at,
        happened_at=None,
        refers=event,
        approver=by.actor,
        reason=reason.strip(),
    )
