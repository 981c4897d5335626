"""Breaking one task down to many units (任务分解), each of which is asked to sign for its share."""

from collections.abc import Sequence
from datetime import date, datetime

from yinuo.commitments.commands.register import NewCommitment, put_commitments
from yinuo.commitments.commands.rows import codes_beginning, fetch
from yinuo.commitments.commands.signing import put_signings, sign_by_faults
from yinuo.commitments.errors import Invalid, PromisedByOthers, WrongState
from yinuo.commitments.life import STATUS_LABELS, Status, Visibility
from yinuo.commitments.models import Commitment
from yinuo.commitments.permission import act_as_office
from yinuo.commitments.registry import Promisor, kind_named
from yinuo.commitments.shares import (
    LONGEST_CODE,
    MOST_SHARES,
    BadShares,
    Share,
    basic_faults,
    share_codes,
)
from yinuo.kernel.instants import civil_date
from yinuo.ledger.commands.recording import command
from yinuo.parties.queries import public_units
from yinuo.parties.viewer import Viewer

VISIBLE_AS = {
    Visibility.PUBLIC: Visibility.REVIEW,
    Visibility.REVIEW: Visibility.REVIEW,
    Visibility.ON_REQUEST: Visibility.CLOSED,
    Visibility.CLOSED: Visibility.CLOSED,
}
"""Visibility of the whole → of a share: nothing is public before somebody has read it."""


@command("commitment.break_down")
def break_down(
    *, commitment: str, shares: Sequence[Share], sign_by: date, by: Viewer, at: datetime
) -> tuple[str, ...]:
    """Spread an open commitment over units and ask each to sign by a day; returns the codes.

    Each share is a commitment of its own under the whole, with its document, creditor, kind and
    heading. More may be added later, but no unit gets two. Raises `NotAllowed`,
    `PromisedByOthers`, `WrongState`, `BadShares` with every fault by line, `Invalid`.
    """
    row = fetch(commitment, by, None)
    acting = act_as_office(row.creditor_unit_id, by, place=row.code)
    kind = kind_named(row.kind)
    if kind.promisor is Promisor.OTHERS:
        raise PromisedByOthers(row.code, kind.label, "任务分解")
    if row.status != Status.OPEN:
        raise WrongState(row.code, STATUS_LABELS[Status(row.status)], "任务分解")
    faults = sign_by_faults(sign_by, at)
    if not shares:
        faults.append(("shares", "请至少写一个单位"))
    if len(shares) > MOST_SHARES:
        faults.append(("shares", f"一次最多 {MOST_SHARES} 个单位，现有 {len(shares)} 个"))
    wrong = basic_faults(
        shares, due=row.due, measure=row.unit, units=_units(civil_date(at)), given=_given(row)
    )
    if wrong:
        raise BadShares(row.code, wrong)
    if faults:
        raise Invalid(row.code, faults)
    codes = share_codes(row.code, len(shares), _taken(row))
    if len(codes[-1]) > LONGEST_CODE:
        raise Invalid(row.code, [("shares", f"编号 {codes[-1]} 太长，不能再往下分解")])
    new = [_child(row, share, code) for share, code in zip(shares, codes, strict=True)]
    visibility = VISIBLE_AS[Visibility(row.visibility)]
    put_commitments(new, visibility=visibility, by=acting, at=at)
    wanted = [(code, share.unit, "lead") for share, code in zip(shares, codes, strict=True)]
    wanted += [(one.code, unit, "cooperating") for one in new for unit in one.cooperating]
    put_signings(wanted, sign_by=sign_by, by=acting, at=at)
    return tuple(codes)


def _units(today: date) -> dict[str, str]:
    """Code → name of the units that exist."""
    return {u.code: u.name for u in public_units() if u.valid_to is None or u.valid_to > today}


def _given(row: Commitment) -> dict[str, str]:
    """Units that have a share already → its code. One that was ended counts no more."""
    ended = [Status.WITHDRAWN, Status.WAIVED]
    children = Commitment.objects.filter(parent=row).exclude(lead=None).exclude(status__in=ended)
    return {str(unit): code for code, unit in children.values_list("code", "lead_id")}


def _taken(row: Commitment) -> list[str]:
    return codes_beginning(Commitment.objects.all(), f"{row.code}-")


def _child(row: Commitment, share: Share, code: str) -> NewCommitment:
    operator = share.operator or (row.operator if row.value else Commitment.Operator.GE)
    return NewCommitment(
        code=code,
        kind=row.kind,
        title=share.title or row.title,
        document=row.document_id,
        place=row.place,
        heading=row.heading,
        parent=row.code,
        lead=share.unit,
        area=share.area,
        creditor=row.creditor,
        creditor_unit=row.creditor_unit_id,
        cooperating=share.cooperating,
        operator=operator if share.value else Commitment.Operator.DONE,
        operator_origin=_operator_origin(row, share),
        value=share.value,
        unit=(share.measure or row.unit) if share.value else "",
        due=share.due or row.due,
        due_origin=Commitment.Origin.TEXT if share.due else row.due_origin,
        due_said="" if share.due else row.due_said,
    )


def _operator_origin(row: Commitment, share: Share) -> str:
    """Whether the comparison was written, stands in the whole task, or is our reading."""
    if share.operator or not share.value:
        return str(Commitment.Origin.TEXT)
    return row.operator_origin if row.value else str(Commitment.Origin.INFERRED)
