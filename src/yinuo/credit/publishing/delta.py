"""A layer upon a release: what new batches and a new resolution change, and nothing else.

`old` are the facts of the release that are replaced, placed anew or gone, and `now` what stands in
their stead (see `changing`). Everything else follows from the two: tallies by taking away and
adding, entities by summing up those that either names, documents by laying one on the other.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import pyarrow as pa

from yinuo.credit.publishing.change import Change
from yinuo.credit.publishing.changing import TOLD, change
from yinuo.credit.publishing.counting import count_entities, count_facts, joined, of_source
from yinuo.credit.publishing.documents import Documents
from yinuo.credit.publishing.entities import COLUMNS, MARK, say_owners, sum_up_alike
from yinuo.credit.publishing.facts import entity_of, fact_columns, read_resolution
from yinuo.credit.publishing.grouping import AFFECTED, bit_of, group, say_alike
from yinuo.credit.publishing.serve import all_rows
from yinuo.credit.publishing.writing import Work, keep_resolution, store_entities
from yinuo.credit.serving.building import KEPT, SERVING, SHOWN, build, texts_sql
from yinuo.credit.serving.reading import Serving
from yinuo.kernel.errors import YinuoError
from yinuo.lake.engine import DuckDB, Engine
from yinuo.lake.records.description import SourceDescription
from yinuo.lake.releases.layers import entity_files, read_entities, read_facts
from yinuo.lake.releases.release import FORMAT, GONE, Arrival, Release
from yinuo.lake.releases.tally import Tally

MOST_LAYERS = 8
RESERVE = KEPT - SHOWN
Crowd = tuple[str, int, int]
"""An entity, the number of a source, and how many facts of it there are in all layers."""
_MOVED = pa.schema([(name, pa.string()) for name in ("key", "into_key", "evidence")])
_EVIDENCE = pa.schema([("record", pa.string()), ("score_mille", pa.int32()), ("said", pa.string())])


class TooMuchTaken(YinuoError):
    """Layers have taken so much from one entity that its document could show too little."""

    code = "CREDIT-E043"
    status = 409

    def __init__(self, taken: int) -> None:
        what = f"一个主体在一个数据源中有 {taken} 条被更正或撤回，超过 {RESERVE} 条"
        super().__init__(what, next_step="这次整版发布：yinuo credit publish --whole")


def why_whole(
    sources: Mapping[str, SourceDescription],
    batches: Mapping[str, Sequence[Arrival]],
    salt: str,
    hashed_by: str,
    previous: Release,
) -> str:
    """Why a layer upon a release would not do, in words; empty where it would."""
    reasons = (
        (len(previous.layers) >= MOST_LAYERS, f"已叠了 {MOST_LAYERS} 层"),
        (previous.format != FORMAT, "上一版是旧格式的"),
        (salt != previous.salt, "主体编号的盐换过"),
        (hashed_by != previous.hashed_by, "上一版是另一种引擎或另一版引擎做的"),
        (set(previous.sources) != set(sources), "数据源有增减"),
    )
    if said := next((words for holds, words in reasons if holds), ""):
        return said
    for name, state in previous.sources.items():
        if state.columns != fact_columns(sources[name]):
            return f"{sources[name].name}的字段变了"
        if tuple(batches[name][: len(state.batches)]) != state.batches:
            return f"{sources[name].name}的旧批次有撤下或删去的"
    return ""


def build_layer(work: Work, batches: Mapping[str, Sequence[Arrival]], previous: Release) -> Release:
    """Write what has changed into the layer; id, number, time and files are the caller's.

    Raises `TooMuchTaken`, `ServingRefused`.
    """
    engine = work.engine
    keep_resolution(work)
    read_resolution(engine, work.folder)
    say_owners(engine, work.salt)
    placed = _differences(engine, previous, work.salt)
    changes = []
    for number, (name, source) in enumerate(sorted(work.sources.items())):
        folders, known = previous.layer_folders, len(previous.sources[name].batches)
        read_facts(engine, folders, name, TOLD, f"base_{number}", packed=True)
        if placed or len(batches[name]) > known:
            some = tuple(batches[name])
            changes.append(
                Change(number=number, source=source, batches=some, known=known, folders=folders)
            )
    with Serving(previous.folder) as serving:
        documents = Documents(serving)
        change(work, changes, documents)
        before, after = count_facts(engine, "old"), count_facts(engine, "now")
        _write_gone(engine, work.folder)
        work.progress("汇总主体", 0, 0)
        entities = _entities(work, previous, documents)
    crowded = _crowded(engine)
    taken = previous.taken + _taken(engine, sorted(work.sources))
    if taken > RESERVE:
        raise TooMuchTaken(taken)
    work.progress("生成查询文件", 0, 0)
    _serve(work, crowded)
    how = Counter(previous.joined)
    how.subtract(joined(before))
    how.update(joined(after))
    return replace(
        previous,
        folder=work.folder,
        sources={
            name: replace(
                state,
                batches=tuple(batches[name]),
                tally=state.tally - of_source(before, name) + of_source(after, name),
            )
            for name, state in previous.sources.items()
        },
        entities=entities,
        joined={each: count for each, count in how.items() if count},
        taken=taken,
    )


def _differences(engine: Engine, before: Release, salt: str) -> bool:
    """Make the tables `moved_diff`, `assigned_diff` and `leaving`, the entities that keys leave.

    Whether any record is placed anew. Asks for `read_resolution`.
    """
    read_resolution(engine, before.folder, "_before")
    placed = 0
    for table, key, columns in (
        ("moved", "key", ("goal", "why", "evidence")),
        ("assigned", "record", ("key", "how", "evidence", "score_mille")),
    ):
        differ = [f"n.{each} IS DISTINCT FROM o.{each}" for each in columns]
        said = ", ".join(f"n.{each}" for each in columns)
        engine.keep(
            f"{table}_diff",
            f"SELECT coalesce(n.{key}, o.{key}) AS it, {said}, o.{columns[0]} AS before, "  # noqa: S608
            f"{' OR '.join(differ[:2])} AS placed "
            f"FROM {table} AS n FULL OUTER JOIN {table}_before AS o ON n.{key} = o.{key} "
            f"WHERE {' OR '.join(differ)}",
        )
        ((count,),) = engine.ask(f"SELECT count(*) FROM {table}_diff WHERE placed")  # noqa: S608
        placed += count
    left = entity_of(engine, "coalesce(before, it)", salt)
    engine.keep("left_by_keys", f"SELECT {left} AS entity FROM moved_diff WHERE placed")  # noqa: S608
    read_entities(engine, before.layer_folders, ("entity",), "all_before", packed=True)
    there = "SELECT entity FROM all_before WHERE entity IN (SELECT entity FROM left_by_keys)"
    engine.keep("leaving", there)
    return placed > 0


def _write_gone(engine: Engine, folder: Path) -> None:
    """Write the old facts that are no longer facts of the same entity: source, record, entity."""
    engine.keep(
        "gone",
        "SELECT o.source, o.record, o.entity FROM old AS o WHERE NOT EXISTS "
        "(SELECT 1 FROM now AS n WHERE n.record = o.record AND n.entity = o.entity)",
    )
    if engine.ask("SELECT count(*) FROM gone") != [(0,)]:
        engine.write("SELECT source, record, entity FROM gone", folder / GONE)


def _entities(work: Work, previous: Release, documents: Documents) -> Tally:
    """Sum up anew the entities of old and new facts; those without any are written with none."""
    engine = work.engine
    engine.keep("affected", "SELECT entity FROM old UNION SELECT entity FROM now")
    group(work)
    say_alike(work, previous, documents)
    sum_up_alike(engine, "summed")
    none = ", ".join(f"CAST(NULL AS STRING) AS {each}" for each in COLUMNS[1:5])
    said = ", ".join(COLUMNS)
    engine.define(
        "entities_now",
        f"SELECT {said} FROM summed UNION ALL SELECT entity, {none}, CAST(0 AS BIGINT) AS records, "  # noqa: S608
        "CAST(0 AS BIGINT) AS sources FROM affected AS a WHERE NOT EXISTS "
        "(SELECT 1 FROM summed_alike AS s WHERE s.entity = a.entity)",
    )
    after = store_entities(work, "entities_now", "summed_sayings")
    read_entities(engine, previous.layer_folders, ("entity", *MARK), "marked_before", packed=True)
    before = count_entities(engine, f"(SELECT * FROM marked_before WHERE {AFFECTED}) AS b")  # noqa: S608
    return previous.entities - before + after


def _crowded(engine: Engine) -> list[Crowd]:
    """Where there are more facts than are shown; they are in the table `crowded` too."""
    engine.keep(
        "crowded",
        f"SELECT entity, bit, sum(n) AS n FROM groups GROUP BY entity, bit HAVING sum(n) > {SHOWN}",  # noqa: S608
    )
    entity = engine.dialect.entity_text.format("entity")
    rows = engine.ask(f"SELECT {entity}, bit, n FROM crowded")  # noqa: S608  # our own names
    return [(said, bit.bit_length() - 1, int(n)) for said, bit, n in rows]


def _taken(engine: Engine, sources: Sequence[str]) -> int:
    """The most facts taken from, or replaced at, one entity with more of a source than shown."""
    ((most,),) = engine.ask(
        "SELECT coalesce(max(n), 0) FROM (SELECT count(*) AS n FROM old AS o JOIN crowded AS c "  # noqa: S608
        f"ON c.entity = o.entity AND c.bit = {bit_of(engine, sources, 'o.source')} "
        "GROUP BY o.entity, o.source) AS t"
    )
    return int(most)


def _serve(work: Work, crowded: Sequence[Crowd]) -> None:
    """Write the serving file of the layer: documents of the entities that something happened to."""
    moved = work.engine.ask("SELECT it, goal, evidence FROM moved_diff")
    record = work.engine.dialect.name_text.format("it")
    said = work.engine.ask(
        f"SELECT {record}, score_mille, evidence FROM assigned_diff WHERE key IS NOT NULL"  # noqa: S608
    )
    with DuckDB(memory=work.memory, temporary=work.folder) as engine:
        engine.read("entities", entity_files(work.folder), COLUMNS, packed=True)
        engine.define("rows_said", all_rows(engine, work))
        counts: dict[str, dict[int, int]] = {}
        for entity, source, n in crowded:
            counts.setdefault(entity, {})[source] = n
        numbered = " ".join(
            f"WHEN '{name}' THEN {number}" for number, name in enumerate(sorted(work.sources))
        )
        gone = tuple(sorted((work.folder / GONE).glob("*.parquet")))
        if gone:
            engine.read("gone_said", gone, ("source", "record", "entity"), packed=True)
            engine.define(
                "gone",
                f"SELECT entity, CASE source {numbered} END AS source, record FROM gone_said",  # noqa: S608
            )
        said_gone = "gone" if gone else ""
        engine.define("texts", texts_sql(entities="entities", rows="rows_said", gone=said_gone))
        for name, rows, schema in (("moved", moved, _MOVED), ("evidence", said, _EVIDENCE)):
            columns = [dict(zip(schema.names, row, strict=True)) for row in rows]
            engine.hold(name, pa.Table.from_pylist(columns, schema=schema))
        build(
            engine,
            work.folder / SERVING,
            sources=work.sources,
            ranges=["texts"],
            moved="moved",
            evidence="evidence",
            salt=work.salt,
            counts=counts,
        )
