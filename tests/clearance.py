"""A small log of declarations in the small city: made up, taken in by 旅顺口区, measured once.

Measuring asks DuckDB some hundred questions however few the events are, so tests share its answer.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from functools import cache
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

import pytest
from django.conf import settings

from tests.city import JULY, LUSHUN, MARCH, City
from yinuo.content.commands import approve_publication, ask_publication, keep
from yinuo.goals.commands import port as commands
from yinuo.goals.commands.port import Loaded, Means
from yinuo.goals.in_force.clearance import NAME
from yinuo.goals.port.catalogue import Catalogue, read
from yinuo.goals.port.measuring import measure_all
from yinuo.goals.port.simulation import simulate
from yinuo.goals.port.stored import Result
from yinuo.kernel.calendar import Calendar
from yinuo.kernel.content import content_dir
from yinuo.kernel.filestore import FileStore

FIRST, LAST = date(2023, 5, 1), date(2024, 6, 30)
EVENTS = 14_000
_MEASURED: dict[tuple[object, ...], Result] = {}


@cache
def shipped() -> Catalogue:
    """The catalogue that comes with Yinuo."""
    return read([content_dir()])


@cache
def _calendar() -> Calendar:
    return Calendar.load(content_dir() / "calendars" / "china.csv")


@cache
def log_file(seed: int = 1, *, dirty: bool = True, ending: str = ".csv") -> Path:
    """A made-up log; the same file for the same arguments."""
    path = Path(mkdtemp(dir=settings.HOME)) / f"log-{seed}{ending}"
    simulate(events=EVENTS, out=path, seed=seed, dirty=dirty, first=FIRST, last=LAST)
    return path


def means() -> Means:
    """Where things lie in the test's home."""
    settings.YINUO_LAKE.mkdir(exist_ok=True)
    return Means(
        lake=settings.YINUO_LAKE,
        store=FileStore(settings.YINUO_FILES),
        catalogue=shipped(),
        calendar=_calendar(),
        made_with="0.test",
    )


@contextmanager
def measured_once() -> Iterator[None]:
    """Measure the same batches by the same rules only once in a run of tests."""

    def once(batches: Any, **given: Any) -> Result:
        key = (*(batch.id for batch in batches), str(given["clearing"]))
        if key not in _MEASURED:
            _MEASURED[key] = measure_all(batches, **given)
        return _MEASURED[key]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(commands, "measure_all", once)
        yield


def publish_rules(city: City) -> int:
    """The shipped rules of clearance, in force from March on."""
    files = FileStore(settings.YINUO_FILES)
    data = (content_dir() / NAME).read_bytes()
    kept = keep(name=NAME, data=data, valid_from=MARCH.date(), store=files)
    number = ask_publication(kept=kept, reason="发布", store=files, by=city["admin"], at=MARCH)
    approve_publication(number=number, store=files, by=city["admin2"], at=MARCH)
    return number


def load_log(
    city: City, *paths: Path, who: str = "lushun", simulated: bool = True, at: datetime = JULY
) -> Loaded:
    """Take in a log for 旅顺口区, measured once."""
    files = paths or (log_file(),)
    with measured_once():
        return commands.load(
            files=files,
            names=[path.name for path in files],
            unit=LUSHUN,
            simulated=simulated,
            means=means(),
            by=city[who],
            at=at,
            mixed_zones=True,
        )


def put_port(city: City, *, released: bool = False) -> Loaded:
    """Rules, a log and its result; released by a supervisor if asked."""
    publish_rules(city)
    done = load_log(city)
    if released:
        commands.release(result=done.result, by=city["supervisor"], at=JULY)
    return done
