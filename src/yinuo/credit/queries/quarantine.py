"""Rows that were put aside, with why, and what was decided about them."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from yinuo.credit.aside import AsideRow, aside_of
from yinuo.credit.errors.batches import UnknownCreditBatch, UnknownCreditSource
from yinuo.credit.life import ROW_LABELS, BatchStatus, RowState
from yinuo.credit.means import Means, source_of
from yinuo.credit.models import CreditBatch
from yinuo.credit.permission import acting_for_source, handles, reads_source
from yinuo.credit.purposes.mask import RESIDENT_NUMBER, mask, mask_of
from yinuo.lake.records.description import Disclosure, SourceDescription
from yinuo.lake.records.parsing import plain_heading
from yinuo.lake.records.reasons import Reason
from yinuo.ledger.history import texts
from yinuo.parties.viewer import Viewer

PAGE = 50
PIECE = 1_000
"""Rows read at once for a file."""
SHOWN = (2, 2)
"""Characters left and right of a field that is not shown."""
NUMBER = re.compile(r"(?<!\d)(?:\d{17}[\dXx]|\d{15})(?!\d)")
"""What looks like a resident number, in whatever column it has come to stand."""


@dataclass(frozen=True, kw_only=True)
class QuarantinePage:
    """Some rows put aside of one source, by batch and place."""

    source: str
    rows: tuple[AsideRow, ...]
    total: int
    """Rows that fit the question, on all pages."""
    page: int
    """From 1."""
    pages: int
    by_reason: Mapping[str, int]
    """All rows of the source that are in question, whatever the reason asked for."""
    by_state: Mapping[RowState, int]
    reason_words: Mapping[str, str]
    may_handle: bool


@dataclass(frozen=True, kw_only=True)
class DecisionView:
    """What was decided about some rows."""

    code: str
    batch: str
    lines: int
    state: RowState
    state_label: str
    correction: str
    reason: str
    decided_by: str
    decided_at: datetime


def quarantine(
    *,
    source: str,
    means: Means,
    viewer: Viewer,
    reason: str = "",
    state: RowState | None = RowState.OPEN,
    batch: str = "",
    page: int = 1,
    size: int = PAGE,
) -> QuarantinePage:
    """One page of rows put aside, of a source or of one batch of it; persons' numbers masked.

    Raises `UnknownCreditSource` for those the viewer may not see, too, and `BatchDamaged`.
    """
    described = _seen_source(source, means, viewer)
    rows = _batches(source)
    asides = [aside_of(row, means) for row in rows if row.quarantined and batch in {"", row.code}]
    by_state: Counter[RowState] = Counter()
    by_reason: Counter[str] = Counter()
    for aside in asides:
        by_state.update(aside.states())
        by_reason.update(aside.reasons(state))
    total = by_reason[reason] if reason else by_reason.total()
    pages = max(-(-total // size), 1)
    page = min(max(page, 1), pages)
    found: list[AsideRow] = []
    skip = (page - 1) * size
    for aside in asides:
        places = aside.places(reason, state)
        found += aside.rows(places[skip : skip + size - len(found)])
        skip = max(skip - len(places), 0)
    return QuarantinePage(
        source=source,
        rows=tuple(_masked(each, described) for each in found),
        total=total,
        page=page,
        pages=pages,
        by_reason=dict(by_reason.most_common()),
        by_state=dict(by_state),
        reason_words={each.name: each.words for each in Reason if each.name in by_reason},
        may_handle=handles(described.owner, means, viewer),
    )


def row(*, batch: str, key: str, means: Means, viewer: Viewer) -> AsideRow:
    """One row put aside; whoever may not handle it sees persons' numbers masked.

    Raises `UnknownCreditBatch`, `UnknownRow`, `BatchDamaged`.
    """
    stored = _seen_batch(batch, means, viewer)
    aside = aside_of(stored, means)
    found = aside.row(key)
    if handles(stored.unit_id, means, viewer):
        return found
    return _masked(found, source_of(means, stored.source))


def every(*, source: str, means: Means, viewer: Viewer, reason: str = "") -> Iterator[AsideRow]:
    """Every open row of a source, as it came, for a file to be corrected in.

    For those who handle the source. Raises `UnknownCreditSource`, `NotAllowed`, `BatchDamaged`.
    """
    described = _seen_source(source, means, viewer)
    acting_for_source(described.owner, means, viewer, place=source)
    for stored in _batches(source):
        if stored.quarantined:
            aside = aside_of(stored, means)
            places = aside.places(reason, RowState.OPEN)
            for start in range(0, len(places), PIECE):
                yield from aside.rows(places[start : start + PIECE])


def decisions(*, batch: str, means: Means, viewer: Viewer) -> tuple[DecisionView, ...]:
    """What was decided about rows of a batch, the newest first. Raises `UnknownCreditBatch`."""
    stored = _seen_batch(batch, means, viewer)
    rows = list(stored.decisions.order_by("-decided_at", "-code"))
    said = texts(each.reason_text for each in rows)
    return tuple(
        DecisionView(
            code=each.code,
            batch=batch,
            lines=len(each.lines),
            state=RowState(each.state),
            state_label=ROW_LABELS[RowState(each.state)],
            correction=each.correction_id or "",
            reason=said.get(each.reason_text, ""),
            decided_by=each.decided_by,
            decided_at=each.decided_at,
        )
        for each in rows
    )


def _batches(source: str) -> list[CreditBatch]:
    """Those that count, the newest first."""
    rows = CreditBatch.objects.filter(source=source).exclude(status=BatchStatus.WITHDRAWN)
    return list(rows.order_by("-landed_at", "-code"))


def _seen_source(source: str, means: Means, viewer: Viewer) -> SourceDescription:
    described = source_of(means, source)
    if not reads_source(described.owner, means, viewer):
        raise UnknownCreditSource(source, ())
    return described


def _seen_batch(code: str, means: Means, viewer: Viewer) -> CreditBatch:
    stored = CreditBatch.objects.filter(code=code).first()
    if stored is None or not reads_source(stored.unit_id, means, viewer):
        raise UnknownCreditBatch(code)
    return stored


def _masked(found: AsideRow, described: SourceDescription) -> AsideRow:
    secret = {
        plain_heading(heading)
        for field in described.fields
        if mask_of(field) is not None or field.disclosure is Disclosure.NOBODY
        for heading in field.headings
    }
    raw = {
        heading: mask(text, *SHOWN)
        if plain_heading(heading) in secret
        else NUMBER.sub(_hidden, text)
        for heading, text in found.raw.items()
    }
    value = (
        mask(found.value, *SHOWN)
        if plain_heading(found.heading) in secret
        else NUMBER.sub(_hidden, found.value)
    )
    return replace(found, raw=raw, value=value)


def _hidden(found: re.Match[str]) -> str:
    return mask(found.group(), *RESIDENT_NUMBER)
