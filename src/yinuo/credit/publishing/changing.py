"""What new batches and a new resolution change in the facts of a release, over all its sources.

    moving   record: of the facts of entities that keys leave, as far as documents name them
    again    source, record, first_on, last_on, row_place, stays: what new batches name
    old      source, whole and `TOLD`: facts that are replaced, placed anew or gone
    now      source and `TOLD`: what stands in their stead, of the tables now_N of each source

One look at the release for all sources: of each only the facts that change are read in full.
"""

from collections.abc import Iterator, Sequence

import pyarrow as pa

from yinuo.credit.publishing.change import Change
from yinuo.credit.publishing.counting import counted
from yinuo.credit.publishing.documents import Documents
from yinuo.credit.publishing.facts import HASHED, fact_columns, find_goals, place
from yinuo.credit.publishing.live import live, naming, versions
from yinuo.credit.publishing.staying import landed, staying
from yinuo.credit.publishing.writing import Work, write_facts
from yinuo.lake.engine import Engine
from yinuo.lake.names import NAMED
from yinuo.lake.releases.layers import fact_files

_DATES = frozenset({"first_seen", "last_seen", "first_on", "last_on"})
_TYPES = {"row_place": "INTEGER", "saying": "BIGINT", "stays": "BOOLEAN", "whole": "BOOLEAN"}
_AGAIN = ("source", "record", "first_on", "last_on", "row_place", "stays")
TOLD = (*HASHED, "saying")
"""What is told of a fact that changes."""


def change(work: Work, changes: Sequence[Change], documents: Documents) -> None:
    """Make `old` and `now`, and write the facts that stand in the stead of others.

    Asks for `read_resolution`, for the tables `assigned_diff` and `leaving`, and for base_N of each
    source: `TOLD` of its facts in the release.
    """
    engine = work.engine
    named = _name_moving(engine, documents)
    _name_again(engine, changes)
    _find_old(engine, changes, looked_for=not named)
    _date(engine, changes)
    kept = staying(engine, changes, documents)
    back = {name for (name,) in engine.ask("SELECT DISTINCT source FROM back")}
    changed = []
    for each in changes:
        name = each.source.id
        if rows := [*_rows(engine, each, kept=kept.get(name), back=name in back)]:
            engine.define(f"changed_{each.number}", " UNION ALL ".join(rows))
            changed.append(each)
    _write(work, changed)
    arms = (counted(engine, each.source.id, f"now_{each.number}", TOLD) for each in changed)
    _union(engine, "now", [*arms], ("source", *TOLD))


def _write(work: Work, changed: Sequence[Change]) -> None:
    """Place and write the tables changed_N, and read what was written as now_N."""
    engine = work.engine
    keys = (f"SELECT key FROM changed_{each.number}" for each in changed)  # noqa: S608
    find_goals(engine, " UNION ".join(keys))
    for at, each in enumerate(changed):
        work.progress(f"更新 {each.source.name}", at, len(changed))
        live, salt, resolution = f"changed_{each.number}", work.salt, work.resolution
        place(engine, each.source, live, "placed", salt=salt, resolution=resolution)
        write_facts(work, each.source.id, "placed")
        paths = fact_files(work.folder, each.source.id)
        engine.read(f"now_{each.number}", paths, fact_columns(each.source), packed=True)


def _union(engine: Engine, table: str, arms: Sequence[str], columns: Sequence[str]) -> None:
    """Make a table of some queries, or an empty one."""
    none = ", ".join(f"CAST(NULL AS {_type(engine, each)}) AS {each}" for each in columns)
    engine.keep(table, " UNION ALL ".join(arms) or f"SELECT {none} WHERE false")


def _type(engine: Engine, column: str) -> str:
    if column in NAMED:
        return engine.dialect.name_type
    return "DATE" if column in _DATES else _TYPES.get(column, "STRING")


def _name_moving(engine: Engine, documents: Documents) -> bool:
    """Make the table `moving`; whether documents name all the facts of all entities `leaving`."""
    entity = engine.dialect.entity_text.format("entity")
    some = documents.few(engine, f"SELECT {entity} FROM leaving")  # noqa: S608  # our own names
    named = None if some is None else documents.records(each for (each,) in some)
    engine.hold("moving_said", pa.table({"record": pa.array(named or [], pa.string())}))
    record = engine.dialect.name_of.format("record")
    engine.define("moving", f"SELECT {record} AS record FROM moving_said")  # noqa: S608
    return named is not None


def _name_again(engine: Engine, changes: Sequence[Change]) -> None:
    arms = []
    for each in changes:
        if each.fresh:
            versions(engine, each.source, each.fresh, f"fresh_{each.number}")
        said = f"SELECT {engine.dialect.text(each.source.id)} AS source, {each.whole} AS whole"
        arms += [
            f"{said}, n.* FROM ({arm}) AS n"
            for arm in naming(engine, each.fresh, f"fresh_{each.number}")
        ]
    named = (
        "SELECT source, record, min(day) AS first_on, max(day) AS last_on, "  # noqa: S608
        "max(row_place) AS row_place, max(place) >= max(whole) AS stays "
        f"FROM ({' UNION ALL '.join(arms)}) AS n GROUP BY source, record"
    )
    _union(engine, "again", [named] if arms else [], _AGAIN)


def _find_old(engine: Engine, changes: Sequence[Change], *, looked_for: bool) -> None:
    arms = []
    for each in changes:
        said = f"SELECT {engine.dialect.text(each.source.id)} AS source, "
        arms.append(f"{said}{each.whole >= 0} AS whole, * FROM base_{each.number}")
    engine.keep(
        "touched",
        "SELECT record FROM again UNION SELECT it AS record FROM assigned_diff WHERE placed "
        "UNION SELECT record FROM moving",
    )
    # Only what is needed: each more condition costs a fifth of the whole look at the release.
    changed = ["record IN (SELECT record FROM touched)"]
    if looked_for:
        changed.append("entity IN (SELECT entity FROM leaving)")
    if any(each.whole >= 0 for each in changes):
        changed.append("whole AND record NOT IN (SELECT record FROM again WHERE stays)")
    columns = ("source", "whole", *TOLD)
    said = f"SELECT {', '.join(columns)} FROM ({' UNION ALL '.join(arms)}) AS b "  # noqa: S608
    _union(engine, "old", [said + f"WHERE {' OR '.join(changed)}"] if arms else [], columns)


def _date(engine: Engine, changes: Sequence[Change]) -> None:
    """Say when records came first and last: `brought` by a row, those that `stay`, or come `back`.

    A brought one that is not in the release may have been there once, and been revoked or left
    out of a whole delivery: its first day is in an old batch.
    """
    days, gone = [], []
    for each in changes:
        known = each.batches[: each.known] if each.fresh else ()
        left_out = any(batch.whole for batch in known)
        for at, batch in enumerate(known):
            if batch.records:
                table = f"once_{each.number}_{at}"
                engine.read(table, batch.records, ["record", "revoked"], packed=True)
                days.append(f"SELECT record, DATE '{batch.on.isoformat()}' AS day FROM {table}")  # noqa: S608
                where = "" if left_out else " WHERE revoked"
                gone.append(f"SELECT record FROM {table}{where}")  # noqa: S608
    absent = "NOT EXISTS (SELECT 1 FROM old AS o WHERE o.record = a.record)"
    nobody = "SELECT record, first_on AS day FROM again WHERE false"
    engine.keep(
        "hidden",
        f"SELECT a.record FROM again AS a WHERE a.row_place IS NOT NULL AND {absent} "  # noqa: S608
        f"AND a.record IN ({' UNION ALL '.join(gone) or 'SELECT record FROM again WHERE false'})",
    )
    if engine.ask("SELECT count(*) FROM hidden") == [(0,)]:
        days = []
    engine.keep(
        "brought",
        "SELECT a.source, a.record, a.row_place, a.last_on AS last_seen, "  # noqa: S608
        "coalesce(o.first_seen, e.first_on, a.first_on) AS first_seen FROM again AS a "
        "LEFT JOIN old AS o ON o.record = a.record LEFT JOIN (SELECT record, min(day) AS first_on "
        f"FROM ({' UNION ALL '.join(days) or nobody}) AS d "
        "WHERE record IN (SELECT record FROM hidden) GROUP BY record) AS e ON e.record = a.record "
        "WHERE a.stays AND a.row_place IS NOT NULL",
    )
    engine.keep(
        "stay",
        "SELECT o.source, o.record, coalesce(a.last_on, o.last_seen) AS last_on FROM old AS o "
        "LEFT JOIN again AS a ON a.record = o.record "
        "WHERE a.row_place IS NULL AND (a.stays OR NOT o.whole)",
    )
    engine.keep(
        "back",
        f"SELECT source, record FROM again AS a WHERE row_place IS NULL AND stays AND {absent}",  # noqa: S608
    )


def _rows(engine: Engine, each: Change, *, kept: str | None, back: bool) -> Iterator[str]:
    """SQL: the live records of a source that stand in the stead of old facts.

    Those that a new batch brings; facts of the release that a new batch repeats or that are placed
    anew; and those that were gone and are repeated unchanged, as a rebuild has them.
    """
    source, here = each.source, f"source = {engine.dialect.text(each.source.id)}"
    if each.fresh:
        yield (
            f"SELECT v.batch, b.first_seen, b.last_seen, {landed(engine, source, 'v')} "  # noqa: S608
            f"FROM fresh_{each.number}_v AS v JOIN (SELECT * FROM brought WHERE {here}) AS b "
            "ON b.record = v.record AND b.row_place = v.place WHERE NOT v.revoked"
        )
    if kept:
        yield kept
    if back:
        rebuilt = f"rebuilt_{each.number}"
        live(engine, source, each.batches, rebuilt, packed=True)
        yield (
            f"SELECT r.batch, r.first_seen, r.last_seen, {landed(engine, source, 'r')} "  # noqa: S608
            f"FROM {rebuilt} AS r JOIN (SELECT * FROM back WHERE {here}) AS b "
            "ON b.record = r.record"
        )
