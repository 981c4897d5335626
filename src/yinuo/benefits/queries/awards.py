"""Awards as their office reads them: the list, one with its story."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Q

from yinuo.benefits.errors import UnknownAward
from yinuo.benefits.life import AWARD, AWARD_LABELS, AwardState
from yinuo.benefits.models import Award
from yinuo.benefits.permission import of_unit
from yinuo.commitments.wording import short_wording
from yinuo.ledger.history import acts
from yinuo.parties.viewer import Viewer

PAGE = 50
ODD_LABELS = {
    "related": "代表人相同的企业",
    "account": "收款账号与他人相同",
    "objection": "公示期内有人提出异议",
    "told": "这一项是企业自己填的",
}
CLAWBACK_LABELS = {
    "asked": "待另一人批准",
    "ordered": "待退回",
    "repaid": "已退回",
    "withdrawn": "已撤销",
}


@dataclass(frozen=True, kw_only=True)
class AwardLine:
    """One award in a list."""

    code: str
    policy: str
    name: str
    credit_code: str
    amount: int | None
    state: str
    label: str
    sampled: bool
    odd: tuple[str, ...]
    """In words."""
    seen: bool
    """Whether somebody looked at it and let it pass."""
    lacking: str
    account_good: bool
    simulated: bool


@dataclass(frozen=True, kw_only=True)
class AwardPage:
    """One page of awards, by code."""

    total: int
    rows: tuple[AwardLine, ...]
    next_cursor: str


@dataclass(frozen=True, kw_only=True)
class ClawbackView:
    """Money that is taken back."""

    code: str
    amount: int
    repaid: int
    reason: str
    state: str
    label: str
    due: date | None
    may_order: bool
    """Whether the viewer is another person than who asked."""
    version: int


@dataclass(frozen=True, kw_only=True)
class AwardView:
    """One award with all that its office needs."""

    line: AwardLine
    policy_name: str
    policy_version: str
    screening: str
    period: str
    rule: str
    told: str
    """What the firm answered."""
    reason: str
    """Said with the last step that needed one."""
    objections: tuple[tuple[datetime, str], ...]
    """What anybody said against it, with when; the newest first."""
    listed_at: datetime | None
    object_until: date | None
    approved_at: datetime | None
    due: date | None
    """By when the money is promised."""
    paid_on: date | None
    bank: str
    account_end: str
    """The last four digits."""
    commitment: str
    clawbacks: tuple[ClawbackView, ...]
    acts: bool
    steps: frozenset[str]
    """Verbs that the state allows."""
    version: int
    story: tuple[tuple[str, str, int | None], ...]
    """Actor, duty and place on the ledger of every entry, in order."""


def awards(
    *, viewer: Viewer, policy: str, state: str = "", unseen: bool = False, cursor: str = ""
) -> AwardPage:
    """The awards of a policy that the viewer may see."""
    rows = Award.objects.filter(of_unit(viewer), policy=policy)
    if state:
        rows = rows.filter(state=state)
    if unseen:
        odd = (Q(sampled=True) | ~Q(odd=[])) & Q(cleared_by="")
        rows = rows.filter(odd, state__in=[AwardState.PROPOSED, AwardState.LISTED])
    total = rows.count()
    found = list(rows.filter(code__gt=cursor).order_by("code")[: PAGE + 1])
    return AwardPage(
        total=total,
        rows=tuple(_lines(found[:PAGE])),
        next_cursor=found[PAGE - 1].code if len(found) > PAGE else "",
    )


def award(*, viewer: Viewer, code: str) -> AwardView:
    """One award. Raises `UnknownAward`."""
    rows = Award.objects.select_related("policy_version", "policy", "commitment")
    row = rows.filter(of_unit(viewer), pk=code).first()
    if row is None:
        raise UnknownAward(code)
    texts = (row.name_text, row.told_text, row.reason_text, row.bank_text, row.account_text)
    against = [one["text"] for one in row.objections]
    said = short_wording([*texts, *against, *(one.reason_text for one in row.clawbacks.all())])
    acting = row.policy.unit_id in viewer.officer_of
    return AwardView(
        line=next(iter(_lines([row]))),
        policy_name=row.policy_version.name,
        policy_version=row.policy_version_id,
        screening=row.screening_id,
        period=row.period,
        rule=row.rule,
        told=_said(said, row.told_text),
        reason=_said(said, row.reason_text),
        objections=tuple(
            (datetime.fromisoformat(one["at"]), _said(said, one["text"]))
            for one in reversed(row.objections)
        ),
        listed_at=row.listed_at,
        object_until=row.object_until,
        approved_at=row.approved_at,
        due=row.commitment.due if row.commitment else None,
        paid_on=row.paid_on,
        bank=_said(said, row.bank_text),
        account_end=_said(said, row.account_text)[-4:],
        commitment=row.commitment_id or "",
        clawbacks=_clawbacks(row, said, viewer, acting=acting),
        acts=acting,
        steps=frozenset(verb for state, verb in AWARD.steps if state == row.state),
        version=row.version,
        story=_story(row),
    )


def _lines(rows: Iterable[Award]) -> list[AwardLine]:
    """Rows as lines of a list."""
    rows = list(rows)
    names = short_wording([row.name_text for row in rows])
    return [
        AwardLine(
            code=row.code,
            policy=row.policy_id,
            name=_said(names, row.name_text),
            credit_code=row.credit_code,
            amount=row.amount,
            state=row.state,
            label=AWARD_LABELS[AwardState(row.state)],
            sampled=row.sampled,
            odd=tuple(ODD_LABELS[each] for each in row.odd),
            seen=bool(row.cleared_by),
            lacking=row.lacking,
            account_good=row.account_good,
            simulated=row.simulated,
        )
        for row in rows
    ]


def _said(texts: Mapping[str, str], reference: str) -> str:
    return texts.get(reference, "") if reference else ""


def _clawbacks(
    row: Award, said: Mapping[str, str], viewer: Viewer, *, acting: bool
) -> tuple[ClawbackView, ...]:
    return tuple(
        ClawbackView(
            code=one.code,
            amount=one.amount,
            repaid=one.repaid,
            reason=_said(said, one.reason_text),
            state=one.state,
            label=CLAWBACK_LABELS[one.state],
            due=one.due,
            may_order=acting and one.asked_by != viewer.actor,
            version=one.version,
        )
        for one in row.clawbacks.order_by("code")
    )


def _story(row: Award) -> tuple[tuple[str, str, int | None], ...]:
    found = acts([row.subject])
    return tuple(
        (act.actor, act.capacity, act.leaf_index)
        for (_subject, _version), act in sorted(found.items(), key=lambda item: item[0][1])
    )
