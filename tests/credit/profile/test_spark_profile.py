"""Profiles on real local Spark: to the last value what DuckDB says (make test-spark)."""

import os
import sys
from collections.abc import Iterator
from typing import Any

import pyspark.sql
import pytest

from tests.credit.profile.shipped import SOURCES, entity, facts
from tests.credit.profile.test_build import KINDS, profiled
from yinuo.lake.engine import DuckDB
from yinuo.lake.spark import Spark


@pytest.fixture(scope="module")
def session() -> Iterator[Any]:
    os.environ["PYSPARK_PYTHON"] = sys.executable
    builder = pyspark.sql.SparkSession.builder.master("local[2]").appName("yinuo")
    settings = {
        "spark.ui.enabled": "false",
        "spark.driver.host": "127.0.0.1",
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.sql.session.timeZone": "America/Lima",
        "spark.sql.shuffle.partitions": "2",
        "spark.sql.codegen.wholeStage": "false",
        "spark.sql.adaptive.enabled": "false",
    }
    for name, value in settings.items():
        builder = builder.config(name, value)
    spark = builder.getOrCreate()
    yield spark
    spark.stop()


def test_spark_and_duckdb_say_the_same(session: Any) -> None:
    kinds = {entity(n): KINDS[n % len(KINDS)] for n in range(40)}
    every = {
        name: facts(7, entities=40, rows=200, source=source) for name, source in SOURCES.items()
    }
    with DuckDB(threads=1) as engine:
        expected = profiled(engine, every, kinds)
    assert profiled(Spark(session), every, kinds) == expected
