"""Entities: one row for everybody to whom a fact belongs."""

from yinuo.credit.newest import REGISTRATION, day_of
from yinuo.credit.publishing.facts import CODE, entity_of, entity_ranges
from yinuo.lake.engine import Engine
from yinuo.lake.records.description import SourceDescription

COLUMNS = ("entity", "kind", "key", "code", "name", "records", "sources")
_ALIKE = "entity, key, code, subject, name"
_WHOLE_CODE = 18
"""Characters of a USCC and of a resident number."""
_DAY, _RECORD = 10, 32
_COUNT = 10


def say_owners(engine: Engine, salt: str) -> None:
    """Make the table `owners`: entities that the resolution names, and their keys."""
    named = "SELECT goal AS key FROM moved UNION SELECT key FROM assigned WHERE key NOT LIKE 'n:%'"
    engine.keep(
        "owners",
        f"SELECT {entity_of(engine, 'key', salt)} AS entity, key FROM ({named}) AS k",  # noqa: S608
    )


def sum_up(engine: Engine, facts: str, table: str, *, parts: int = 1) -> None:
    """Define the entities of some facts as a table of this name, until `forget_sums`.

    In so many `parts`, one after another, as what is grouped at once has to fit into memory.
    `facts` is a table of what `summable` says; asks for `say_owners`.
    kind: as the newest registration says, else as the others do. code: the whole current one that
    the registration, else any record, bears. name: of the newest registration, else the most
    frequent one. sources: how many have facts of it.
    """
    each = _parts(table, parts)
    for part, here in zip(each, entity_ranges(engine, parts), strict=True):
        engine.define(f"{part}_facts", f"SELECT * FROM {facts} WHERE {here}")  # noqa: S608
        _sum_up_part(engine, part)
    engine.define(table, " UNION ALL ".join(map(_select, each)))


def forget_sums(engine: Engine, table: str, *, parts: int = 1) -> None:
    """Drop what `sum_up` has laid down; the table is of no use any more."""
    laid = ("facts", "alike", "unlike", "summed")
    engine.forget([table, *(f"{part}_{one}" for part in _parts(table, parts) for one in laid)])


def _parts(table: str, parts: int) -> list[str]:
    return [f"{table}_{number}" for number in range(parts)]


def _sum_up_part(engine: Engine, table: str) -> None:
    """Make the tables `<table>_alike`, `_unlike` and `_summed` of the table `<table>_facts`."""
    # The one look at all facts: hardly more rows than entities, for most have all facts alike.
    engine.keep(
        f"{table}_alike",
        f"SELECT {_ALIKE}, count(*) AS n, bit_or(bit) AS bits FROM {table}_facts GROUP BY {_ALIKE}",  # noqa: S608
    )
    engine.keep(
        f"{table}_unlike",
        f"SELECT entity AS it FROM {table}_alike GROUP BY entity HAVING count(*) > 1",  # noqa: S608
    )
    _sum_up_unlike(engine, table)


def _sum_up_unlike(engine: Engine, table: str) -> None:
    """Make the table `<table>_summed`: entities of which not all facts say the same."""
    here = f"entity IN (SELECT it FROM {table}_unlike)"  # noqa: S608
    named = (
        "SELECT entity, name, sum(n) AS n, bit_or(bits) AS bits, max(key) AS key, "  # noqa: S608
        f"max(code) AS code, max(subject) AS kind FROM {table}_alike WHERE {here} "
        "GROUP BY entity, name"
    )
    sums = (
        "SELECT entity, sum(n) AS records, bit_count(bit_or(bits)) AS sources, max(key) AS key, "  # noqa: S608
        f"max(code) AS code, max(kind) AS kind, substr(max(CASE WHEN name IS NOT NULL THEN "
        f"lpad(CAST(n AS STRING), {_COUNT}, '0') || name END), {_COUNT + 1}) AS name "
        f"FROM ({named}) AS n GROUP BY entity"
    )
    registered = (
        f"SELECT entity, max(CASE WHEN key IS NOT NULL THEN newest || subject END) AS kind, "  # noqa: S608
        "max(newest || code) AS code, max(newest || name) AS name "
        "FROM (SELECT *, CAST(coalesce(day, DATE '0001-01-01') AS STRING) || record AS newest "
        f"FROM {table}_facts WHERE record IS NOT NULL AND {here}) AS f GROUP BY entity"
    )
    start = _DAY + _RECORD + 1
    kind, code, name = (
        f"coalesce(substr(r.{each}, {start}), s.{each}) AS {each}"
        for each in ("kind", "code", "name")
    )
    engine.keep(
        f"{table}_summed",
        f"SELECT s.entity, {kind}, s.key, {code}, {name}, s.records, s.sources "  # noqa: S608
        f"FROM ({sums}) AS s LEFT JOIN ({registered}) AS r ON r.entity = s.entity",
    )


def needed_of(source: SourceDescription) -> tuple[str, ...]:
    """The columns of the facts of a source that are asked for."""
    said = ("entity", "how", "subject", "key", "code", "name")
    return (*said, "record", day_of(source)) if source.kind == REGISTRATION else said


def summable(engine: Engine, source: SourceDescription, number: int, table: str) -> str:
    """SQL: what `sum_up` asks of a table of facts of a source; `bit` tells which source.

    key and code (a whole one) are those by which the fact was joined, NULL where it was otherwise;
    day and record (its digits) are those of registrations, by which the newest one is found.
    """
    day, record = "CAST(NULL AS DATE)", "CAST(NULL AS STRING)"
    if source.kind == REGISTRATION:
        day = engine.dialect.name(day_of(source))
        record = engine.dialect.name_text.format("record")
    by_code = f"how = '{CODE}'"
    return (
        f"SELECT entity, CASE WHEN {by_code} THEN key END AS key, "  # noqa: S608
        f"CASE WHEN {by_code} AND length(code) = {_WHOLE_CODE} THEN code END AS code, "
        f"subject, name, {day} AS day, {record} AS record, "
        f"CAST({1 << number} AS BIGINT) AS bit FROM {table}"
    )


def _select(table: str) -> str:
    key = "coalesce(s.key, o.key)"
    return (
        f"SELECT s.entity, CASE WHEN {key} LIKE 'p:%' THEN 'person' ELSE "  # noqa: S608
        f"coalesce(s.kind, 'unknown') END AS kind, {key} AS key, s.code, s.name, "
        "CAST(s.records AS BIGINT) AS records, CAST(s.sources AS BIGINT) AS sources FROM ("
        "SELECT entity, subject AS kind, key, code, name, n AS records, bit_count(bits) AS sources "
        f"FROM {table}_alike AS a WHERE NOT EXISTS (SELECT 1 FROM {table}_unlike AS u "
        "WHERE u.it = a.entity) "
        "UNION ALL SELECT entity, kind, key, code, name, records, sources "
        f"FROM {table}_summed) AS s LEFT JOIN owners AS o ON o.entity = s.entity"
    )
