"""Batches after they came: checked anew, let pass by two persons, withdrawn."""

from collections.abc import Sequence
from datetime import datetime

from yinuo.credit.commands.reasons import checked_reason
from yinuo.credit.errors.batches import LeanedOn, UnknownCreditBatch, WrongBatchState
from yinuo.credit.life import LIVE, STATUS_LABELS, BatchStatus
from yinuo.credit.means import Means, folder_of, source_of
from yinuo.credit.models import CreditBatch
from yinuo.credit.permission import acting_for_centre, acting_for_source
from yinuo.kernel.errors import Finding
from yinuo.lake.records.batch import open_batch
from yinuo.lake.records.gates import check
from yinuo.ledger.commands.recording import command, put_text, record
from yinuo.parties.viewer import NotAllowed, Viewer


def locked(code: str, version: int | None = None) -> CreditBatch:
    """The row of a batch, locked. Raises `UnknownCreditBatch`."""
    row = CreditBatch.objects.select_for_update(of=("self",)).filter(code=code).first()
    if row is None:
        raise UnknownCreditBatch(code)
    if version is not None:
        row.version = version  # the guarded write then refuses it as stale
    return row


def _require(row: CreditBatch, *allowed: BatchStatus, wanted: str) -> None:
    if row.status not in allowed:
        raise WrongBatchState(row.code, STATUS_LABELS[BatchStatus(row.status)], wanted)


def found_by_gates(row: CreditBatch, means: Means) -> tuple[Finding, ...]:
    """What the gates of its source find in a batch now. Raises `BatchDamaged`."""
    described = source_of(means, row.source)
    return check(open_batch(folder_of(means.lake, row.source, row.lake_id)), described)


@command("credit_batch.check")
def check_anew(*, batch: str, means: Means, by: Viewer, at: datetime) -> tuple[Finding, ...]:
    """Hold a batch against what its description expects now; expectations may have changed.

    A batch that waits for a waiver, was waived or withdrawn stays so. Raises
    `UnknownCreditBatch`, `UnknownCreditSource`, `NotAllowed`, `BatchDamaged`.
    """
    row = locked(batch)
    acting = acting_for_source(row.unit_id, means, by, place=batch)
    findings = found_by_gates(row, means)
    said = [vars(each) for each in findings]
    status = BatchStatus(row.status)
    if status in {BatchStatus.LANDED, BatchStatus.REFUSED}:
        status = BatchStatus.REFUSED if findings else BatchStatus.LANDED
    if (said, status) != (row.findings, row.status):
        row.findings, row.status = said, status
        record(row, verb="credit_batch.checked", by=acting, at=at)
    return findings


@command("credit_batch.ask_waiver")
def ask_waiver(
    *, batch: str, reason: str, means: Means, by: Viewer, at: datetime, version: int | None = None
) -> None:
    """Ask that a batch be published in spite of what the gates found.

    Raises `UnknownCreditBatch`, `NotAllowed`, `WrongBatchState`, `WhyMissing`, `StaleVersion`.
    """
    row = locked(batch, version)
    acting = acting_for_source(row.unit_id, means, by, place=batch)
    _require(row, BatchStatus.REFUSED, wanted="申请放行")
    row.reason_text = put_text(checked_reason(reason, place=batch))
    row.status, row.asked_by = BatchStatus.ASKED, by.actor
    row.decided_by, row.decision_text = "", ""
    record(row, verb="credit_batch.waiver_asked", by=acting, at=at)


@command("credit_batch.decide_waiver")
def decide_waiver(
    *,
    batch: str,
    approve: bool,
    reason: str,
    means: Means,
    by: Viewer,
    at: datetime,
    version: int | None = None,
) -> None:
    """Let the batch pass, or not: by an officer of the credit centre other than who asked.

    Raises `UnknownCreditBatch`, `NotAllowed`, `WrongBatchState`, `WhyMissing`, `StaleVersion`.
    """
    row = locked(batch, version)
    acting = acting_for_centre(means, by, place=batch, what="只有信用中心的经办人可以决定放行")
    _require(row, BatchStatus.ASKED, wanted="决定是否放行")
    if row.asked_by == by.actor:
        raise NotAllowed("申请的人不能自己批准", place=batch, next_step="请信用中心另一人决定")
    row.decision_text = put_text(checked_reason(reason, place=batch))
    row.decided_by = by.actor
    row.status = BatchStatus.WAIVED if approve else BatchStatus.REFUSED
    verb = "credit_batch.waived" if approve else "credit_batch.waiver_refused"
    record(row, verb=verb, by=acting, at=at)


@command("credit_batch.withdraw")
def withdraw(
    *, batch: str, reason: str, means: Means, by: Viewer, at: datetime, version: int | None = None
) -> None:
    """Take a batch out of every release to come; what lies in the lake stays there.

    Its corrections go with it. A batch stays while a later one only names what it repeats of it.
    Raises `LeanedOn`, `UnknownCreditBatch`, `NotAllowed`, `WrongBatchState`, `WhyMissing`,
    `StaleVersion`.
    """
    row = locked(batch, version)
    acting = acting_for_source(row.unit_id, means, by, place=batch)
    said = put_text(checked_reason(reason, place=batch))
    _require(row, *LIVE, wanted="撤回")
    corrections = CreditBatch.objects.select_for_update(of=("self",)).filter(corrects=row)
    gone = [row, *corrections.filter(status__in=LIVE).order_by("code")]
    _refuse_leaned_on(gone, means)
    for each in gone:
        each.decision_text = said
        each.status, each.decided_by = BatchStatus.WITHDRAWN, by.actor
        record(each, verb="credit_batch.withdrawn", by=acting, at=at)


def _refuse_leaned_on(gone: Sequence[CreditBatch], means: Means) -> None:
    """Records that a later batch repeats unchanged lie in these alone. Raises `LeanedOn`."""
    first, ids = gone[0], {row.lake_id for row in gone}
    rows = CreditBatch.objects.filter(source=first.source, status__in=LIVE)
    for later in rows.exclude(pk__in=[row.pk for row in gone]).order_by("landed_at", "code"):
        landed = open_batch(folder_of(means.lake, later.source, later.lake_id))
        if ids & set(landed.compared_with) and landed.unchanged:
            raise LeanedOn(first.code, later.code, landed.unchanged)
