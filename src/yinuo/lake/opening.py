"""Which engine works on the lake: DuckDB on this machine, or Spark on many.

pyspark is half a gigabyte that few need. It is loaded by name, and only where a master is named.
"""

import re
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from yinuo.kernel.errors import YinuoError
from yinuo.lake.engine import DuckDB, Engine
from yinuo.lake.spark import Spark

PARTITIONS = "spark.sql.shuffle.partitions"
OF_MANY_MACHINES = "200"
"""What Spark does where nobody says otherwise."""


class NoSpark(YinuoError):
    """A master is named, and pyspark is not installed."""

    code = "LAKE-E080"

    def __init__(self, master: str) -> None:
        step = "安装：pip install 'yinuo[spark]'，并装好 Java 17；不用 Spark 时去掉 YINUO_SPARK"
        super().__init__("没有安装 pyspark", place=master, next_step=step)


class BadMemory(YinuoError):
    """A limit of memory that is no number with a unit."""

    code = "LAKE-E082"

    def __init__(self, text: str) -> None:
        step = "写数字和单位，例如 YINUO_LAKE_MEMORY=4GB"
        super().__init__(f"内存上限“{text}”看不懂", place="YINUO_LAKE_MEMORY", next_step=step)


class SparkUnreachable(YinuoError):
    """Spark did not start, or its master did not answer."""

    code = "LAKE-E081"
    status = 503

    def __init__(self, master: str, why: str) -> None:
        step = "检查主节点地址、网络和 Java 17 后重试；已有的数据版本没有变"
        super().__init__(f"不能使用 Spark：{why}", place=master, next_step=step)


def memory_limit(text: str) -> str:
    """A limit as both engines read it, `512MB` or `4GB`. Raises `BadMemory`."""
    found = text.strip().upper()
    if re.fullmatch(r"[1-9][0-9]*[MG]B", found) is None:
        raise BadMemory(text)
    return found


@contextmanager
def opened(*, memory: str, temporary: Path, master: str = "") -> Iterator[Engine]:
    """An engine for the block: Spark at `master` (`local[2]`, `spark://host:7077`), else DuckDB.

    `memory` is DuckDB's limit or Spark's for its driver, as in `2GB`; what does not fit goes to a
    folder in `temporary`, or where `spark.local.dir` says. A master of many machines reads and
    writes the lake under the same path as this one. Raises `NoSpark`, `SparkUnreachable`.
    """
    if not master:
        with DuckDB(memory=memory, temporary=temporary) as engine:
            yield engine
        return
    session = _session(master, memory)
    try:
        yield Spark(session)
    finally:
        session.stop()


def _session(master: str, memory: str) -> Any:  # noqa: ANN401  # pyspark has no types
    """Raises `NoSpark`, `SparkUnreachable`."""
    if find_spec("pyspark") is None:
        raise NoSpark(master)
    refused = import_module("pyspark.errors").PySparkException
    broken = import_module("py4j.protocol").Py4JError
    builder = import_module("pyspark.sql").SparkSession.builder.master(master).appName("yinuo")
    for name, value in settings(master, memory).items():
        builder = builder.config(name, value)
    try:
        session = builder.getOrCreate()
    except (OSError, refused, broken) as error:
        raise SparkUnreachable(master, str(error).partition("\n")[0]) from error
    if master.startswith("local") and session.conf.get(PARTITIONS) == OF_MANY_MACHINES:
        session.conf.set(PARTITIONS, "8")
    return session


def settings(master: str, memory: str) -> Mapping[str, str]:
    """What a session is told; a cluster's own settings stand in its `spark-defaults.conf`."""
    told = {
        "spark.sql.session.timeZone": "UTC",
        "spark.driver.memory": memory.lower().removesuffix("b"),
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
        "spark.log.level": "ERROR",
    }
    if master.startswith("local"):
        told |= {
            "spark.driver.host": "127.0.0.1",
            "spark.driver.bindAddress": "127.0.0.1",
            "spark.pyspark.python": sys.executable,
        }
    return told
