"""The serving file of a release: one JSON document an entity, built in SQL, in order of the ids.

    entity    id, doc               {"kind", "key", "code", "name", "records", "sources", "rows", …}
    moved     key, into_key, evidence     old codes and what they became; NULL: no longer anything
    evidence  record, score_mille, said   of records that were not joined by their code
    meta      name, value                 format, salt, sources, and the columns of their rows

`rows` are the facts, newest first: lists of values that begin with the number of the source, the
date and the record, so that sorting texts sorts facts. Of a source with more than `KEPT` facts the
newest stand there, and how many there are in all in `counts`. In layers, `gone` names records that
older layers may still show.
"""

import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from yinuo.credit.newest import day_of
from yinuo.kernel.canonical import canonical_bytes
from yinuo.kernel.errors import YinuoError
from yinuo.lake.engine import DuckDB
from yinuo.lake.records.description import SourceDescription
from yinuo.lake.records.schema import own_fields

SERVING = "serving.sqlite"
FORMAT = 1
SHOWN = 100
"""Facts of one source that a reader is shown; how many there are stands beside."""
KEPT = 120
"""Facts of one source in a document: a layer may take some away without showing fewer."""
OWN = (
    *("day", "record", "how", "batch", "first_seen", "last_seen", "file", "line"),
    *("subject", "key", "code", "name"),
)
"""Of every row, before the fields of the source."""
HEAD = ("kind", "key", "code", "name", "records", "sources")
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


@dataclass(frozen=True, kw_only=True)
class Documents:
    """Tables of the engine from which documents are made: those of a range of entities."""

    entities: str
    rows: str
    """entity, source (its number), row (JSON text)."""
    counts: str = ""
    """Of layers: entity, source (its number), n: facts of all layers together."""
    gone: str = ""
    """Of layers: entity, source (its number), record."""


def row_columns(source: SourceDescription) -> tuple[str, ...]:
    """What a row of a source says after the number of the source, in order."""
    return (*OWN, *(each.name for each in own_fields(source)))


def rows_sql(source: SourceDescription, number: int, table: str) -> str:
    """SQL: entity, source and row of every fact in a table."""
    day = f"coalesce(CAST(\"{day_of(source)}\" AS VARCHAR), '')"
    said = ", ".join((day, *(f'"{column}"' for column in row_columns(source)[1:])))
    return (
        f"SELECT entity, {number} AS source, json_array({number}, {said})::VARCHAR AS row "  # noqa: S608
        f"FROM {table}"
    )


def build(
    engine: DuckDB,
    path: Path,
    *,
    sources: Mapping[str, SourceDescription],
    ranges: Iterable[Documents],
    moved: str,
    evidence: str,
    salt: str,
) -> None:
    """Write a serving file. `ranges` come in the order of ids; each is asked for when needed.

    Sources have the numbers of their ids in order. `moved` and `evidence` are tables with the
    columns of theirs. Raises `ServingRefused`.
    """
    try:
        with closing(sqlite3.connect(path, isolation_level=None)) as file:
            file.executescript(_TABLES)
            file.execute("BEGIN")
            _insert(file, "meta (name, value)", [list(_meta(sources, salt))])
            for documents in ranges:
                _insert(file, "entity (id, doc)", engine.stream(_documents(engine, documents)))
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
    file: sqlite3.Connection, table: str, some: Iterable[Sequence[tuple[object, ...]]]
) -> None:
    places = ", ".join("?" * (table.count(",") + 1))
    for rows in some:
        file.executemany(f"INSERT INTO {table} VALUES ({places})", rows)  # noqa: S608  # our own names


def _documents(engine: DuckDB, documents: Documents) -> str:
    """SQL: id and document of each entity of a range, in order."""
    _find_crowded(engine, documents)
    heads = ", ".join(f"'{name}', h.{name}" for name in HEAD)
    more, joins = "|| coalesce(',\"counts\":{' || c.said || '}', '') ", ""
    if documents.gone:
        more += "|| coalesce(',\"gone\":[' || g.said || ']', '') "
        joins = (
            " LEFT JOIN (SELECT entity, array_to_string(list_sort(list("  # noqa: S608
            "'[' || source || ',\"' || record || '\"]')), ',') AS said "
            f"FROM {documents.gone} GROUP BY entity) AS g ON g.entity = h.entity"
        )
    return (
        f"SELECT h.entity, encode(rtrim(json_object({heads})::VARCHAR, '}}') || ',\"rows\":[' "  # noqa: S608
        f"|| coalesce(r.said, '') || ']' {more}|| '}}') AS doc FROM {documents.entities} AS h "
        "LEFT JOIN (SELECT entity, array_to_string(list_reverse_sort(list(row)), ',') AS said "
        f"FROM ({_kept(documents)}) AS k GROUP BY entity) AS r ON r.entity = h.entity "
        "LEFT JOIN (SELECT entity, array_to_string(list_sort(list("
        "'\"' || source || '\":' || n)), ',') AS said FROM crowded GROUP BY entity) AS c "
        f"ON c.entity = h.entity{joins} ORDER BY h.entity"
    )


def _find_crowded(engine: DuckDB, documents: Documents) -> None:
    """Make the small table `crowded`: entity, source and n where a document leaves facts out."""
    many = f"SELECT entity FROM {documents.entities} WHERE records > {KEPT}"  # noqa: S608
    counts = documents.counts or (
        f"(SELECT entity, source, count(*) AS n FROM {documents.rows} "  # noqa: S608
        f"WHERE entity IN ({many}) GROUP BY entity, source)"
    )
    engine.keep("crowded", f"SELECT entity, source, n FROM {counts} AS c WHERE n > {KEPT}")  # noqa: S608


def _kept(documents: Documents) -> str:
    """SQL: entity and row, the newest `KEPT` where there are more."""
    crowd = "SELECT 1 FROM crowded AS c WHERE c.entity = r.entity AND c.source = r.source"
    return (
        f"SELECT entity, row FROM {documents.rows} AS r WHERE NOT EXISTS ({crowd}) UNION ALL "  # noqa: S608
        "SELECT entity, row FROM (SELECT entity, row, row_number() OVER (PARTITION BY entity, "
        f"source ORDER BY row DESC) AS n FROM {documents.rows} AS r WHERE EXISTS ({crowd})) AS x "
        f"WHERE n <= {KEPT}"
    )
