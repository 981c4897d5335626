"""What linkage compares, out of the live records: descriptions without a code, and entities."""

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, Protocol

import pyarrow as pa

from yinuo.credit.linking.folding import simplified, writings
from yinuo.credit.linking.settings import ROLES, LinkageSettings
from yinuo.credit.record_kinds import NEVER_LINKED
from yinuo.lake.engine import Engine
from yinuo.lake.records.description import Of, SourceDescription

NOTHING = "CAST(NULL AS STRING)"
FIRMS = ("firm", "trader")
_TWICE = 2


class Records(Protocol):
    """Live records of a source, as a table of an engine."""

    @property
    def source(self) -> SourceDescription:
        """Its description."""

    @property
    def table(self) -> str:
        """Name of the table."""


def export_descriptions(
    engine: Engine, live: Sequence[Records], settings: LinkageSettings, into: Path
) -> None:
    """Live records that bear no code and have a name, as Parquet in a new folder.

    Columns: record, never (whether a model alone may not place it), and those of `preparing.RAW`
    without the id.
    """
    engine.write(
        " UNION ALL ".join(
            f"SELECT record, {'true' if each.source.kind in NEVER_LINKED else 'false'} AS never, "  # noqa: S608  # our own names
            f"{described(engine, each, settings, _written(engine, each))} FROM {each.table} "
            "WHERE key IS NULL AND name IS NOT NULL"
            for each in live
        ),
        into,
    )


def export_entities(
    engine: Engine, live: Sequence[Records], settings: LinkageSettings, into: Path
) -> None:
    """Whom a description may mean, as Parquet in a new folder.

    Registered firms and traders; holders of an account that stands in a description; people, and
    firms in any source, whose name does. Columns: key and those of `preparing.RAW` without the
    id. One entity has several rows if it was written down in several ways.
    """
    if not live:
        return
    _hold_described(engine, live)
    parts = [
        *_registered(engine, live, settings),
        *_holders(engine, live, settings),
        *_people(engine, live, settings),
        _elsewhere(live),
    ]
    engine.write(" UNION ".join(parts), into)
    engine.forget(["described", "described_as"])


def _hold_described(engine: Engine, live: Sequence[Records]) -> None:
    """Table described: names without a code, as written and as registers may write them.

    Of firms, which are found in other ways too, in simplified characters; of people, who are looked
    for by name alone, in traditional ones and mixed as well.
    """
    engine.keep(
        "described_as",
        " UNION ".join(
            f"SELECT DISTINCT subject = 'person' AS person, name FROM {each.table} "  # noqa: S608  # our own names
            "WHERE key IS NULL AND name IS NOT NULL"
            for each in live
        ),
    )
    asked = engine.ask("SELECT DISTINCT person, name FROM described_as")
    engine.hold("described_otherwise", _otherwise(asked))
    engine.keep(
        "described",
        "SELECT person, name FROM described_as UNION SELECT person, name FROM described_otherwise",
    )
    engine.forget(["described_otherwise"])


def _otherwise(asked: Iterable[Sequence[Any]]) -> pa.Table:
    """The other ways to write these names; columns person, name."""
    table = simplified()
    persons: list[bool] = []
    names: list[str] = []
    for person, name in asked:
        others = (writings(name) if person else {name.translate(table)}) - {name}
        persons += [person] * len(others)
        names += others
    return pa.table({"person": pa.array(persons, pa.bool_()), "name": pa.array(names, pa.string())})


def _registered(
    engine: Engine, live: Sequence[Records], settings: LinkageSettings
) -> Iterator[str]:
    for each in (some for some in live if some.source.kind == "registration"):
        yield (
            f"SELECT key, {described(engine, each, settings, 'code')} FROM {each.table} "  # noqa: S608  # our own names
            "WHERE key IS NOT NULL AND name IS NOT NULL AND subject <> 'person'"
        )


def _holders(engine: Engine, live: Sequence[Records], settings: LinkageSettings) -> Iterator[str]:
    for each in live:
        account = _field_of(each, settings.roles["account"])
        if account:
            column = engine.dialect.name(account)
            yield (
                f"SELECT key, {described(engine, each, settings, 'code')} FROM {each.table} "  # noqa: S608  # our own names
                f"WHERE key IS NOT NULL AND name IS NOT NULL AND {column} IN "
                f"(SELECT {column} FROM {each.table} WHERE key IS NULL)"
            )


def _people(engine: Engine, live: Sequence[Records], settings: LinkageSettings) -> Iterator[str]:
    for each in (some for some in live if some.source.subject not in FIRMS):
        yield (
            f"SELECT key, {described(engine, each, settings, 'code')} FROM {each.table} "  # noqa: S608  # our own names
            "WHERE substr(key, 1, 2) = 'p:' AND name IN (SELECT name FROM described WHERE person)"
        )


def _elsewhere(live: Sequence[Records]) -> str:
    """Names under which firms stand in other sources; once may be another's code by mistake."""
    rows = " UNION ALL ".join(
        f"SELECT key, subject, name, code FROM {each.table} WHERE substr(key, 1, 2) = 'o:' "  # noqa: S608  # our own names
        "AND name IN (SELECT name FROM described WHERE NOT person)"
        for each in live
    )
    nothing = ", ".join(f"{NOTHING} AS {role}" for role in ROLES)
    return (
        f"SELECT key, subject, name, {nothing}, max(code) AS written FROM ({rows}) r "  # noqa: S608  # our own names
        f"GROUP BY key, subject, name HAVING count(*) >= {_TWICE}"
    )


def described(engine: Engine, live: Records, settings: LinkageSettings, written: str) -> str:
    """SQL: the columns that are compared, null where a source has none; `written` is SQL too."""
    parts = ["subject", "name"]
    for role in ROLES:
        field = _field_of(live, settings.roles[role])
        column = f"CAST({engine.dialect.name(field)} AS STRING)" if field else NOTHING
        if role == "account" and field:
            # An account is one only within the system that opened it.
            column = f"concat({engine.dialect.text(live.source.id + ':')}, {column})"
        parts.append(f"{column} AS {role}")
    return ", ".join([*parts, f"{written} AS written"])


def _field_of(live: Records, names: Sequence[str]) -> str | None:
    return next((name for name in names if name in live.source.by_name), None)


def _written(engine: Engine, live: Records) -> str:
    """SQL: what stands where a code should, valid or not."""
    own = [
        engine.dialect.name(each.name) for each in live.source.identifiers if each.of is Of.SUBJECT
    ]
    return f"coalesce({', '.join(own)}, {NOTHING})" if own else NOTHING
