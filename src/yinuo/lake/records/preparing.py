"""A piece of a file made ready to be written: parsed, judged and named, in any thread."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from yinuo.lake.records.judging import NOBODY, Aside, Judge
from yinuo.lake.records.naming import Namer
from yinuo.lake.records.pieces import Lines, Piece
from yinuo.lake.records.reasons import Reason
from yinuo.lake.records.schema import QUARANTINE, record_schema
from yinuo.lake.records.texts import Flags, Texts, one

SHORT = 3
"""Bytes of what may be a blank alone."""


@dataclass(frozen=True, kw_only=True)
class Prepared:
    """Rows to be written, by their place in the piece; record numbers count from its start."""

    table: pa.Table
    """All rows in the form of the schema, but without `file`; those put aside are not good."""
    good: Flags
    aside: pa.Table
    """In the form of `schema.QUARANTINE`, without the file."""
    raw: pa.StructArray
    lines: Lines
    records: int
    unknown: Mapping[str, int]
    torn_end: bool

    @property
    def read(self) -> int:
        """Rows of any sort."""
        return len(self.lines) + self.torn

    torn: int
    """Rows of the wrong width; they are among those put aside."""


def prepare(read: Callable[[], Piece], *, judge: Judge, namer: Namer) -> Prepared:
    """Read, judge and name the rows of a piece."""
    piece = _without_blank(read())
    judged = judge.judge(piece)
    names = namer.names(judged.columns)
    columns = {
        **judged.columns,
        "record": names.record,
        "content": names.content,
        "file": pa.array(np.zeros(len(piece.lines), np.int32)),
        "line": pa.array(piece.lines),
    }
    schema = record_schema(judge.source)
    return Prepared(
        table=pa.table([columns[name] for name in schema.names], schema=schema),
        good=judged.good,
        aside=_aside(piece, judged.aside, judge, namer),
        raw=piece.raw,
        lines=piece.lines,
        records=piece.records,
        unknown=piece.unknown,
        torn_end=piece.torn_end,
        torn=len(piece.torn),
    )


def _without_blank(piece: Piece) -> Piece:
    """A piece without rows in which there is nothing: they are no rows."""
    blank = np.flatnonzero(Texts(one(piece.raw.field(0))).lengths <= SHORT)
    for at in range(piece.raw.type.num_fields):
        if not len(blank):
            return piece
        cells = one(piece.raw.field(at)).take(pa.array(blank))
        empty = pc.equal(pc.utf8_trim_whitespace(cells), "").fill_null(fill_value=True)
        blank = blank[empty.to_numpy(zero_copy_only=False)]
    kept = pa.array(np.delete(np.arange(len(piece.lines)), blank))
    return replace(
        piece,
        columns={name: column.take(kept) for name, column in piece.columns.items()},
        raw=piece.raw.take(kept),
        lines=np.delete(piece.lines, blank),
    )


def _aside(piece: Piece, aside: Aside, judge: Judge, namer: Namer) -> pa.Table:
    """Rows put aside and torn ones, in the order of the piece."""
    places = aside.places
    fields = judge.source.fields
    labels = pa.array([*(each.label for each in fields), ""], pa.string())
    codes = pa.array([each.name for each in Reason])
    words = pa.array([each.words for each in Reason])
    reasons = pa.array(aside.reasons)
    judged = pa.table({
        "line": pa.array(piece.lines[places]),
        "code": codes.take(reasons),
        "reason": words.take(reasons),
        "field": labels.take(pa.array(aside.fields % len(labels))),
        "value": _values(piece, aside, [each.name for each in fields]),
        "row": namer.as_json(piece.raw.take(pa.array(places))),
    })  # fmt: skip
    if not piece.torn:
        return judged.cast(_ASIDE)
    why = Reason.TORN
    torn = pa.Table.from_pylist(
        [
            {
                "line": each.line,
                "code": why.name,
                "reason": why.words,
                "field": "",
                "value": each.value,
                "row": each.row,
            }
            for each in piece.torn
        ],
        schema=_ASIDE,
    )
    return pa.concat_tables([judged.cast(_ASIDE), torn]).sort_by("line")


_ASIDE = pa.schema([field for field in QUARANTINE if field.name not in {"file", "name"}])


def _values(piece: Piece, aside: Aside, names: list[str]) -> pa.Array:
    """The text that broke the rule, of each row put aside."""
    found = np.full(len(aside.places), "", object)
    for at in np.unique(aside.fields):
        column = piece.columns.get(names[at]) if at != NOBODY else None
        if column is not None:
            own = np.flatnonzero(aside.fields == at)
            found[own] = column.take(pa.array(aside.places[own])).fill_null("").to_pylist()
    return pa.array(found, pa.string())
