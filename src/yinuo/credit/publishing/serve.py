"""The serving file of a layer, from its Parquet files, range after range of entities."""

from collections.abc import Iterator
from math import ceil

import pyarrow as pa

from yinuo.credit.publishing.entities import COLUMNS
from yinuo.credit.publishing.facts import entity_ranges, fact_columns
from yinuo.credit.publishing.writing import Work, rows_of
from yinuo.credit.resolving import tables
from yinuo.credit.serving import parting
from yinuo.credit.serving.building import (
    SERVING,
    build,
    heads_sql,
    lines_sql,
    rows_sql,
    texts_sql,
)
from yinuo.lake.engine import DuckDB
from yinuo.lake.releases.layers import entity_files, fact_files

AT_ONCE = 1_000_000
"""Facts of which documents are made at once, in less than a GB: the sorting spills too little."""
BYTES_AT_ONCE = 500_000_000
"""The same in bytes, where the texts are laid down."""
LOOKS = 2
"""Ranges that are read from the facts one by one; for more, the texts are laid down in parts."""
LAID_AT_ONCE = 131_072
"""Texts that are laid down at once."""
STAGED = ".staged"
NO_ROWS = (
    "SELECT uuid() AS entity, 0 AS source, CAST(NULL AS DATE) AS day, uuid() AS record, '' AS row "
    "WHERE false"
)


def serve(work: Work) -> None:
    """Write the serving file of a whole release. Raises `ServingRefused`."""
    folder = work.folder
    with DuckDB(memory=work.memory, temporary=folder) as engine:
        engine.read("entities", entity_files(folder), COLUMNS, packed=True)
        engine.read("moved", [folder / tables.MOVED], ("key", "into", "evidence"))
        engine.read("assigned", [folder / tables.ASSIGNED], ("record", "score_mille", "evidence"))
        engine.define("moved_said", 'SELECT key, "into" AS into_key, evidence FROM moved')
        engine.define("assigned_said", "SELECT record, score_mille, evidence AS said FROM assigned")
        build(
            engine,
            folder / SERVING,
            sources=work.sources,
            ranges=_ranges(engine, work),
            moved="moved_said",
            evidence="assigned_said",
            salt=work.salt,
        )


def all_rows(engine: DuckDB, work: Work) -> str:
    """SQL: what `rows_sql` says of every fact in the layer."""
    return " UNION ALL ".join(_of_each_source(engine, work)) or NO_ROWS


def _of_each_source(engine: DuckDB, work: Work) -> list[str]:
    arms = []
    for number, (name, source) in enumerate(sorted(work.sources.items())):
        if paths := fact_files(work.folder, name):
            engine.read(f"facts_{number}", paths, fact_columns(source), packed=True)
            arms.append(rows_sql(source, number, f"facts_{number}"))
    return arms


def _ranges(engine: DuckDB, work: Work) -> Iterator[str]:
    """Tables of the texts of documents, in the order of ids."""
    total = sum(rows_of(fact_files(work.folder, source)) for source in work.sources)
    work.progress("准备查询文件", 0, total)
    if total <= LOOKS * AT_ONCE:
        engine.define("rows_said", all_rows(engine, work))
        for here in entity_ranges(engine, ceil(total / AT_ONCE) or 1):
            engine.define("some_entities", f"SELECT * FROM entities WHERE {here}")  # noqa: S608
            engine.define("some_rows", f"SELECT * FROM rows_said WHERE {here}")  # noqa: S608
            engine.define("texts", texts_sql(entities="some_entities", rows="some_rows"))
            yield "texts"
    else:
        yield from _laid_down(engine, work, total)
    work.progress("生成查询文件", total, total)


def _laid_down(engine: DuckDB, work: Work, total: int) -> Iterator[str]:
    staged = work.folder / STAGED
    paths = parting.laid(_texts(engine, work), staged)
    size, done = sum(path.stat().st_size for path in paths), 0
    for some in parting.together(paths, BYTES_AT_ONCE):
        work.progress("生成查询文件", total * done // size, total)
        with parting.opened(some) as rows, engine.lent("texts", rows):
            yield "texts"
        for path in some:
            done += path.stat().st_size
            path.unlink()
    staged.rmdir()


def _texts(engine: DuckDB, work: Work) -> Iterator[pa.RecordBatch]:
    """Every text with its part, source after source.

    In one query all sources would be begun at once, and each holds what it has read so far.
    """
    lines = [lines_sql(f"({arm}) AS r") for arm in _of_each_source(engine, work)]
    for sql in (heads_sql("entities"), *lines):
        said = f"SELECT *, {parting.SQL} AS {parting.PART} FROM ({sql}) AS t"  # noqa: S608
        yield from engine.batches(said, LAID_AT_ONCE)
