"""Batches as people read them: a receipt each."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from yinuo.credit.errors.batches import UnknownCreditBatch
from yinuo.credit.life import HELD, LIVE, STATUS_LABELS, BatchStatus
from yinuo.credit.means import Means
from yinuo.credit.models import CreditBatch
from yinuo.credit.permission import handles, readable_units, reads_source
from yinuo.credit.story import Told, story_of
from yinuo.kernel.errors import Finding
from yinuo.ledger.history import acts, texts
from yinuo.parties.queries import public_unit_names
from yinuo.parties.viewer import Viewer

LABELS: Mapping[str, str] = {
    "credit_batch.landed": "装入",
    "credit_batch.checked": "重新检查",
    "credit_batch.waiver_asked": "申请放行",
    "credit_batch.waived": "准予放行",
    "credit_batch.waiver_refused": "不予放行",
    "credit_batch.withdrawn": "撤回",
    "credit_batch.expired": "满保存期限，删除了记录",
}
SPOKEN = ("decision_text", "reason_text")


@dataclass(frozen=True, kw_only=True)
class FileReceipt:
    """One file of a batch: read = accepted + quarantined + duplicate."""

    name: str
    sha256: str
    size: int
    format: str
    read: int
    accepted: int
    quarantined: int
    duplicate: int


@dataclass(frozen=True, kw_only=True)
class BatchView:
    """One batch: read = accepted + quarantined + duplicate."""

    code: str
    source: str
    source_name: str
    unit: str
    unit_name: str
    lake_id: str
    files: tuple[FileReceipt, ...]
    read: int
    accepted: int
    quarantined: int
    duplicate: int
    keyless: int
    reasons: Mapping[str, int]
    """Rows put aside, by code of the reason."""
    unknown_headings: int
    findings: tuple[Finding, ...]
    """What the gates found."""
    corrects: str
    """Code of the batch whose rows are corrected here, or empty."""
    simulated: bool
    status: BatchStatus
    status_label: str
    landed_at: datetime
    asked_by: str
    """Who asked that it pass, as the ledger names them."""
    reason: str
    decision: str
    leaf_index: int | None
    """Of its last entry on the ledger; None until that is sealed."""
    version: int
    may_handle: bool
    """Whether the viewer may ask, withdraw, and decide about rows put aside."""
    may_decide: bool
    """Whether the viewer may be the second person about its waiver."""
    story: tuple[Told, ...] = ()
    """What was done about it, where it was asked for by its code."""

    @property
    def subject(self) -> str:
        """Its name on the ledger."""
        return f"credit_batch:{self.code}"

    @property
    def counts(self) -> bool:
        """Whether it was not withdrawn."""
        return self.status in LIVE

    @property
    def held(self) -> bool:
        """Whether it is kept from releases until somebody decides."""
        return self.status in HELD


def batches(
    *,
    means: Means,
    viewer: Viewer,
    source: str = "",
    held: bool = False,
    limit: int | None = None,
) -> tuple[BatchView, ...]:
    """The batches that the viewer may see, the newest first; of one source or of all.

    `held`: only those that are kept from releases until somebody decides.
    """
    rows = CreditBatch.objects.order_by("-landed_at", "-code")
    units = readable_units(means, viewer)
    if units is not None:
        rows = rows.filter(unit__in=units)
    if source:
        rows = rows.filter(source=source)
    if held:
        rows = rows.filter(status__in=HELD)
    return views(list(rows[:limit]), means=means, viewer=viewer)


def batch(*, code: str, means: Means, viewer: Viewer) -> BatchView:
    """One batch. Raises `UnknownCreditBatch` for those the viewer may not see, too."""
    row = CreditBatch.objects.filter(code=code).first()
    if row is None or not reads_source(row.unit_id, means, viewer):
        raise UnknownCreditBatch(code)
    (view,) = views([row], means=means, viewer=viewer)
    return replace(view, story=story_of(row.subject, labels=LABELS, spoken=SPOKEN))


def views(rows: Sequence[CreditBatch], *, means: Means, viewer: Viewer) -> tuple[BatchView, ...]:
    """Rows that the viewer may see as views, in their order."""
    units = public_unit_names()
    said = texts(
        reference
        for row in rows
        for reference in (row.names_text, row.reason_text, row.decision_text)
    )
    entries = acts(row.subject for row in rows)
    return tuple(_view(row, means, viewer, units, said, entries) for row in rows)


def _view(  # noqa: PLR0917  # one call, above
    row: CreditBatch,
    means: Means,
    viewer: Viewer,
    units: Mapping[str, str],
    said: Mapping[str, str],
    entries: Mapping[tuple[str, int], object],
) -> BatchView:
    described = means.sources.get(row.source)
    names = said.get(row.names_text, "").split("\n")
    act = entries.get((row.subject, row.version))
    status = BatchStatus(row.status)
    return BatchView(
        code=row.code,
        source=row.source,
        source_name=described.name if described else row.source,
        unit=row.unit_id,
        unit_name=units.get(row.unit_id, row.unit_id),
        lake_id=row.lake_id,
        files=tuple(
            FileReceipt(name=names[place] if place < len(names) else "", **file)
            for place, file in enumerate(row.files)
        ),
        read=row.read,
        accepted=row.accepted,
        quarantined=row.quarantined,
        duplicate=row.duplicate,
        keyless=row.keyless,
        reasons=row.reasons,
        unknown_headings=row.unknown_headings,
        findings=tuple(Finding(**each) for each in row.findings),
        corrects=row.corrects_id or "",
        simulated=row.simulated,
        status=status,
        status_label=STATUS_LABELS[status],
        landed_at=row.landed_at,
        asked_by=row.asked_by,
        reason=said.get(row.reason_text, ""),
        decision=said.get(row.decision_text, ""),
        leaf_index=getattr(act, "leaf_index", None),
        version=row.version,
        may_handle=handles(row.unit_id, means, viewer),
        may_decide=means.centre in viewer.officer_of and row.asked_by != viewer.actor,
    )
