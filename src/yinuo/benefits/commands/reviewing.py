"""Looking at proposals, putting the list up, and what is objected to it."""

from collections.abc import Sequence
from datetime import date, datetime

from yinuo.benefits.budget import budget_left
from yinuo.benefits.commands.rows import advance, locked_award, locked_policy, published_version
from yinuo.benefits.definition import Shortage, policy_of
from yinuo.benefits.errors import BudgetShort, NothingToDo, WantsAnEye, WrongMoneyState
from yinuo.benefits.life import AwardState, LineState
from yinuo.benefits.models import Award, Policy
from yinuo.benefits.permission import act_for_policy, approve_for_policy
from yinuo.commitments.commands.on_behalf import end_for
from yinuo.commitments.errors import Invalid
from yinuo.kernel.calendar import Calendar
from yinuo.kernel.instants import civil_date, instant_text
from yinuo.ledger.commands.recording import By, command, put_text, record
from yinuo.parties.viewer import Viewer

LONGEST = 1_000
OBJECTOR = By(actor="anyone", capacity="objector")


def _reason_faults(reason: str) -> list[tuple[str, str]]:
    if not reason.strip():
        return [("reason", "请写明理由，企业看得到")]
    if len(reason) > LONGEST:
        return [("reason", f"理由最多 {LONGEST:,} 字，现有 {len(reason):,} 字")]
    return []


def _check_reason(award: str, reason: str) -> None:
    faults = _reason_faults(reason)
    if faults:
        raise Invalid(award, faults)


@command("award.clear")
def clear(*, award: str, by: Viewer, at: datetime, version: int | None = None) -> None:
    """Let a proposal pass that was drawn, or of which something is odd, after looking at it.

    Raises `UnknownAward`, `NotAllowed`, `WrongMoneyState`, `StaleVersion`.
    """
    row = locked_award(award, version)
    acting = act_for_policy(row.policy.unit_id, by, place=award)
    advance(row, "award.cleared", "放行")
    row.cleared_by = by.actor
    record(row, verb="award.cleared", by=acting, at=at)


@command("award.refuse")
def refuse(
    *, award: str, reason: str, by: Viewer, at: datetime, version: int | None = None
) -> None:
    """Take it off the list, with a reason that the firm reads; it can be restored.

    What was approved is a promise: another person than who approved it takes it back, before it
    stands in a payment file. Raises `UnknownAward`, `NotAllowed`, `SamePerson`, `WrongMoneyState`,
    `Invalid`, `StaleVersion`.
    """
    row = locked_award(award, version)
    unit, promised = row.policy.unit_id, row.state == AwardState.APPROVED
    acting = approve_for_policy(unit, by, asked_by=row.approved_by, place=award)
    _check_reason(award, reason)
    if promised and row.payments.filter(state=LineState.OPEN).exists():
        raise WrongMoneyState(award, "已编入付款清单", "不予兑现")
    advance(row, "award.refused", "不予兑现")
    row.reason_text = put_text(reason.strip())
    record(row, verb="award.refused", by=acting, at=at)
    if promised and row.commitment_id:
        end_for(
            commitment=row.commitment_id,
            verb="commitment.waived",
            note=reason.strip(),
            by=acting,
            at=at,
        )


@command("award.restore")
def restore(
    *, award: str, reason: str, by: Viewer, at: datetime, version: int | None = None
) -> None:
    """Propose it again: the firm was right. Raises as `refuse` does."""
    row = locked_award(award, version)
    acting = act_for_policy(row.policy.unit_id, by, place=award)
    _check_reason(award, reason)
    if row.amount is None:
        raise Invalid(award, [("amount", "还缺一项，不能恢复；请等下次筛查")])
    advance(row, "award.restored", "恢复")
    row.reason_text, row.cleared_by = put_text(reason.strip()), by.actor
    row.asked_by = row.approved_by = ""
    row.listed_at = row.object_until = row.approved_at = None
    record(row, verb="award.restored", by=acting, at=at)


@command("award.list")
def put_up(*, policy: str, by: Viewer, at: datetime, calendar: Calendar) -> int:
    """Put all proposals up for everybody to object to (公示); returns how many.

    Where the budget does not reach for all, the policy says what happens. Raises `UnknownPolicy`,
    `NotAllowed`, `NothingToDo`, `WantsAnEye`, `BudgetShort`.
    """
    row = locked_policy(policy)
    acting = act_for_policy(row.unit_id, by, place=policy)
    definition = policy_of(published_version(row).definition)
    waiting = _waiting(row, definition.period)
    chosen = _within_budget(row, waiting, definition.budget, definition.shortage)
    until = calendar.add_working_days(civil_date(at), definition.notice_days)
    for award in chosen:
        advance(award, "award.listed", "公示")
        award.listed_at, award.object_until = at, until
        record(award, verb="award.listed", by=acting, at=at)
    return len(chosen)


def _waiting(policy: Policy, period: str) -> list[Award]:
    rows = Award.objects.select_for_update(of=("self",))
    waiting = list(
        rows.filter(policy=policy, period=period, state=AwardState.PROPOSED).order_by("code")
    )
    if not waiting:
        raise NothingToDo(policy.code, "没有拟兑现的企业可以公示")
    unseen = sum((award.sampled or bool(award.odd)) and not award.cleared_by for award in waiting)
    if unseen:
        raise WantsAnEye(policy.code, unseen)
    return waiting


def _within_budget(
    policy: Policy, waiting: Sequence[Award], budget: int, shortage: Shortage
) -> Sequence[Award]:
    left = budget_left(policy, waiting[0].period, budget)
    wanted = sum(award.amount or 0 for award in waiting)
    if wanted <= left:
        return waiting
    if shortage is Shortage.STOP:
        raise BudgetShort(policy.code, left, wanted)
    chosen: list[Award] = []
    for award in waiting:
        if (award.amount or 0) > left:
            break  # the budget has ended: a smaller one further down must not overtake
        left -= award.amount or 0
        chosen.append(award)
    if not chosen:
        raise BudgetShort(policy.code, left, wanted)
    return chosen


@command("award.object")
def object_to(*, award: str, reason: str, today: date, at: datetime) -> None:
    """Object to a listed award, as anyone may while it is up; an officer has to look at it.

    Raises `UnknownAward`, `WrongMoneyState`, `Invalid`.
    """
    row = locked_award(award)
    _check_reason(award, reason)
    if row.state != AwardState.LISTED or row.object_until is None or today > row.object_until:
        raise Invalid(award, [("reason", "不在公示期内")])
    row.odd = sorted({*row.odd, "objection"})
    said = {"at": instant_text(at), "text": put_text(reason.strip())}
    row.cleared_by, row.objections = "", [*row.objections, said]
    record(row, verb="award.objected", by=OBJECTOR, at=at)
