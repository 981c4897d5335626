"""Facts of a release that stay, seen again or placed anew: few of many, and whole.

A few are read from the documents of their entities; many, and those that no document shows, from
the files.
"""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from typing import Any

import pyarrow as pa

from yinuo.credit.publishing.change import Change
from yinuo.credit.publishing.documents import Documents
from yinuo.credit.publishing.facts import fact_columns
from yinuo.lake.engine import Engine
from yinuo.lake.names import NAME
from yinuo.lake.records.description import SourceDescription
from yinuo.lake.records.schema import record_schema
from yinuo.lake.releases.layers import read_facts

_SEEN = (
    pa.field("batch", pa.string()),
    pa.field("first_seen", pa.date32()),
    pa.field("last_seen", pa.date32()),
)


def staying(engine: Engine, changes: Sequence[Change], documents: Documents) -> dict[str, str]:
    """SQL by source: batch, first_seen, last_seen and the landed columns of all that `stay`.

    Asks for the tables `old` and `stay`; of a source of which nothing stays there is none.
    """
    text, entity = engine.dialect.name_text, engine.dialect.entity_text.format("o.entity")
    some = documents.few(
        engine,
        f"SELECT s.source, {entity}, {text.format('o.record')}, {text.format('o.content')}, "  # noqa: S608  # our own names
        "o.batch, o.first_seen, s.last_on FROM stay AS s JOIN old AS o ON o.record = s.record",
    )
    few: defaultdict[str, list[tuple[Any, ...]]] = defaultdict(list)
    for source, *told in some or ():
        few[source].append(tuple(told))
    stay = {name for (name,) in engine.ask("SELECT DISTINCT source FROM stay")}
    return {
        each.source.id: _of_documents(engine, each, few[each.source.id], documents)
        or _of_files(engine, each)
        for each in changes
        if each.source.id in stay
    }


def _of_documents(
    engine: Engine, each: Change, few: Sequence[tuple[Any, ...]], documents: Documents
) -> str:
    """SQL, or nothing where documents do not show all that stays."""
    schema = record_schema(each.source)
    shown = documents.rows(each.source.id, [(entity, record) for entity, record, *_ in few])
    if not shown:
        return ""
    by_record = {row["record"]: row for row in shown}
    rows = []
    for _, record, content, batch, first_seen, last_seen in few:
        row = by_record[record]
        said = {field.name: _said(row.get(field.name), field.type) for field in schema}
        said |= {"record": record, "content": content, "revoked": False}
        rows.append(said | {"batch": batch, "first_seen": first_seen, "last_seen": last_seen})
    texts = (field.with_type(pa.string()) if field.type == NAME else field for field in schema)
    table = f"kept_{each.number}"
    engine.hold(table, pa.Table.from_pylist(rows, pa.schema([*_SEEN, *texts])))
    names = (
        f"{engine.dialect.name_of.format(field.name)} AS {field.name}"
        if field.type == NAME
        else engine.dialect.name(field.name)
        for field in schema
    )
    return f"SELECT batch, first_seen, last_seen, {', '.join(names)} FROM {table}"  # noqa: S608


def _said(value: Any, kind: pa.DataType) -> Any:  # noqa: ANN401  # of a document, of a column
    """A value of a document as a column has it."""
    return date.fromisoformat(value) if value and pa.types.is_date(kind) else value


def _of_files(engine: Engine, each: Change) -> str:
    source, table = each.source, f"whole_{each.number}"
    read_facts(engine, each.folders, source.id, fact_columns(source), table, packed=True)
    here = f"source = {engine.dialect.text(source.id)}"
    return (
        f"SELECT b.batch, b.first_seen, s.last_on AS last_seen, {landed(engine, source, 'b')} "  # noqa: S608
        f"FROM {table} AS b JOIN (SELECT * FROM stay WHERE {here}) AS s ON s.record = b.record"
    )


def landed(engine: Engine, source: SourceDescription, alias: str) -> str:
    """SQL: the landed columns of a source."""
    return ", ".join(f"{alias}.{engine.dialect.name(each)}" for each in record_schema(source).names)
