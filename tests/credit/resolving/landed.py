"""Live records made by hand, as landing leaves them, in an engine."""

from collections.abc import Mapping, Sequence
from hashlib import md5
from typing import Any

import pyarrow as pa

from yinuo.credit.resolving.live import Live
from yinuo.lake.engine import Engine
from yinuo.lake.records.description import Disclosure, Field, Of, SourceDescription, Type

OWN = ("record", "subject", "key", "code", "name")
FIELDS: Mapping[str, tuple[Type, Of]] = {
    "name": (Type.NAME, Of.SUBJECT),
    "uscc": (Type.USCC, Of.SUBJECT),
    "reg": (Type.REGISTRATION, Of.SUBJECT),
    "rid": (Type.RID, Of.SUBJECT),
    "old_code": (Type.TEXT, Of.OTHER),
    "new_code": (Type.USCC, Of.OTHER),
    "changed_on": (Type.DATE, Of.SUBJECT),
    "region": (Type.TEXT, Of.SUBJECT),
    "address": (Type.TEXT, Of.SUBJECT),
    "legal_representative": (Type.NAME, Of.OTHER),
    "account": (Type.TEXT, Of.SUBJECT),
}


def record(text: str) -> str:
    """A record's id, from any text."""
    return md5(text.encode(), usedforsecurity=False).hexdigest()


def source(name: str, kind: str, fields: Sequence[str]) -> SourceDescription:
    """A description with these fields."""
    return SourceDescription(
        id=name,
        name=name,
        owner="DL-SJJ",
        system="",
        about="",
        kind=kind,
        subject="firm",
        encoding="utf-8",
        delivery="delta",
        disclosure=Disclosure.PUBLIC,
        key=("name",),
        fields=tuple(
            Field(name=name, label=name, headings=(name,), type=FIELDS[name][0], of=FIELDS[name][1])
            for name in fields
        ),
    )


def live(engine: Engine, of: str, kind: str, rows: Sequence[Mapping[str, Any]]) -> Live:
    """A source's live records; a row's `record` is any text, `subject` firm unless said."""
    fields = sorted({name for row in rows for name in row} & FIELDS.keys() | {"name"})
    columns = [*OWN, *(name for name in fields if name != "name")]
    dated = pa.date32()
    schema = pa.schema([(name, dated if name == "changed_on" else pa.string()) for name in columns])
    made = [
        {"subject": "firm", **row, "record": record(str(row.get("record", (of, number))))}
        for number, row in enumerate(rows)
    ]
    table = f"live_{of.replace('-', '_')}"
    engine.hold(table, pa.Table.from_pylist(made, schema=schema))
    return Live(source=source(of, kind, fields), table=table)
