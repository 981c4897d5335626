"""Entities: one row for everybody to whom a fact belongs."""

from yinuo.credit.newest import REGISTRATION, day_of
from yinuo.credit.publishing.facts import CODE, entity_of
from yinuo.lake.engine import Engine
from yinuo.lake.records.description import SourceDescription

COLUMNS = ("entity", "kind", "key", "code", "name", "records", "sources")
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


def sum_up(engine: Engine, facts: str, table: str) -> None:
    """Make the entities of some facts a table of this name.

    `facts` is a table of what `summable` says; asks for `say_owners`.
    kind: as the newest registration says, else as the others do. code: the whole current one that
    the registration, else any record, bears. name: of the newest registration, else the most
    frequent one. sources: how many have facts of it.
    """
    whole = f"how = '{CODE}' AND length(code) = {_WHOLE_CODE}"
    # Names first: hardly more rows than entities, and the one look at all facts.
    engine.keep(
        f"{table}_named",
        "SELECT entity, name, count(*) AS n, bit_or(bit) AS bits, "  # noqa: S608
        f"max(CASE WHEN how = '{CODE}' THEN key END) AS key, "
        f"max(CASE WHEN {whole} THEN code END) AS code, max(subject) AS kind "
        f"FROM {facts} GROUP BY entity, name",
    )
    engine.keep(
        f"{table}_sums",
        "SELECT entity, sum(n) AS records, bit_count(bit_or(bits)) AS sources, max(key) AS key, "  # noqa: S608
        f"max(code) AS code, max(kind) AS kind, substr(max(CASE WHEN name IS NOT NULL THEN "
        f"lpad(CAST(n AS STRING), {_COUNT}, '0') || name END), {_COUNT + 1}) AS name "
        f"FROM {table}_named GROUP BY entity",
    )
    # Apart: three more texts a group, of which most facts have nothing to say.
    engine.keep(
        f"{table}_registered",
        f"SELECT entity, max(CASE WHEN how = '{CODE}' THEN newest || subject END) AS kind, "  # noqa: S608
        f"max(CASE WHEN {whole} THEN newest || code END) AS code, max(newest || name) AS name "
        "FROM (SELECT *, CAST(coalesce(day, DATE '0001-01-01') AS STRING) || record AS newest "
        f"FROM {facts} WHERE record IS NOT NULL) AS f GROUP BY entity",
    )
    engine.keep(table, _select(table))
    engine.forget([f"{table}_named", f"{table}_sums", f"{table}_registered"])


def needed_of(source: SourceDescription) -> tuple[str, ...]:
    """The columns of the facts of a source that are asked for."""
    said = ("entity", "how", "subject", "key", "code", "name")
    return (*said, "record", day_of(source)) if source.kind == REGISTRATION else said


def summable(engine: Engine, source: SourceDescription, number: int, table: str) -> str:
    """SQL: what `sum_up` asks of a table of facts of a source; `bit` tells which source.

    day and record are those of registrations, by which the newest one is found.
    """
    day, record = "CAST(NULL AS DATE)", "CAST(NULL AS STRING)"
    if source.kind == REGISTRATION:
        day, record = engine.dialect.name(day_of(source)), "record"
    return (
        f"SELECT entity, how, subject, key, code, name, {day} AS day, {record} AS record, "  # noqa: S608
        f"CAST({1 << number} AS BIGINT) AS bit FROM {table}"
    )


def _select(table: str) -> str:
    start = _DAY + _RECORD + 1
    key = "coalesce(s.key, o.key)"
    return (
        f"SELECT s.entity, CASE WHEN {key} LIKE 'p:%' THEN 'person' ELSE "  # noqa: S608
        f"coalesce(substr(r.kind, {start}), s.kind, 'unknown') END AS kind, "
        f"{key} AS key, coalesce(substr(r.code, {start}), s.code) AS code, "
        f"coalesce(substr(r.name, {start}), s.name) AS name, "
        "CAST(s.records AS BIGINT) AS records, CAST(s.sources AS BIGINT) AS sources "
        f"FROM {table}_sums AS s LEFT JOIN owners AS o ON o.entity = s.entity "
        f"LEFT JOIN {table}_registered AS r ON r.entity = s.entity"
    )
