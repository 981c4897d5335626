"""What is done about an order: signed, replied to, returned, accepted, closed, opened again."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime

from yinuo.commitments.commands import change, evidence, judge, signing
from yinuo.commitments.commands.deliver import note_faults
from yinuo.commitments.commands.evidence import Kept
from yinuo.commitments.errors import Invalid
from yinuo.commitments.life import ChangeKind, Status
from yinuo.commitments.queries.supervised import sides
from yinuo.kernel.filestore import FileStore
from yinuo.kernel.instants import civil_date
from yinuo.ledger.commands.recording import By, command, put_text, record
from yinuo.ledger.history import last_actor
from yinuo.notices.commands.tell import Telling, settle, tell
from yinuo.parties.queries import public_unit_names
from yinuo.parties.viewer import NotAllowed, Viewer
from yinuo.supervision.errors.orders import NotExtendable, UnknownOrder, WrongOrderState
from yinuo.supervision.models import Order
from yinuo.supervision.models.order import ACCEPTED, REOPENED, RETURNED
from yinuo.supervision.order_rows import seen_by
from yinuo.supervision.orders.steps import (
    LETTER_LABELS,
    STATE_LABELS,
    STEP_LABELS,
    State,
    Step,
    has_lapsed,
    last_day,
    may,
    state_of,
)

NEAR_DAYS = 2
"""Days before the last on which the unit is reminded."""


def _fetch(code: str, by: Viewer) -> Order:
    """The order, locked for this transaction; one the actor may not see does not exist."""
    rows = Order.objects.select_for_update(of=("self",)).select_related("commitment")
    row = rows.filter(seen_by(by), code=code).first() if by.signed_in else None
    if row is None:
        raise UnknownOrder(code)
    return row


def _state(row: Order) -> State:
    held = row.commitment
    signed = held.signings.filter(unit=held.lead_id).values_list("status", flat=True).first()
    return state_of(
        status=held.status, signing=signed or "", accepted=row.accepted_version == held.version
    )


def _require(row: Order, act: str, wanted: str) -> None:
    state = _state(row)
    if not may(act, state):
        raise WrongOrderState(row.code, STATE_LABELS[state], wanted)


def _as_unit(row: Order, by: Viewer) -> By:
    if row.commitment.lead_id not in by.officer_of:
        raise NotAllowed("只有责任单位的填报人可以这样做", place=row.code)
    return by.acting("officer", str(row.commitment.lead_id))


def _as_office(row: Order, by: Viewer) -> By:
    if not sides(commitment=row.code, viewer=by).supervises:
        raise NotAllowed(
            "只有发出单位的督查人可以这样做，且不得在责任单位或其上级单位任职", place=row.code
        )
    return by.acting("supervisor", row.commitment.creditor_unit_id)


def _to_unit(row: Order, what: str, title: str, body: str, *, urgent: bool = False) -> Telling:
    return Telling(
        to_unit=str(row.commitment.lead_id),
        role="officer",
        topic=f"order.{what}",
        title=title,
        body=body,
        page="order",
        args=(row.code,),
        about=f"order:{row.code}",
        due=last_day(row.commitment.due, row.again_by),
        urgent=urgent,
    )


def _to_office(row: Order, what: str, title: str, body: str, *, key: str = "") -> Telling:
    return Telling(
        to_unit=row.commitment.creditor_unit_id,
        role="supervisor",
        topic=f"order.{what}",
        title=title,
        body=body,
        page="order",
        args=(row.code,),
        about=f"order:{row.code}",
        key=key,
    )


def _named(row: Order) -> str:
    """What a message calls it: 督办单 DB2024-001."""
    return f"{LETTER_LABELS[Step(row.step)]} {row.code}"


@command("order.sign")
def sign(*, order: str, by: Viewer, at: datetime) -> None:
    """Sign for an order in the name of the unit. Raises `NotAllowed`, `WrongOrderState`."""
    row = _fetch(order, by)
    _as_unit(row, by)
    _require(row, "sign", "签收")
    signing.sign(signings=[f"{row.code}/{row.commitment.lead_id}"], by=by, at=at)


@command("order.reply")
def reply(
    *, order: str, note: str, files: Sequence[Kept], store: FileStore, by: Viewer, at: datetime
) -> None:
    """Reply to an order with what was done and the files that show it.

    Raises `NotAllowed`, `WrongOrderState` before it is signed for and once it is replied to,
    `Invalid`, `FileMissing`.
    """
    row = _fetch(order, by)
    _as_unit(row, by)
    _require(row, "reply", "回复")
    evidence.deliver(
        commitment=row.code,
        delivered_date=civil_date(at),
        note=note,
        files=files,
        store=store,
        by=by,
        at=at,
    )
    settle(about=[f"order:{row.code}"], at=at)
    unit = public_unit_names()[str(row.commitment.lead_id)]
    tell(tellings=[_to_office(row, "replied", f"{unit}已回复 {_named(row)}", "请审核。")], at=at)


def _again_faults(again_by: date, today: date) -> list[tuple[str, str]]:
    if again_by < today:
        return [("again_by", f"再次回复的时限 {again_by} 早于今天 {today}")]
    return []


@command("order.return")
def return_reply(*, order: str, note: str, again_by: date, by: Viewer, at: datetime) -> None:
    """Turn a reply down and say what is missing; the unit replies anew by a day.

    Raises `NotAllowed`, `WrongOrderState`, `Invalid`.
    """
    row = _fetch(order, by)
    acting = _as_office(row, by)
    _require(row, "return", "退回")
    if faults := _again_faults(again_by, civil_date(at)):
        raise Invalid(row.code, faults)
    judge.reject(commitment=row.code, note=note, by=by, at=at)
    row.again_by = again_by
    record(row, verb=RETURNED, by=acting, at=at)
    body = f"请按退回意见补充，并在 {again_by} 之前再次回复。"
    tell(tellings=[_to_unit(row, "returned", f"{_named(row)} 的回复被退回", body)], at=at)


@command("order.accept")
def accept(*, order: str, note: str, by: Viewer, at: datetime) -> None:
    """Find a reply in order, and say how it is to be verified; it is closed only once it was.

    Raises `NotAllowed`, `WrongOrderState`, `Invalid`.
    """
    row = _fetch(order, by)
    acting = _as_office(row, by)
    _require(row, "accept", "审核通过")
    if faults := note_faults("note", "审核意见", note):
        raise Invalid(row.code, faults)
    _check_not_own(row, by, "审核")
    row.accepted_by, row.accepted_at = by.actor, at
    row.accepted_text, row.accepted_version = put_text(note), row.commitment.version
    record(row, verb=ACCEPTED, by=acting, at=at)


def _check_not_own(row: Order, by: Viewer, what: str) -> None:
    if last_actor(f"commitment:{row.code}", "commitment.delivered") == by.actor:
        raise NotAllowed(f"回复的人不能{what}自己的回复", place=row.code)


@command("order.close")
def close(*, order: str, note: str, by: Viewer, at: datetime) -> None:
    """Say what was found on verifying, and cancel the number (销号).

    By the supervising side only, and not by who replied. Raises `NotAllowed`, `WrongOrderState`,
    `Invalid`.
    """
    row = _fetch(order, by)
    _as_office(row, by)
    _require(row, "close", "销号")
    judge.verify(commitment=row.code, note=note, by=by, at=at)
    settle(about=[f"order:{row.code}"], at=at)
    told = _to_unit(row, "closed", f"{_named(row)} 已销号", "核实情况见督办页面。")
    tell(tellings=[told], at=at)


@command("order.reopen")
def reopen(*, order: str, note: str, again_by: date, by: Viewer, at: datetime) -> None:
    """Open a closed order again, because what was verified proved untrue, and call for a reply.

    Raises `NotAllowed`, `WrongOrderState`, `Invalid`.
    """
    row = _fetch(order, by)
    acting = _as_office(row, by)
    _require(row, "reopen", "重开")
    if faults := _again_faults(again_by, civil_date(at)):
        raise Invalid(row.code, faults)
    judge.overturn(commitment=row.code, note=note, broken=False, by=by, at=at)
    row.again_by = again_by
    record(row, verb=REOPENED, by=acting, at=at)
    body = f"请看重开的理由，并在 {again_by} 之前再次回复。"
    tell(tellings=[_to_unit(row, "reopened", f"{_named(row)} 已重开", body)], at=at)


@command("order.withdraw")
def withdraw(*, order: str, reason: str, by: Viewer, at: datetime) -> str:
    """Ask that an order be withdrawn; another supervisor decides. Returns the code of the request.

    Raises `NotAllowed`, `WrongOrderState`, `ChangeWaiting`, `Invalid`.
    """
    row = _fetch(order, by)
    _as_office(row, by)
    _require(row, "withdraw", "撤销")
    made = change.ask(
        commitment=row.code, kind=ChangeKind.WITHDRAWN, new={}, reason=reason, by=by, at=at
    )
    _tell_request(row, f"有人申请撤销 {_named(row)}", at)
    return made


@command("order.extend")
def ask_extension(*, order: str, due: date, reason: str, by: Viewer, at: datetime) -> str:
    """Ask for more time to reply; another person decides. Returns the code of the request.

    After the deadline it is marked as after the fact, and does not halt the next step. Raises
    `NotAllowed`, `WrongOrderState`, `NotExtendable`, `ChangeWaiting`, `Invalid`.
    """
    row = _fetch(order, by)
    _as_unit(row, by)
    _require(row, "extend", "申请延期")
    if not row.extendable:
        raise NotExtendable(row.code, STEP_LABELS[Step(row.step)])
    last = last_day(row.commitment.due, row.again_by)
    if last is not None and due <= last:
        raise Invalid(row.code, [("due", f"新的时限 {due} 不晚于现在的 {last}")])
    made = change.ask(
        commitment=row.code,
        kind=ChangeKind.MOVED,
        new={"due": due.isoformat()},
        reason=reason,
        by=by,
        at=at,
    )
    unit = public_unit_names()[str(row.commitment.lead_id)]
    _tell_request(row, f"{unit}申请延期回复 {_named(row)}", at)
    return made


def _tell_request(row: Order, title: str, at: datetime) -> None:
    tell(tellings=[_to_office(row, "asked", title, "请由另一人决定。")], at=at)


@command("order.remind")
def remind(*, at: datetime) -> int:
    """Remind units whose reply is due in a day or two, and tell both sides of what has lapsed.

    Each person once for each deadline, however often it runs. Returns how many messages it wrote.
    """
    today = civil_date(at)
    rows = Order.objects.select_related("commitment").filter(commitment__status=Status.OPEN)
    return tell(tellings=list(_reminders(rows.order_by("code"), today)), at=at)


def _reminders(rows: Iterable[Order], today: date) -> Iterable[Telling]:
    for row in rows:
        last = last_day(row.commitment.due, row.again_by)
        if last is None:
            continue
        unit = public_unit_names()[str(row.commitment.lead_id)]
        if has_lapsed(State.TO_REPLY, last, today):
            key = f"order.lapsed:{row.code}:{last}"
            said = f"{_named(row)} 到 {last} 没有回复"
            told = _to_unit(
                row, "lapsed", said, "请尽快回复，督查单位可以采取下一步。", urgent=True
            )
            yield _keyed(told, key)
            yield _to_office(row, "lapsed", f"{unit}：{said}", "请看应采取的下一步。", key=key)
        elif (last - today).days <= NEAR_DAYS:
            told = _to_unit(row, "near", f"{_named(row)} 请在 {last} 之前回复", "")
            yield _keyed(told, f"order.near:{row.code}:{last}")


def _keyed(told: Telling, key: str) -> Telling:
    return Telling(**{**vars(told), "key": key})
