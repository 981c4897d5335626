"""Durations on real local Spark: to the last microsecond what DuckDB says (make test-spark)."""

import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.lake.logs import AS_OF, EDGES, GROUPS, LOG, MONTH, WORKING
from tests.lake.oracle import Event, differences, measure_slowly, write
from tests.sparks import spark
from yinuo.lake.durations.measuring import measure
from yinuo.lake.engine import DuckDB
from yinuo.lake.spark import Spark
from yinuo.lake.trimming import Fences, LongestShare

QUARTER = 900_000_000
FIRST = 1_706_572_800_000_000


@pytest.fixture(scope="module")
def session() -> Iterator[Any]:
    with spark() as started:
        yield started


def random_log(seed: int, cases: int) -> list[Event]:
    """Cases of every sort: with ties, steps at once, repeats, no end, end before start."""
    chance = random.Random(seed)  # noqa: S311  # made-up rows
    found = []
    for number in range(cases):
        begin = FIRST + chance.randrange(MONTH) * QUARTER
        for step in ("运抵", "申报", "查验", "税费", "改单", "放行"):
            for _ in range(chance.choice((0, 1, 1, 1, 2))):
                us = begin + chance.randrange(0, 400) * QUARTER + chance.choice((0, 0, 1))
                if step == "运抵":
                    us = begin + chance.choice((0, 0, 0, 300)) * QUARTER
                life = chance.choice(("complete", "complete", "start"))
                attributes = (
                    chance.choice(("进", "进", "进", "进", "出", None)),
                    chance.choice(("海运", "海运", "空运'", None)),
                )
                found.append(Event(f"{number:04}", step, us, life, attributes))
    found += found[:20]
    chance.shuffle(found)
    return found


def test_spark_says_what_duckdb_says(session: Any, tmp_path: Path) -> None:
    found = random_log(1, cases=150)
    path = write(found, LOG, tmp_path / "log.parquet")
    wanted: dict[str, Any] = {
        "trim": Fences(500),
        "groups": GROUPS[1:2],
        "as_of": AS_OF,
        "calendar": WORKING[2],
    }
    wanted |= {"smallest": 2, "edges": EDGES, "variants": 5}
    theirs = measure([path], log=LOG, engine=Spark(session), **wanted)
    with DuckDB() as engine:
        ours = measure([path], log=LOG, engine=engine, **wanted)
    assert differences(theirs, ours) == []
    assert differences(ours, measure_slowly(found, log=LOG, **wanted)) == []
    assert ours.measures[0].whole.stats.count > 10
    assert ours.changed
    assert session.catalog.listTables() == []


def test_an_empty_log_has_no_figures(session: Any, tmp_path: Path) -> None:
    path = write([], LOG, tmp_path / "log.parquet")
    wanted: dict[str, Any] = {"trim": LongestShare(10), "groups": GROUPS[:1], "as_of": AS_OF}
    theirs = measure([path], log=LOG, engine=Spark(session), **wanted)
    assert differences(theirs, measure_slowly([], log=LOG, **wanted)) == []
    assert theirs.measures[0].whole.stats.mean is None
