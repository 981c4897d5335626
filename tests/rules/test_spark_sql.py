"""The SQL of models on real local Spark: what the window says, row by row (make test-spark)."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.rules.sql.asking import Rows, at_window, models_of, table
from tests.rules.sql.test_tables import random_table
from tests.sparks import COMPILED, spark
from yinuo.rules.dmn.model import HitPolicy
from yinuo.rules.dmn.tck import is_near
from yinuo.rules.feel.values import Value
from yinuo.rules.sql.dialects import SPARK
from yinuo.rules.sql.kinds import Kind, Listed, Struct
from yinuo.rules.sql.program import write
from yinuo.rules.sql.sets import plain, value_of
from yinuo.rules.sql.tree import Constant

ROWS = 30
EXPRESSIONS = (
    *("a + b", "a - b", "a * b", "a / b", "a / b >= 0.15", "100 * a / b", "-a", "a ** 3"),
    *("a in (1, 2, [3..12])", "not(a in (1, 2))", "a between 0 and b", "s < t", "p and q or a > b"),
    *("if a > b then s else t", "substring(s, 2)", "contains(s, t)", "substring after(s, t)"),
    *("decimal(a, 1)", "round half up(a, 0)", "floor(a)", "modulo(a, b)"),
    *("d + u", "d + y", "d - e", "m + y", "d.weekday", "years and months duration(d, e)"),
    *("l[item > 1]", "sum(l)", "count(l)", "max(ts)", "list contains(l, a)", "rs[x > 1].z w"),
    *("for i in l return i * a", "some i in l satisfies i > a", "for i in 1..3 return i"),
    *("{x: a, y: x + 1}", "r.x", "concatenate(l, [1])", "sublist(l, 2)", 'string join(ts, "-")'),
)


@pytest.fixture(scope="module")
def session() -> Iterator[Any]:
    with spark("UTC", COMPILED) as started:
        yield started


def literal(value: Value, kind: Kind) -> str:
    """The value as Spark writes it."""
    if isinstance(kind, Struct) and isinstance(value, dict):
        inner = (f"{SPARK.string(name)}, {literal(value[name], k)}" for name, k in kind.entries)
        return f"NAMED_STRUCT({', '.join(inner)})"
    if isinstance(kind, Listed) and isinstance(value, list):
        items = ", ".join(literal(each, kind.element) for each in value)
        return f"CAST(ARRAY({items}) AS {SPARK.type(kind)})"
    return SPARK.constant(Constant(None if value is None else plain(value, kind), kind))


def test_spark_says_what_the_window_says(session: Any, tmp_path: Path) -> None:
    rows = Rows(21).some(ROWS)
    expressions: dict[str, Any] = {f"“{each}”": each for each in EXPRESSIONS}
    for policy in (HitPolicy.UNIQUE, HitPolicy.FIRST, HitPolicy.ANY, HitPolicy.PRIORITY):
        expressions[f"表 {policy}"] = random_table(4, policy)
    expressions["汇总"] = table(
        HitPolicy.COLLECT, ("a", "s"), [["> 1", "-", "1"], ["-", '"a"', "a"]]
    )
    found = models_of(expressions)
    program = write(found, dialect=SPARK)
    lines = [
        ", ".join(
            [f"SELECT {place} AS place"]
            + [
                f"{literal(row[name], kind)} AS {SPARK.identifier(name)}"
                for name, kind in program.inputs.items()
            ]
        )
        for place, row in enumerate(rows)
    ]
    # From files, so that Spark computes with rows instead of folding constants.
    file = str(tmp_path / "rows.parquet")
    session.sql(" UNION ALL ".join(lines)).coalesce(1).write.parquet(file)
    session.read.parquet(file).createOrReplaceTempView("data")
    got = session.sql(f"SELECT * FROM ({program.text}) ORDER BY place").collect()  # noqa: S608  # a test
    for name, kind in program.outputs.items():
        for answer, wanted in zip(got, at_window(found, rows, name), strict=True):
            assert is_near(value_of(answer[name], kind), wanted), (name, wanted, answer[name])


def test_spark_stops_at_a_number_it_cannot_hold(session: Any) -> None:
    session.sql("SELECT CAST(0.1234567 AS DOUBLE) AS a").createOrReplaceTempView("data")
    program = write(models_of({"二倍": "a * 2"}), dialect=SPARK)
    with pytest.raises(Exception, match="输入“a”有一个值"):
        session.sql(program.text).collect()
