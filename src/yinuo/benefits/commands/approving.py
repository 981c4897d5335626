"""Approval by two persons; with it the promise to pay begins."""

from collections.abc import Sequence
from datetime import date, datetime

from yinuo.benefits.commands.policies import document_of
from yinuo.benefits.commands.rows import advance, locked_policy, published_version
from yinuo.benefits.definition import PolicyDefinition, policy_of
from yinuo.benefits.errors import NothingToDo, StillListed, WantsAnEye
from yinuo.benefits.life import AwardState
from yinuo.benefits.models import Award, Policy, PolicyVersion
from yinuo.benefits.permission import act_for_policy, approve_for_policy
from yinuo.commitments.commands.register import NewCommitment, put_commitments
from yinuo.commitments.life import Visibility
from yinuo.kernel.calendar import Calendar
from yinuo.kernel.instants import civil_date
from yinuo.kernel.money import say_money
from yinuo.ledger.commands.recording import By, command, record
from yinuo.parties.queries import public_parent
from yinuo.parties.viewer import Viewer

KIND = "benefit"
CREDITORS = {"firm": "符合条件的企业", "trader": "符合条件的个体工商户", "person": "符合条件的个人"}
"""The creditor of the promise, without a name."""


@command("award.ask_approval")
def ask_approval(*, policy: str, by: Viewer, at: datetime) -> int:
    """Ask that all awards whose days of objection are over be approved; returns how many.

    Raises `UnknownPolicy`, `NotAllowed`, `NothingToDo`, `StillListed`, `WantsAnEye`.
    """
    row = locked_policy(policy)
    acting = act_for_policy(row.unit_id, by, place=policy)
    ready = _ready(row, at)
    for award in ready:
        award.asked_by = by.actor
        record(award, verb="award.approval_asked", by=acting, at=at)
    return len(ready)


@command("award.approve")
def approve(*, policy: str, by: Viewer, at: datetime, calendar: Calendar) -> int:
    """Approve what another person of the unit asked for; each becomes a promise with its day.

    Returns how many. Raises `UnknownPolicy`, `NotAllowed`, `SamePerson`, `NothingToDo`,
    `WantsAnEye`.
    """
    row = locked_policy(policy)
    asked = [award for award in _listed(row) if award.asked_by]
    if not asked:
        raise NothingToDo(policy, "没有报批的兑现")
    acting = act_for_policy(row.unit_id, by, place=policy)
    for asker in sorted({award.asked_by for award in asked}):
        approve_for_policy(row.unit_id, by, asked_by=asker, place=policy)
    _check_seen(row, asked)
    version = published_version(row)
    definition = policy_of(version.definition)
    due = calendar.add_working_days(civil_date(at), definition.promised_days)
    codes = [_promise_code(award) for award in asked]
    _promise(asked, codes, definition, version, by=acting, at=at, due=due)
    for award, code in zip(asked, codes, strict=True):
        advance(award, "award.approved", "批准")
        award.approved_by, award.approved_at = by.actor, at
        award.commitment_id = code
        record(award, verb="award.approved", by=acting, at=at)
    return len(asked)


def _listed(policy: Policy) -> list[Award]:
    rows = Award.objects.select_for_update(of=("self",)).filter(policy=policy)
    return list(rows.filter(state=AwardState.LISTED).order_by("code"))


def _ready(policy: Policy, at: datetime) -> list[Award]:
    listed = [award for award in _listed(policy) if not award.asked_by]
    if not listed:
        raise NothingToDo(policy.code, "没有公示中的兑现")
    today = civil_date(at)
    over = [award for award in listed if award.object_until and award.object_until < today]
    if not over:
        raise StillListed(policy.code, min(a.object_until for a in listed if a.object_until))
    _check_seen(policy, over)
    return over


def _check_seen(policy: Policy, awards: Sequence[Award]) -> None:
    """An objection, or an account that came later, wants a person's eye as well."""
    unseen = sum(bool(award.odd) and not award.cleared_by for award in awards)
    if unseen:
        raise WantsAnEye(policy.code, unseen)


def _promise_code(award: Award) -> str:
    """As the award; approved again after a promise was taken back, it is another promise."""
    if award.commitment_id is None:
        return award.code
    _, _, times = award.commitment_id.removeprefix(award.code).rpartition("-")
    return f"{award.code}-{int(times or 1) + 1}"


def _promise(
    awards: Sequence[Award],
    codes: Sequence[str],
    definition: PolicyDefinition,
    version: PolicyVersion,
    *,
    by: By,
    at: datetime,
    due: date,
) -> None:
    put_commitments(
        [
            NewCommitment(
                code=code,
                kind=KIND,
                title=f"拨付{definition.name} {say_money(award.amount or 0)}",
                document=document_of(version),
                lead=definition.unit,
                creditor=CREDITORS[definition.subject],
                creditor_unit=public_parent(definition.unit) or definition.unit,
                due=due,
                due_said=f"批准后 {definition.promised_days} 个工作日内",
            )
            for award, code in zip(awards, codes, strict=True)
        ],
        visibility=Visibility.CLOSED,
        by=by,
        at=at,
    )
