"""The profile of a whole release: its facts over all layers, counted, and written as Parquet."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from pathlib import Path

import pyarrow as pa

from yinuo.credit.profile.build import build, write
from yinuo.credit.profile.figures import DERIVED, NEEDED, Figure, derives
from yinuo.credit.profile.terms import Regime
from yinuo.lake.engine import Engine
from yinuo.lake.records.description import SourceDescription
from yinuo.lake.releases.layers import read_entities, read_facts
from yinuo.lake.releases.release import Release

UNUSED = pa.schema([("record", pa.string()), ("batch", pa.string())])


def profile_release(
    *,
    engine: Engine,
    release: Release,
    sources: Mapping[str, SourceDescription],
    figures: Sequence[Figure],
    regime: Regime,
    on: date,
    into: Path,
    unused: Sequence[tuple[str, str]] = (),
) -> None:
    """Write the profile of every entity of a release into a new folder, as of a day.

    Only the columns that a figure needs are read. `unused`: (record, lake id of its batch, or empty
    for any) of records that count for nobody any more. Raises `NoFacts`, and `OSError` where the
    folder cannot be written.
    """
    facts: dict[str, str] = {}
    if unused:
        rows = [dict(zip(UNUSED.names, each, strict=True)) for each in unused]
        engine.hold("unused_records", pa.Table.from_pylist(rows, UNUSED))
    layers = release.layer_folders
    for name in sorted(release.sources.keys() & sources.keys()):
        columns = _columns(sources[name], figures)
        if columns:
            facts[name] = f"given_{name.replace('-', '_')}"
            _read_used(engine, layers, name, columns, facts[name], is_all=not unused)
    read_entities(engine, layers, ["entity", "kind"], "given_entities")
    build(
        engine=engine,
        facts=facts,
        entities="given_entities",
        sources=sources,
        figures=figures,
        regime=regime,
        on=on,
    )
    write(engine, into)


def _read_used(  # one call, above
    engine: Engine,
    layers: Sequence[Path],
    name: str,
    columns: Sequence[str],
    table: str,
    *,
    is_all: bool,
) -> None:
    """The facts of a source without the records in `unused_records`; all where there are none."""
    if is_all:
        read_facts(engine, layers, name, columns, table)
        return
    read_facts(engine, layers, name, [*columns, "batch"], f"{table}_all")
    engine.define(
        table,
        f"SELECT f.* FROM {table}_all AS f WHERE NOT EXISTS (SELECT 1 FROM unused_records AS u "  # noqa: S608  # our own names
        "WHERE u.record = f.record AND u.batch IN ('', f.batch))",
    )


def _columns(source: SourceDescription, figures: Iterable[Figure]) -> list[str]:
    """Those of its facts that figures are taken from; none where no figure is."""
    wanted: set[str] = set()
    is_wanted = False
    for figure in figures:
        if source.id in figure.sources:
            is_wanted = True
            wanted.add(figure.field_of(figure.value, source))
            wanted.add(figure.field_of(figure.dates, source))
            wanted.update(each.field for each in figure.conditions)
    if not is_wanted:
        return []
    needed = set(NEEDED) if derives(source) else set()
    return ["entity", "record", *sorted((wanted | needed) - {"", *DERIVED})]
