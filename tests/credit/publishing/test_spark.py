"""Releases on real local Spark: the content of DuckDB's, to the last fact (make test-spark)."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from tests.credit.landed import (
    LISTING,
    PENALTY,
    REGISTRATION,
    SOURCES,
    arrived,
    code,
    key,
    land,
    record_id,
    resolved,
    row,
)
from tests.sparks import spark
from yinuo.credit.publishing.publish import publish, publish_delta
from yinuo.credit.serving.reading import Serving
from yinuo.lake.engine import DuckDB, Engine
from yinuo.lake.records.batch import RecordBatch
from yinuo.lake.releases.layers import read_entities, read_facts
from yinuo.lake.releases.release import Release
from yinuo.lake.spark import Spark

AT = datetime(2026, 11, 29, tzinfo=UTC)
FIRST, SECOND = date(2026, 11, 1), date(2026, 11, 2)


@pytest.fixture(scope="module")
def session() -> Iterator[Any]:
    with spark() as started:
        yield started


def first_day(lake: Path) -> list[RecordBatch]:
    firms = [row(REGISTRATION, str(n), n, decided_on=date(2020, 1, n)) for n in range(1, 9)]
    penalties = [
        row(PENALTY, f"p{n}", n % 11 or None, decided_on=date(2024, 1, n), fine=n * 100)
        for n in range(1, 30)
    ]
    penalties += [row(PENALTY, "none", None, name="无码'商行", state=None)]
    return [
        land(lake, REGISTRATION, firms, on=FIRST),
        land(lake, PENALTY, penalties, on=FIRST),
        land(lake, LISTING, [row(LISTING, "x", 3), row(LISTING, "y", 2)], on=FIRST),
    ]


def second_day(lake: Path, first: list[RecordBatch]) -> list[RecordBatch]:
    earlier = {batch.source: [batch.id] for batch in first}
    penalties = [
        row(PENALTY, "p3", 3, decided_on=date(2024, 1, 3), fine=999),
        row(PENALTY, "p4", 4, revoked=True),
        row(PENALTY, "q", 5, decided_on=date(2024, 5, 5), fine=1),
    ]
    seen = [record_id(PENALTY, "p5")]
    listed = [record_id(LISTING, "x")]
    return [
        land(lake, PENALTY, penalties, on=SECOND, seen=seen, compared_with=earlier["penalty"]),
        land(
            lake,
            LISTING,
            [row(LISTING, "z", 2)],
            on=SECOND,
            seen=listed,
            compared_with=earlier["listing"],
        ),
    ]


def both_days(engine: Engine, lake: Path) -> tuple[Release, Release, Release]:
    """The first day, the second as a layer upon it, and both as a whole."""
    batches = first_day(lake)
    given: dict[str, Any] = {"lake": lake, "sources": SOURCES, "salt": "test", "at": AT}
    before = resolved(lake / "before", moved={key(9): key(3)})
    first = publish(engine=engine, batches=arrived(batches), resolution=before, **given)
    batches += second_day(lake, batches)
    after = resolved(
        lake / "after",
        moved={key(9): key(3), key(8): key(7)},
        assigned={record_id(PENALTY, "none"): key(2)},
    )
    given |= {"batches": arrived(batches), "resolution": after}
    layer = publish_delta(engine=engine, previous=first, **given)
    return first, layer, publish(engine=engine, **given)


def content(release: Release) -> dict[str, list[dict[str, Any]]]:
    """Facts and entities as they lie in the files of all layers, by engine DuckDB.

    Without the sayings of facts: each engine has its own numbers for them.
    """
    found: dict[str, list[dict[str, Any]]] = {}
    with DuckDB() as engine:
        for source, state in release.sources.items():
            shared = tuple(each for each in state.columns if each != "saying")
            read_facts(engine, release.layer_folders, source, shared, "facts")
            found[source] = [
                dict(zip(shared, each, strict=True))
                for each in engine.ask("SELECT * FROM facts ORDER BY record")
            ]
        columns = ("entity", "kind", "key", "code", "name", "records", "sources")
        read_entities(engine, release.layer_folders, columns, "entities")
        found["entities"] = [
            dict(zip(columns, each, strict=True))
            for each in engine.ask("SELECT * FROM entities ORDER BY entity")
        ]
    return found


def test_spark_publishes_what_duckdb_publishes(session: Any, tmp_path: Path) -> None:
    theirs = both_days(Spark(session), tmp_path / "spark")
    with DuckDB() as engine:
        ours = both_days(engine, tmp_path / "duckdb")
    assert [each.digest for each in theirs] == [each.digest for each in ours]
    assert [each.joined for each in theirs] == [each.joined for each in ours]
    assert [len(each.layers) for each in theirs] == [1, 2, 1]
    assert theirs[1].digest == theirs[2].digest
    for one, other in zip(theirs, ours, strict=True):
        assert content(one) == content(other)
    for source, state in theirs[0].sources.items():
        for path in (theirs[0].folder / "facts" / source).glob("*.parquet"):
            assert tuple(pq.read_schema(path).names) == state.columns
    with Serving(theirs[1].folder) as served, Serving(ours[1].folder) as mine:
        assert served.by_code(code(3)) == mine.by_code(code(9)) is not None
