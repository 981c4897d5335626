"""What linkage compares, out of the live records: descriptions without a code, and entities."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Protocol

from yinuo.credit.linking.settings import ROLES, LinkageSettings
from yinuo.credit.record_kinds import NEVER_LINKED
from yinuo.lake.engine import Engine
from yinuo.lake.records.description import Of, SourceDescription

NOTHING = "CAST(NULL AS STRING)"
FIRMS, PEOPLE = ("firm", "trader"), ("person",)


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
    """Registered firms and traders, holders of accounts, and people of whom a description speaks.

    Holders are those whose account stands in a description, people those whose name does.
    Columns: key and those of `preparing.RAW` without the id. One entity has several rows if it
    was written down in several ways.
    """
    engine.write(" UNION ".join(_entities(engine, live, settings)), into)


def _entities(engine: Engine, live: Sequence[Records], settings: LinkageSettings) -> Iterator[str]:
    for each in (some for some in live if some.source.kind == "registration"):
        yield (
            f"SELECT key, {described(engine, each, settings, 'code')} FROM {each.table} "  # noqa: S608  # our own names
            "WHERE key IS NOT NULL AND name IS NOT NULL AND subject <> 'person'"
        )
    for each in live:
        account = _field_of(each, settings.roles["account"])
        if account:
            column = engine.dialect.name(account)
            yield (
                f"SELECT key, {described(engine, each, settings, 'code')} FROM {each.table} "  # noqa: S608  # our own names
                f"WHERE key IS NOT NULL AND name IS NOT NULL AND {column} IN "
                f"(SELECT {column} FROM {each.table} WHERE key IS NULL)"
            )
    people = [each for each in live if each.source.subject not in FIRMS]
    nameless = " UNION ".join(
        f"SELECT name FROM {each.table} WHERE key IS NULL AND subject = 'person'"  # noqa: S608  # our own names
        for each in people
    )
    for each in people:
        yield (
            f"SELECT key, {described(engine, each, settings, 'code')} FROM {each.table} "  # noqa: S608  # our own names
            f"WHERE substr(key, 1, 2) = 'p:' AND name IN ({nameless})"
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
