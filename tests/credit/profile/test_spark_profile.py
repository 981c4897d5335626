"""Profiles on real local Spark: to the last value what DuckDB says (make test-spark)."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.credit.profile.shipped import SOURCES, entity, facts
from tests.credit.profile.test_build import KINDS, profiled
from tests.sparks import spark
from yinuo.lake.engine import DuckDB
from yinuo.lake.spark import Spark


@pytest.fixture(scope="module")
def session() -> Iterator[Any]:
    with spark() as started:
        yield started


def test_spark_and_duckdb_say_the_same(session: Any) -> None:
    kinds = {entity(n): KINDS[n % len(KINDS)] for n in range(40)}
    every = {
        name: facts(7, entities=40, rows=200, source=source) for name, source in SOURCES.items()
    }
    with DuckDB(threads=1) as engine:
        expected = profiled(engine, every, kinds)
    assert profiled(Spark(session), every, kinds) == expected
