"""What holds a commitment up (卡点): claimed by the debtor, answered by the other, ruled, ended."""

from collections.abc import Iterable
from datetime import date, datetime

from yinuo.commitments.claims import CLAIM_LABELS, COUNTED, LIFE, OPEN, ClaimStatus
from yinuo.commitments.commands.deliver import note_faults
from yinuo.commitments.commands.rows import fetch
from yinuo.commitments.errors import Invalid, UnknownCommitment, UnknownWait, WrongState
from yinuo.commitments.life import STATUS_LABELS, Status
from yinuo.commitments.models import Commitment, Wait
from yinuo.commitments.permission import (
    act_as_debtor,
    act_as_ruler,
    act_as_waited_for,
    act_as_waiting,
)
from yinuo.kernel.instants import civil_date
from yinuo.ledger.commands.recording import By, command, put_text, record
from yinuo.parties.queries import UnitView, public_successor, public_units
from yinuo.parties.viewer import NotAllowed, Viewer

Faults = list[tuple[str, str]]


def _unit_faults(row: Commitment, unit: str, today: date) -> Faults:
    """What speaks against waiting for this unit."""
    known: dict[str, UnitView] = {u.code: u for u in public_units()}
    if unit not in known:
        return [("on_unit", "请选择列出的单位")]
    if unit == row.lead_id:
        return [("on_unit", "不能等待自己；内部原因请写在进展说明里")]
    if unit == row.creditor_unit_id:
        return [("on_unit", "督查单位不能裁定自己的卡点；请在进展说明里写明，或申请调整时限")]
    successor = public_successor(unit, today)
    return [("on_unit", successor.sentence)] if successor else []


@command("wait.claim")
def claim(
    *, commitment: str, on_unit: str, since_date: date, what: str, by: Viewer, at: datetime
) -> str:
    """Claim that a commitment waits for another unit since a day, and return the claim's code.

    `what` says for what. The other unit may read the commitment from now on, as long as the claim
    is open. Raises `NotAllowed`, `WrongState` unless it is open, `Invalid`.
    """
    row = fetch(commitment, by, None)
    acting = act_as_debtor(row, by)
    if row.status != Status.OPEN:
        raise WrongState(row.code, STATUS_LABELS[Status(row.status)], "提出卡点")
    today = civil_date(at)
    faults = _unit_faults(row, on_unit, today) + note_faults("what", "等待的事项", what)
    if since_date > today:
        faults.append(("since_date", f"开始等待的日期 {since_date} 晚于今天 {today}"))
    if faults:
        raise Invalid(row.code, faults)
    wait = Wait(
        code=f"{row.code}/W{Wait.objects.filter(commitment=row).count() + 1}",
        commitment=row,
        claimed_by_unit_id=str(row.lead_id),
        on_unit_id=on_unit,
        what_text=put_text(what),
        since_date=since_date,
    )
    record(wait, verb="wait.claimed", by=acting, at=at)
    return wait.code


def _fetch(code: str, by: Viewer) -> tuple[Wait, Commitment]:
    """A claim with its commitment, both locked. Raises `UnknownWait`."""
    wait = Wait.objects.select_for_update(of=("self",)).filter(code=code).first()
    if wait is None:
        raise UnknownWait(code)
    try:
        return wait, fetch(wait.commitment_id, by, None)
    except UnknownCommitment:
        raise UnknownWait(code) from None


def _advance(wait: Wait, verb: str, wanted: str) -> None:
    target = LIFE.target(wait.status, verb)
    if target is None or (verb == "wait.ended" and wait.ended_date):
        state = CLAIM_LABELS[ClaimStatus(wait.status)]
        ended = f"，已于 {wait.ended_date} 结束" if wait.ended_date else ""
        raise WrongState(wait.code, state + ended, wanted)
    wait.status = target


def _answer(code: str, verb: str, note: str, by: Viewer, at: datetime) -> None:
    wait, _row = _fetch(code, by)
    acting = act_as_waited_for(wait, by)
    _advance(wait, verb, "答复")
    wait.answered_by, wait.answered_at = by.actor, at
    wait.answer_text = put_text(note)
    record(wait, verb=verb, by=acting, at=at)


@command("wait.accept")
def accept(*, wait: str, note: str = "", by: Viewer, at: datetime) -> None:
    """The other unit agrees that it is waited for; from then on the days count.

    Raises `NotAllowed`, `UnknownWait`, `WrongState`.
    """
    _answer(wait, "wait.accepted", note, by, at)


@command("wait.dispute")
def dispute(*, wait: str, note: str, by: Viewer, at: datetime) -> None:
    """The other unit objects, with words; the supervising side then rules.

    Raises `NotAllowed`, `UnknownWait`, `WrongState`, `Invalid` without words.
    """
    faults = note_faults("note", "异议的理由", note)
    if faults:
        raise Invalid(wait, faults)
    _answer(wait, "wait.disputed", note, by, at)


@command("wait.rule")
def rule(*, wait: str, upheld: bool, note: str, by: Viewer, at: datetime) -> None:
    """Rule on a disputed claim: it stands, and its days count, or it does not.

    Who rules supervises for the creditor and holds no duty for either unit. Raises `NotAllowed`,
    `UnknownWait`, `WrongState`, `Invalid` without a reason.
    """
    row, commitment = _fetch(wait, by)
    acting = act_as_ruler(row, commitment, by)
    faults = note_faults("note", "裁定的理由", note)
    if faults:
        raise Invalid(wait, faults)
    verb = "wait.upheld" if upheld else "wait.dismissed"
    _advance(row, verb, "裁定")
    row.ruled_by, row.ruled_at = by.actor, at
    row.ruling_text = put_text(note)
    record(row, verb=verb, by=acting, at=at)


@command("wait.end")
def end(*, wait: str, ended_date: date, by: Viewer, at: datetime) -> None:
    """Say on which day the thing came; either side may. The day itself is no longer waited for.

    Raises `NotAllowed`, `UnknownWait`, `WrongState`, `Invalid`.
    """
    row, _commitment = _fetch(wait, by)
    acting = act_as_waiting(row, by)
    today = civil_date(at)
    faults: Faults = []
    if ended_date > today:
        faults.append(("ended_date", f"等到的日期 {ended_date} 晚于今天 {today}"))
    if ended_date < row.since_date:
        faults.append(("ended_date", f"等到的日期 {ended_date} 早于开始等待的 {row.since_date}"))
    if faults:
        raise Invalid(wait, faults)
    _advance(row, "wait.ended", "结束")
    row.ended_date = ended_date
    record(row, verb="wait.ended", by=acting, at=at)


@command("wait.take_back")
def take_back(*, wait: str, note: str = "", by: Viewer, at: datetime) -> None:
    """The claimant no longer claims it; nothing of it counts any more.

    Raises `NotAllowed`, `UnknownWait`, `WrongState` after a ruling.
    """
    row, _commitment = _fetch(wait, by)
    if row.claimed_by_unit_id not in by.officer_of:
        raise NotAllowed("只有提出卡点的单位可以撤回", place=wait)
    _advance(row, "wait.taken_back", "撤回")
    row.closing_text = put_text(note)
    acting = by.acting("officer", row.claimed_by_unit_id)
    record(row, verb="wait.taken_back", by=acting, at=at)


def close_waits(waits: Iterable[Wait], *, on: date, reason: str, by: By, at: datetime) -> int:
    """End waits whose commitment or unit is gone, with a reason; returns how many.

    What was never settled is closed and does not count; what counts ends on the day `on`.
    `reason` is the reference of a text. For commands that have asked who may.
    """
    closed = 0
    for wait in waits:
        if wait.status in COUNTED and wait.ended_date:
            continue
        verb = "wait.closed" if wait.status in OPEN else "wait.ended"
        _advance(wait, verb, "结束")
        wait.ended_date = wait.ended_date or max(on, wait.since_date)
        wait.closing_text = reason
        record(wait, verb=verb, by=by, at=at)
        closed += 1
    return closed
