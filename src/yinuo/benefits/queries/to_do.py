"""What waits for an officer: the money of the unit's policies, step by step."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Min, Q

from yinuo.benefits.life import AwardState, BatchState, ClawbackState, PolicyState
from yinuo.benefits.models import Award, Clawback, PayoutBatch, PolicyVersion
from yinuo.kernel.money import say_money
from yinuo.parties.viewer import Viewer

POLICY, AWARD, BATCH = "benefit_policy", "benefit_award", "benefit_batch"
WANTS_AN_EYE = Q(cleared_by="") & (Q(sampled=True) | ~Q(odd=[]))


@dataclass(frozen=True, kw_only=True)
class Waiting:
    """One thing."""

    due: date | None
    what: str
    title: str
    under: str
    page: str
    """Name of the address that does it, with what the address takes."""
    args: tuple[str, ...]


def to_do(*, viewer: Viewer, today: date) -> tuple[Waiting, ...]:
    """What waits for the viewer as an officer, in the order of a policy's life."""
    if not viewer.officer_of:
        return ()
    return (*_drafts(viewer), *_steps(viewer, today), *_batches(viewer), *_clawbacks(viewer))


def _drafts(viewer: Viewer) -> Iterator[Waiting]:
    rows = PolicyVersion.objects.filter(
        policy__unit__in=viewer.officer_of, state=PolicyState.DRAFT
    ).exclude(asked_by=viewer.actor)
    for row in rows.order_by("code"):
        yield Waiting(
            due=None,
            what="发布政策",
            title=row.name,
            under=row.code,
            page=POLICY,
            args=(row.policy_id,),
        )


def _steps(viewer: Viewer, today: date) -> Iterator[Waiting]:
    """Of each policy: what to look at, to list, to ask approval of, to approve, to pay."""
    names = {}
    for row in PolicyVersion.objects.filter(policy__unit__in=viewer.officer_of).order_by("number"):
        names[row.policy_id] = row.name
    early = Q(state__in=[AwardState.PROPOSED, AwardState.LISTED])
    listed, approved = Q(state=AwardState.LISTED), Q(state=AwardState.APPROVED)
    over = listed & Q(object_until__lt=today, asked_by="")
    asked = listed & ~Q(asked_by="") & ~Q(asked_by=viewer.actor)
    ready = approved & Q(account_good=True) & ~Q(payments__state="open")
    groups = (
        ("核对兑现", early & WANTS_AN_EYE, "抽中或可疑的，要有人看过"),
        ("公示", Q(state=AwardState.PROPOSED) & ~WANTS_AN_EYE, "拟兑现"),
        ("报批", over & ~WANTS_AN_EYE, "公示期满"),
        ("批准", asked & ~WANTS_AN_EYE, "已报批，由您或本单位另一人批准"),
        ("拨付", ready, "已批准，账号齐了"),
    )
    for what, wanted, why in groups:
        rows = Award.objects.filter(wanted, policy__unit__in=viewer.officer_of)
        counted = rows.values("policy").annotate(
            n=Count("pk", distinct=True), due=Min("commitment__due")
        )
        for each in counted.order_by("policy"):
            yield Waiting(
                due=each["due"],
                what=what,
                title=names[each["policy"]],
                under=f"{each['n']:,} 家，{why}",
                page=POLICY,
                args=(each["policy"],),
            )


def _batches(viewer: Viewer) -> Iterator[Waiting]:
    rows = PayoutBatch.objects.filter(policy__unit__in=viewer.officer_of).annotate(
        due=Min("lines__award__commitment__due", filter=Q(lines__state="open"))
    )
    to_send = rows.filter(state=BatchState.MADE).exclude(made_by=viewer.actor)
    to_answer = rows.filter(state=BatchState.SENT)
    for what, some in (("送出清单", to_send), ("交银行回单", to_answer)):
        for row in some.order_by("code"):
            open_fen = row.total - row.paid - row.bounced
            yield Waiting(
                due=row.due,
                what=what,
                title=f"付款清单 {row.code}",
                under=f"{row.lines_count:,} 笔，未答复 {say_money(open_fen)}",
                page=BATCH,
                args=(row.code,),
            )


def _clawbacks(viewer: Viewer) -> Iterator[Waiting]:
    rows = Clawback.objects.filter(award__policy__unit__in=viewer.officer_of)
    to_order = rows.filter(state=ClawbackState.ASKED).exclude(asked_by=viewer.actor)
    to_note = rows.filter(state=ClawbackState.ORDERED)
    for what, some in (("批准退回", to_order), ("登记退回", to_note)):
        for row in some.order_by("code"):
            yield Waiting(
                due=row.due,
                what=what,
                title=f"退回 {say_money(row.amount - row.repaid)}",
                under=row.code,
                page=AWARD,
                args=(row.award_id,),
            )
