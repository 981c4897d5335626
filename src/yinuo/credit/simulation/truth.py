"""What is true of a simulation, beside its files; the pipeline never reads it."""

from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet

from yinuo.credit.simulation import cells, codes
from yinuo.credit.simulation.faults import FAULTS
from yinuo.credit.simulation.luck import Ints
from yinuo.credit.simulation.population import (
    HOUSEHOLDS,
    KIND_STRIDE,
    NUMBERED,
    RECODED,
    REGIONS,
    RENAMED,
    Kind,
    Population,
)

CHUNK = 131_072
"""Rows made at a time."""
GROUP = 1_000_000
"""Rows of the truth written at a time."""
FOLDER = "truth"
RECORDS = "records.parquet"
ENTITIES = "entities.parquet"
HOUSEHOLD_FILE = "households.parquet"
WORDS = {Kind.FIRM: "firm", Kind.TRADER: "trader", Kind.PERSON: "person"}


class Records:
    """Of every row of every file: whose it is, and what was planted in it.

    Columns: source, file (0), line (headings are line 1 where there are any), entity, planted.
    """

    def __init__(self, folder: Path, sources: list[str]) -> None:
        self._sources = pa.array(sources)
        self._faults = pa.array([str(fault) for fault in FAULTS])
        schema = pa.schema(
            [
                ("source", pa.dictionary(pa.int32(), pa.string())),
                ("file", pa.int32()),
                ("line", pa.int64()),
                ("entity", pa.int64()),
                ("planted", pa.dictionary(pa.int32(), pa.string())),
            ]
        )
        self._writer: Any = pyarrow.parquet.ParquetWriter(
            folder / RECORDS, schema, compression="zstd"
        )
        self._schema = schema
        self._held: list[tuple[int, int, Ints, Ints]] = []
        self._rows = 0

    def add(self, source: int, first_line: int, entity: Ints, fault: Ints) -> None:
        """Rows that follow each other."""
        self._held.append((source, first_line, entity, fault))
        self._rows += len(entity)
        if self._rows >= GROUP:
            self._write()

    def _write(self) -> None:
        if not self._held:
            return
        columns = [
            self._words(
                np.repeat(
                    np.array([source for source, *_ in self._held]),
                    [len(entity) for _, _, entity, _ in self._held],
                ),
                self._sources,
            ),
            pa.array(np.zeros(self._rows, np.int32)),
            pa.array(
                np.concatenate(
                    [np.arange(line, line + len(entity)) for _, line, entity, _ in self._held]
                )
            ),
            pa.array(np.concatenate([entity for _, _, entity, _ in self._held])),
            self._words(np.concatenate([fault for *_, fault in self._held]), self._faults),
        ]
        self._writer.write_table(pa.table(columns, schema=self._schema))
        self._held, self._rows = [], 0

    @staticmethod
    def _words(number: Ints, words: "pa.Array") -> "pa.Array":
        return pa.DictionaryArray.from_arrays(pa.array(number.astype(np.int32)), words)

    def close(self) -> None:
        """Finish the file."""
        self._write()
        self._writer.close()


def write_entities(folder: Path, population: Population) -> None:
    """Everybody: entity, kind, keys (the present first), names (the present first), region."""
    pieces = (
        _entities(population, kind, np.arange(low, min(low + CHUNK, population.size(kind))))
        for kind in Kind
        for low in range(0, population.size(kind), CHUNK)
    )
    first = next(pieces)
    with pyarrow.parquet.ParquetWriter(
        folder / ENTITIES, first.schema, compression="zstd"
    ) as writer:
        writer.write_table(first)
        for piece in pieces:
            writer.write_table(piece)


def _entities(population: Population, kind: Kind, number: Ints) -> "pa.Table":
    if kind is Kind.PERSON:
        rids = codes.texts(codes.residents(population.resident_numbers(number)))
        keys = [cells.joined("p:", rids)]
        names = [population.person_names(number)]
        regions = pa.nulls(len(number), pa.string())
    else:
        keys, names = _parties(population, party := number * 2 + int(kind))
        regions = cells.whole(REGIONS[population.present_region_number(party)])
    return pa.table(
        {
            "entity": pa.array(int(kind) * KIND_STRIDE + number),
            "kind": pa.array([WORDS[kind]] * len(number)),
            "keys": _lists(keys),
            "names": _lists(names),
            "region": regions,
        }
    )


def _parties(population: Population, party: Ints) -> tuple[list["pa.Array"], list["pa.Array"]]:
    firm = party % 2 == 0
    every = np.ones(len(party), np.bool_)
    former_code = codes.texts(population.organisations(party, former=every))
    keys = [
        cells.joined("o:", codes.texts(population.organisations(party))),
        cells.only(cells.joined("o:", former_code), firm & (party // 2 % 32 == RECODED)),
        cells.only(
            cells.joined("r:", codes.texts(population.registrations(party))),
            party // 2 % 4 == NUMBERED,
        ),
    ]
    former_name = population.party_names(party, former=every)
    names = [
        population.party_names(party),
        cells.only(former_name, firm & (party // 2 % 16 == RENAMED)),
    ]
    return keys, names


def _lists(columns: list["pa.Array"]) -> "pa.Array":
    """One list for each row of what is filled in its columns."""
    count = len(columns[0])
    order = np.arange(count * len(columns)).reshape(len(columns), count).T.reshape(-1)
    flat = pa.concat_arrays(columns).take(pa.array(order))
    filled = flat.is_valid().to_numpy(zero_copy_only=False)
    lengths = filled.reshape(count, len(columns)).sum(axis=1)
    offsets = np.concatenate([[0], np.cumsum(lengths)]).astype(np.int32)
    return pa.ListArray.from_arrays(pa.array(offsets), flat.drop_null())


def write_households(folder: Path, population: Population) -> None:
    """The village: household, entity of its head, their number and name, and the collective."""
    head = np.arange(min(HOUSEHOLDS, population.persons))
    village = codes.texts(population.credit_codes(np.zeros(1, np.int64)))[0].as_py()
    table = pa.table(
        {
            "household": cells.joined("第", cells.whole(head + 1), "户"),
            "entity": pa.array(int(Kind.PERSON) * KIND_STRIDE + head),
            "rid": codes.texts(codes.residents(population.resident_numbers(head))),
            "name": population.person_names(head),
            "collective": pa.array([village] * len(head)),
            "collective_entity": pa.array(np.zeros(len(head), np.int64)),
        }
    )
    pyarrow.parquet.write_table(table, folder / HOUSEHOLD_FILE, compression="zstd")
