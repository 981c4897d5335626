"""办结, 送达, 重开, 撤销."""

from collections.abc import Sequence
from datetime import datetime

from yinuo.cases.access.cases import act_as_watcher, act_at_window, act_in_department
from yinuo.cases.commands.joining import rejoin
from yinuo.cases.commands.rows import (
    Faults,
    advance,
    clock_fault,
    events_of,
    locked_case,
    recompute,
    said_faults,
    states_of,
    time_faults,
)
from yinuo.cases.life import Decision, MaterialState
from yinuo.cases.models import Case, CaseEvent
from yinuo.cases.stored.cases import definition_of, open_stops
from yinuo.commitments.errors import Invalid
from yinuo.kernel.calendar import OutsideHorizon
from yinuo.ledger.commands.recording import By, command, put_text, record
from yinuo.ledger.history import last_actor
from yinuo.notices.commands.tell import settle
from yinuo.parties.viewer import NotAllowed, Viewer

ON_THE_SPOT = "即办件"


@command("case.decide")
def decide(
    *,
    case: str,
    decision: Decision,
    reason: str,
    by: Viewer,
    at: datetime,
    happened_at: datetime | None = None,
    version: int | None = None,
) -> None:
    """Decide an accepted case.

    By an officer of the deciding unit other than who accepted it, unless the item is 即办件. An
    open stop is refused. APPROVED_WITH_GAP exactly while deferred documents are still to come.
    Raises `UnknownCase`, `NotAllowed`, `WrongCaseState`, `Invalid` (fields `decision`, `reason`,
    `happened_at`), `StaleVersion`.
    """
    row = locked_case(case, by, version)
    acting = act_in_department(row, by)
    on_the_spot = definition_of(row.item_version).handled == ON_THE_SPOT
    if not on_the_spot and last_actor(row.subject, "case.accepted") == by.actor:
        raise NotAllowed("受理人不能同时作出决定（即办件除外）", place=row.code)
    decided_at = happened_at or at
    advance(row, "case.decided", "办结")
    events = events_of(row)
    faults = _deciding_faults(row, events, decision, decided_at, at)
    faults += said_faults("reason", "决定的内容和理由", reason)
    if faults:
        raise Invalid(row.code, faults)
    row.decided_at, row.decision = decided_at, decision
    row.decision_text = put_text(reason.strip())
    _keep(row, events, "case.decided", acting, decided_at)
    settle(about=[row.subject], at=at)


def _deciding_faults(
    row: Case,
    events: Sequence[CaseEvent],
    decision: Decision,
    decided_at: datetime,
    at: datetime,
) -> Faults:
    last = max((one.happened_at for one in events if one.happened_at), default=row.accepted_at)
    faults = time_faults(
        "happened_at", decided_at, at=at, after=last, what="已记录的受理、暂停或恢复时间"
    )
    stops = open_stops(events)
    if stops:
        grounds = "、".join(one.ground for one in stops)
        faults.append(("decision", f"计时还在暂停（{grounds}），请先恢复再办结"))
    materials = states_of(row)
    missing = [name for name, state in materials if state == MaterialState.MISSING]
    if decision != Decision.DENIED and missing:  # a declaration that stood for it was withdrawn
        names = "、".join(f"“{name}”" for name in missing)
        faults.append(("decision", f"撤回承诺以后还缺 {names}，补齐再办结"))
    waiting = any(state == MaterialState.DEFERRED for _, state in materials)
    if waiting and decision == Decision.APPROVED:
        faults.append(("decision", "还有容缺材料没有补交，只能“办结（容缺通过）”"))
    if not waiting and decision == Decision.APPROVED_WITH_GAP:
        faults.append(("decision", "没有待补交的容缺材料，请选“办结（通过）”"))
    return faults


def _keep(row: Case, events: Sequence[CaseEvent], verb: str, by: By, at: datetime) -> None:
    """Keep the dates and record. Raises `Invalid` where a day lies beyond the calendar."""
    try:
        recompute(row, events)
    except OutsideHorizon as error:
        raise clock_fault(error, place=row.code) from error
    record(row, verb=verb, by=by, at=at)
    rejoin(case=row, by=by, at=at)


@command("case.deliver")
def deliver(
    *,
    case: str,
    by: Viewer,
    at: datetime,
    happened_at: datetime | None = None,
    version: int | None = None,
) -> None:
    """The applicant has the result (行政许可法 第四十四条). Raises as `decide`."""
    row = locked_case(case, by, version)
    acting = act_at_window(row, by)
    delivered_at = happened_at or at
    advance(row, "case.delivered", "送达")
    faults = time_faults("happened_at", delivered_at, at=at, after=row.decided_at, what="办结时间")
    if faults:
        raise Invalid(row.code, faults)
    row.delivered_at = delivered_at
    _keep(row, events_of(row), "case.delivered", acting, delivered_at)


@command("case.reopen")
def reopen(*, case: str, reason: str, by: Viewer, at: datetime, version: int | None = None) -> None:
    """Take a decision back and go on; by a supervisor of the office, counted on the case.

    The clocks go on as if they had never ended. Raises as `decide`.
    """
    row = locked_case(case, by, version)
    acting = act_as_watcher(row, by)
    _needs_reason(row, reason, "重新办理的理由")
    advance(row, "case.reopened", "重新办理")
    row.decided_at = row.delivered_at = None
    row.decision, row.decision_text = "", put_text(reason.strip())
    row.reopened += 1
    _keep(row, events_of(row), "case.reopened", acting, at)


@command("case.revoke")
def revoke(*, case: str, reason: str, by: Viewer, at: datetime, version: int | None = None) -> None:
    """Take back what was granted, by an officer of the deciding unit who did not decide it.

    Raises as `decide`.
    """
    row = locked_case(case, by, version)
    acting = act_in_department(row, by)
    if last_actor(row.subject, "case.decided") == by.actor:
        raise NotAllowed("作出决定的人不能自己撤销，请由办理单位的另一人办理", place=row.code)
    faults = said_faults("reason", "撤销的理由和依据", reason)
    if row.decision == Decision.DENIED:
        faults.append(("reason", "原决定没有准予，无可撤销"))
    if faults:
        raise Invalid(row.code, faults)
    advance(row, "case.revoked", "撤销")
    row.ended_at, row.decision_text = at, put_text(reason.strip())
    _keep(row, events_of(row), "case.revoked", acting, at)


def _needs_reason(row: Case, reason: str, label: str) -> None:
    faults = said_faults("reason", label, reason)
    if faults:
        raise Invalid(row.code, faults)
