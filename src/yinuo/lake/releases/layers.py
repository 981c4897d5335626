"""Layers: a later one wins by record, and takes away what it calls gone."""

from collections.abc import Sequence
from pathlib import Path

from yinuo.lake.engine import Engine
from yinuo.lake.releases.release import ENTITIES, FACTS, GONE, SAYINGS


def fact_files(layer: Path, source: str) -> tuple[Path, ...]:
    """Parquet files of a source in the folder of a layer."""
    return _files(layer / FACTS / source)


def entity_files(layer: Path) -> tuple[Path, ...]:
    """Parquet files of entities in the folder of a layer."""
    return _files(layer / ENTITIES)


def saying_files(layer: Path) -> tuple[Path, ...]:
    """Parquet files of sayings in the folder of a layer."""
    return _files(layer / SAYINGS)


def _files(folder: Path) -> tuple[Path, ...]:
    return tuple(sorted(folder.glob("*.parquet")))


def read_facts(
    engine: Engine,
    layers: Sequence[Path],
    source: str,
    columns: Sequence[str],
    table: str,
    *,
    packed: bool = False,
) -> None:
    """Make some columns of the facts of a source, over all layers, a table of this name.

    `layers` are folders, the oldest first, as `Release.layer_folders`; at least one has facts of
    the source. `columns` has `record` where there are several. `packed` as `Engine.read` has it.
    """
    arms: list[str] = []
    later: list[str] = []
    for at, layer in reversed([*enumerate(layers)]):
        if paths := fact_files(layer, source):
            engine.read(f"{table}_l{at}", paths, columns, packed=packed)
            arms.append(_unless(engine, f"{table}_l{at}", columns, "record", later))
            later.append(f"SELECT record FROM {table}_l{at}")  # noqa: S608  # our own names
        if paths := _files(layer / GONE):
            engine.read(f"{table}_g{at}", paths, ["source", "record"], packed=packed)
            where = f"source = {engine.dialect.text(source)}"
            later.append(f"SELECT record FROM {table}_g{at} WHERE {where}")  # noqa: S608
    engine.define(table, " UNION ALL ".join(arms))


def read_entities(
    engine: Engine,
    layers: Sequence[Path],
    columns: Sequence[str],
    table: str,
    *,
    packed: bool = False,
) -> None:
    """Make some columns of the entities, over all layers, a table of this name.

    An entity that has no records any more is not there. `packed` as `Engine.read` has it.
    """
    arms: list[str] = []
    later: list[str] = []
    wanted = sorted({*columns, "entity", "records"})
    for at, layer in reversed([*enumerate(layers)]):
        engine.read(f"{table}_l{at}", entity_files(layer), wanted, packed=packed)
        arm = _unless(engine, f"{table}_l{at}", columns, "entity", later)
        arms.append(f"{arm} {'AND' if later else 'WHERE'} t.records > 0")
        later.append(f"SELECT entity FROM {table}_l{at}")  # noqa: S608
    engine.define(table, " UNION ALL ".join(arms))


def _unless(
    engine: Engine, table: str, columns: Sequence[str], key: str, later: Sequence[str]
) -> str:
    """SQL: the rows of a table whose key no later table names."""
    said = ", ".join(f"t.{engine.dialect.name(column)}" for column in columns)
    rows = f"SELECT {said} FROM {table} AS t"  # noqa: S608
    if not later:
        return rows
    return (
        f"{rows} WHERE NOT EXISTS (SELECT 1 FROM ({' UNION ALL '.join(later)}) AS o "  # noqa: S608
        f"WHERE o.{key} = t.{key})"
    )
