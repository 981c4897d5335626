"""Real Spark on this machine, set up for hundreds of statements over a few rows."""

import os
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from types import MappingProxyType
from typing import Any

import pyspark.sql

QUICK: Mapping[str, str] = MappingProxyType(
    {
        "spark.sql.shuffle.partitions": "2",
        # Compiling a statement takes longer than its rows.
        "spark.sql.codegen.wholeStage": "false",
        "spark.sql.adaptive.enabled": "false",
    }
)
COMPILED: Mapping[str, str] = MappingProxyType(
    {"spark.sql.codegen.wholeStage": "true", "spark.sql.adaptive.enabled": "true"}
)
"""As it runs in earnest: what is compiled must say the same."""
NONE: Mapping[str, str] = MappingProxyType({})


@contextmanager
def spark(zone: str = "America/Lima", more: Mapping[str, str] = NONE) -> Iterator[Any]:
    """A session, ended after the block; nothing may depend on the zone of whoever asks."""
    os.environ["PYSPARK_PYTHON"] = sys.executable
    builder = pyspark.sql.SparkSession.builder.master("local[2]").appName("yinuo")
    told = {
        "spark.ui.enabled": "false",
        "spark.driver.host": "127.0.0.1",
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.sql.session.timeZone": zone,
        **QUICK,
        **more,
    }
    for name, value in told.items():
        builder = builder.config(name, value)
    session = builder.getOrCreate()
    yield session
    session.stop()
