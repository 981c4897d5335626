"""The profile of a whole release: its facts over all layers, counted, and written as Parquet."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from pathlib import Path

from yinuo.credit.profile.build import build, write
from yinuo.credit.profile.figures import DERIVED, NEEDED, Figure, derives
from yinuo.credit.profile.terms import Regime
from yinuo.lake.engine import Engine
from yinuo.lake.records.description import SourceDescription
from yinuo.lake.releases.layers import read_entities, read_facts
from yinuo.lake.releases.release import Release


def profile_release(
    *,
    engine: Engine,
    release: Release,
    sources: Mapping[str, SourceDescription],
    figures: Sequence[Figure],
    regime: Regime,
    on: date,
    into: Path,
) -> None:
    """Write the profile of every entity of a release into a new folder, as of a day.

    Only the columns that a figure needs are read. Raises `NoFacts`, and `OSError` where the
    folder cannot be written.
    """
    facts: dict[str, str] = {}
    layers = release.layer_folders
    for name in sorted(release.sources.keys() & sources.keys()):
        columns = _columns(sources[name], figures)
        if columns:
            facts[name] = f"given_{name.replace('-', '_')}"
            read_facts(engine, layers, name, columns, facts[name])
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
