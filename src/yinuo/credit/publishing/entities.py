"""Entities: one row for everybody to whom a fact belongs.

What a fact says of its entity (key, code, subject, name) is told by one number, its `saying`. Most
entities have facts of one saying, whose texts stand in the row of the entity; those of all others
are kept beside the entities.
"""

from yinuo.credit.newest import REGISTRATION, day_of
from yinuo.credit.publishing.facts import SAYS, entity_of, entity_ranges, says
from yinuo.lake.engine import Engine
from yinuo.lake.records.description import SourceDescription

COLUMNS = ("entity", "kind", "key", "code", "name", "records", "sources")
MARK = ("low", "high")
"""Beside them: what an entity adds to the tally, so that a layer takes it away unread."""
SAYINGS = ("entity", "saying", *SAYS)
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
    `facts` is a table of what `summable` says; `<table>_sayings` is defined too, see
    `sum_up_alike`.
    """
    each = [f"{table}_{number}" for number in range(parts)]
    # Texts are of the key, though the saying tells them apart: keys spill, sums of texts do not.
    said = f"entity, saying, {', '.join(SAYS)}"
    for part, here in zip(each, entity_ranges(engine, parts), strict=True):
        engine.define(f"{part}_newest", f"SELECT * FROM {facts} WHERE {here}")  # noqa: S608
        # The one look at all facts: hardly more rows than entities.
        engine.keep(
            f"{part}_alike",
            f"SELECT {said}, count(*) AS n, bit_or(bit) AS bits FROM {part}_newest GROUP BY {said}",  # noqa: S608
        )
        sum_up_alike(engine, part)
    for kind in ("", "_sayings"):
        arms = (f"SELECT * FROM {part}{kind}" for part in each)  # noqa: S608
        engine.define(f"{table}{kind}", " UNION ALL ".join(arms))


def forget_sums(engine: Engine, table: str, *, parts: int = 1) -> None:
    """Drop what `sum_up` has laid down; its tables are of no use any more."""
    laid = ("", "_sayings", "_newest", "_alike", "_unlike", "_summed")
    of_parts = (f"{table}_{number}{each}" for number in range(parts) for each in laid)
    engine.forget([table, f"{table}_sayings", *of_parts])


def sum_up_alike(engine: Engine, table: str) -> None:
    """Define entities, from their facts grouped by what they say, as a table of this name.

    kind: as the newest registration says, else as the others do. code: the whole current one that
    the registration, else any record, bears. name: of the newest registration, else the most
    frequent one. sources: how many have facts of it.

    Asks for `say_owners` and for two tables: `<table>_alike` with entity, saying, the texts `SAYS`,
    n (facts) and bits (of their sources); `<table>_newest` with entity, the texts, and the day and
    record of registrations. `<table>_sayings` are then the sayings whose texts are not exactly
    those in the row of their entity.
    """
    engine.keep(
        f"{table}_unlike",
        f"SELECT entity AS it FROM {table}_alike GROUP BY entity HAVING count(*) > 1",  # noqa: S608
    )
    _sum_up_unlike(engine, table)
    engine.define(table, _entities(table))
    engine.define(f"{table}_sayings", _sayings(table))


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
        f"FROM {table}_newest WHERE record IS NOT NULL AND {here}) AS f GROUP BY entity"
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


_KEY = "coalesce(s.key, o.key)"
_KIND = f"CASE WHEN {_KEY} LIKE 'p:%' THEN 'person' ELSE coalesce(s.kind, 'unknown') END"


def _entities(table: str) -> str:
    return (
        f"SELECT s.entity, {_KIND} AS kind, {_KEY} AS key, s.code, s.name, "  # noqa: S608
        "CAST(s.records AS BIGINT) AS records, CAST(s.sources AS BIGINT) AS sources FROM ("
        "SELECT entity, subject AS kind, key, code, name, n AS records, bit_count(bits) AS sources "
        f"FROM {table}_alike AS a WHERE NOT EXISTS (SELECT 1 FROM {table}_unlike AS u "
        "WHERE u.it = a.entity) "
        "UNION ALL SELECT entity, kind, key, code, name, records, sources "
        f"FROM {table}_summed) AS s LEFT JOIN owners AS o ON o.entity = s.entity"
    )


def _sayings(table: str) -> str:
    """SQL: sayings of entities that have several, or one whose row says something else."""
    said = ", ".join(f"s.{name}" for name in SAYS if name != "subject")
    return (
        f"SELECT s.entity, s.saying, {said}, s.kind AS subject FROM (SELECT *, subject AS kind "  # noqa: S608
        f"FROM {table}_alike) AS s LEFT JOIN owners AS o ON o.entity = s.entity "
        f"WHERE s.entity IN (SELECT it FROM {table}_unlike) "
        f"OR s.kind IS DISTINCT FROM {_KIND} OR s.key IS DISTINCT FROM {_KEY}"
    )


def registered_of(source: SourceDescription) -> tuple[str, ...]:
    """The columns of the facts of a source of which the newest counts; of others none."""
    return ("record", day_of(source)) if source.kind == REGISTRATION else ()


def summable(engine: Engine, source: SourceDescription, number: int, table: str) -> str:
    """SQL: what `sum_up` asks of a table of facts of a source; `bit` tells which source.

    The texts are those of `says`. day and record (its digits) are those of registrations, by which
    the newest one is found.
    """
    day, record = "CAST(NULL AS DATE)", "CAST(NULL AS STRING)"
    if registered_of(source):
        day = engine.dialect.name(day_of(source))
        record = engine.dialect.name_text.format("record")
    said = ", ".join(f"{sql} AS {name}" for name, sql in says("how").items())
    return (
        f"SELECT entity, saying, {said}, {day} AS day, {record} AS record, "  # noqa: S608
        f"CAST({1 << number} AS BIGINT) AS bit FROM {table}"
    )
