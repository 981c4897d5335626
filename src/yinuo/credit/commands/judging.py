"""Joins judged by people: split, joined, proposals confirmed or rejected. Append-only.

A judgement acts from the next release on, and on every one after it, whatever is loaded meanwhile.
"""

from datetime import datetime

from django.db.models import Max, Q

from yinuo.credit.commands.landing import LOCK
from yinuo.credit.commands.reasons import checked_reason
from yinuo.credit.errors.joins import JudgedAlready, NotThere, UnknownProposal
from yinuo.credit.means import Means
from yinuo.credit.models import CreditRelease, JoinJudgement
from yinuo.credit.nodes import TEXT, is_secret, key_node, record_node, spelled
from yinuo.credit.permission import acting_for_centre
from yinuo.credit.released import Found, opened
from yinuo.ledger.commands.recording import command, one_at_a_time, put_text
from yinuo.ledger.commands.recording import record as write
from yinuo.ledger.history import texts
from yinuo.parties.viewer import Viewer


def split(
    *,
    record: str,
    entity: str = "",
    code: str = "",
    reason: str,
    case: str = "",
    means: Means,
    by: Viewer,
    at: datetime,
) -> int:
    """Say that a record never belongs to the entity under which it stands now.

    The entity is named by its opaque id or by a code. Returns the number of the judgement. Raises
    `NotAllowed`, `NoRelease`, `UnknownEntity`, `NotThere`, `BadNode`, `WhyMissing`,
    `JudgedAlready`.
    """
    acting_for_centre(means, by, place=record)
    record_node(record)
    with opened(means) as release:
        found = release.entity(entity) if entity else release.entity_of_code(code)
        fact = release.fact(record, sources=found.document["facts"])
    if fact is None or fact.entity != found.entity:
        raise NotThere(record)
    return judge(
        record=record,
        entity=found,
        same=False,
        source=fact.source,
        reason=reason,
        case=case,
        means=means,
        by=by,
        at=at,
    )


def join(
    *,
    record: str,
    entity: str = "",
    code: str = "",
    reason: str,
    case: str = "",
    means: Means,
    by: Viewer,
    at: datetime,
) -> int:
    """Say that a record belongs to an entity, whatever code it bears. Raises what `split` raises.

    `NotThere`: no such record in the current release.
    """
    acting_for_centre(means, by, place=record)
    record_node(record)
    with opened(means) as release:
        found = release.entity(entity) if entity else release.entity_of_code(code)
        fact = release.fact(record)
    if fact is None:
        raise NotThere(record)
    return judge(
        record=record,
        entity=found,
        same=True,
        source=fact.source,
        reason=reason,
        case=case,
        means=means,
        by=by,
        at=at,
    )


def decide_proposal(
    *,
    record: str,
    confirm: bool,
    reason: str,
    case: str = "",
    means: Means,
    by: Viewer,
    at: datetime,
) -> int:
    """Confirm or reject what a model proposes about a record.

    Raises `NotAllowed`, `NoRelease`, `UnknownProposal`, `BadNode`, `WhyMissing`, `JudgedAlready`.
    """
    acting_for_centre(means, by, place=record)
    record_node(record)
    with opened(means) as release:
        proposed = release.proposal(record)
        if proposed is None:
            raise UnknownProposal(record)
        found = release.entity_of_key(proposed.key)
        fact = release.fact(record)
    if fact is None:
        raise UnknownProposal(record)
    return judge(
        record=record,
        entity=found,
        same=confirm,
        source=fact.source,
        reason=reason,
        case=case,
        means=means,
        by=by,
        at=at,
    )


@command("join_judgement.judge")
def judge(
    *,
    record: str,
    entity: Found,
    same: bool,
    source: str,
    reason: str,
    case: str,
    means: Means,
    by: Viewer,
    at: datetime,
) -> int:
    """Write down that a record is, or is not, of an entity. Returns the number of the judgement.

    Raises `NotAllowed`, `BadNode`, `WhyMissing`, `JudgedAlready`.
    """
    acting = acting_for_centre(means, by, place=record)
    said = checked_reason(reason, place=record)
    left, right = record_node(record), key_node(entity.key)
    one_at_a_time(LOCK)
    before = _newest(left, right)
    if before is not None and before.same == same:
        raise JudgedAlready(before.number)
    row = JoinJudgement(
        number=(JoinJudgement.objects.aggregate(last=Max("number"))["last"] or 0) + 1,
        left=left,
        right=put_text(right) if is_secret(right) else right,
        same=same,
        entity=entity.entity,
        source=source,
        case=case.strip(),
        reason_text=put_text(said),
        simulated=CreditRelease.objects.filter(current=True, simulated=True).exists(),
        judged_by=by.actor,
        judged_at=at,
    )
    verb = "join_judgement.joined" if same else "join_judgement.split"
    write(row, verb=verb, by=acting, at=at)
    return row.number


def _newest(left: str, right: str) -> JoinJudgement | None:
    """The last word on two nodes."""
    open_or_text = Q(right__startswith=TEXT) if is_secret(right) else Q(right=right)
    rows = list(JoinJudgement.objects.filter(open_or_text, left=left).order_by("-number"))
    said = texts(row.right for row in rows)
    return next((row for row in rows if spelled(row.right, said) == right), None)
