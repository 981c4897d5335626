"""The serving file of a release: one JSON document an entity, built in SQL, in order of the ids.

    entity    id, doc     {"kind", "key", "code", "name", "records", "sources", "facts", "gone"}
    moved     key, into, evidence         old codes and what they became; into NULL: no longer
    evidence  record, score_mille, said   of records that were not joined by their code
    meta      name, value                 format, salt, and the columns of the rows of each source

`facts` has, by source, the number of all facts and the newest of them, each a list of values in
the order of the columns; every list begins with its date and record, so that sorting texts sorts
facts. `gone` stands in layers only: records, by source, that older layers may still show.
"""

import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from yinuo.credit.publishing.entities import day_of
from yinuo.kernel.canonical import canonical_bytes
from yinuo.kernel.errors import YinuoError
from yinuo.lake.engine import DuckDB
from yinuo.lake.records.description import SourceDescription
from yinuo.lake.records.schema import own_fields

SERVING = "serving.sqlite"
FORMAT = 1
SHOWN = 100
"""Facts of one source in a document; the number of all of them stands beside."""
RESERVE = 20
"""Kept beyond those shown, so that a layer may take some away."""
DAY = "day"
OWN = (DAY, "record", "how", "batch", "first_seen", "last_seen", "file", "line")
OWN += ("subject", "key", "code", "name")
"""Of every row, before the fields of the source."""
_PAGE = 16_384
"""Bytes: a document of a few kilobytes lies in its leaf, not in a chain of pages."""
_TABLES = f"""
PRAGMA page_size = {_PAGE};
PRAGMA journal_mode = OFF;
PRAGMA synchronous = OFF;
PRAGMA cache_size = -65536;
PRAGMA locking_mode = EXCLUSIVE;
CREATE TABLE entity (id TEXT PRIMARY KEY, doc TEXT NOT NULL) WITHOUT ROWID;
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
    """Tables of the engine from which some documents are made: those of a range of entities."""

    entities: str
    facts: Mapping[str, str]
    """Source → table of facts."""
    counts: str = ""
    """Of layers: entity, source, n: facts of all layers together."""
    gone: str = ""
    """Of layers: entity, source, record."""


def row_columns(source: SourceDescription) -> tuple[str, ...]:
    """What a row of a source says, in order."""
    return (*OWN, *(each.name for each in own_fields(source)))


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

    `moved` and `evidence` are tables with the columns of theirs. Raises `ServingRefused`.
    """
    try:
        with closing(sqlite3.connect(path, isolation_level=None)) as file:
            file.executescript(_TABLES)
            file.execute("BEGIN")
            _insert(file, "meta (name, value)", [list(_meta(sources, salt))])
            for documents in ranges:
                _insert(file, "entity (id, doc)", engine.stream(_documents(sources, documents), 2048))
            sql = f"SELECT key, into_key, evidence FROM {moved} ORDER BY key"  # noqa: S608
            _insert(file, "moved (key, into_key, evidence)", engine.stream(sql))
            sql = f"SELECT record, score_mille, said FROM {evidence} ORDER BY record"  # noqa: S608
            _insert(file, "evidence (record, score_mille, said)", engine.stream(sql))
            file.execute("COMMIT")
    except sqlite3.Error as error:
        raise ServingRefused(path, str(error)) from error


def _meta(sources: Mapping[str, SourceDescription], salt: str) -> Iterator[tuple[str, str]]:
    columns = {name: list(row_columns(source)) for name, source in sources.items()}
    yield "columns", canonical_bytes(columns).decode()
    yield "format", str(FORMAT)
    yield "salt", salt


def _insert(
    file: sqlite3.Connection, table: str, some: Iterable[Sequence[tuple[object, ...]]]
) -> None:
    places = ", ".join("?" * (table.count(",") + 1))
    for rows in some:
        file.executemany(f"INSERT INTO {table} VALUES ({places})", rows)  # noqa: S608  # our own names


def _documents(sources: Mapping[str, SourceDescription], documents: Documents) -> str:
    """SQL: id and document of each entity of a range, in order."""
    heads = ", ".join(
        f"'{name}', h.{name}" for name in ("kind", "key", "code", "name", "records", "sources")
    )
    parts = " UNION ALL ".join(
        _parts(sources[name], name, table, documents) for name, table in documents.facts.items()
    )
    gone, joined = "", ""
    if documents.gone:
        gone = """ || coalesce(',"gone":' || g.said, '')"""
        joined = f" LEFT JOIN ({_gone(documents)}) AS g ON g.entity = h.entity"
    return (
        f"SELECT h.entity, rtrim(json_object({heads})::VARCHAR, '}}') || ',\"facts\":{{' "  # noqa: S608
        f"|| coalesce(f.said, '') || '}}'{gone} || '}}' AS doc FROM {documents.entities} AS h "
        "LEFT JOIN (SELECT entity, array_to_string(list_sort(list(part)), ',') AS said "
        f"FROM ({parts}) AS p GROUP BY entity) AS f ON f.entity = h.entity{joined} ORDER BY h.entity"
    )


def _parts(source: SourceDescription, name: str, table: str, documents: Documents) -> str:
    """SQL: entity and `"source":[count,[rows]]` for every entity with facts of a source."""
    day = f"coalesce(CAST(\"{day_of(source)}\" AS VARCHAR), '')"
    said = ", ".join((day, *(f'"{column}"' for column in row_columns(source)[1:])))
    start = f"'\"{name}\":['"
    kept = f"list_reverse_sort(list(row))[1:{SHOWN + RESERVE}]"
    rows = (
        f"SELECT entity, count(*) AS n, array_to_string({kept}, ',') AS said FROM "  # noqa: S608
        f"(SELECT entity, json_array({said})::VARCHAR AS row FROM {table}) AS r GROUP BY entity"
    )
    if not documents.counts:
        return f"SELECT entity, {start} || n || ',[' || said || ']]' AS part FROM ({rows}) AS t"  # noqa: S608
    touched = (
        f"SELECT entity FROM {table} UNION SELECT entity FROM {documents.gone} "  # noqa: S608
        f"WHERE source = '{name}'"
    )
    return (
        f"SELECT t.entity, {start} || coalesce(c.n, 0) || ',[' || coalesce(r.said, '') || ']]' "  # noqa: S608
        f"AS part FROM ({touched}) AS t LEFT JOIN ({rows}) AS r ON r.entity = t.entity "
        f"LEFT JOIN {documents.counts} AS c ON c.entity = t.entity AND c.source = '{name}'"
    )


def _gone(documents: Documents) -> str:
    by_source = (
        "SELECT entity, source, array_to_string(list_sort(list('\"' || record || '\"')), ',') "  # noqa: S608
        f"AS said FROM {documents.gone} GROUP BY entity, source"
    )
    return (
        "SELECT entity, '{' || array_to_string(list_sort(list('\"' || source || '\":[' || said "  # noqa: S608
        f"|| ']')), ',') || '}}' AS said FROM ({by_source}) AS b GROUP BY entity"
    )
