"""The columns of landed records: nine of our own, then the fields of the source."""

import pyarrow as pa

from yinuo.lake.names import NAME
from yinuo.lake.records.description import Field, SourceDescription, Type

OWN = (
    pa.field("record", NAME),
    pa.field("content", NAME),
    pa.field("revoked", pa.bool_()),
    pa.field("subject", pa.string()),
    pa.field("key", pa.string()),
    pa.field("code", pa.string()),
    pa.field("name", pa.string()),
    pa.field("file", pa.int32()),
    pa.field("line", pa.int64()),
)
"""Before the fields of every source."""
SHARED = frozenset({"name", "subject"})
"""Columns that a field of that name fills itself."""
_RELEASED = {"entity", "how", "saying", "batch", "first_seen", "last_seen"}
_TOLD = {"day", "evidence", "score_mille"}
RESERVED = (frozenset(field.name for field in OWN) | _RELEASED | _TOLD) - SHARED
"""Names that no field may have: releases, and what is read from them, have their own of these."""
TYPES = {Type.DATE: pa.date32(), Type.AMOUNT: pa.int64(), Type.NUMBER: pa.int64()}
QUARANTINE = pa.schema(
    [
        ("file", pa.int32()),
        ("name", pa.string()),
        ("line", pa.int64()),
        ("code", pa.string()),
        ("reason", pa.string()),
        ("field", pa.string()),
        ("value", pa.string()),
        ("row", pa.string()),
    ]
)
"""Rows put aside: number and name of the file, record number, `Reason` and its words, label of
the field, the value as it stood, and the row as JSON of heading → text."""
SEEN = pa.schema([("record", NAME)])
"""Records that a batch repeats unchanged from earlier ones."""


def landed_type(field: Field) -> pa.DataType:
    """The Arrow type in which a field is landed: text, date32, or int64 (分, or a whole number)."""
    return TYPES.get(field.type, pa.string())


def own_fields(source: SourceDescription) -> tuple[Field, ...]:
    """The fields with a column of their own, after the nine."""
    return tuple(field for field in source.fields if field.name not in SHARED)


def record_schema(source: SourceDescription) -> pa.Schema:
    """The schema of `records-*.parquet` of a source."""
    fields = (pa.field(field.name, landed_type(field)) for field in own_fields(source))
    return pa.schema([*OWN, *fields])
