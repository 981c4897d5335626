"""Changing what was promised: asked with a reason, decided by somebody else, never overwritten."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from yinuo.commitments.commands.curve import FIELD as CURVE
from yinuo.commitments.commands.curve import replace_curve, wanted_curve
from yinuo.commitments.commands.deliver import note_faults
from yinuo.commitments.commands.merging import settle_merged, target_faults
from yinuo.commitments.commands.rows import advance, fetch, lead_changes
from yinuo.commitments.commands.signing import recall_transferred
from yinuo.commitments.commands.terms import (
    canonical_terms,
    set_terms,
    term_faults,
    term_text,
)
from yinuo.commitments.errors import (
    ChangeDecided,
    ChangeOutdated,
    ChangeWaiting,
    Invalid,
    UnknownCommitment,
    WrongState,
)
from yinuo.commitments.life import (
    CHANGE_LABELS,
    STATUS_LABELS,
    ChangeKind,
    Outcome,
    Status,
)
from yinuo.commitments.light_rows import written_curve
from yinuo.commitments.models import Change, Commitment
from yinuo.commitments.permission import act_as_creditor, owes, supervises, visible
from yinuo.kernel.canonical import Canonical
from yinuo.kernel.instants import civil_date
from yinuo.ledger.commands.recording import By, command, put_text, record
from yinuo.parties.viewer import NotAllowed, Viewer

FINDINGS = frozenset({ChangeKind.KEPT_IN_PART, ChangeKind.CORRECTED})
"""What somebody finds out, which has no “in time”; the others are wishes of the debtor."""
FOR_SUPERVISORS = frozenset({ChangeKind.KEPT_IN_PART, ChangeKind.MERGED, ChangeKind.CORRECTED})


def _asks(row: Commitment, kind: ChangeKind, by: Viewer) -> By:
    """Who may ask: the unit that owes, the side that supervises, or the administrator."""
    if owes(row, by) and kind not in FOR_SUPERVISORS:
        return by.acting("officer", str(row.lead_id))
    if supervises(row, by):
        return by.acting("supervisor", row.creditor_unit_id)
    if row.creditor_unit_id in by.administrator_of and kind != ChangeKind.KEPT_IN_PART:
        return by.acting("administrator", row.creditor_unit_id)
    raise NotAllowed(f"您不能为这项承诺申请“{CHANGE_LABELS[kind]}”", place=row.code)


@command("change.ask")
def ask(
    *,
    commitment: str,
    kind: ChangeKind,
    new: Mapping[str, Canonical],
    reason: str,
    by: Viewer,
    at: datetime,
    source: str = "",
    version: int | None = None,
) -> str:
    """Ask for a change with a reason and return its code; it takes effect only when approved.

    `new` maps columns of the commitment to values: ISO dates, canonical decimals, unit codes.
    A request after the deadline is marked as after the fact. Raises `NotAllowed`, `WrongState`,
    `ChangeWaiting`, `Invalid`.
    """
    row = fetch(commitment, by, version)
    acting = _asks(row, kind, by)
    wanted = Status.DELIVERED if kind == ChangeKind.KEPT_IN_PART else Status.OPEN
    if row.status != wanted and kind != ChangeKind.CORRECTED:
        raise WrongState(row.code, STATUS_LABELS[Status(row.status)], CHANGE_LABELS[kind])
    if Change.objects.filter(commitment=row, kind=kind, status=Change.Status.ASKED).exists():
        raise ChangeWaiting(row.code, CHANGE_LABELS[kind])
    normal, faults = _wanted(row, kind, new, by=by, at=at)
    faults = note_faults("reason", "理由", reason) + faults
    if faults:
        raise Invalid(row.code, faults)
    change = Change(
        code=f"{row.code}/C{Change.objects.filter(commitment=row).count() + 1}",
        commitment=row,
        lead_id=row.lead_id,
        kind=kind,
        old={name: _present(row, name) for name in normal},
        new=normal,
        reason_text=put_text(reason),
        asked_by=by.actor,
        asked_at=at,
        after_the_fact=kind not in FINDINGS and row.due is not None and row.due < civil_date(at),
        source=source,
    )
    record(change, verb="change.asked", by=acting, at=at)
    return change.code


def _wanted(
    row: Commitment, kind: ChangeKind, new: Mapping[str, Canonical], *, by: Viewer, at: datetime
) -> tuple[dict[str, Canonical], list[tuple[str, str]]]:
    """What is asked for in canonical form, and what speaks against it."""
    if kind == ChangeKind.REPLANNED:
        return wanted_curve(row, new)
    normal, faults = canonical_terms(new)
    faults = faults or target_faults(row, normal, by=by, today=civil_date(at))
    return normal, faults or term_faults(row, kind, normal)


def _present(row: Commitment, name: str) -> Canonical:
    """What holds now of what a request may alter."""
    return written_curve(row.code) if name == CURVE else term_text(getattr(row, name))


def _decide(
    code: str, by: Viewer, at: datetime, status: Change.Status, reason: str
) -> tuple[Change, Commitment, By]:
    """The request with its decision, not yet recorded, by someone entitled to it."""
    about = Commitment.objects.filter(visible(by), changes=code).values_list("code", flat=True)
    commitment = about.first()
    if commitment is None:
        raise UnknownCommitment(code)
    # The commitment first, as whoever passes it on to another unit does.
    row = fetch(commitment, by, None)
    change = Change.objects.select_for_update(of=("self",)).get(code=code)
    acting = act_as_creditor(row, by)
    if change.status != Change.Status.ASKED:
        raise ChangeDecided(code, change.get_status_display())
    if change.asked_by == by.actor:
        raise NotAllowed("申请人不能批准自己的申请", place=code, next_step="请由另一名督查人决定")
    faults = note_faults("reason", "理由", reason)
    if faults:
        raise Invalid(code, faults)
    change.status = status
    change.decided_by, change.decided_at = by.actor, at
    change.decision_text = put_text(reason)
    return change, row, acting


@command("change.refuse")
def refuse(*, change: str, reason: str, by: Viewer, at: datetime) -> None:
    """Refuse a change; the commitment stays as it is and both words stay on record."""
    decided, _row, acting = _decide(change, by, at, Change.Status.REFUSED, reason)
    record(decided, verb="change.refused", by=acting, at=at)


@command("change.approve")
def approve(*, change: str, reason: str, by: Viewer, at: datetime) -> None:
    """Approve a change and apply it to the commitment in the same transaction.

    The approver is another natural person than the requester, supervises for the creditor and
    holds no duty for the debtor or its parent. Raises `NotAllowed`, `ChangeDecided`,
    `ChangeOutdated` if the old values no longer hold.
    """
    decided, row, acting = _decide(change, by, at, Change.Status.APPROVED, reason)
    if any(_present(row, name) != value for name, value in decided.old.items()):
        raise ChangeOutdated(change)
    faults = target_faults(row, decided.new, by=by, today=civil_date(at))
    if faults:
        raise Invalid(change, faults)
    record(decided, verb="change.approved", by=acting, at=at)
    if decided.kind == ChangeKind.REPLANNED:
        replace_curve(row, decided.new[CURVE], by=acting, at=at)
    else:
        _apply(row, ChangeKind(decided.kind), decided.new)
    row.remark_text = decided.decision_text
    record(row, verb=f"commitment.{decided.kind}", by=acting, at=at)
    if "lead_id" in decided.new:
        lead_changes([row.code], row.lead_id)
    if decided.old.get("lead_id"):
        recall_transferred(row, decided.old["lead_id"], by=acting, at=at)
    if decided.kind == ChangeKind.MERGED:
        settle_merged(row, by=acting, at=at)


def _apply(row: Commitment, kind: ChangeKind, new: Mapping[str, Any]) -> None:
    undated = row.due is None
    set_terms(row, new)
    if kind == ChangeKind.MOVED and undated:
        # A first deadline given to an undated promise moves nothing: it is the original one.
        row.due_original = row.due
    elif kind == ChangeKind.MOVED:
        row.moved_count += 1
    elif kind == ChangeKind.TRANSFERRED:
        # The debtor now follows from this decision, whatever the document said.
        row.lead_origin = Commitment.Origin.TEXT if row.lead_id else Commitment.Origin.NONE
    elif kind == ChangeKind.KEPT_IN_PART:
        advance(row, "commitment.kept_in_part", "认定部分兑现")
        row.outcome = Outcome.KEPT_IN_PART
    elif kind in {ChangeKind.WITHDRAWN, ChangeKind.MERGED}:
        advance(row, f"commitment.{kind}", CHANGE_LABELS[kind])
