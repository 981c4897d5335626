"""Taking back what was wrongly paid: asked by one, ordered by another, repaid in the open."""

from datetime import datetime

from yinuo.benefits.commands.policies import document_of
from yinuo.benefits.commands.rows import locked_award, numbered
from yinuo.benefits.errors import UnknownAward, WrongMoneyState
from yinuo.benefits.life import CLAWBACK, AwardState, ClawbackState
from yinuo.benefits.models import Clawback
from yinuo.benefits.permission import act_for_policy, approve_for_policy
from yinuo.commitments.commands.on_behalf import deliver_for, end_for, verify_for
from yinuo.commitments.commands.register import NewCommitment, put_commitments
from yinuo.commitments.errors import Invalid
from yinuo.commitments.life import Visibility
from yinuo.kernel.calendar import Calendar
from yinuo.kernel.instants import civil_date
from yinuo.kernel.money import say_money
from yinuo.ledger.commands.recording import command, put_text, record
from yinuo.parties.viewer import Viewer

KIND = "clawback"
LONGEST = 1_000
LONGEST_DAYS = 366
LABELS = {"asked": "待另一人批准", "ordered": "待退回", "repaid": "已退回", "withdrawn": "已撤销"}


@command("clawback.ask")
def ask_clawback(*, award: str, amount: int, reason: str, by: Viewer, at: datetime) -> str:
    """Ask that so much (in 分) be taken back; returns the code.

    Raises `UnknownAward`, `NotAllowed`, `WrongMoneyState`, `Invalid` with every fault.
    """
    row = locked_award(award)
    acting = act_for_policy(row.policy.unit_id, by, place=award)
    if row.state != AwardState.PAID:
        raise WrongMoneyState(award, "没有到账", "退回")
    faults = []
    taken = sum(one.amount for one in row.clawbacks.exclude(state=ClawbackState.WITHDRAWN))
    left = (row.amount or 0) - taken
    if not 0 < amount <= left:
        faults.append(("amount", f"退回金额应在 0.01 元到 {say_money(left)} 之间"))
    if not reason.strip() or len(reason) > LONGEST:
        faults.append(("reason", f"请写明理由，最多 {LONGEST:,} 字"))
    if row.clawbacks.filter(state__in=[ClawbackState.ASKED, ClawbackState.ORDERED]).exists():
        faults.append(("amount", "已有一项退回没有办完"))
    if faults:
        raise Invalid(award, faults)
    made = Clawback(
        code=numbered(Clawback, "TH", at, 4)[0],
        award=row,
        amount=amount,
        reason_text=put_text(reason.strip()),
        asked_by=by.actor,
    )
    record(made, verb="clawback.asked", by=acting, at=at)
    return made.code


@command("clawback.order")
def order_clawback(
    *,
    clawback: str,
    days: int,
    by: Viewer,
    at: datetime,
    calendar: Calendar,
    version: int | None = None,
) -> None:
    """Order it, by another person; the firm owes it within so many working days.

    Raises `UnknownAward`, `NotAllowed`, `SamePerson`, `WrongMoneyState`, `Invalid`,
    `StaleVersion`.
    """
    row = _locked(clawback, version)
    policy = row.award.policy
    acting = approve_for_policy(policy.unit_id, by, asked_by=row.asked_by, place=clawback)
    if not 0 < days <= LONGEST_DAYS:
        raise Invalid(clawback, [("days", f"期限是 1 到 {LONGEST_DAYS} 个工作日")])
    _advance(row, "clawback.ordered", "批准")
    row.due = calendar.add_working_days(civil_date(at), days)
    row.approved_by = by.actor
    promise = NewCommitment(
        code=row.code,
        kind=KIND,
        title=f"退回{row.award.policy_version.name} {say_money(row.amount)}",
        document=document_of(row.award.policy_version),
        lead_said="收到资金的企业",
        creditor="拨付资金的单位",
        creditor_unit=policy.unit_id,
        due=row.due,
        due_said=f"{days} 个工作日内",
    )
    put_commitments([promise], visibility=Visibility.CLOSED, by=acting, at=at)
    row.commitment_id = row.code
    record(row, verb="clawback.ordered", by=acting, at=at)


@command("clawback.repay")
def note_repaid(
    *, clawback: str, amount: int, by: Viewer, at: datetime, version: int | None = None
) -> None:
    """Note what came back, in 分; with the last 分 the firm's promise is kept.

    Raises `UnknownAward`, `NotAllowed`, `WrongMoneyState`, `Invalid`, `StaleVersion`.
    """
    row = _locked(clawback, version)
    acting = act_for_policy(row.award.policy.unit_id, by, place=clawback)
    left = row.amount - row.repaid
    if not 0 < amount <= left:
        raise Invalid(clawback, [("amount", f"退回金额应在 0.01 元到 {say_money(left)} 之间")])
    verb = "clawback.repaid" if amount == left else "clawback.repaid_part"
    _advance(row, verb, "登记退回")
    row.repaid += amount
    record(row, verb=verb, by=acting, at=at)
    if verb == "clawback.repaid":
        note = f"已退回 {say_money(row.amount)}"
        deliver_for(commitment=row.code, delivered_date=civil_date(at), note=note, by=acting, at=at)
        verify_for(commitment=row.code, note=note, by=acting, at=at)


@command("clawback.withdraw")
def withdraw_clawback(
    *, clawback: str, reason: str, by: Viewer, at: datetime, version: int | None = None
) -> None:
    """Drop it: it was a mistake, and says so.

    Raises `UnknownAward`, `NotAllowed`, `WrongMoneyState`, `Invalid`, `StaleVersion`.
    """
    row = _locked(clawback, version)
    acting = act_for_policy(row.award.policy.unit_id, by, place=clawback)
    if not reason.strip() or len(reason) > LONGEST:
        raise Invalid(clawback, [("reason", f"请写明理由，最多 {LONGEST:,} 字")])
    ordered = row.state == ClawbackState.ORDERED
    _advance(row, "clawback.withdrawn", "撤销")
    row.said_text = put_text(reason.strip())
    record(row, verb="clawback.withdrawn", by=acting, at=at)
    if ordered:
        end_for(
            commitment=row.code, verb="commitment.waived", note=reason.strip(), by=acting, at=at
        )


def _locked(code: str, version: int | None) -> Clawback:
    rows = Clawback.objects.select_for_update(of=("self",))
    row = rows.select_related("award__policy", "award__policy_version").filter(code=code).first()
    if row is None:
        raise UnknownAward(code)
    if version is not None and row.version != version:
        row.version = version
    return row


def _advance(row: Clawback, verb: str, wanted: str) -> None:
    target = CLAWBACK.target(row.state, verb)
    if target is None:
        raise WrongMoneyState(row.code, LABELS[row.state], wanted)
    row.state = target
