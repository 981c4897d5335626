"""A layer upon a release: what new batches and a new resolution change, and nothing else.

Of each source, `old_<n>` are the facts of the release that are replaced, placed anew or gone, and
`new_<n>` what stands in their stead. Everything else follows from the two: tallies by taking away
and adding, entities by summing up those that either names, documents by laying one on the other.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import pyarrow as pa

from yinuo.credit.publishing.counting import count_entities, count_facts, total
from yinuo.credit.publishing.entities import COLUMNS, needed_of, say_owners, sum_up
from yinuo.credit.publishing.facts import HASHED, fact_columns, place, read_resolution
from yinuo.credit.publishing.live import live, named_again, versions
from yinuo.credit.publishing.serve import all_rows
from yinuo.credit.publishing.writing import Work, keep_resolution, store_entities, write_facts
from yinuo.credit.resolving import tables
from yinuo.credit.serving.building import KEPT, SERVING, SHOWN, Documents, build
from yinuo.kernel.errors import YinuoError
from yinuo.lake.engine import DuckDB, Engine
from yinuo.lake.records.description import SourceDescription
from yinuo.lake.records.schema import record_schema
from yinuo.lake.releases.layers import entity_files, read_entities, read_facts
from yinuo.lake.releases.release import GONE, Arrival, Release, SourceState
from yinuo.lake.releases.tally import Tally

MOST_LAYERS = 8
RESERVE = KEPT - SHOWN
_CROWDED = pa.schema([("entity", pa.string()), ("source", pa.int32()), ("n", pa.int64())])
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
    previous: Release,
) -> str:
    """Why a layer upon a release would not do, in words; empty where it would."""
    if len(previous.layers) >= MOST_LAYERS:
        return f"已叠了 {MOST_LAYERS} 层"
    if salt != previous.salt:
        return "主体编号的盐换过"
    if set(previous.sources) != set(sources):
        return "数据源有增减"
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
    read_resolution(engine, work.resolution)
    say_owners(engine, work.salt)
    placed = _differences(engine, work.resolution, previous.folder)
    states: dict[str, SourceState] = {}
    joined = Counter(previous.joined)
    changed: dict[str, int] = {}
    for number, (name, source) in enumerate(sorted(work.sources.items())):
        state = previous.sources[name]
        work.progress(f"更新 {source.name}", number, len(work.sources))
        tally = state.tally
        if placed or len(batches[name]) > len(state.batches):
            _change(work, source, number, batches[name], previous)
            before = count_facts(engine, f"old_{number}")
            after = write_facts(work, name, f"new_{number}")
            tally = tally - total(before) + total(after)
            joined.subtract({how: each.rows for how, each in before.items()})
            joined.update({how: each.rows for how, each in after.items()})
            changed[name] = number
        states[name] = replace(state, batches=tuple(batches[name]), tally=tally)
    folders = (*previous.layer_folders, work.folder)
    _write_gone(engine, changed, work.folder)
    work.progress("汇总主体", 0, 0)
    entities = _entities(work, changed, folders, previous)
    crowded = _crowded(engine, work.sources)
    taken = previous.taken + _taken(engine, changed, crowded)
    if taken > RESERVE:
        raise TooMuchTaken(taken)
    work.progress("生成查询文件", 0, 0)
    _serve(work, crowded)
    return replace(
        previous,
        folder=work.folder,
        sources=states,
        entities=entities,
        joined={how: count for how, count in joined.items() if count},
        taken=taken,
    )


def _differences(engine: Engine, now: Path, before: Path) -> bool:
    """Make the tables `moved_diff` and `assigned_diff`; whether any record is placed anew."""
    placed = 0
    for name, key, columns in (
        (tables.MOVED, "key", ("goal", "why", "evidence")),
        (tables.ASSIGNED, "record", ("key", "how", "evidence", "score_mille")),
    ):
        table = name.removesuffix(".parquet")
        for folder, suffix in ((now, "now"), (before, "before")):
            rows = tables.read(folder, name)
            engine.hold(
                f"{table}_{suffix}",
                rows.rename_columns({"into": "goal"} if table == "moved" else {}),
            )
        differ = [f"n.{each} IS DISTINCT FROM o.{each}" for each in columns]
        said = ", ".join(f"n.{each}" for each in columns)
        engine.keep(
            f"{table}_diff",
            f"SELECT coalesce(n.{key}, o.{key}) AS it, {said}, {' OR '.join(differ[:2])} AS placed "  # noqa: S608
            f"FROM {table}_now AS n FULL OUTER JOIN {table}_before AS o ON n.{key} = o.{key} "
            f"WHERE {' OR '.join(differ)}",
        )
        ((count,),) = engine.ask(f"SELECT count(*) FROM {table}_diff WHERE placed")  # noqa: S608
        placed += count
    return placed > 0


# ── one source ───────────────────────────────────────────────────────────────────────────────────


def _change(
    work: Work,
    source: SourceDescription,
    number: int,
    batches: Sequence[Arrival],
    previous: Release,
) -> None:
    """Make `old_<n>`, with the hashed columns, and `new_<n>`, with all columns of facts."""
    engine, folders = work.engine, previous.layer_folders
    known = len(previous.sources[source.id].batches)
    fresh = batches[known:]
    versions(engine, source, fresh, "fresh")
    if not named_again(engine, fresh, "fresh", every=True):
        engine.keep(
            "fresh_again",
            "SELECT record, day AS first_on, day AS last_on, place AS last_place, "
            "place AS row_place FROM fresh_v WHERE false",
        )
    whole = max((at for at, batch in enumerate(fresh) if batch.whole), default=-1)
    read_facts(engine, folders, source.id, (*HASHED, "key"), "base")
    touched = ["record IN (SELECT record FROM fresh_again)"]
    # Only what is needed: each more condition costs a third of the whole look at the release.
    if engine.ask("SELECT count(*) FROM moved_diff WHERE placed") != [(0,)]:
        touched.append("key IN (SELECT it FROM moved_diff WHERE placed)")
    if engine.ask("SELECT count(*) FROM assigned_diff WHERE placed") != [(0,)]:
        touched.append("record IN (SELECT it FROM assigned_diff WHERE placed)")
    if whole >= 0:
        touched.append(
            f"record NOT IN (SELECT record FROM fresh_again WHERE last_place >= {whole})"  # noqa: S608
        )
    said = ", ".join(HASHED)
    engine.keep(f"old_{number}", f"SELECT {said} FROM base WHERE {' OR '.join(touched)}")  # noqa: S608
    arms = [
        _brought(engine, source, f"old_{number}", batches[:known], whole),
        *_kept(engine, source, f"old_{number}", folders, whole),
        *_back(engine, source, f"old_{number}", batches, whole),
    ]
    engine.keep("changed_live", " UNION ALL ".join(arms))
    place(
        engine,
        source,
        "changed_live",
        "changed_placed",
        salt=work.salt,
        resolution=work.resolution,
    )
    engine.keep(f"new_{number}", "SELECT * FROM changed_placed")


def _landed(engine: Engine, source: SourceDescription, alias: str) -> str:
    return ", ".join(f"{alias}.{engine.dialect.name(each)}" for each in record_schema(source).names)


def _brought(
    engine: Engine, source: SourceDescription, old: str, batches: Sequence[Arrival], whole: int
) -> str:
    """SQL: live records whose newest row a new batch brings.

    One that is not in the release may have been there once: its first day is in an old batch.
    """
    days = []
    for at, batch in enumerate(batches):
        if batch.records:
            engine.read(f"once_{at}", batch.records, ["record"])
            days.append(f"SELECT record, DATE '{batch.on.isoformat()}' AS day FROM once_{at}")  # noqa: S608
    unknown = (
        "SELECT f.record FROM fresh_again AS f WHERE f.row_place IS NOT NULL AND NOT EXISTS "  # noqa: S608
        f"(SELECT 1 FROM {old} AS o WHERE o.record = f.record)"
    )
    once = " UNION ALL ".join(days) or "SELECT record, first_on AS day FROM fresh_again WHERE false"
    engine.keep(
        "once",
        f"SELECT record, min(day) AS first_on FROM ({once}) AS d WHERE record IN ({unknown}) "  # noqa: S608
        "GROUP BY record",
    )
    return (
        "SELECT v.batch, coalesce(o.first_seen, e.first_on, f.first_on) AS first_seen, "  # noqa: S608
        f"f.last_on AS last_seen, {_landed(engine, source, 'v')} FROM fresh_v AS v "
        "JOIN fresh_again AS f ON f.record = v.record AND f.row_place = v.place "
        f"LEFT JOIN {old} AS o ON o.record = v.record LEFT JOIN once AS e ON e.record = v.record "
        f"WHERE NOT v.revoked AND f.last_place >= {whole}"
    )


def _kept(
    engine: Engine, source: SourceDescription, old: str, folders: Sequence[Path], whole: int
) -> Iterator[str]:
    """SQL: facts of the release that stay, as repeated by a new batch or placed anew."""
    stays = f" AND f.last_place >= {whole}" if whole >= 0 else ""
    engine.keep(
        "stay",
        "SELECT o.record, coalesce(f.last_on, o.last_seen) AS last_on "  # noqa: S608
        f"FROM {old} AS o LEFT JOIN fresh_again AS f ON f.record = o.record "
        f"WHERE f.row_place IS NULL{stays}",
    )
    if engine.ask("SELECT count(*) FROM stay") == [(0,)]:
        return
    read_facts(engine, folders, source.id, fact_columns(source), "whole_base")
    yield (
        f"SELECT b.batch, b.first_seen, s.last_on AS last_seen, {_landed(engine, source, 'b')} "  # noqa: S608
        "FROM whole_base AS b JOIN stay AS s ON s.record = b.record"
    )


def _back(
    engine: Engine, source: SourceDescription, old: str, batches: Sequence[Arrival], whole: int
) -> Iterator[str]:
    """SQL: records that were gone and that a new batch repeats unchanged: as a rebuild has them."""
    engine.keep(
        "back",
        "SELECT f.record FROM fresh_again AS f WHERE f.row_place IS NULL "  # noqa: S608
        f"AND f.last_place >= {whole} AND NOT EXISTS "
        f"(SELECT 1 FROM {old} AS o WHERE o.record = f.record)",
    )
    if engine.ask("SELECT count(*) FROM back") == [(0,)]:
        return
    live(engine, source, batches, "rebuilt")
    yield (
        f"SELECT r.batch, r.first_seen, r.last_seen, {_landed(engine, source, 'r')} "  # noqa: S608
        "FROM rebuilt AS r JOIN back AS b ON b.record = r.record"
    )


# ── what follows ─────────────────────────────────────────────────────────────────────────────────


def _write_gone(engine: Engine, changed: Mapping[str, int], folder: Path) -> None:
    """Write the old facts that are no longer facts of the same entity: source, record, entity."""
    arms = [
        f"SELECT '{name}' AS source, o.record, o.entity FROM old_{number} AS o WHERE NOT EXISTS "  # noqa: S608
        f"(SELECT 1 FROM new_{number} AS n WHERE n.record = o.record AND n.entity = o.entity)"
        for name, number in changed.items()
    ]
    if not arms:
        return
    engine.keep("gone", " UNION ALL ".join(arms))
    if engine.ask("SELECT count(*) FROM gone") != [(0,)]:
        engine.write("SELECT source, record, entity FROM gone", folder / GONE)


def _entities(
    work: Work, changed: Mapping[str, int], folders: Sequence[Path], previous: Release
) -> Tally:
    """Sum up anew the entities of old and new facts; those without any are written with none."""
    engine = work.engine
    named = [
        f"SELECT entity FROM {which}_{n}"  # noqa: S608  # our own names
        for n in changed.values()
        for which in ("old", "new")
    ]
    nobody = "SELECT entity FROM owners WHERE false"
    engine.keep(
        "affected",
        f"SELECT DISTINCT entity FROM ({' UNION ALL '.join(named) or nobody}) AS e",  # noqa: S608
    )
    facts = {}
    for number, (name, source) in enumerate(sorted(work.sources.items())):
        read_facts(engine, folders, name, (*needed_of(source), "record"), "merged")
        facts[name] = f"some_{number}"
        engine.keep(
            facts[name],
            f"SELECT {', '.join(map(engine.dialect.name, needed_of(source)))} FROM merged "  # noqa: S608
            "WHERE entity IN (SELECT entity FROM affected)",
        )
    sum_up(engine, facts, work.sources, "summed")
    read_entities(engine, previous.layer_folders, COLUMNS, "entities_before")
    before = count_entities(
        engine, "(SELECT * FROM entities_before WHERE entity IN (SELECT entity FROM affected)) AS b"
    )
    after = count_entities(engine, "summed")
    none = ", ".join(f"CAST(NULL AS STRING) AS {each}" for each in COLUMNS[1:5])
    said = ", ".join(COLUMNS)
    engine.keep(
        "entities_now",
        f"SELECT {said} FROM summed UNION ALL SELECT entity, {none}, CAST(0 AS BIGINT) AS records, "  # noqa: S608
        "CAST(0 AS BIGINT) AS sources FROM affected AS a WHERE NOT EXISTS "
        "(SELECT 1 FROM summed AS s WHERE s.entity = a.entity)",
    )
    store_entities(work, "entities_now")
    return previous.entities - before + after


def _crowded(engine: Engine, sources: Mapping[str, SourceDescription]) -> pa.Table:
    """entity, source (its number) and n, where there are more facts than are shown."""
    rows = [
        {"entity": entity, "source": number, "n": n}
        for number in range(len(sources))
        for entity, n in engine.ask(
            f"SELECT entity, count(*) AS n FROM some_{number} GROUP BY entity "  # noqa: S608
            f"HAVING count(*) > {SHOWN}"
        )
    ]
    return pa.Table.from_pylist(rows, schema=_CROWDED)


def _taken(engine: Engine, changed: Mapping[str, int], crowded: pa.Table) -> int:
    """The most facts taken from, or replaced at, one entity with more of a source than shown."""
    engine.hold("crowded_now", crowded)
    arms = [
        f"SELECT count(*) AS n FROM old_{number} AS o JOIN crowded_now AS c "  # noqa: S608
        f"ON c.entity = o.entity AND c.source = {number} GROUP BY o.entity"
        for number in changed.values()
    ]
    if not arms or not len(crowded):
        return 0
    ((most,),) = engine.ask(f"SELECT coalesce(max(n), 0) FROM ({' UNION ALL '.join(arms)}) AS t")  # noqa: S608
    return int(most)


def _serve(work: Work, crowded: pa.Table) -> None:
    """Write the serving file of the layer: documents of the entities that something happened to."""
    moved = work.engine.ask("SELECT it, goal, evidence FROM moved_diff")
    said = work.engine.ask(
        "SELECT it, score_mille, evidence FROM assigned_diff WHERE key IS NOT NULL"
    )
    with DuckDB(memory=work.memory, temporary=work.folder) as engine:
        engine.read("entities", entity_files(work.folder), COLUMNS)
        engine.define("rows_said", all_rows(engine, work))
        engine.hold("counts", crowded)
        numbered = " ".join(
            f"WHEN '{name}' THEN {number}" for number, name in enumerate(sorted(work.sources))
        )
        gone = tuple(sorted((work.folder / GONE).glob("*.parquet")))
        if gone:
            engine.read("gone_said", gone, ("source", "record", "entity"))
            engine.define(
                "gone",
                f"SELECT entity, CASE source {numbered} END AS source, record FROM gone_said",  # noqa: S608
            )
        for name, rows, schema in (("moved", moved, _MOVED), ("evidence", said, _EVIDENCE)):
            columns = [dict(zip(schema.names, row, strict=True)) for row in rows]
            engine.hold(name, pa.Table.from_pylist(columns, schema=schema))
        build(
            engine,
            work.folder / SERVING,
            sources=work.sources,
            ranges=[
                Documents(
                    entities="entities",
                    rows="rows_said",
                    counts="counts",
                    gone="gone" if gone else "",
                )
            ],
            moved="moved",
            evidence="evidence",
            salt=work.salt,
        )
