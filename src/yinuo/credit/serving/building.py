"""The serving file of a release: one JSON document an entity, in order of the ids.

    entity    id, doc               {"kind", "key", "code", "name", "records", "sources", "rows", …}
    moved     key, into_key, evidence     old codes and what they became; NULL: no longer anything
    evidence  record, score_mille, said   of records that were not joined by their code
    meta      name, value                 format, salt, sources, and the columns of their rows

`rows` are the facts, source after source, the newest first: lists of values that begin with the
number of the source, the date and the record. Of a source with more than `KEPT` facts the newest
stand there, and how many there are in all in `counts`. In layers, `gone` names records that older
layers may still show.

SQL makes the beginning of each document and the JSON of each row, and sorts them once. Each of
these texts ends in a comma and a blank; those of a document lie one behind the other in Arrow's
buffer, so that it is cut out in one piece, its last two bytes turned into the brackets that close.
"""

import sqlite3
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from pathlib import Path

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from yinuo.credit.newest import day_of
from yinuo.kernel.canonical import canonical_bytes
from yinuo.kernel.errors import YinuoError
from yinuo.lake.dialects import DUCKDB
from yinuo.lake.engine import DuckDB
from yinuo.lake.records.description import SourceDescription
from yinuo.lake.records.schema import own_fields

SERVING = "serving.sqlite"
FORMAT = 1
SHOWN = 100
"""Facts of one source that a reader is shown; how many there are stands beside."""
KEPT = 120
"""Facts of one source in a document: a layer may take some away without showing fewer."""
AT_ONCE = 65_536
"""Texts that are cut at once."""
OWN = (
    *("day", "record", "how", "batch", "first_seen", "last_seen", "file", "line"),
    *("subject", "key", "code", "name"),
)
"""Of every row, before the fields of the source."""
HEAD = ("kind", "key", "code", "name", "records", "sources")
Counts = Mapping[str, Mapping[int, int]]
"""By entity and the number of a source: how many facts there are."""
_ORDER = "ORDER BY entity, source NULLS FIRST, day DESC NULLS LAST, record DESC"
"""Of each entity the beginning of its document, then its rows, newest first."""
_ID = f"CASE WHEN source IS NULL THEN {DUCKDB.entity_text.format('entity')} END AS id"
"""Of the beginning of each document."""
_CLOSING = b"]}"
_PAGE = 32_768
"""Bytes: a document of some kilobytes lies in its leaf, not in a chain of pages of its own."""
_TABLES = f"""
PRAGMA page_size = {_PAGE};
PRAGMA journal_mode = OFF;
PRAGMA synchronous = OFF;
PRAGMA cache_size = -65536;
PRAGMA locking_mode = EXCLUSIVE;
CREATE TABLE entity (id TEXT PRIMARY KEY, doc BLOB NOT NULL) WITHOUT ROWID;
CREATE TABLE moved (key TEXT PRIMARY KEY, into_key TEXT, evidence TEXT) WITHOUT ROWID;
CREATE TABLE evidence (record TEXT PRIMARY KEY, score_mille INTEGER, said TEXT) WITHOUT ROWID;
CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
"""


class ServingRefused(YinuoError):
    """SQLite would not write the serving file."""

    code = "CREDIT-E041"
    status = 507

    def __init__(self, path: Path, why: str) -> None:
        step = "看磁盘空间和文件夹权限，再发布一次；已有的数据版本没有变"
        super().__init__(f"查询文件写不成：{why}", place=str(path), next_step=step)


def row_columns(source: SourceDescription) -> tuple[str, ...]:
    """What a row of a source says after the number of the source, in order."""
    return (*OWN, *(each.name for each in own_fields(source)))


def rows_sql(source: SourceDescription, number: int, table: str) -> str:
    """SQL: entity, source, day, record and row of every fact in a table; names are packed."""
    day = f'"{day_of(source)}"'
    first = f"coalesce(CAST({day} AS VARCHAR), '')"
    record = DUCKDB.name_text.format("record")
    said = ", ".join((first, record, *(f'"{column}"' for column in row_columns(source)[2:])))
    return (
        f"SELECT entity, {number} AS source, CAST({day} AS DATE) AS day, record, "  # noqa: S608
        f"json_array({number}, {said})::VARCHAR AS row FROM {table}"
    )


def texts_sql(*, entities: str, rows: str, gone: str = "") -> str:
    """SQL: entity, source, day, record and text of every piece that documents are made of.

    `entities` and `gone` as in `heads_sql`, `rows` as in `lines_sql`; every entity that has rows
    is found among the entities.
    """
    return f"{lines_sql(rows)} UNION ALL {heads_sql(entities, gone)}"


def lines_sql(rows: str) -> str:
    """SQL: the pieces of a table of what `rows_sql` says."""
    return f"SELECT entity, source, day, record, row || ', ' AS text FROM {rows}"  # noqa: S608


def heads_sql(entities: str, gone: str = "") -> str:
    """SQL: the pieces with which documents begin, of a table with `entity` and those of `HEAD`.

    `gone`, of layers: entity, source (its number), record.
    """
    heads = ", ".join(f"'{name}', h.{name}" for name in HEAD)
    head = f"rtrim(json_object({heads})::VARCHAR, '}}')"
    more, join = "", ""
    if gone:
        record = DUCKDB.name_text.format("record")
        more = "|| coalesce(',\"gone\":[' || g.said || ']', '') "
        join = (
            " LEFT JOIN (SELECT entity, array_to_string(list_sort(list("  # noqa: S608
            f"'[' || source || ',\"' || {record} || '\"]')), ',') AS said "
            f"FROM {gone} GROUP BY entity) AS g ON g.entity = h.entity"
        )
    return (
        "SELECT h.entity, CAST(NULL AS INTEGER) AS source, CAST(NULL AS DATE) AS day, "  # noqa: S608
        "CAST(NULL AS UUID) AS record, "
        f"{head} {more}|| ',\"rows\":[  ' AS text FROM {entities} AS h{join}"
    )


def build(
    engine: DuckDB,
    path: Path,
    *,
    sources: Mapping[str, SourceDescription],
    ranges: Iterable[str],
    moved: str,
    evidence: str,
    salt: str,
    counts: Counts | None = None,
) -> None:
    """Write a serving file. `ranges` are tables of what `texts_sql` says, in the order of ids.

    Each range is asked for when it is needed. Sources have the numbers of their ids in order.
    `moved` and `evidence` are tables with the columns of theirs. `counts`: of layers, how many
    facts there are in all layers together. Raises `ServingRefused`.
    """
    try:
        with closing(sqlite3.connect(path, isolation_level=None)) as file:
            file.executescript(_TABLES)
            file.execute("BEGIN")
            _insert(file, "meta (name, value)", [list(_meta(sources, salt))])
            for table in ranges:
                sql = f"SELECT {_ID}, text FROM {table} {_ORDER}"  # noqa: S608
                for texts in _runs(engine.batches(sql, AT_ONCE)):
                    _insert(file, "entity (id, doc)", [_cut(texts, counts)])
            sql = f"SELECT key, into_key, evidence FROM {moved} ORDER BY key"  # noqa: S608
            _insert(file, "moved (key, into_key, evidence)", engine.stream(sql))
            sql = f"SELECT record, score_mille, said FROM {evidence} ORDER BY record"  # noqa: S608
            _insert(file, "evidence (record, score_mille, said)", engine.stream(sql))
            file.execute("COMMIT")
    except sqlite3.Error as error:
        raise ServingRefused(path, str(error)) from error


def _meta(sources: Mapping[str, SourceDescription], salt: str) -> Iterator[tuple[str, str]]:
    columns = [list(row_columns(sources[name])) for name in sorted(sources)]
    yield "columns", canonical_bytes(columns).decode()
    yield "format", str(FORMAT)
    yield "salt", salt
    yield "sources", canonical_bytes(sorted(sources)).decode()


def _insert(
    file: sqlite3.Connection, table: str, some: Iterable[Iterable[tuple[object, ...]]]
) -> None:
    places = ", ".join("?" * (table.count(",") + 1))
    for rows in some:
        file.executemany(f"INSERT INTO {table} VALUES ({places})", rows)  # noqa: S608  # our own names


def _runs(batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    """The same texts, no entity divided between two batches."""
    left: pa.RecordBatch | None = None
    for batch in batches:
        texts = batch if left is None else pa.concat_batches([left, batch])
        last = int(_beginnings(texts)[-1])
        yield texts.slice(0, last)
        left = texts.slice(last)
    if left is not None:
        yield left


def _beginnings(texts: pa.RecordBatch) -> NDArray[np.intp]:
    """The places of texts that begin a document."""
    return np.flatnonzero(_bytes(texts)[_offsets(texts)[:-1]] == ord("{"))


def _offsets(texts: pa.RecordBatch) -> NDArray[np.int32]:
    column = texts.column(1)
    return np.frombuffer(column.buffers()[1], np.int32)[column.offset :][: len(column) + 1]


def _bytes(texts: pa.RecordBatch) -> NDArray[np.uint8]:
    return np.frombuffer(texts.column(1).buffers()[2], np.uint8)


def _cut(texts: pa.RecordBatch, counts: Counts | None) -> Iterator[tuple[str, bytes | memoryview]]:
    """The id and the document of each entity."""
    if not texts.num_rows:
        return
    begins, offsets = _beginnings(texts), _offsets(texts)
    ends = np.append(begins[1:], texts.num_rows)
    first, last = offsets[[0, -1]]
    said = _bytes(texts)[first:last].copy()
    closed = offsets[ends] - first
    said[closed - 2], said[closed - 1] = _CLOSING
    documents = said.data
    ids = texts.column(0).take(pa.array(begins)).to_pylist()
    crowded = _crowds(ids, ends - begins - 1, counts)
    begun = (offsets[begins] - first).tolist()
    for number, (entity, begin, end) in enumerate(zip(ids, begun, closed.tolist(), strict=True)):
        if number in crowded:
            lines = texts.column(1).slice(begins[number], ends[number] - begins[number])
            known = None if counts is None else counts.get(entity, {})
            yield entity, _crowded(lines.to_pylist(), known)
        else:
            yield entity, documents[begin:end]


def _crowds(ids: Sequence[str], rows: NDArray[np.intp], counts: Counts | None) -> set[int]:
    """The places of entities of which some source may have more facts than are kept."""
    found = set(np.flatnonzero(rows > KEPT).tolist())
    if counts:
        found.update(number for number, entity in enumerate(ids) if entity in counts)
    return found


def _crowded(lines: Sequence[str], counts: Mapping[int, int] | None) -> bytes:
    """A document of which some source may have more facts than are kept."""
    head, *rows = lines
    numbers = [int(row[1 : row.index(",")]) for row in rows]
    full = {
        number: count
        for number, count in (Counter(numbers) if counts is None else counts).items()
        if count > KEPT
    }
    left = dict.fromkeys(full, KEPT)
    kept = []
    for number, row in zip(numbers, rows, strict=True):
        if left.get(number, 1):
            kept.append(row)
        if number in left:
            left[number] = max(left[number] - 1, 0)
    more = ",".join(f'"{number}":{full[number]}' for number in sorted(full))
    said = f',"counts":{{{more}}}' if full else ""
    return f"{(head + ''.join(kept))[:-2]}]{said}}}".encode()
