"""Profiles of a small lake made the real way: simulated, landed, published, opened."""

from collections import Counter
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from tests.credit.landed import resolved
from tests.credit.profile.shipped import FIGURES, ON, REGIME, SOURCES
from yinuo.credit.profile.releasing import profile_release
from yinuo.credit.profile.single import given, profile_of
from yinuo.credit.publishing.arriving import arrivals
from yinuo.credit.publishing.publish import publish
from yinuo.credit.serving.reading import Serving
from yinuo.credit.simulation.simulate import simulate
from yinuo.credit.simulation.systems.catalogue import BY_ID
from yinuo.lake.engine import DuckDB
from yinuo.lake.records.landing import land
from yinuo.lake.releases.release import Release

AT = datetime(2026, 11, 28, tzinfo=UTC)
RECORDS = 4_000
RARE = frozenset(
    {
        *("在公示期严重处罚数", "近一年轻微处罚数", "未定级处罚数", "已期满处罚数"),
        *("近三年合同违约数", "严重失信在列数", "守信激励数"),
        *("本市承诺兑现数", "本市承诺逾期兑现数", "本市承诺未兑现数"),
    }
)
"""In so few simulated records there may be none; of honours there is no source yet, and promises
kept or broken here are not simulated as files."""


@pytest.fixture(scope="module")
def release(tmp_path_factory: pytest.TempPathFactory) -> Release:
    lake, out = tmp_path_factory.mktemp("lake"), tmp_path_factory.mktemp("out")
    simulate(records=RECORDS, out=out, seed=7, on=date(2026, 11, 28))
    batches = {}
    for name in BY_ID:
        source = SOURCES[name]
        files = sorted(path for path in out.rglob("*") if path.is_file() and _is_of(path, name))
        batch = land(files, source=source, lake=lake, at=AT)
        batches[name] = arrivals(source, [batch])
    with DuckDB(threads=2) as engine:
        return publish(
            engine=engine,
            lake=lake,
            sources=list(SOURCES.values()),
            batches=batches,
            resolution=resolved(lake / "resolution"),
            salt="test",
            at=AT,
        )


def _is_of(path: Path, name: str) -> bool:
    return path.parent.name == name or path.name.split(".")[0] == name


@pytest.fixture(scope="module")
def rows(release: Release, tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, Any]]:
    into = tmp_path_factory.mktemp("profile") / "profile"
    with DuckDB(threads=2) as engine:
        profile_release(
            engine=engine,
            release=release,
            sources=SOURCES,
            figures=FIGURES,
            regime=REGIME,
            on=ON,
            into=into,
        )
    return {row["entity"]: row for row in pq.read_table(into).to_pylist()}


def test_every_entity_has_one_row(release: Release, rows: dict[str, Any]) -> None:
    assert len(rows) == release.entities.rows
    kinds = Counter(row["kind"] for row in rows.values())
    assert set(kinds) >= {"firm", "trader", "person"}


def test_figures_are_those_of_the_documents(release: Release, rows: dict[str, Any]) -> None:
    known = {name: SOURCES[name] for name in release.sources}
    with Serving(release.folder) as serving:
        for entity, row in rows.items():
            document = serving.by_entity(entity)
            assert document is not None
            told = profile_of(document, sources=known, figures=FIGURES, regime=REGIME, on=ON)
            expected = given(told, document["kind"])
            for figure in told:
                shown = [document["facts"].get(name) for name in figure.figure.sources]
                if any(each and each["count"] > len(each["rows"]) for each in shown):
                    expected.pop(figure.figure.name)
            assert {name: row[name] for name in expected} == expected


def test_figures_differ_between_entities(rows: dict[str, Any]) -> None:
    """One that is the same for everybody was taken from the wrong field, or is rare here."""
    flat = {
        figure.name
        for figure in FIGURES
        if len({row[figure.name] for row in rows.values() if row[figure.name] is not None}) < 2
    }
    assert flat <= RARE
