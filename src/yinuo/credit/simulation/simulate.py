"""Files of the 21 city systems, made up: the same for the same seed, of any size, with the truth.

Everything in them is invented; codes have true check characters. With `dirty` faults are planted,
and each is counted.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import numpy as np

from yinuo.credit.simulation.delivering import Delivery
from yinuo.credit.simulation.errors import BadShare, FolderTaken, TooFewRecords
from yinuo.credit.simulation.faults import (
    PUT_ASIDE,
    Fault,
)
from yinuo.credit.simulation.luck import Ints
from yinuo.credit.simulation.population import Population
from yinuo.credit.simulation.rows import SimulatedSource
from yinuo.credit.simulation.systems.catalogue import SYSTEMS
from yinuo.credit.simulation.truth import (
    CHUNK,
    FOLDER,
    Records,
    write_entities,
    write_households,
)
from yinuo.kernel.canonical import Canonical, canonical_bytes
from yinuo.kernel.spreadsheet.cells import Progress, silent

FEWEST = 1_000
PLANTED = "planted.json"
REPEATED = "repeated"
"""Among what was planted: rows of a whole list that came before as they are."""
LARGEST_SHARE = 500
NEW, CORRECTED = 600, 250
"""Per mille of a day's delivery; the rest takes records back."""
YEARLY = frozenset({"tax-credit"})
GONE = 50
"""Per mille of a full list that the next delivery lacks."""


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

    def fill(delivery: Delivery) -> Iterator[int]:
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

    def fill(delivery: Delivery) -> Iterator[int]:
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
        yield from _changes(delivery, count, day, dirty=dirty)

    return _deliver(out, population, systems, fill, progress)


def _changes(delivery: Delivery, count: int, day: int, *, dirty: bool) -> Iterator[int]:
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
            delivery.change(piece, fault, dirty=dirty)
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
    fill: Callable[[Delivery], Iterator[int]],
    progress: Progress,
) -> Simulated:
    if out.exists() and any(out.iterdir()):
        raise FolderTaken(out)
    folder = out / FOLDER
    folder.mkdir(parents=True)
    truth = Records(folder, [system.id for system in SYSTEMS])
    done, rows, planted, files = 0, {}, {}, {}
    for system in systems:
        delivery = Delivery(SYSTEMS.index(system), out, population, truth)
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
