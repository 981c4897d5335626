"""The serving file of a layer, from its Parquet files."""

from yinuo.credit.publishing.entities import COLUMNS
from yinuo.credit.publishing.facts import fact_columns
from yinuo.credit.publishing.writing import Work, rows_of
from yinuo.credit.resolving import tables
from yinuo.credit.serving.building import SERVING, Documents, build, rows_sql
from yinuo.lake.engine import DuckDB
from yinuo.lake.releases.layers import entity_files, fact_files


def serve(work: Work) -> None:
    """Write the serving file of a whole release. Raises `ServingRefused`."""
    folder = work.folder
    with DuckDB(memory=work.memory, temporary=folder) as engine:
        engine.read("entities", entity_files(folder), COLUMNS)
        engine.read("moved", [folder / tables.MOVED], ("key", "into", "evidence"))
        engine.read("assigned", [folder / tables.ASSIGNED], ("record", "score_mille", "evidence"))
        engine.define("moved_said", 'SELECT key, "into" AS into_key, evidence FROM moved')
        engine.define("assigned_said", "SELECT record, score_mille, evidence AS said FROM assigned")
        engine.define("rows_said", all_rows(engine, work))
        total = sum(rows_of(fact_files(folder, source)) for source in work.sources)
        done = 0

        def told(more: int) -> None:
            nonlocal done
            done = min(done + more, total)
            work.progress("生成查询文件", done, total)

        told(0)
        build(
            engine,
            folder / SERVING,
            sources=work.sources,
            documents=Documents(entities="entities", rows="rows_said"),
            moved="moved_said",
            evidence="assigned_said",
            salt=work.salt,
            told=told,
        )


def all_rows(engine: DuckDB, work: Work) -> str:
    """SQL: entity, source and row of every fact in the layer."""
    arms = []
    for number, (name, source) in enumerate(sorted(work.sources.items())):
        if paths := fact_files(work.folder, name):
            engine.read(f"facts_{number}", paths, fact_columns(source))
            arms.append(rows_sql(source, number, f"facts_{number}"))
    return " UNION ALL ".join(arms) or "SELECT '' AS entity, 0 AS source, '' AS row WHERE false"
