"""The rows of one batch that were put aside, read from the lake, with what was decided on each."""

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from yinuo.credit.errors.rows import UnknownRow
from yinuo.credit.life import ROW_LABELS, RowState
from yinuo.credit.means import Means, folder_of, source_of
from yinuo.credit.models import CreditBatch, QuarantineDecision
from yinuo.lake.batch import QUARANTINE
from yinuo.lake.records.parsing import plain_heading
from yinuo.lake.records.reasons import Reason
from yinuo.ledger.history import texts

OPEN = -1
"""Instead of the place of a decision, of a row without one."""


@dataclass(frozen=True, kw_only=True)
class AsideRow:
    """One row that was put aside, as it came."""

    batch: str
    """Code of its batch."""
    file: int
    """Number of its file in the batch, from 0."""
    file_name: str
    line: int
    """Number of the record in the file; headings are 1."""
    reason: str
    """Code of the reason."""
    words: str
    """The reason as people read it."""
    next_step: str
    field: str
    """The field that is wrong, or empty."""
    heading: str
    """Under which heading it stands in the row, or empty."""
    value: str
    """What stands there."""
    raw: Mapping[str, str]
    """The whole row: heading → text; what the viewer may not see of it is masked."""
    state: RowState
    state_label: str
    decision: str
    """Reason of what was decided, or empty."""
    correction: str
    """Code of the batch in which it is put right, or empty."""

    @property
    def key(self) -> str:
        """Names the row in its batch, as commands take it: `0:17`."""
        return f"{self.file}:{self.line}"


@dataclass(frozen=True)
class Aside:
    """All rows put aside of one batch: where they are and why, read at once; the rest on demand."""

    batch: CreditBatch
    path: Path
    headings: Mapping[str, Sequence[str]]
    """Label of a field → its headings."""
    index: pa.Table
    """file, line, code of every row, in the order of the file."""
    decided: NDArray[np.int64]
    """Of every row: the place of its decision in `decisions`, or `OPEN`."""
    decisions: Sequence[QuarantineDecision]
    reasons_said: Mapping[str, str]

    def states(self) -> Counter[RowState]:
        """Rows by what was decided."""
        return Counter(self._state(place) for place in self.decided)

    def reasons(self, state: RowState | None) -> Counter[str]:
        """Rows in a state by code of the reason."""
        codes = self.index.column("code").take(pa.array(self._in(state)))
        return Counter(codes.to_pylist())

    def places(self, reason: str, state: RowState | None) -> list[int]:
        """Which rows of the file have that reason, or any, and are in that state, or any."""
        found = self._in(state)
        if reason:
            codes = np.array(self.index.column("code").to_pylist(), dtype=object)
            found = found[codes[found] == reason]
        return [int(place) for place in found]

    def rows(self, places: Sequence[int]) -> list[AsideRow]:
        """The rows at some places of the file."""
        if not places:
            return []
        table = pq.read_table(self.path).take(pa.array(places))
        return [
            self._row(place, each) for place, each in zip(places, table.to_pylist(), strict=True)
        ]

    def row(self, key: str) -> AsideRow:
        """One row, by its key. Raises `UnknownRow`."""
        return self.rows([self.place(key)])[0]

    def has(self, key: str) -> bool:
        """Whether there is such a row."""
        return key in self._by_key

    def place(self, key: str) -> int:
        """Where a row is in the file. Raises `UnknownRow`."""
        place = self._by_key.get(key)
        if place is None:
            raise UnknownRow(self.batch.code, key[:20])
        return place

    def pairs(self, places: Sequence[int]) -> list[tuple[int, int]]:
        """Number of the file and of the record, of rows at some places."""
        some = self.index.take(pa.array(places, pa.int64()))
        files, lines = some.column("file").to_pylist(), some.column("line").to_pylist()
        return list(zip(files, lines, strict=True))

    @cached_property
    def _by_key(self) -> Mapping[str, int]:
        pairs = self.pairs(range(len(self.index)))
        return {f"{file}:{line}": place for place, (file, line) in enumerate(pairs)}

    def is_open(self, place: int) -> bool:
        """Whether nothing was decided about a row yet."""
        return bool(self.decided[place] == OPEN)

    def _in(self, state: RowState | None) -> NDArray[np.int64]:
        if state is None:
            return np.arange(len(self.decided))
        states = np.array([self._state(place) is state for place in self.decided], np.bool_)
        return np.flatnonzero(states)

    def _state(self, decided: int) -> RowState:
        return RowState.OPEN if decided == OPEN else RowState(self.decisions[decided].state)

    def _row(self, place: int, found: Mapping[str, object]) -> AsideRow:
        state = self._state(self.decided[place])
        decision = None if state is RowState.OPEN else self.decisions[self.decided[place]]
        came = json.loads(str(found["row"]))
        raw = {heading: "" if text is None else str(text) for heading, text in came.items()}
        label = str(found["field"])
        known = {plain_heading(each) for each in self.headings.get(label, ())} | {
            plain_heading(label)
        }
        reason = Reason[str(found["code"])]
        return AsideRow(
            batch=self.batch.code,
            file=int(str(found["file"])),
            file_name=str(found["name"]),
            line=int(str(found["line"])),
            reason=reason.name,
            words=str(found["reason"]),
            next_step=reason.next_step,
            field=label,
            heading=next((each for each in raw if plain_heading(each) in known), ""),
            value=str(found["value"]),
            raw=raw,
            state=state,
            state_label=ROW_LABELS[state],
            decision=self.reasons_said.get(decision.reason_text, "") if decision else "",
            correction=(decision.correction_id or "") if decision else "",
        )


def aside_of(batch: CreditBatch, means: Means) -> Aside:
    """The rows put aside of a batch. Raises `UnknownCreditSource` and `OSError` of a lost file."""
    path = folder_of(means.lake, batch.source, batch.lake_id) / QUARANTINE
    index = pq.read_table(path, columns=["file", "line", "code"])
    decisions = list(batch.decisions.order_by("code"))
    decided = np.full(len(index), OPEN)
    where = {
        (file, line): number for number, each in enumerate(decisions) for file, line in each.lines
    }
    if where:
        files, lines = index.column("file").to_pylist(), index.column("line").to_pylist()
        for place, pair in enumerate(zip(files, lines, strict=True)):
            decided[place] = where.get(pair, OPEN)
    described = source_of(means, batch.source)
    return Aside(
        batch=batch,
        path=path,
        headings={field.label: field.headings for field in described.fields},
        index=index,
        decided=decided,
        decisions=decisions,
        reasons_said=texts(each.reason_text for each in decisions),
    )
