"""Facts and entities of a layer, written as Parquet and counted."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from shutil import copyfile

import pyarrow.parquet as pq

from yinuo.credit.publishing.counting import count_entities, marked
from yinuo.credit.publishing.entities import MARK, SAYINGS
from yinuo.credit.publishing.facts import fact_columns
from yinuo.credit.resolving import tables
from yinuo.kernel.spreadsheet.cells import Progress, silent
from yinuo.lake.engine import MEMORY, Engine
from yinuo.lake.records.description import SourceDescription
from yinuo.lake.releases.layers import entity_files
from yinuo.lake.releases.release import ENTITIES, FACTS
from yinuo.lake.releases.release import SAYINGS as SAYINGS_FOLDER
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


def write_facts(work: Work, source: str, table: str) -> None:
    """Write a table of facts of a source into the layer."""
    said = ", ".join(map(work.engine.dialect.name, fact_columns(work.sources[source])))
    work.engine.write(f"SELECT {said} FROM {table}", work.folder / FACTS / source)  # noqa: S608


def store_entities(work: Work, table: str, sayings: str) -> Tally:
    """Write a table of entities and one of sayings into the layer.

    The tally of those that have records.
    """
    engine, folder = work.engine, work.folder
    engine.write(marked(engine, table), folder / ENTITIES)
    engine.write(f"SELECT {', '.join(SAYINGS)} FROM {sayings}", folder / SAYINGS_FOLDER)  # noqa: S608
    engine.read("stored", entity_files(folder), (*MARK, "records"))
    return count_entities(engine, "(SELECT * FROM stored WHERE records > 0) AS s")


def keep_resolution(work: Work) -> None:
    """Lay the tables that place the facts beside them."""
    for name in (tables.MOVED, tables.ASSIGNED):
        if (work.resolution / name).is_file():
            copyfile(work.resolution / name, work.folder / name)
        else:
            tables.write(work.folder, name, tables.SCHEMAS[name].empty_table())


def rows_of(paths: Sequence[Path]) -> int:
    """Rows of Parquet files, from their footers."""
    return sum(pq.read_metadata(path).num_rows for path in paths)
