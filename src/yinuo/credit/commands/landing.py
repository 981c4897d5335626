"""Taking in what a source delivered: files into the lake, then the row with its entry.

Landing takes as long as the files are large and happens before the transaction opens.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from yinuo.credit.errors.batches import BatchWithdrawn, SimulatedMixed, UnknownOwner
from yinuo.credit.life import BatchStatus
from yinuo.credit.means import Means, source_of
from yinuo.credit.models import CreditBatch
from yinuo.credit.permission import acting_for_source
from yinuo.credit.publishable import publishable
from yinuo.kernel.errors import Finding
from yinuo.kernel.instants import civil_date
from yinuo.kernel.spreadsheet.cells import Progress, silent
from yinuo.lake.batch import MANIFEST, sha256_of
from yinuo.lake.records.batch import RecordBatch
from yinuo.lake.records.description import SourceDescription
from yinuo.lake.records.gates import check
from yinuo.lake.records.landing import land as land_files
from yinuo.ledger.commands.recording import By, command, one_at_a_time, put_text, record
from yinuo.parties.queries import public_unit_names
from yinuo.parties.viewer import Viewer

LOCK = 0x7961_4352
"""Key of the PostgreSQL advisory lock under which batches and releases are numbered."""


@dataclass(frozen=True, kw_only=True)
class Landed:
    """What landing some files came to: read = accepted + quarantined + duplicate."""

    batch: str
    source: str
    already: bool
    """Whether these very files had been taken in before: nothing was changed."""
    read: int
    accepted: int
    quarantined: int
    duplicate: int
    status: BatchStatus
    findings: tuple[Finding, ...]
    simulated: bool


def land(
    *,
    source: str,
    files: Sequence[Path],
    names: Sequence[str],
    simulated: bool,
    means: Means,
    by: Viewer | By,
    at: datetime,
    progress: Progress = silent,
) -> Landed:
    """Take in some files of a source as one batch and hold it against its gates.

    `by` is a person, or a program of ours, which needs no duty. `names` are what people call the
    files. The same files once more change nothing. Raises `UnknownCreditSource`, `UnknownOwner`,
    `NotAllowed`, `BatchWithdrawn`, `SimulatedMixed`, and what `lake.records.landing.land` raises
    about a file.
    """
    described = source_of(means, source)
    if described.owner not in public_unit_names():
        raise UnknownOwner(source, described.owner)
    acting = _acting(by, described.owner, means, place=source)
    refuse_mixed(source, simulated=simulated)
    landed = land_files(
        files,
        source=described,
        lake=means.lake,
        at=at,
        earlier=publishable(source, means),
        memory=means.memory,
        progress=progress,
    )
    return record_landed(
        landed,
        described=described,
        names=names,
        simulated=simulated,
        acting=acting,
        at=at,
    )


def _acting(by: Viewer | By, owner: str, means: Means, *, place: str) -> By:
    return by if isinstance(by, By) else acting_for_source(owner, means, by, place=place)


def refuse_mixed(source: str, *, simulated: bool) -> None:
    """Made-up records never stand beside real ones. Raises `SimulatedMixed`."""
    live = CreditBatch.objects.filter(source=source).exclude(status=BatchStatus.WITHDRAWN)
    other = live.exclude(simulated=simulated).order_by("landed_at").first()
    if other is not None:
        raise SimulatedMixed(other.code, new_is_simulated=simulated)


@command("credit_batch.land")
def record_landed(
    landed: RecordBatch,
    *,
    described: SourceDescription,
    names: Sequence[str],
    simulated: bool,
    acting: By,
    at: datetime,
    corrects: CreditBatch | None = None,
) -> Landed:
    """The row of what lies in the lake, with its entry; the one that is there for the same files.

    Raises `BatchWithdrawn`, `SimulatedMixed`.
    """
    one_at_a_time(LOCK)
    known = CreditBatch.objects.filter(source=described.id, lake_id=landed.id).first()
    if known is not None:
        if known.status == BatchStatus.WITHDRAWN:
            raise BatchWithdrawn(known.code)
        return _said(known, already=True)
    refuse_mixed(described.id, simulated=simulated)
    findings = () if corrects else check(landed, described)
    row = CreditBatch(
        code=_next_code(at),
        source=described.id,
        unit_id=described.owner,
        lake_id=landed.id,
        description_sha256=described.digest,
        manifest_sha256=sha256_of(landed.folder / MANIFEST),
        files=[_file(each) for each in landed.as_dict()["files"]],
        names_text=put_text("\n".join(names)),
        read=landed.read,
        accepted=landed.accepted,
        quarantined=landed.quarantined,
        duplicate=landed.duplicate,
        keyless=landed.keyless,
        reasons=dict(landed.reasons),
        unknown_headings=len(landed.unknown_headings),
        findings=[vars(each) for each in findings],
        corrects=corrects,
        simulated=simulated,
        status=BatchStatus.REFUSED if findings else BatchStatus.LANDED,
        landed_by=acting.actor,
        landed_at=at,
    )
    record(row, verb="credit_batch.landed", by=acting, at=at)
    return _said(row, already=False)


def _file(receipt: dict[str, object]) -> dict[str, object]:
    """What of a file stands on the ledger: everything but its name, which may name a person."""
    kept = ("sha256", "size", "format", "read", "accepted", "quarantined", "duplicate")
    return {name: receipt[name] for name in kept}


def _next_code(at: datetime) -> str:
    start = f"XP{civil_date(at).year}-"
    taken = CreditBatch.objects.filter(code__startswith=start).values_list("code", flat=True)
    return f"{start}{max((int(code.removeprefix(start)) for code in taken), default=0) + 1}"


def _said(row: CreditBatch, *, already: bool) -> Landed:
    return Landed(
        batch=row.code,
        source=row.source,
        already=already,
        read=row.read,
        accepted=row.accepted,
        quarantined=row.quarantined,
        duplicate=row.duplicate,
        status=BatchStatus(row.status),
        findings=tuple(Finding(**each) for each in row.findings),
        simulated=row.simulated,
    )
