"""Facts and entities of a layer written as Parquet, in parts small enough to be held in memory."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

import pyarrow.parquet as pq

from yinuo.credit.publishing.counting import count_entities, count_facts
from yinuo.credit.publishing.entities import COLUMNS, sum_up
from yinuo.credit.publishing.facts import fact_columns
from yinuo.credit.resolving import tables
from yinuo.kernel.spreadsheet.cells import Progress, silent
from yinuo.lake.engine import MEMORY, Engine
from yinuo.lake.records.description import SourceDescription
from yinuo.lake.releases.layers import fact_files
from yinuo.lake.releases.release import ENTITIES, FACTS
from yinuo.lake.releases.tally import Tally

ONE_PART = 4_000_000
"""Facts up to which a release is not split."""
HEX = "0123456789abcdef"
PART = "part"


@dataclass(frozen=True, kw_only=True)
class Work:
    """What the stages of one publication share."""

    engine: Engine
    sources: Mapping[str, SourceDescription]
    salt: str
    resolution: Path
    digits: int
    """0 or 1: whether files are split by the first digit of the entity."""
    memory: str = MEMORY
    progress: Progress = silent

    @property
    def parts(self) -> Sequence[str]:
        """Beginnings of the names of files, in the order of entities."""
        return HEX if self.digits else ("",)


def fingerprint(salt: str) -> str:
    """What a manifest says of the salt: enough to know it again, too little to find it."""
    return sha256(b"yinuo salt\n" + salt.encode()).hexdigest()[:16]


def digits_for(rows: int) -> int:
    """By how many digits of the entity so many facts are split."""
    return int(rows > ONE_PART)


def write_facts(work: Work, source: str, table: str, folder: Path) -> Mapping[str, Tally]:
    """Write a table of facts of a source into the layer `folder`; tallies by `how`."""
    columns = ", ".join(map(work.engine.dialect.name, fact_columns(work.sources[source])))
    into = folder / FACTS / source
    into.parent.mkdir(exist_ok=True)
    rows = f"SELECT {columns} FROM {table}"  # noqa: S608  # quoted
    if work.digits:
        part = f"SELECT {columns}, substr(entity, 2, {work.digits}) AS {PART} FROM {table}"  # noqa: S608
        work.engine.write(part, into, PART)
    if not any(into.glob("*.parquet")):
        # Unsplit; or split and without a row, where a file says at least which columns there are.
        into.rmdir() if into.exists() else None
        work.engine.write(rows, into)
    work.engine.read("written", fact_files(folder, source), fact_columns(work.sources[source]))
    return count_facts(work.engine, "written")


def write_entities(work: Work, folder: Path) -> Tally:
    """Sum up the facts that lie in the layer `folder`, part by part, and write its entities."""
    (folder / ENTITIES).mkdir()
    counted = Tally()
    for part in work.parts:
        facts = {}
        for at, source in enumerate(sorted(work.sources)):
            if paths := fact_files(folder, source, part):
                facts[source] = f"facts_{at}"
                columns = fact_columns(work.sources[source])
                work.engine.read(facts[source], paths, columns)
        if facts:
            sum_up(work.engine, facts, work.sources, "summed")
            counted += store_entities(work, "summed", folder, part)
    return counted


def store_entities(work: Work, table: str, folder: Path, part: str) -> Tally:
    """Write a table of entities as files of a part of the layer; its tally."""
    inner = folder / ENTITIES / ".new"
    said = ", ".join(COLUMNS)
    work.engine.write(f"SELECT {said} FROM {table}", inner)  # noqa: S608
    for number, path in enumerate(sorted(inner.glob("*.parquet"))):
        path.rename(folder / ENTITIES / (f"{part}-{number}.parquet" if part else f"{number}.parquet"))
    inner.rmdir()
    return count_entities(work.engine, table)


def keep_resolution(resolution: Path, folder: Path) -> None:
    """Lay the tables that placed the facts beside them."""
    for name in (tables.MOVED, tables.ASSIGNED):
        tables.write(folder, name, tables.read(resolution, name))


def rows_of(paths: Sequence[Path]) -> int:
    """Rows of Parquet files, from their footers."""
    return sum(pq.read_metadata(path).num_rows for path in paths)
