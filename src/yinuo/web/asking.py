"""What may be asked of credit, by whom, and by which published tables it is answered."""

import time
from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from pathlib import Path

from django.conf import settings

from yinuo.content.queries import InForce, public_book, public_in_force
from yinuo.credit.answering import provide
from yinuo.credit.errors.asking import NoScenarioTable
from yinuo.credit.queries.asking import Asking
from yinuo.credit.scenarios.deciding import Prepared, prepare
from yinuo.credit.scenarios.definition import ASKERS, Scenario, read_askers, read_scenario
from yinuo.kernel.content import content_dir, content_file
from yinuo.web.credit import figures, means, regime

FOLDER = "scenarios"
MOST_KEPT = 32


def _files() -> tuple[Path, ...]:
    """One file a scenario: the city's own where it has one, else the shipped one."""
    found: dict[str, Path] = {}
    for folder in (content_dir() / FOLDER, settings.YINUO_CONTENT / FOLDER):
        found |= {path.stem: path for path in sorted(folder.glob("*.toml"))}
    return tuple(found[name] for name in sorted(found))


def _ages(*paths: Path) -> tuple[int, ...]:
    return tuple(path.stat().st_mtime_ns if path.is_file() else 0 for path in paths)


@lru_cache(maxsize=4)
def _scenarios(paths: tuple[Path, ...], _ages: tuple[int, ...]) -> Mapping[str, Scenario]:
    return {path.stem: read_scenario(path.read_bytes(), id=path.stem) for path in paths}


def scenarios() -> Mapping[str, Scenario]:
    """The questions that may be asked, by id, read once a change. Raises `BadScenario`."""
    paths = _files()
    return _scenarios(paths, _ages(*paths))


@lru_cache(maxsize=4)
def _askers(path: Path, _ages: tuple[int, ...]) -> Mapping[str, frozenset[str]]:
    return read_askers(path.read_bytes(), file=path.name)


def askers() -> Mapping[str, frozenset[str]]:
    """Unit → as what it may ask. Raises `BadTable`."""
    path = content_file(FOLDER, ASKERS, own=settings.YINUO_CONTENT)
    return _askers(path, _ages(path))


@lru_cache(maxsize=MOST_KEPT)
def _prepared(scenario: Scenario, published: InForce, on: date) -> Prepared:
    return prepare(scenario, public_book(published), on)


def prepared(scenario: Scenario, on: date) -> Prepared:
    """The decision table of a scenario as published for a day.

    Raises `NoScenarioTable`, `ScenarioTableUnfit`, `FileMissing`, `TablesRefused`.
    """
    published = public_in_force(f"tables/{scenario.table}.xlsx", on=on)
    if published is None:
        raise NoScenarioTable(scenario.id, scenario.table, on)
    return _prepared(scenario, published, on)


def asking() -> Asking:
    """Everything that answering needs; files that changed count within a second."""
    places = settings.YINUO_LAKE, settings.YINUO_READS, settings.YINUO_CONTENT
    return _asking(int(time.monotonic()), places, settings.YINUO_CREDIT_CENTRE)


@lru_cache(maxsize=2)
def _asking(_second: int, _places: tuple[Path, ...], _centre: str) -> Asking:
    return Asking(
        means=means(),
        scenarios=scenarios(),
        askers=askers(),
        figures=figures(),
        regime=regime(),
        prepared=prepared,
    )


provide(asking)
