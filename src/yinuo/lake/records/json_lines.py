"""JSON lines: an object a line, its keys the headings."""

import json
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from itertools import chain
from pathlib import Path

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from yinuo.lake.records.decoding import decoded, decoded_blocks
from yinuo.lake.records.description import SourceDescription
from yinuo.lake.records.parsing import plain_heading
from yinuo.lake.records.pieces import Piece, Reached, Torn, as_json, raw_rows
from yinuo.lake.records.texts import one

PIECE = 8 << 20
_LINE = b"\n"


def pieces(
    path: Path, encoding: str, source: SourceDescription, reached: Reached
) -> Iterator[Callable[[], Piece]]:
    """The rows of a file."""
    rest = b""
    # Pieces outlive this generator: the database goes with the connection of the last of them.
    shared = duckdb.connect(config={"threads": 1, "autoload_known_extensions": False})
    for block in decoded_blocks(path, encoding, PIECE, reached):
        rest += block
        end = rest.rfind(_LINE) + 1
        if end:
            yield partial(piece_of, shared.cursor(), rest[:end], encoding, source, is_last=False)
            rest = rest[end:]
    if rest:
        yield partial(piece_of, shared.cursor(), rest, encoding, source, is_last=True)


def piece_of(
    database: duckdb.DuckDBPyConnection,
    text: bytes,
    encoding: str,
    source: SourceDescription,
    *,
    is_last: bool,
) -> Piece:
    """Lines of JSON as a piece; blank ones are counted but are no rows.

    The connection is the piece's own, and is closed.
    """
    lines = pc.split_pattern(
        pa.array([str(decoded(text, encoding), "utf-8").rstrip("\n")]), "\n"
    ).flatten()
    numbers = np.arange(1, len(lines) + 1, dtype=np.int64)
    some = pc.not_equal(pc.utf8_trim_whitespace(lines), "")
    numbers, lines = numbers[some.to_numpy(zero_copy_only=False)], lines.filter(some)
    with database as own:
        own.register("given", pa.table({"line": lines}))
        kinds = own.sql(
            "SELECT CASE WHEN json_valid(line) THEN json_type(line) END = 'OBJECT' AS ok FROM given"
        ).to_arrow_table()
        good = one(kinds.column(0)).fill_null(fill_value=False)
        own.register("given", pa.table({"line": lines.filter(good)}))
        counts = own.sql(
            "SELECT key, count(*) FROM "
            "(SELECT unnest(json_keys(line)) AS key FROM given) GROUP BY key"
        ).fetchall()
        headings = tuple(sorted(key for key, _ in counts))
        raw = _cells(own, headings, pc.sum(good).as_py() or 0)
    bad = np.flatnonzero(~good.to_numpy(zero_copy_only=False))
    torn = tuple(
        Torn(int(numbers[at]), "不是 JSON 对象", as_json({"+1": lines[at].as_py()})) for at in bad
    )
    good_numbers = np.delete(numbers, bad)
    known = {plain_heading(each) for each in source.ignored}
    fields = _fields(headings, source)
    used = set(chain.from_iterable(fields.values()))
    unknown = {
        key: count
        for key, count in sorted(counts)
        if key not in used and plain_heading(key) not in known
    }
    columns = {name: one(pc.coalesce(*(raw[key] for key in keys))) for name, keys in fields.items()}
    return Piece(
        columns=columns,
        raw=raw_rows(list(raw), list(raw.values())),
        lines=good_numbers,
        records=len(some),
        torn=torn,
        unknown=unknown,
        torn_end=is_last and bool(torn) and torn[-1].line == int(numbers[-1]),
    )


def _fields(headings: tuple[str, ...], source: SourceDescription) -> Mapping[str, list[str]]:
    """Field → the keys that mean it, in the order of the description; rows differ in theirs."""
    plain = {plain_heading(heading): heading for heading in headings}
    found = {
        field.name: [plain[word] for word in map(plain_heading, field.headings) if word in plain]
        for field in source.fields
    }
    return {name: keys for name, keys in found.items() if keys}


def _cells(
    own: duckdb.DuckDBPyConnection, headings: tuple[str, ...], count: int
) -> Mapping[str, pa.Array]:
    """The text of each key, null where it is missing, null or empty."""
    if not headings:
        return {"": pa.nulls(count, pa.string())}
    # All at once: each line is parsed once, however many keys it has.
    pointers = ", ".join(_quoted(_pointer(key)) for key in headings)
    cells = ", ".join(f"nullif(said[{at}], '') AS c{at}" for at in range(1, len(headings) + 1))
    found = own.sql(
        f"SELECT {cells} FROM (SELECT json_extract_string(line, [{pointers}]) AS said FROM given)"  # noqa: S608  # quoted
    ).to_arrow_table()
    return {key: one(found.column(at)) for at, key in enumerate(headings)}


def _pointer(key: str) -> str:
    """The path of a key, whatever characters it has."""
    return "$." + json.dumps(key, ensure_ascii=False)  # noqa: TID251  # a path, never hashed


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
