"""One matter given twice: what a commitment may be merged into, and what follows for it."""

from collections.abc import Mapping
from datetime import date, datetime

from yinuo.commitments.claims import COUNTED, OPEN
from yinuo.commitments.commands.signing import recall_unanswered
from yinuo.commitments.commands.waiting import close_waits
from yinuo.commitments.life import STATUS_LABELS, Status
from yinuo.commitments.models import Commitment, Signing, Wait
from yinuo.commitments.permission import visible
from yinuo.kernel.canonical import Canonical
from yinuo.kernel.instants import civil_date
from yinuo.ledger.commands.recording import By, put_text
from yinuo.parties.queries import public_successor
from yinuo.parties.viewer import Viewer

Faults = list[tuple[str, str]]
LIVES_ON = frozenset({Status.OPEN, Status.DELIVERED, Status.KEPT})
"""What another commitment may be merged into; anything else would bury it."""


def target_faults(
    row: Commitment, new: Mapping[str, Canonical], *, by: Viewer, today: date
) -> Faults:
    """What speaks against what a change points at: another commitment, another unit."""
    faults: Faults = []
    into, lead = new.get("merged_into_id"), new.get("lead_id")
    if into:
        faults += _merge_faults(row, str(into), by)
    if lead and (successor := public_successor(str(lead), today)):
        faults.append(("lead_id", f"{successor.sentence}，请选 {successor.successor_name}"))
    return faults


def _merge_faults(row: Commitment, into: str, by: Viewer) -> Faults:
    if into == row.code:
        return [("merged_into_id", "不能并入自己")]
    target = Commitment.objects.filter(visible(by), code=into).first()
    if target is None:
        return [("merged_into_id", f"没有编号为 {into} 的承诺，请核对编号")]
    if target.merged_into_id:
        return [
            ("merged_into_id", f"{into} 已并入 {target.merged_into_id}，请写后者的编号"),
        ]
    if target.status not in LIVES_ON:
        state = STATUS_LABELS[Status(target.status)]
        return [("merged_into_id", f"{into} 的状态为“{state}”，不能并入它")]
    return []


def settle_merged(row: Commitment, *, by: By, at: datetime) -> None:
    """Ask nobody any more to sign for what was merged, and close what held it up.

    Neither passes on: the other commitment has its own units, which sign and claim themselves.
    """
    recall_unanswered(Signing.objects.filter(commitment=row), by=by, at=at)
    waits = Wait.objects.select_for_update().filter(commitment=row, status__in=OPEN | COUNTED)
    lasting = list(waits.order_by("code"))
    if lasting:
        reason = put_text(f"承诺已并入 {row.merged_into_id}，卡点不再处理")
        close_waits(lasting, on=civil_date(at), reason=reason, by=by, at=at)
