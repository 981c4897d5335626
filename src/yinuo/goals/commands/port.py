"""Logs of declarations: taken in, measured, released to the public, withdrawn.

    files ──lake.land──→ batch in the lake ──lake.measure──→ result in the file store
                              │                                   │
                              └────────── one transaction: both rows with their entries

Landing and measuring take as long as the log is large and happen before the transaction opens.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from pathlib import Path
from typing import TypeAlias

from yinuo.commitments.errors import Invalid
from yinuo.commitments.life import Visibility
from yinuo.goals.errors.port import (
    BatchesChanged,
    BatchWithdrawn,
    NothingAccepted,
    NothingToMeasure,
    SimulatedMixed,
    UnknownBatch,
    UnknownResult,
    WrongBatchState,
)
from yinuo.goals.in_force.clearance import InForce, in_force
from yinuo.goals.models import PortBatch, PortResult
from yinuo.goals.port.catalogue import Catalogue
from yinuo.goals.port.life import STATUS_LABELS, BatchStatus
from yinuo.goals.port.log import event_log
from yinuo.goals.port.measuring import measure_all
from yinuo.goals.port.simulation import is_simulated
from yinuo.goals.port.stored import Result, pack
from yinuo.kernel.calendar import Calendar
from yinuo.kernel.filestore import FileStore
from yinuo.kernel.instants import civil_date
from yinuo.lake.batch import MANIFEST, Batch, instant, open_batch, sha256_of
from yinuo.lake.land import land
from yinuo.ledger.commands.recording import By, command, one_at_a_time, put_text, record, record_new
from yinuo.parties.viewer import NotAllowed, Viewer

Progress: TypeAlias = Callable[[str, int, int], None]

LOCK = 0x7961_5054
"""Key of the PostgreSQL advisory lock under which batches and results are numbered."""
LONGEST_REASON = 1_000
FOLDER = "port"
"""Of declaration logs, in the lake."""


def silent(_step: str, _done: int, _total: int) -> None:
    """Say nothing."""


@dataclass(frozen=True)
class Means:
    """Where things lie and what they are called: given by whoever calls, read by nobody here."""

    lake: Path
    store: FileStore
    catalogue: Catalogue
    calendar: Calendar
    made_with: str
    """Version of Yinuo, which a result keeps."""


@dataclass(frozen=True)
class Loaded:
    """What loading some files came to."""

    batch: str
    result: str
    """Code of the result with the batch in it; empty where it was there already."""
    already: bool
    """Whether these very files had been taken in before: nothing was changed."""
    read: int
    accepted: int
    quarantined: int
    duplicate: int
    simulated: bool


# ── who ────────────────────────────────────────────────────────────────────────────────────────


def _act_for(unit: str, by: Viewer) -> By:
    """The viewer acting for the unit whose log it is. Raises `NotAllowed`."""
    if unit in by.officer_of:
        return by.acting("officer", unit)
    if unit in by.administrator_of:
        return by.acting("administrator", unit)
    raise NotAllowed("只有这个单位的填报人或管理员可以装入通关数据", place=unit)


def _act_as_reviewer(unit: str, by: Viewer, *, place: str) -> By:
    """The viewer acting as a supervisor who has nothing to do with the unit."""
    if not by.supervisor_of or unit in by.held_for:
        raise NotAllowed("只有不在这个单位任职的督查人可以审查通关数据", place=place)
    return by.acting("supervisor", min(by.supervisor_of))


# ── numbering and fetching ─────────────────────────────────────────────────────────────────────


def _next_code(model: type[PortBatch | PortResult], start: str) -> str:
    taken = model._base_manager.filter(code__startswith=start).values_list("code", flat=True)
    return f"{start}{max((int(code.removeprefix(start)) for code in taken), default=0) + 1}"


def _batch(code: str, version: int | None) -> PortBatch:
    row = PortBatch.objects.select_for_update(of=("self",)).filter(code=code).first()
    if row is None:
        raise UnknownBatch(code)
    if version is not None and row.version != version:
        row.version = version  # the guarded write then refuses it as stale
    return row


def _live(unit: str) -> list[PortBatch]:
    """The batches of a unit that count, in the order in which they came."""
    rows = PortBatch.objects.filter(unit=unit).exclude(status=BatchStatus.WITHDRAWN)
    return sorted(rows, key=lambda row: (row.loaded_at, len(row.code), row.code))


# ── loading ────────────────────────────────────────────────────────────────────────────────────


def load(
    *,
    files: Sequence[Path],
    names: Sequence[str],
    unit: str,
    simulated: bool,
    means: Means,
    by: Viewer,
    at: datetime,
    mixed_zones: bool = False,
    progress: Progress = silent,
) -> Loaded:
    """Take in some files as one batch, measure everything of the unit anew, record both.

    `names` are what people call the files. The same files once more change nothing.
    `mixed_zones`: somebody confirmed that times without a zone are those of China, though others
    in the file have one. Raises `NotAllowed`, `NoRules`, `RulesUnfit`, `NothingAccepted`,
    `SimulatedMixed`, `BatchWithdrawn`, `BatchesChanged`, and what `lake.land` raises about a file.
    """
    acting = _act_for(unit, by)
    rules = in_force(civil_date(at))
    made_up = simulated or any(is_simulated(path) for path in files)
    before = _live(unit)
    log = event_log(means.catalogue)
    landed = land(
        files,
        log=log,
        into=means.lake / FOLDER,
        as_of=at,
        mixed_zones=mixed_zones,
        progress=progress,
    )
    known = PortBatch.objects.filter(unit=unit, lake_id=landed.id).first()
    if known is not None:
        if known.status == BatchStatus.WITHDRAWN:
            raise BatchWithdrawn(known.code)
        return _loaded(known, "", already=True)
    if not landed.accepted:
        reasons = [f"{reason} {count:,} 行" for reason, count in landed.reasons.items()]
        raise NothingAccepted("、".join(names), reasons)
    for row in before:
        if row.simulated != made_up:
            raise SimulatedMixed(row.code, new_is_simulated=made_up)
    folders = [_folder(row, means) for row in before]
    measured = measure_all(
        [*(open_batch(folder) for folder in folders), landed],
        catalogue=means.catalogue,
        clearing=rules.clearing,
        calendar=means.calendar,
        spill=means.lake,
        progress=progress,
    )
    sha256 = means.store.put(BytesIO(pack(measured)))
    return _record_loaded(
        landed,
        measured,
        names=names,
        unit=unit,
        simulated=made_up,
        expected=[row.code for row in before],
        rules=rules,
        sha256=sha256,
        means=means,
        acting=acting,
        at=at,
    )


def _folder(row: PortBatch, means: Means) -> Path:
    return means.lake / FOLDER / row.lake_id


@command("port_batch.load")
def _record_loaded(
    landed: Batch,
    measured: Result,
    *,
    names: Sequence[str],
    unit: str,
    simulated: bool,
    expected: Sequence[str],
    rules: InForce,
    sha256: str,
    means: Means,
    acting: By,
    at: datetime,
) -> Loaded:
    one_at_a_time(LOCK)
    if [row.code for row in _live(unit)] != list(expected):
        raise BatchesChanged(unit)
    row = PortBatch(
        code=_next_code(PortBatch, f"TG{civil_date(at).year}-"),
        unit_id=unit,
        lake_id=landed.id,
        manifest_sha256=sha256_of(landed.folder / MANIFEST),
        files=[_file(source) for source in landed.as_dict()["sources"]],
        names_text=put_text("\n".join(names)),
        read=landed.read,
        accepted=landed.accepted,
        quarantined=landed.quarantined,
        duplicate=landed.duplicate,
        reasons=dict(landed.reasons),
        unknown_steps=dict(landed.unknown_steps),
        first_at=instant(landed.first_at),
        last_at=instant(landed.last_at),
        simulated=simulated,
        loaded_by=acting.actor,
        loaded_at=at,
    )
    record(row, verb="port_batch.loaded", by=acting, at=at)
    result = _record_result(
        measured,
        batches=[*expected, row.code],
        unit=unit,
        simulated=simulated,
        rules=rules,
        sha256=sha256,
        means=means,
        acting=acting,
        at=at,
    )
    return _loaded(row, result, already=False)


def _file(source: dict[str, object]) -> dict[str, object]:
    """What of a file stands on the ledger: everything but its name, which may name a person."""
    return {name: value for name, value in source.items() if name != "name"}


def _loaded(row: PortBatch, result: str, *, already: bool) -> Loaded:
    return Loaded(
        batch=row.code,
        result=result,
        already=already,
        read=row.read,
        accepted=row.accepted,
        quarantined=row.quarantined,
        duplicate=row.duplicate,
        simulated=row.simulated,
    )


def _record_result(
    measured: Result,
    *,
    batches: Sequence[str],
    unit: str,
    simulated: bool,
    rules: InForce,
    sha256: str,
    means: Means,
    acting: By,
    at: datetime,
) -> str:
    row = PortResult(
        code=_next_code(PortResult, f"TJ{civil_date(at).year}-"),
        unit_id=unit,
        batches=list(batches),
        sha256=sha256,
        rules_number=rules.number,
        rules_edition=rules.edition,
        description=event_log(means.catalogue).digest,
        made_with=means.made_with,
        last_at=datetime.fromisoformat(measured.as_of),
        simulated=simulated,
        measured_by=acting.actor,
        measured_at=at,
    )
    record_new([row], verb="port_result.measured", by=acting, at=at)
    return row.code


# ── measuring anew ─────────────────────────────────────────────────────────────────────────────


def measure_anew(
    *, unit: str, means: Means, by: Viewer, at: datetime, progress: Progress = silent
) -> str:
    """Measure the unit's batches by the rules now in force; returns the code of the new result.

    Needed after a withdrawal and after a new edition of the rules. Raises `NotAllowed`,
    `NothingToMeasure`, `NoRules`, `RulesUnfit`, `BatchDamaged`, `BatchesChanged`.
    """
    acting = _act_for(unit, by)
    rules = in_force(civil_date(at))
    rows = _live(unit)
    if not rows:
        raise NothingToMeasure(unit)
    measured = measure_all(
        [open_batch(_folder(row, means)) for row in rows],
        catalogue=means.catalogue,
        clearing=rules.clearing,
        calendar=means.calendar,
        spill=means.lake,
        progress=progress,
    )
    return _record_anew(
        measured,
        unit=unit,
        expected=[row.code for row in rows],
        simulated=any(row.simulated for row in rows),
        rules=rules,
        sha256=means.store.put(BytesIO(pack(measured))),
        means=means,
        acting=acting,
        at=at,
    )


@command("port_result.measure")
def _record_anew(
    measured: Result,
    *,
    unit: str,
    expected: Sequence[str],
    simulated: bool,
    rules: InForce,
    sha256: str,
    means: Means,
    acting: By,
    at: datetime,
) -> str:
    one_at_a_time(LOCK)
    if [row.code for row in _live(unit)] != list(expected):
        raise BatchesChanged(unit)
    return _record_result(
        measured,
        batches=expected,
        unit=unit,
        simulated=simulated,
        rules=rules,
        sha256=sha256,
        means=means,
        acting=acting,
        at=at,
    )


# ── release ────────────────────────────────────────────────────────────────────────────────────


@command("port_result.release")
def release(*, result: str, by: Viewer, at: datetime, version: int | None = None) -> None:
    """Open a result and the receipts of its batches to the public (公开前保密审查).

    By a supervisor who did not measure it and holds no duty with the unit. Raises `NotAllowed`,
    `UnknownResult`, `WrongBatchState`.
    """
    row = PortResult.objects.select_for_update(of=("self",)).filter(code=result).first()
    if row is None:
        raise UnknownResult(result)
    acting = _act_as_reviewer(row.unit_id, by, place=result)
    if row.measured_by == by.actor:
        raise NotAllowed("计算的人不能自己审查公开", place=result, next_step="请由另一名督查人审查")
    if row.withdrawn:
        raise WrongBatchState(result, "含已撤回的批次", "公开")
    if row.visibility == Visibility.PUBLIC:
        raise WrongBatchState(result, "已公开", "再公开一次")
    if version is not None:
        row.version = version
    row.visibility = Visibility.PUBLIC
    row.released_by, row.released_at = by.actor, at
    record(row, verb="port_result.released", by=acting, at=at)
    closed = PortBatch.objects.select_for_update(of=("self",)).filter(
        code__in=row.batches, visibility=Visibility.REVIEW
    )
    for batch in closed.order_by("code"):
        batch.visibility = Visibility.PUBLIC
        record(batch, verb="port_batch.released", by=acting, at=at)


# ── withdrawal ─────────────────────────────────────────────────────────────────────────────────


def _reason_faults(reason: str) -> list[tuple[str, str]]:
    if not reason.strip():
        return [("reason", "请写明理由")]
    if len(reason) > LONGEST_REASON:
        return [("reason", f"最多 {LONGEST_REASON:,} 字，现有 {len(reason):,} 字")]
    return []


@command("port_batch.ask_withdrawal")
def ask_withdrawal(
    *, batch: str, reason: str, by: Viewer, at: datetime, version: int | None = None
) -> None:
    """Ask that a batch count no more. Raises `UnknownBatch`, `NotAllowed`, `Invalid`."""
    row = _batch(batch, version)
    acting = _act_for(row.unit_id, by)
    if row.status != BatchStatus.LOADED:
        raise WrongBatchState(batch, STATUS_LABELS[BatchStatus(row.status)], "申请撤回")
    if faults := _reason_faults(reason):
        raise Invalid(batch, faults)
    row.status, row.asked_by = BatchStatus.ASKED, by.actor
    row.reason_text, row.decided_by, row.decision_text = put_text(reason.strip()), "", ""
    record(row, verb="port_batch.withdrawal_asked", by=acting, at=at)


@command("port_batch.decide_withdrawal")
def decide_withdrawal(
    *,
    batch: str,
    approve: bool,
    reason: str,
    by: Viewer,
    at: datetime,
    version: int | None = None,
) -> None:
    """Withdraw a batch, and with it every result that counts it, or leave it as it is.

    By a supervisor other than who asked. What lies in the lake stays there. Raises
    `UnknownBatch`, `NotAllowed`, `Invalid`, `WrongBatchState`.
    """
    row = _batch(batch, version)
    acting = _act_as_reviewer(row.unit_id, by, place=batch)
    if row.status != BatchStatus.ASKED:
        raise WrongBatchState(batch, STATUS_LABELS[BatchStatus(row.status)], "决定是否撤回")
    if row.asked_by == by.actor:
        raise NotAllowed("申请的人不能自己批准", place=batch, next_step="请由另一名督查人决定")
    if faults := _reason_faults(reason):
        raise Invalid(batch, faults)
    row.decided_by, row.decision_text = by.actor, put_text(reason.strip())
    if not approve:
        row.status = BatchStatus.LOADED
        record(row, verb="port_batch.withdrawal_refused", by=acting, at=at)
        return
    row.status = BatchStatus.WITHDRAWN
    record(row, verb="port_batch.withdrawn", by=acting, at=at)
    one_at_a_time(LOCK)
    rows = PortResult.objects.select_for_update(of=("self",)).filter(
        unit=row.unit_id, withdrawn=False
    )
    for result in rows.order_by("code"):
        if row.code in result.batches:
            result.withdrawn = True
            record(result, verb="port_result.withdrawn", by=acting, at=at)
