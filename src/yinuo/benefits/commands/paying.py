"""Payment files: made by one person, sent by another, answered by the bank, to the cent."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from django.db.models import QuerySet

from yinuo.benefits.banking.lines import Aside, BankLine
from yinuo.benefits.banking.reading import BankFile, read_bank_file
from yinuo.benefits.banking.reconciling import Reconciled, reconcile
from yinuo.benefits.banking.writing import as_csv
from yinuo.benefits.commands.rows import advance, locked_policy, numbered
from yinuo.benefits.errors import NothingToDo, UnknownAward, WrongMoneyState
from yinuo.benefits.life import AwardState, BatchState, LineState
from yinuo.benefits.models import Award, PayoutBatch, PayoutLine
from yinuo.benefits.payments import STATE_WORDS, payment_lines
from yinuo.benefits.permission import act_for_policy, approve_for_policy
from yinuo.commitments.commands.on_behalf import deliver_for, verify_for
from yinuo.kernel.canonical import Canonical, canonical_bytes
from yinuo.kernel.instants import civil_date
from yinuo.ledger.commands.recording import By, command, put_text, record, record_new
from yinuo.parties.viewer import Viewer


@dataclass(frozen=True, kw_only=True)
class Taken:
    """What one file of the bank came to: rows = paid + bounced + again + aside."""

    paid: int
    bounced: int
    again: int
    aside: tuple[Aside, ...]
    open: int
    """Lines of which the bank has said nothing yet."""
    complete: bool


@command("payout.make")
def make_batch(*, policy: str, by: Viewer, at: datetime) -> str:
    """Put every approved award with a good account into one file; returns its code.

    Raises `UnknownPolicy`, `NotAllowed`, `NothingToDo`.
    """
    row = locked_policy(policy)
    acting = act_for_policy(row.unit_id, by, place=policy)
    rows = Award.objects.select_for_update(of=("self",)).filter(policy=row)
    waiting = rows.filter(state=AwardState.APPROVED, account_good=True)
    open_now = PayoutLine.objects.filter(state=LineState.OPEN, batch__policy=row)
    ready = list(waiting.exclude(pk__in=open_now.values("award")).order_by("code"))
    if not ready:
        raise NothingToDo(policy, "没有已批准且有收款账号的兑现")
    batch = PayoutBatch(
        code=numbered(PayoutBatch, "BF", at, 4)[0],
        policy=row,
        lines_count=len(ready),
        total=sum(award.amount or 0 for award in ready),
        made_by=by.actor,
        made_at=at,
        simulated=row.simulated,
    )
    record(batch, verb="payout.made", by=acting, at=at)
    lines = [
        PayoutLine(
            code=f"{batch.code}/{number}",
            batch=batch,
            number=number,
            award=award,
            amount=award.amount or 0,
            name_text=award.name_text,
            bank_text=award.bank_text,
            account_text=award.account_text,
        )
        for number, award in enumerate(ready, start=1)
    ]
    record_new(lines, verb="payout.listed", by=acting, at=at)
    return batch.code


@command("payout.send")
def send_batch(*, batch: str, by: Viewer, at: datetime, version: int | None = None) -> bytes:
    """Hand the file over, by another person than who made it; returns the CSV.

    Its SHA-256 stands on the ledger, so that a file with other accounts is seen to be another.
    Raises `UnknownAward`, `NotAllowed`, `SamePerson`, `WrongMoneyState`, `StaleVersion`.
    """
    row = _locked(batch, version)
    acting = approve_for_policy(row.policy.unit_id, by, asked_by=row.made_by, place=batch)
    if row.state != BatchState.MADE:
        raise WrongMoneyState(batch, STATE_WORDS[row.state], "送出")
    data = as_csv(payment_lines(row))
    for line in row.lines.select_related("award").order_by("number"):
        advance(line.award, "award.sent", "送银行")
        record(line.award, verb="award.sent", by=acting, at=at)
    row.state, row.sent_by, row.sent_at = BatchState.SENT, by.actor, at
    row.file_sha256 = sha256(data).hexdigest()
    record(row, verb="payout.sent", by=acting, at=at)
    return data


@command("payout.cancel")
def cancel_batch(*, batch: str, by: Viewer, at: datetime, version: int | None = None) -> None:
    """Take back a file that was not sent; its awards can go into another.

    Raises `UnknownAward`, `NotAllowed`, `WrongMoneyState`, `StaleVersion`.
    """
    row = _locked(batch, version)
    acting = act_for_policy(row.policy.unit_id, by, place=batch)
    if row.state != BatchState.MADE:
        raise WrongMoneyState(batch, STATE_WORDS[row.state], "取消")
    for line in row.lines.order_by("number"):
        line.state, line.answered_on = LineState.BOUNCED, civil_date(at)
        line.reason_text = put_text("清单在送出前取消")
        record(line, verb="payout.line_cancelled", by=acting, at=at)
    row.state = BatchState.CANCELLED
    record(row, verb="payout.cancelled", by=acting, at=at)


def take_answer(
    *, batch: str, data: bytes, file: str, by: Viewer, at: datetime, version: int | None = None
) -> Taken:
    """Take in what the bank says; a row that does not fit is kept aside with its reason.

    The promise of a paid award is kept on the bank's day. Raises `UnknownAward`, `NotAllowed`,
    `WrongMoneyState`, `SheetRefused`, `StaleVersion`.
    """
    known = _batch(PayoutBatch.objects.all(), batch)
    act_for_policy(known.policy.unit_id, by, place=batch)
    read = read_bank_file(data, file=file)
    return _take_in(batch, read, sha256(data).hexdigest(), version=version, by=by, at=at)


@command("payout.take_back")
def _take_in(
    batch: str, read: BankFile, digest: str, *, version: int | None, by: Viewer, at: datetime
) -> Taken:
    row = _locked(batch, version)
    acting = act_for_policy(row.policy.unit_id, by, place=batch)
    if row.state != BatchState.SENT:
        raise WrongMoneyState(batch, STATE_WORDS[row.state], "核销")
    lines = {line.number: line for line in row.lines.select_related("award").order_by("number")}
    known = {n: line.state == LineState.PAID for n, line in lines.items() if line.state != "open"}
    days = (civil_date(row.sent_at or at), civil_date(at))
    found = reconcile(payment_lines(row), read.lines, known, days=days)
    for said in (*found.paid, *found.bounced):
        _settle(lines[said.number], said, acting, at)
    aside = tuple(sorted((*read.aside, *found.aside), key=lambda one: one.row))
    _sum_up(row, found, aside, digest, by=acting, at=at)
    return Taken(
        paid=len(found.paid),
        bounced=len(found.bounced),
        again=found.again,
        aside=aside,
        open=len(found.open),
        complete=found.is_complete,
    )


def _batch(rows: QuerySet[PayoutBatch], code: str) -> PayoutBatch:
    row = rows.select_related("policy").filter(code=code).first()
    if row is None:
        raise UnknownAward(code)
    return row


def _locked(code: str, version: int | None) -> PayoutBatch:
    row = _batch(PayoutBatch.objects.select_for_update(of=("self",)), code)
    if version is not None and row.version != version:
        row.version = version
    return row


def _settle(line: PayoutLine, said: BankLine, by: By, at: datetime) -> None:
    """One line that the bank has answered, its award, and the promise."""
    line.state = LineState.PAID if said.paid else LineState.BOUNCED
    line.answered_on = said.on
    line.reason_text = put_text(said.reason) if said.reason else ""
    record(line, verb="payout.line_paid" if said.paid else "payout.line_bounced", by=by, at=at)
    award = line.award
    if not said.paid:
        advance(award, "award.bounced", "退汇")
        award.account_good, award.reason_text = False, put_text(said.reason)
        record(award, verb="award.bounced", by=by, at=at)
        return
    advance(award, "award.paid", "到账")
    award.paid_on = said.on
    record(award, verb="award.paid", by=by, at=at)
    note = f"银行回单：{said.on.isoformat()} 到账"
    promise = award.commitment_id
    assert promise is not None  # noqa: S101  # approval made it
    deliver_for(commitment=promise, delivered_date=said.on, note=note, by=by, at=at)
    verify_for(commitment=promise, note=note, by=by, at=at)


def _sum_up(
    row: PayoutBatch,
    found: Reconciled,
    aside: Sequence[Aside],
    digest: str,
    *,
    by: By,
    at: datetime,
) -> None:
    row.paid += sum(line.amount for line in found.paid)
    row.bounced += sum(line.amount for line in found.bounced)
    counts = {"paid": len(found.paid), "bounced": len(found.bounced), "aside": len(aside)}
    row.answers = [*row.answers, {"sha256": digest, **counts}]
    said = canonical_bytes([_as_data(one) for one in aside]).decode() if aside else ""
    row.aside_text = put_text(said)
    verb = "payout.answered"
    if found.is_complete:
        row.state, verb = BatchState.RECONCILED, "payout.reconciled"
    record(row, verb=verb, by=by, at=at)


def _as_data(one: Aside) -> dict[str, Canonical]:
    return {"row": one.row, "what": one.what, "next": one.next_step, "raw": list(one.raw)}
