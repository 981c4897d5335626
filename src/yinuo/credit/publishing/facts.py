"""Facts: live records with the entity each belongs to, and how that is known."""

from pathlib import Path

import pyarrow.parquet as pq

from yinuo.credit.resolving import tables
from yinuo.lake.engine import Engine
from yinuo.lake.records.description import SourceDescription
from yinuo.lake.records.schema import record_schema

_SEEN = ("batch", "first_seen", "last_seen")
OWN = ("entity", "how", "saying", *_SEEN)
OWN_HASH = ("record", "content", "entity")
ALIKE = ("how", "batch", "first_seen", "last_seen")
"""What many facts say alike."""
HASHED = (*OWN_HASH, *ALIKE)
"""What tells two facts apart: `content` is the hash of all fields of the record."""
CODE, NONE = "code", "none"
SAYS = ("key", "code", "subject", "name")
"""What a fact says of its entity; all of it is told by one number, the `saying` of the fact."""
_WHOLE_CODE = 18
"""Characters of a USCC and of a resident number."""
_ZEROS = "0" * 29
_PREFIXES = 16**3
"""Of three digits, which the opaque id of an entity begins with."""


def fact_columns(source: SourceDescription) -> tuple[str, ...]:
    """The columns of facts, in their order."""
    return (*OWN, *record_schema(source).names)


def says(how: str, alias: str = "") -> dict[str, str]:
    """SQL of what a fact says of its entity, by `SAYS`; `how` is how it was joined.

    key and code (a whole one) are those by which it was joined, NULL where it was otherwise.
    """
    key, code, subject, name = (f"{alias}{each}" for each in SAYS)
    by_code = f"{how} = '{CODE}'"
    whole = f"{by_code} AND length({code}) = {_WHOLE_CODE}"
    said = (f"CASE WHEN {by_code} THEN {key} END", f"CASE WHEN {whole} THEN {code} END")
    return dict(zip(SAYS, (*said, subject, name), strict=True))


def entity_of(engine: Engine, owner: str, salt: str) -> str:
    """SQL: the opaque id, as a name, of the entity whose effective key the text `owner` is."""
    salted = f"{engine.dialect.text(salt + '|')} || {owner}"
    return engine.dialect.entity_of.format(engine.dialect.sha256.format(f"({salted})"))


def entity_ranges(engine: Engine, parts: int) -> tuple[str, ...]:
    """SQL conditions that cut entities into so many parts of about the same size."""
    bounds = [
        engine.dialect.entity_of.format(f"'{number * _PREFIXES // parts:03x}{_ZEROS}'")
        for number in range(1, parts)
    ]
    above = ["", *(f"entity >= {bound}" for bound in bounds)]
    below = [*(f"entity < {bound}" for bound in bounds), ""]
    return tuple(
        " AND ".join(filter(None, each)) or "true" for each in zip(above, below, strict=True)
    )


def read_resolution(engine: Engine, folder: Path, suffix: str = "") -> None:
    """Make the resolution beside a release the tables `moved` and `assigned`, with a suffix.

    Records are names, as `Engine.read` packs them, as in all tables that facts are made of.
    `into`, which is a word of SQL, is called `goal` in them.
    """
    moved, assigned = f"moved{suffix}", f"assigned{suffix}"
    engine.read(f"{moved}_said", [folder / tables.MOVED], tables.SCHEMAS[tables.MOVED].names)
    goal = engine.dialect.name("into")
    engine.define(moved, f"SELECT key, {goal} AS goal, why, evidence FROM {moved}_said")  # noqa: S608
    columns = tables.SCHEMAS[tables.ASSIGNED].names
    engine.read(f"{assigned}_said", [folder / tables.ASSIGNED], columns, packed=True)
    engine.keep(assigned, f"SELECT * FROM {assigned}_said")  # noqa: S608


def find_goals(engine: Engine, keys: str = "") -> None:
    """Make the table `goals` that `place` asks for, of all keys or of those that a query finds."""
    where = f" WHERE key IN ({keys})" if keys else ""
    engine.keep("goals", f"SELECT key, goal, why FROM moved{where}")  # noqa: S608  # our own names


def place(
    engine: Engine, source: SourceDescription, live: str, table: str, *, salt: str, resolution: Path
) -> None:
    """Make the facts of a source a table of this name, from its live records.

    Asks for `read_resolution` and `find_goals`.
    """
    owner, how, joins = "l.key", f"CASE WHEN l.key IS NULL THEN '{NONE}' ELSE '{CODE}' END", ""
    if _rows(resolution / tables.MOVED):
        owner = f"coalesce(m.goal, {owner})"
        how = f"coalesce(m.why, {how})"
        joins += " LEFT JOIN goals AS m ON m.key = l.key"
    if _rows(resolution / tables.ASSIGNED):
        owner = f"coalesce(a.key, {owner})"
        how = f"coalesce(a.how, {how})"
        joins += " LEFT JOIN assigned AS a ON a.record = l.record"
    nameless = f"'n:' || {engine.dialect.name_text.format('l.record')}"
    entity = entity_of(engine, f"coalesce({owner}, {nameless})", salt)
    saying = engine.dialect.hash64(tuple(says(how, "l.").values()))
    said = ", ".join(
        f"l.{engine.dialect.name(each)}" for each in (*_SEEN, *record_schema(source).names)
    )
    engine.define(
        table,
        f"SELECT {entity} AS entity, {how} AS how, {saying} AS saying, {said} "  # noqa: S608  # our own names
        f"FROM {live} AS l{joins}",
    )


def _rows(path: Path) -> int:
    return pq.read_metadata(path).num_rows if path.is_file() else 0
