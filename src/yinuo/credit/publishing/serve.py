"""The serving file of a layer, from its Parquet files, range after range of entities."""

from collections.abc import Iterator
from pathlib import Path

from yinuo.credit.publishing.facts import fact_columns
from yinuo.credit.publishing.writing import HEX, Work, rows_of
from yinuo.credit.resolving import tables
from yinuo.credit.serving.building import SERVING, Documents, build
from yinuo.lake.engine import DuckDB
from yinuo.lake.releases.layers import entity_files, fact_files

AT_ONCE = 1_000_000
"""Facts of which documents are made at once: some 2 GB."""


def serve(work: Work, folder: Path) -> None:
    """Write the serving file of a whole release. Raises `ServingRefused`."""
    with DuckDB(memory=work.memory, temporary=folder.parent) as engine:
        for name, columns in (
            (tables.MOVED, ("key", "into", "evidence")),
            (tables.ASSIGNED, ("record", "score_mille", "evidence")),
        ):
            engine.read(name.removesuffix(".parquet"), [folder / name], columns)
        engine.define("moved_said", 'SELECT key, "into" AS into_key, evidence FROM moved')
        engine.define("evidence", "SELECT record, score_mille, evidence AS said FROM assigned")
        build(
            engine,
            folder / SERVING,
            sources=work.sources,
            ranges=_ranges(engine, work, folder),
            moved="moved_said",
            evidence="evidence",
            salt=work.salt,
        )


def _ranges(engine: DuckDB, work: Work, folder: Path) -> Iterator[Documents]:
    total = sum(rows_of(fact_files(folder, source)) for source in work.sources)
    done = 0
    for part in work.parts:
        entities = entity_files(folder, part)
        if not entities:
            continue
        engine.read("entities", entities, ("entity", "kind", "key", "code", "name", "records", "sources"))
        facts = {}
        for at, source in enumerate(sorted(work.sources)):
            if paths := fact_files(folder, source, part):
                facts[source] = f"facts_{at}"
                engine.read(facts[source], paths, fact_columns(work.sources[source]))
        rows = sum(rows_of(fact_files(folder, source, part)) for source in facts)
        for low, high in _bounds(part, rows):
            where = f"WHERE entity >= '{low}' AND entity < '{high}'"
            engine.define("some_entities", f"SELECT * FROM entities {where}")  # noqa: S608
            for table in facts.values():
                engine.define(f"some_{table}", f"SELECT * FROM {table} {where}")  # noqa: S608
            work.progress("生成查询文件", done, total)
            yield Documents(
                entities="some_entities",
                facts={source: f"some_{table}" for source, table in facts.items()},
            )
        done += rows
    work.progress("生成查询文件", total, total)


def _bounds(part: str, rows: int) -> list[tuple[str, str]]:
    """From which to below which entity, so that no range has many more facts than `AT_ONCE`.

    >>> _bounds("3", 1_500_000)
    [('E30', 'E38'), ('E38', 'E3g')]
    """
    step = len(HEX)
    while step > 1 and rows * step > AT_ONCE * len(HEX):
        step //= 2
    lows = [f"E{part}{HEX[at]}" for at in range(0, len(HEX), step)]
    return [*zip(lows, [*lows[1:], f"E{part}g"], strict=True)]
