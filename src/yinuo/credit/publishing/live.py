"""The newest state of every record of a source over its batches, revoked ones left out."""

from collections.abc import Sequence
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from yinuo.credit.resolving.live import Live
from yinuo.lake.engine import Engine
from yinuo.lake.names import NAME
from yinuo.lake.records.description import SourceDescription
from yinuo.lake.records.schema import record_schema
from yinuo.lake.releases.release import Arrival

SEEN_COLUMNS = ("batch", "first_seen", "last_seen")
"""What living adds to the columns of landed records."""
_SQL_TYPES = {
    pa.string(): "STRING",
    pa.bool_(): "BOOLEAN",
    pa.int32(): "INTEGER",
    pa.int64(): "BIGINT",
    pa.date32(): "DATE",
}


def live_of(engine: Engine, source: SourceDescription, batches: Sequence[Arrival]) -> Live:
    """The live records of a source, as `live` makes them, in a table named after the source."""
    table = f"live_{source.id.replace('-', '_')}"
    live(engine, source, batches, table)
    return Live(source=source, table=table)


def live(
    engine: Engine,
    source: SourceDescription,
    batches: Sequence[Arrival],
    table: str,
    *,
    packed: bool = False,
) -> None:
    """Make the live records of a source a table of this name, computed when it is asked.

    `batches` are oldest first; a later batch wins. What the newest whole batch neither has nor
    repeats is gone. Columns: batch, first_seen, last_seen, then those of landed records, of which
    names are texts unless `packed`, as `Engine.read` has it.
    """
    newest = max((at for at, batch in enumerate(batches) if batch.whole), default=0)
    versions(engine, source, batches, table)
    again = named_again(engine, batches, table)
    columns = ", ".join(
        f"{engine.dialect.name_text.format(f'v.{field.name}')} AS {field.name}"
        if field.type == NAME and not packed
        else f"v.{engine.dialect.name(field.name)}"
        for field in record_schema(source)
    )
    first, last, join, old = "v.day", "v.day", "", f"v.place >= {newest}"
    if again:
        first, last = "coalesce(g.first_on, v.day)", "coalesce(g.last_on, v.day)"
        join = f"LEFT JOIN {again} AS g ON g.record = v.record"
        old = (
            "coalesce(g.row_place, v.place) = v.place "
            f"AND coalesce(g.last_place, v.place) >= {newest}"
        )
    engine.define(
        table,
        f"SELECT v.batch, {first} AS first_seen, {last} AS last_seen, {columns} "  # noqa: S608  # our own names
        f"FROM {table}_v AS v {join} WHERE NOT v.revoked AND {old}",
    )


def versions(
    engine: Engine,
    source: SourceDescription,
    batches: Sequence[Arrival],
    table: str,
) -> None:
    """Make every row of every batch the table `<table>_v`, with the batch, its day and place.

    Names are packed, as `Engine.read` has it.
    """
    arms = []
    for at, batch in enumerate(batches):
        read_rows(engine, source, batch.records, f"{table}_b{at}")
        said = f"{engine.dialect.text(batch.id)} AS batch, {_day(batch)} AS day, {at} AS place"
        arms.append(f"SELECT {said}, * FROM {table}_b{at}")  # noqa: S608  # our own names
    if not arms:
        read_rows(engine, source, (), f"{table}_none")
        arms.append(
            f"SELECT '' AS batch, DATE '1970-01-01' AS day, 0 AS place, * FROM {table}_none"  # noqa: S608
        )
    engine.define(f"{table}_v", " UNION ALL ".join(arms))


def named_again(engine: Engine, batches: Sequence[Arrival], table: str) -> str | None:
    """Make records named by another batch than the biggest the table whose name is returned.

    record, first_on, last_on, last_place (place of the last batch that names it) and row_place
    (of the last that brings a row, NULL for none). Only these are looked up in the biggest batch,
    so the common case, a big batch and small ones, sorts nothing. None: one batch without repeats.
    """
    rows = [_rows(batch.records) for batch in batches]
    biggest = rows.index(max(rows)) if rows else -1
    named = naming(engine, batches, table, but=biggest)
    if not named:
        return None
    engine.keep(f"{table}_named", " UNION ALL ".join(named))
    engine.keep(
        f"{table}_again",
        "SELECT record, min(day) AS first_on, max(day) AS last_on, max(place) AS last_place, "  # noqa: S608
        f"max(row_place) AS row_place FROM (SELECT * FROM {table}_named UNION ALL "
        f"SELECT record, {_day(batches[biggest])} AS day, {biggest} AS place, "
        f"{biggest} AS row_place FROM {table}_b{biggest} "
        f"WHERE record IN (SELECT record FROM {table}_named)) AS n GROUP BY record",
    )
    return f"{table}_again"


def naming(
    engine: Engine,
    batches: Sequence[Arrival],
    table: str,
    *,
    but: int | None = None,
) -> list[str]:
    """SQL: record, day, place and row_place (NULL: repeated, no row) of all that batches name.

    The rows of the batch at place `but` are left out. Asks for `versions`.
    """
    named = []
    for at, batch in enumerate(batches):
        when = f"{_day(batch)} AS day, {at} AS place"
        if at != but and _rows(batch.records):
            named.append(f"SELECT record, {when}, {at} AS row_place FROM {table}_b{at}")  # noqa: S608
        if _rows(batch.seen):
            engine.read(f"{table}_s{at}", batch.seen, ["record"], packed=True)
            named.append(
                f"SELECT record, {when}, CAST(NULL AS INTEGER) AS row_place FROM {table}_s{at}"  # noqa: S608
            )
    return named


def read_rows(engine: Engine, source: SourceDescription, paths: Sequence[Path], table: str) -> None:
    """Read landed rows, names packed; a field that their description did not have yet is NULL."""
    schema = record_schema(source)
    has = set(pq.read_schema(paths[0]).names) if paths else set()
    said = [name for name in schema.names if name in has]
    if len(said) == len(schema):
        engine.read(table, paths, said, packed=True)
        return
    if paths:
        engine.read(f"{table}_said", paths, said, packed=True)
    else:
        engine.hold(f"{table}_said", pa.table({"line": pa.array([], pa.int64())}))
    names = map(engine.dialect.name, schema.names)
    types = (_sql_type(engine, field.type) for field in schema)
    quoted = (
        name if field.name in has else f"CAST(NULL AS {kind}) AS {name}"
        for field, name, kind in zip(schema, names, types, strict=True)
    )
    engine.define(table, f"SELECT {', '.join(quoted)} FROM {table}_said")  # noqa: S608


def _sql_type(engine: Engine, kind: pa.DataType) -> str:
    return engine.dialect.name_type if kind == NAME else _SQL_TYPES[kind]


def _rows(paths: Sequence[Path]) -> int:
    return sum(pq.read_metadata(path).num_rows for path in paths)


def _day(batch: Arrival) -> str:
    return f"DATE '{batch.on.isoformat()}'"
