"""Bills that are paid later: opened on a yes, paid, waived; the payer's promise has a day."""

from datetime import date, datetime

from yinuo.commitments.commands.on_behalf import deliver_for, end_for, verify_for
from yinuo.commitments.commands.register import (
    NewCommitment,
    NewDocument,
    put_commitments,
    put_documents,
)
from yinuo.commitments.errors import Invalid
from yinuo.commitments.life import Visibility
from yinuo.credit.errors.asking import NotToday, PaymentSettled, UnknownPayment
from yinuo.credit.models import DeferredPayment
from yinuo.credit.models.deferred_payment import STATE_LABELS
from yinuo.credit.queries.asking import AnswerView
from yinuo.kernel.instants import civil_date
from yinuo.kernel.money import say_money
from yinuo.ledger.commands.recording import By, command, one_at_a_time, put_text, record
from yinuo.parties.viewer import NotAllowed, Viewer

LOCK = 0x7961_5946
"""Key of the PostgreSQL advisory lock under which payments are numbered."""
KIND = "deferred_payment"
LONGEST_DAYS = 366


@command("payment.open")
def open_payment(
    *,
    answer: AnswerView,
    amount: int,
    due: date,
    by: Viewer,
    at: datetime,
    simulated: bool = False,
) -> str:
    """Let a bill (in 分) be paid later by who was asked about, on an answer of today that says yes.

    Returns the code.
    Raises `NotAllowed`, `NotToday`, `Invalid`.
    """
    today = civil_date(at)
    acting = _acting(answer.unit, by)
    if not answer.pays_later or answer.on != today:
        raise NotToday(answer.name, answer.reason if answer.on == today else "答复不是今天的")
    faults = [] if answer.subject else [("payer", "没有本人的同意，不知道由谁付")]
    if amount <= 0:
        faults.append(("amount", "金额应大于零"))
    if not 0 <= (due - today).days <= LONGEST_DAYS:
        faults.append(("due", "付款日在今天到一年以内"))
    if faults:
        raise Invalid(answer.name, faults)
    code = _next_code(today)
    document = f"YF-{answer.unit}"
    if not DeferredPayment.objects.filter(unit=answer.unit).exists():
        book = NewDocument(code=document, title="先用后付台账", kind="后付台账")
        put_documents([book], by=acting, at=at)
    promise = NewCommitment(
        code=code,
        kind=KIND,
        title=f"付清{answer.name}的费用 {say_money(amount)}",
        document=document,
        lead_said="同意后付的本人",
        creditor="提供服务的单位",
        creditor_unit=answer.unit,
        due=due,
        due_said="后付时约定",
    )
    put_commitments([promise], visibility=Visibility.CLOSED, by=acting, at=at)
    row = DeferredPayment(
        code=code,
        unit_id=answer.unit,
        payer_id=answer.subject,
        scenario=answer.scenario,
        amount=amount,
        made_on=today,
        due=due,
        commitment_id=code,
        simulated=simulated,
    )
    record(row, verb="payment.opened", by=acting, at=at)
    return code


@command("payment.paid")
def note_paid(
    *, payment: str, on: date, by: Viewer, at: datetime, version: int | None = None
) -> bool:
    """Note that it was paid; returns whether in time. The day may not lie ahead.

    Raises `UnknownPayment`, `NotAllowed`, `PaymentSettled`, `Invalid`, `StaleVersion`.
    """
    row = _locked(payment, by, version)
    acting = _acting(row.unit_id, by)
    if row.state != "open":
        raise PaymentSettled(payment, STATE_LABELS[row.state])
    if not row.made_on <= on <= civil_date(at):
        raise Invalid(payment, [("on", "付款日在开单日和今天之间")])
    row.state, row.paid_on = "paid", on
    record(row, verb="payment.paid", by=acting, at=at)
    note = f"{on.isoformat()} 付清"
    deliver_for(commitment=row.code, delivered_date=on, note=note, by=acting, at=at)
    verify_for(commitment=row.code, note=note, by=acting, at=at)
    return on <= row.due


@command("payment.waive")
def waive_payment(
    *, payment: str, reason: str, by: Viewer, at: datetime, version: int | None = None
) -> None:
    """Ask no more for it, with a reason. Raises as `note_paid` does."""
    row = _locked(payment, by, version)
    acting = _acting(row.unit_id, by)
    if row.state != "open":
        raise PaymentSettled(payment, STATE_LABELS[row.state])
    if not reason.strip():
        raise Invalid(payment, [("reason", "请写明理由")])
    row.state, row.reason_text = "waived", put_text(reason.strip())
    record(row, verb="payment.waived", by=acting, at=at)
    end_for(commitment=row.code, verb="commitment.waived", note=reason.strip(), by=acting, at=at)


def _acting(unit: str, by: Viewer) -> By:
    if unit not in by.officer_of:
        raise NotAllowed("只有提供服务的单位的经办人可以这样做", place=unit)
    return by.acting("officer", unit)


def _locked(code: str, by: Viewer, version: int | None) -> DeferredPayment:
    rows = DeferredPayment.objects.select_for_update(of=("self",))
    seen = by.officer_of | by.supervisor_of | by.auditor_of | by.administrator_of
    row = rows.filter(pk=code, unit__in=seen).first()
    if row is None:
        raise UnknownPayment(code)
    if version is not None and row.version != version:
        row.version = version
    return row


def _next_code(today: date) -> str:
    one_at_a_time(LOCK)
    start = f"YF-{today.year}-"
    taken = DeferredPayment.objects.filter(code__startswith=start).order_by("-code")
    last = taken.values_list("code", flat=True).first()
    return f"{start}{int(last.removeprefix(start)) + 1 if last else 1:06}"
