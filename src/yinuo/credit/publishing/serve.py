"""The serving file of a layer, from its Parquet files, range after range of entities."""

import shutil
from collections.abc import Iterator, Sequence

from yinuo.credit.publishing.entities import COLUMNS
from yinuo.credit.publishing.facts import fact_columns
from yinuo.credit.publishing.writing import Work, rows_of
from yinuo.credit.resolving import tables
from yinuo.credit.serving.building import SERVING, Documents, build, rows_sql
from yinuo.lake.engine import DuckDB
from yinuo.lake.releases.layers import entity_files, fact_files

AT_ONCE = 1_000_000
"""Facts of which documents are made at once, in less than a GB: the sorting spills too little."""
LOOKS = 4
"""Ranges that are read from the facts one by one; for more, the rows are laid down in parts."""
HEX = "0123456789abcdef"
STAGED = ".staged"


def serve(work: Work) -> None:
    """Write the serving file of a whole release. Raises `ServingRefused`."""
    folder = work.folder
    with DuckDB(memory=work.memory, temporary=folder) as engine:
        engine.read("entities", entity_files(folder), COLUMNS)
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
    """SQL: entity, source and row of every fact in the layer."""
    arms = []
    for number, (name, source) in enumerate(sorted(work.sources.items())):
        if paths := fact_files(work.folder, name):
            engine.read(f"facts_{number}", paths, fact_columns(source))
            arms.append(rows_sql(source, number, f"facts_{number}"))
    return " UNION ALL ".join(arms) or "SELECT '' AS entity, 0 AS source, '' AS row WHERE false"


def _ranges(engine: DuckDB, work: Work) -> Iterator[Documents]:
    total = sum(rows_of(fact_files(work.folder, source)) for source in work.sources)
    staged = work.folder / STAGED
    engine.define("rows_said", all_rows(engine, work))
    work.progress("准备查询文件", 0, total)
    if total <= LOOKS * AT_ONCE:
        yield from _within(engine, "rows_said", _bounds("", total))
    else:
        sql = "SELECT *, substr(entity, 2, 1) AS part FROM rows_said"
        engine.split(sql, staged, "part")
        done = 0
        for digit in HEX:
            files = sorted((staged / f"part={digit}").glob("*.parquet"))
            if not files:
                continue  # no entity begins so
            work.progress("生成查询文件", done, total)
            engine.read("rows_of_part", files, ("entity", "source", "row"))
            rows_here = rows_of(files)
            yield from _within(engine, "rows_of_part", _bounds(digit, rows_here))
            done += rows_here
            for path in files:
                path.unlink()
        shutil.rmtree(staged)
    work.progress("生成查询文件", total, total)


def _within(engine: DuckDB, rows: str, bounds: Sequence[tuple[str, str]]) -> Iterator[Documents]:
    for low, high in bounds:
        where = f"WHERE entity >= '{low}' AND entity < '{high}'"
        engine.define("some_entities", f"SELECT * FROM entities {where}")  # noqa: S608
        engine.define("some_rows", f"SELECT * FROM {rows} {where}")  # noqa: S608
        yield Documents(entities="some_entities", rows="some_rows")


def _bounds(part: str, rows: int) -> list[tuple[str, str]]:
    """From which to below which entity, so that no range has many more facts than `AT_ONCE`.

    >>> _bounds("3", 1_200_000)
    [('E30', 'E38'), ('E38', 'E3g')]
    """
    step = len(HEX)
    while step > 1 and rows * step > AT_ONCE * len(HEX):
        step //= 2
    lows = [f"E{part}{HEX[at]}" for at in range(0, len(HEX), step)]
    return [*zip(lows, [*lows[1:], f"E{part}g"], strict=True)]
