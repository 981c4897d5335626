"""The file of one source while it is written: rows, the faults in them, and their truth."""

from collections import Counter
from pathlib import Path

import numpy as np
import pyarrow as pa

from yinuo.credit.simulation.faults import FAULTS, NUMBER, OF_WRITING, PUT_ASIDE, Fault
from yinuo.credit.simulation.luck import MILLION, Ints
from yinuo.credit.simulation.population import Population
from yinuo.credit.simulation.rows import Format, Rows, SimulatedSource
from yinuo.credit.simulation.spoiling import can_bear, spoilt
from yinuo.credit.simulation.systems.catalogue import SYSTEMS
from yinuo.credit.simulation.truth import Records
from yinuo.credit.simulation.writing import Writer, writer

FEWEST_SPOILT = 200
"""New rows of a day below which none is written badly."""
_REPEATING = frozenset({Fault.DUPLICATE, Fault.CONFLICT})
"""Faults that are a second row beside the first."""
_WELL_WRITTEN = [0, *(NUMBER[fault] for fault in _REPEATING)]


class Delivery:
    """The file of one source, while it is written."""

    def __init__(self, number: int, folder: Path, population: Population, truth: Records) -> None:
        self.source: SimulatedSource = SYSTEMS[number]
        self._number, self._population, self._truth = number, population, truth
        self._writer: Writer = writer(folder, self.source)
        self._line = 1 if self.source.format in {Format.JSON_LINES, Format.PARQUET} else 2
        self.rows = 0
        self.planted: Counter[str] = Counter()
        self.repeated = 0

    def repeat(self, numbers: Ints, *, dirty: bool) -> None:
        """Rows that an earlier delivery had as they are."""
        before = self.rows - self._put_aside()
        self.add(numbers, dirty=dirty)
        self.repeated += self.rows - self._put_aside() - before

    def _put_aside(self) -> int:
        """Rows that no delivery takes as a record, or not again."""
        return sum(self.planted[fault.value] for fault in (*PUT_ASIDE, Fault.DUPLICATE))

    def add(self, numbers: Ints, *, dirty: bool, today: bool = False) -> None:
        """Rows as they come, with faults if `dirty`.

        Those with a fault of writing come last but for one good row: a file whose end is torn was
        broken off, and that is another fault. Of very few rows none is written badly, for one
        would be too large a share.
        """
        badly = dirty and (len(numbers) >= FEWEST_SPOILT or not today)
        fault = self._drawn(numbers) if badly else np.zeros(len(numbers), np.int64)
        well = np.isin(fault, _WELL_WRITTEN)
        last = np.flatnonzero(fault == 0)[-1:]
        well[last] = False
        self._put(numbers[well], dirty=dirty, today=today)
        if (fault > 0).any():
            self._spoil(self._rows(numbers[fault > 0], dirty=dirty, today=today))
        self._put(numbers[last], dirty=dirty, today=today)

    def _put(self, numbers: Ints, *, dirty: bool, today: bool) -> None:
        """Rows that are well written."""
        if len(numbers):
            rows = self._rows(numbers, dirty=dirty, today=today)
            self._write(self._table(rows), rows.entity, rows.fault)

    def change(self, numbers: Ints, fault: Fault, *, dirty: bool) -> None:
        """Earlier rows again: corrected, or taken back."""
        rows = Rows(
            source=self.source,
            population=self._population,
            numbers=numbers,
            dirty=dirty,
            revision=1,
            revoked=fault is Fault.REVOCATION,
        )
        self._write(self._table(rows), rows.entity, np.full(len(rows), NUMBER[fault]))

    def _rows(self, numbers: Ints, *, dirty: bool, today: bool) -> Rows:
        return Rows(
            source=self.source,
            population=self._population,
            numbers=numbers,
            dirty=dirty,
            today=today,
        )

    def _table(self, rows: Rows) -> "pa.Table":
        return pa.table(self.source.columns(rows))

    def _drawn(self, numbers: Ints) -> Ints:
        luck = self._population.luck.of(self.source.id)
        drawn = luck.below(numbers, "writing", MILLION)
        edges = np.cumsum(list(OF_WRITING.values()))
        found = np.array([NUMBER[fault] for fault in OF_WRITING] + [0])
        return found[np.searchsorted(edges, drawn, side="right")]

    def _spoil(self, rows: Rows) -> None:
        """Rows with faults of writing; those that cannot bear theirs are written as they are."""
        table, drawn = self._table(rows), self._drawn(rows.numbers)
        for fault in OF_WRITING:
            mine = drawn == NUMBER[fault]
            bearing = mine & can_bear(fault, rows, table) if mine.any() else mine
            if bearing.any():
                bad = spoilt(fault, table.filter(pa.array(bearing)), self.source.marks)
                self._write(bad, rows.entity[bearing], np.full(bad.num_rows, NUMBER[fault]))
            if fault not in _REPEATING and (sound := mine & ~bearing).any():
                kept = table.filter(pa.array(sound))
                self._write(kept, rows.entity[sound], rows.fault[sound], quoted=True)

    def _write(
        self, table: "pa.Table", entity: Ints, fault: Ints, *, quoted: bool | None = None
    ) -> None:
        """Rows with their truth; those with a fault of writing all have the same."""
        first = FAULTS[fault[0]]
        odd = first in OF_WRITING if quoted is None else quoted
        self._writer.write(table, torn=first is Fault.TORN, quoted=odd)
        self._truth.add(self._number, self._line, entity, fault)
        self._line += len(fault)
        self.rows += len(fault)
        for number, count in enumerate(np.bincount(fault)):
            if number and count:
                self.planted[FAULTS[number].value] += int(count)

    def close(self) -> None:
        """Finish the file."""
        self._writer.close()
