"""Facts and entities of a layer, written as Parquet and counted."""

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


@dataclass(frozen=True, kw_only=True)
class Work:
    """What the stages of one publication share."""

    engine: Engine
    sources: Mapping[str, SourceDescription]
    salt: str
    resolution: Path
    folder: Path
    """Of the layer that is being made."""
    memory: str = MEMORY
    progress: Progress = silent


def fingerprint(salt: str) -> str:
    """What a manifest says of the salt: enough to know it again, too little to find it."""
    return sha256(b"yinuo salt\n" + salt.encode()).hexdigest()[:16]


def write_facts(work: Work, source: str, table: str) -> Mapping[str, Tally]:
    """Write a table of facts of a source into the layer; tallies by `how`."""
    columns = fact_columns(work.sources[source])
    said = ", ".join(map(work.engine.dialect.name, columns))
    work.engine.write(f"SELECT {said} FROM {table}", work.folder / FACTS / source)  # noqa: S608
    work.engine.read("written", fact_files(work.folder, source), columns)
    return count_facts(work.engine, "written")


def write_entities(work: Work) -> Tally:
    """Sum up the facts that lie in the layer and write its entities; their tally."""
    facts = {}
    for number, source in enumerate(sorted(work.sources)):
        facts[source] = f"facts_{number}"
        columns = fact_columns(work.sources[source])
        work.engine.read(facts[source], fact_files(work.folder, source), columns)
    sum_up(work.engine, facts, work.sources, "summed")
    return store_entities(work, "summed")


def store_entities(work: Work, table: str) -> Tally:
    """Write a table of entities into the layer; its tally."""
    said = ", ".join(COLUMNS)
    work.engine.write(f"SELECT {said} FROM {table}", work.folder / ENTITIES)  # noqa: S608
    return count_entities(work.engine, table)


def keep_resolution(work: Work) -> None:
    """Lay the tables that place the facts beside them."""
    for name in (tables.MOVED, tables.ASSIGNED):
        tables.write(work.folder, name, tables.read(work.resolution, name))


def rows_of(paths: Sequence[Path]) -> int:
    """Rows of Parquet files, from their footers."""
    return sum(pq.read_metadata(path).num_rows for path in paths)
