"""Files of the 21 city systems, made up: the same for the same seed, of any size, with the truth.

Everything in them is invented; codes have true check characters. With `dirty` faults are planted,
and each is counted.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import numpy as np
import pyarrow as pa

from yinuo.credit.simulation.errors import BadShare, FolderTaken, TooFewRecords
from yinuo.credit.simulation.faults import (
    FAULTS,
    NUMBER,
    OF_WRITING,
    PUT_ASIDE,
    Fault,
)
from yinuo.credit.simulation.luck import MILLION, Ints
from yinuo.credit.simulation.population import Population
from yinuo.credit.simulation.rows import Format, Rows, SimulatedSource
from yinuo.credit.simulation.spoiling import can_bear, spoilt
from yinuo.credit.simulation.systems.catalogue import SYSTEMS
from yinuo.credit.simulation.truth import (
    CHUNK,
    FOLDER,
    Records,
    write_entities,
    write_households,
)
from yinuo.credit.simulation.writing import Writer, writer
from yinuo.kernel.canonical import Canonical, canonical_bytes
from yinuo.kernel.spreadsheet.cells import Progress, silent

FEWEST = 1_000
PLANTED = "planted.json"
REPEATED = "repeated"
"""Among what was planted: rows of a whole list that came before as they are."""
LARGEST_SHARE = 500
NEW, CORRECTED = 600, 250
"""Per mille of a day's delivery; the rest takes records back."""
FEWEST_SPOILT = 200
"""New rows of a day below which none is written badly."""
YEARLY = frozenset({"tax-credit"})
GONE = 50
"""Per mille of a full list that the next delivery lacks."""
_REPEATING = frozenset({Fault.DUPLICATE, Fault.CONFLICT})
"""Faults that are a second row beside the first."""
_WELL_WRITTEN = [0, *(NUMBER[fault] for fault in _REPEATING)]


@dataclass(frozen=True)
class Simulated:
    """What was written."""

    folder: Path
    rows: Mapping[str, int]
    """Records in the files of each source, torn ones included."""
    planted: Mapping[str, Mapping[str, int]]
    """Of each source: fault → rows."""
    files: Mapping[str, Path] = field(default_factory=dict)

    def put_aside(self, source: str) -> int:
        """How many rows of a source a landing must put aside."""
        return sum(self.planted[source].get(fault.value, 0) for fault in PUT_ASIDE)

    def duplicates(self, source: str) -> int:
        """How many rows of a source repeat another, of this delivery or of an earlier one."""
        planted = self.planted[source]
        return planted.get(Fault.DUPLICATE.value, 0) + planted.get(REPEATED, 0)


class _Delivery:
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

    def change(self, numbers: Ints, fault: Fault) -> None:
        """Earlier rows again: corrected, or taken back."""
        rows = Rows(
            source=self.source,
            population=self._population,
            numbers=numbers,
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


def simulate(
    *,
    records: int,
    out: Path,
    seed: int = 1,
    on: date,
    progress: Progress = silent,
    dirty: bool = True,
) -> Simulated:
    """Write files with about that many records, and the truth under `truth/`.

    `on` is the last day on which anything happened. The folder may exist if it is empty. Raises
    `FolderTaken` and `TooFewRecords`.
    """
    population = _population(records, seed, on)

    def fill(delivery: _Delivery) -> Iterator[int]:
        for numbers in _pieces(0, delivery.source.count(population)):
            delivery.add(numbers, dirty=dirty)
            yield len(numbers)

    return _deliver(out, population, SYSTEMS, fill, progress)


def simulate_delta(
    *,
    records: int,
    out: Path,
    seed: int = 1,
    on: date,
    share_mille: int = 10,
    progress: Progress = silent,
    dirty: bool = True,
) -> Simulated:
    """Write what comes the day after: new rows, corrections, revocations.

    `records`, `seed` and `on` are those of the first delivery; `share_mille` is how large the day
    is. Lists that are always delivered whole come whole, a few gone; the yearly grades do not come.
    Raises `FolderTaken`, `TooFewRecords` and `BadShare`.
    """
    if not 1 <= share_mille <= LARGEST_SHARE:
        raise BadShare(share_mille)
    population = _population(records, seed, on)
    systems = [system for system in SYSTEMS if system.id not in YEARLY]

    def fill(delivery: _Delivery) -> Iterator[int]:
        count = delivery.source.count(population)
        day = max(count * share_mille // 1000, 3)
        if delivery.source.full:
            luck = population.luck.of(delivery.source.id)
            for numbers in _pieces(0, count):
                gone = luck.happens(numbers, "gone", GONE * 1000)
                delivery.repeat(numbers[~gone], dirty=dirty)
                yield len(numbers)
        new = max(day * NEW // 1000, 1)
        for numbers in _pieces(count, count + new):
            delivery.add(numbers, dirty=dirty, today=True)
            yield len(numbers)
        if delivery.source.full:
            return
        yield from _changes(delivery, count, day)

    return _deliver(out, population, systems, fill, progress)


def _changes(delivery: _Delivery, count: int, day: int) -> Iterator[int]:
    """Corrections and revocations of rows that came before, each of another row."""
    corrected = max(day * CORRECTED // 1000, 1)
    taken_back = max(day - day * NEW // 1000 - corrected, 1) if delivery.source.revocable else 0
    step = max(count // (corrected + taken_back), 1)
    chosen = np.arange(min(corrected + taken_back, count)) * step
    back = np.arange(len(chosen)) >= corrected
    for fault, numbers in (
        (Fault.CORRECTION, chosen[~back]),
        (Fault.REVOCATION, chosen[back]),
    ):
        for low in range(0, len(numbers), CHUNK):
            piece = numbers[low : low + CHUNK]
            delivery.change(piece, fault)
            yield len(piece)


def _population(records: int, seed: int, on: date) -> Population:
    if records < FEWEST:
        raise TooFewRecords(records, FEWEST)
    return Population(records=records, seed=seed, on=on)


def _pieces(low: int, high: int) -> Iterator[Ints]:
    for start in range(low, high, CHUNK):
        yield np.arange(start, min(start + CHUNK, high))


def _deliver(
    out: Path,
    population: Population,
    systems: Sequence[SimulatedSource],
    fill: Callable[[_Delivery], Iterator[int]],
    progress: Progress,
) -> Simulated:
    if out.exists() and any(out.iterdir()):
        raise FolderTaken(out)
    folder = out / FOLDER
    folder.mkdir(parents=True)
    truth = Records(folder, [system.id for system in SYSTEMS])
    done, rows, planted, files = 0, {}, {}, {}
    for system in systems:
        delivery = _Delivery(SYSTEMS.index(system), out, population, truth)
        for count in fill(delivery):
            done += count
            progress("生成", min(done, population.records), population.records)
        delivery.close()
        rows[system.id] = delivery.rows
        planted[system.id] = {name: count for name, count in delivery.planted.items() if count}
        if delivery.repeated:
            planted[system.id][REPEATED] = delivery.repeated
        files[system.id] = out / f"{system.id}.{system.format}"
    truth.close()
    write_entities(folder, population)
    write_households(folder, population)
    (folder / PLANTED).write_bytes(_said(population, rows, planted))
    return Simulated(folder=out, rows=rows, planted=planted, files=files)


def _said(
    population: Population, rows: Mapping[str, int], planted: Mapping[str, Mapping[str, int]]
) -> bytes:
    sources: dict[str, Canonical] = {
        source: {"rows": count, "planted": dict(planted[source])} for source, count in rows.items()
    }
    return canonical_bytes(
        {
            "simulated": True,
            "records": population.records,
            "seed": population.seed,
            "on": population.on.isoformat(),
            "sources": sources,
        }
    )
