"""Rows put aside: corrected and landed anew, returned to the source, or left out for good."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from yinuo.credit.aside import Aside, aside_of
from yinuo.credit.commands.batches import locked
from yinuo.credit.commands.landing import Landed, record_landed
from yinuo.credit.commands.reasons import checked_reason
from yinuo.credit.corrections import Correction, read
from yinuo.credit.errors.batches import UnknownCreditBatch, WrongBatchState
from yinuo.credit.errors.rows import BadCorrections, NothingCorrected, RowDecided, UnknownRow
from yinuo.credit.life import LIVE, STATUS_LABELS, BatchStatus, RowState
from yinuo.credit.means import Means, folder_of, source_of
from yinuo.credit.models import CreditBatch, QuarantineDecision
from yinuo.credit.permission import acting_for_source
from yinuo.kernel.errors import Finding
from yinuo.lake.records.batch import RecordBatch, open_batch
from yinuo.lake.records.description import SourceDescription
from yinuo.lake.records.reasons import Reason
from yinuo.lake.records.replay import replay
from yinuo.ledger.commands.recording import By, command, put_text, record
from yinuo.parties.viewer import Viewer


def correct(
    *,
    batch: str,
    rows: Mapping[str, Mapping[str, str]],
    reason: str,
    means: Means,
    by: Viewer,
    at: datetime,
) -> Landed:
    """Land corrected rows of a batch as a small batch of their own that says what it corrects.

    `rows`: key of the row (`0:17`) → heading → corrected text; other headings stay as they came.
    A row that is still wrong is put aside again, in the new batch; if all are, nothing is
    recorded. Raises `UnknownCreditBatch`, `NotAllowed`, `UnknownRow`, `RowDecided`, `WhyMissing`,
    `WrongBatchState`, `NothingCorrected`.
    """
    stored = _stored(batch)
    acting = acting_for_source(stored.unit_id, means, by, place=batch)
    said = checked_reason(reason, place=batch)
    aside = aside_of(stored, means)
    places = _open_places(stored, aside, list(rows))
    came = aside.rows(places)
    corrected = {(row.file, row.line): {**row.raw, **rows[row.key]} for row in came}
    described = source_of(means, stored.source)
    original = open_batch(folder_of(means.lake, stored.source, stored.lake_id))
    landed = replay(original, corrected, source=described, lake=means.lake, at=at)
    if not landed.accepted + landed.duplicate:
        raise NothingCorrected(batch, [Reason[name].words for name in landed.reasons])
    return _record_corrected(
        landed, described, list(corrected), batch=batch, reason=said, acting=acting, at=at
    )


@command("quarantine_decision.correct")
def _record_corrected(
    landed: RecordBatch,
    described: SourceDescription,
    lines: Sequence[tuple[int, int]],
    *,
    batch: str,
    reason: str,
    acting: By,
    at: datetime,
) -> Landed:
    row = locked(batch)
    done = record_landed(
        landed,
        described=described,
        names=[f"{batch} 的更正"],
        simulated=row.simulated,
        acting=acting,
        at=at,
        corrects=row,
    )
    _record(row, lines, RowState.CORRECTED, reason, acting, at, correction=done.batch)
    return done


def give_back(
    *, batch: str, rows: Sequence[str], reason: str, means: Means, by: Viewer, at: datetime
) -> str:
    """Give rows back to the source, which is to deliver them again; returns the decision's code.

    Raises `UnknownCreditBatch`, `NotAllowed`, `UnknownRow`, `RowDecided`, `WhyMissing`,
    `WrongBatchState`.
    """
    return _decide(batch, rows, RowState.RETURNED, reason, means, by, at)


def waive(
    *, batch: str, rows: Sequence[str], reason: str, means: Means, by: Viewer, at: datetime
) -> str:
    """Leave rows out for good; they stay in the lake. Returns and raises as `give_back`."""
    return _decide(batch, rows, RowState.WAIVED, reason, means, by, at)


def _decide(  # noqa: PLR0917  # two calls, above
    batch: str,
    rows: Sequence[str],
    state: RowState,
    reason: str,
    means: Means,
    by: Viewer,
    at: datetime,
) -> str:
    """The rows are looked up before a transaction opens: a batch may have many aside."""
    stored = _stored(batch)
    acting = acting_for_source(stored.unit_id, means, by, place=batch)
    said = checked_reason(reason, place=batch)
    aside = aside_of(stored, means)
    lines = aside.pairs(_open_places(stored, aside, rows))
    return _record_decided(batch, lines, state, said, acting, at)


@command("quarantine_decision.decide")
def _record_decided(  # noqa: PLR0917  # one call, above
    batch: str,
    lines: Sequence[tuple[int, int]],
    state: RowState,
    reason: str,
    acting: By,
    at: datetime,
) -> str:
    return _record(locked(batch), lines, state, reason, acting, at)


def _record(  # noqa: PLR0917  # two calls, above
    row: CreditBatch,
    lines: Sequence[tuple[int, int]],
    state: RowState,
    reason: str,
    acting: By,
    at: datetime,
    *,
    correction: str | None = None,
) -> str:
    """One decision about open rows of a locked batch. Raises `RowDecided`."""
    _require_live(row)
    decided = {
        tuple(pair) for pairs in row.decisions.values_list("lines", flat=True) for pair in pairs
    }
    if taken := [f"{file}:{line}" for file, line in lines if (file, line) in decided]:
        raise RowDecided(row.code, taken)
    made = QuarantineDecision(
        code=f"{row.code}/Q{row.decisions.count() + 1}",
        batch=row,
        lines=sorted(list(pair) for pair in lines),
        state=state,
        correction_id=correction,
        reason_text=put_text(reason),
        decided_by=acting.actor,
        decided_at=at,
    )
    record(made, verb=f"quarantine_decision.{state}", by=acting, at=at)
    return made.code


def _stored(code: str) -> CreditBatch:
    row = CreditBatch.objects.filter(code=code).first()
    if row is None:
        raise UnknownCreditBatch(code)
    _require_live(row)
    return row


def _require_live(row: CreditBatch) -> None:
    if row.status == BatchStatus.WITHDRAWN:
        raise WrongBatchState(row.code, STATUS_LABELS[BatchStatus.WITHDRAWN], "处理问题数据")


def _open_places(row: CreditBatch, aside: Aside, keys: Sequence[str]) -> list[int]:
    """Where rows are in the file. Raises `UnknownRow`, `RowDecided`."""
    places = [aside.place(key) for key in keys]
    taken = [key for key, place in zip(keys, places, strict=True) if not aside.is_open(place)]
    if taken:
        raise RowDecided(row.code, taken)
    return places


@dataclass(frozen=True, kw_only=True)
class Fixed:
    """What a file of corrections came to."""

    landed: tuple[Landed, ...]
    """One batch of corrections for each batch that is corrected."""
    rows: int
    unchanged: int
    """Rows of the file in which nothing was changed: they stay in question."""


def fix(*, source: str, file: Path, reason: str, means: Means, by: Viewer, at: datetime) -> Fixed:
    """Take in a file of corrected rows, as `corrections.write` made it.

    Raises `BadCorrections` with every fault, and what `correct` raises.
    """
    described = source_of(means, source)
    acting_for_source(described.owner, means, by, place=source)
    given = read(file)
    asides = {
        row.code: aside_of(row, means)
        for row in CreditBatch.objects.filter(source=source, status__in=LIVE)
    }
    unknown = [
        each for each in given if each.batch not in asides or not asides[each.batch].has(each.key)
    ]
    if unknown:
        raise BadCorrections(file.name, [_unknown(each, source, file) for each in unknown])
    wanted = {code: _changes(aside, given) for code, aside in asides.items()}
    landed = tuple(
        correct(batch=batch, rows=rows, reason=reason, means=means, by=by, at=at)
        for batch, rows in wanted.items()
        if rows
    )
    rows = sum(len(each) for each in wanted.values())
    return Fixed(landed=landed, rows=rows, unchanged=len(given) - rows)


def _changes(aside: Aside, given: Sequence[Correction]) -> dict[str, dict[str, str]]:
    """Key → what is not as it came, of the rows of one batch in which anything is."""
    own = {each.key: each for each in given if each.batch == aside.batch.code}
    rows = aside.rows([aside.place(key) for key in own])
    found = {row.key: own[row.key].changes(row.raw) for row in rows}
    return {key: changes for key, changes in found.items() if changes}


def _unknown(each: Correction, source: str, file: Path) -> Finding:
    return Finding(
        code=UnknownRow.code,
        file=file.name,
        cell=f"第 {each.line} 行",
        rule=f"数据源 {source} 没有问题行 {each.batch} {each.key}",
        next_step="批次和位置两列不要改动",
    )
