"""The masks on real local Spark, by `mapInArrow`, row by row the same as here (make test-spark)."""

import os
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tests.rules.builders import ON, book, table
from tests.sparks import COMPILED, spark
from yinuo.rules.kinds import Kind
from yinuo.rules.screen import Wanted, screen
from yinuo.rules.spark import mapped
from yinuo.rules.table import HitPolicy

SOURCE = Path(__file__).resolve().parents[2] / "src"
ROWS = 5_000
GRADE = table({"分数": Kind.NUMBER}, [("≥ 90", "甲"), ("< 90", "乙")], name="评级", output="等级")
BENEFIT = table(
    {"等级": Kind.TEXT, "人均": Kind.NUMBER, "已满": Kind.MONTHS, "新建": Kind.TRUTH},
    [
        ("甲", "> 0.3", "-", "-", "100"),
        ("-", "-", "满3年", "是", "50"),
        ("乙", "-", "-", "空", "1"),
    ],
    name="奖励",
    output="奖金",
    kind=Kind.NUMBER,
    policy=HitPolicy.FIRST,
    default="0",
    sources={"收入": Kind.NUMBER, "人数": Kind.NUMBER, "成立": Kind.DATE},
    expressions={"人均": "收入 / 人数", "已满": "满月数(成立, 基准日)"},
)


@pytest.fixture(scope="module")
def session() -> Iterator[Any]:
    # Workers are processes of their own and find the package by this.
    os.environ["PYTHONPATH"] = os.pathsep.join([str(SOURCE), os.environ.get("PYTHONPATH", "")])
    rows = {"spark.sql.execution.arrow.maxRecordsPerBatch": "700"}
    with spark("UTC", {**COMPILED, **rows}) as started:
        yield started


def firms() -> pa.Table:
    def some(values: list[Any]) -> list[Any]:
        return [values[(row * 7 + row // 11) % len(values)] for row in range(ROWS)]

    incomes = [None, 0.3, 0.30000000000000004, 100.0, float("nan"), float("inf"), 1e300]
    days = [None, date(2023, 3, 1), date(2023, 3, 2), date(2020, 2, 29)]
    return pa.table(
        {
            "代码": pa.array(range(ROWS)),
            "分数": pa.array(some([None, Decimal("90.00"), Decimal("89.99")]), pa.decimal128(8, 2)),
            "收入": pa.array(some(incomes), pa.float64()),
            "人数": pa.array(some([None, 0, 1, 3, 2**62]), pa.int64()),
            "成立": pa.array(some(days), pa.date32()),
            "新建": pa.array(some([None, True, False]), pa.bool_()),
        }
    )


def test_spark_gives_every_row_the_same_answer(session: Any, tmp_path: Path) -> None:
    data, out = tmp_path / "firms.parquet", tmp_path / "result.parquet"
    found = firms()
    pq.write_table(found, data)
    rules = book(GRADE, BENEFIT)
    work, schema = mapped(rules, on=ON, schema=found.schema, keep=("代码",))
    frame = session.read.parquet(str(data)).repartition(3).mapInArrow(work, schema)
    theirs = sorted((row.asDict() for row in frame.collect()), key=lambda row: row["代码"])
    screen(rules, data=data, out=out, on=ON, wanted=Wanted(keep=("代码",)))
    ours = pq.read_table(out).to_pylist()
    assert len(theirs) == ROWS
    assert {row["奖励.状态"] for row in ours} == {"命中", "默认", "未定"}
    assert theirs == ours
