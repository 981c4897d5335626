"""Resolution on real local Spark: the same bytes as on DuckDB (make test-spark)."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from tests.credit.linking.invented import firms
from tests.credit.linking.stated import linkage
from tests.credit.resolving.landed import live, record
from tests.sparks import spark
from yinuo.credit.resolving.judgements import Judgement
from yinuo.credit.resolving.resolve import Resolution, resolve
from yinuo.lake.engine import DuckDB, Engine
from yinuo.lake.spark import Spark

FIRMS = firms(30)
NUMBER = "210200000000017"
JUDGED = Judgement(
    number=1,
    left=f"rec:{record('split')}",
    right=FIRMS[1].key,
    same=False,
    reason="核实",
    case="异-1",
    at=datetime(2026, 11, 29, tzinfo=UTC),
)


@pytest.fixture(scope="module")
def session() -> Iterator[Any]:
    with spark() as started:
        yield started


def resolved(engine: Engine, into: Path) -> Resolution:
    """Registrations, a history, a placeholder, and penalties with and without a code."""
    into.mkdir()
    register: list[dict[str, Any]] = [firm.row() for firm in FIRMS]
    register[2]["reg"] = NUMBER
    change: dict[str, Any] = {
        "name": "甲",
        "old_code": FIRMS[3].code,
        "new_code": FIRMS[4].code,
        "changed_on": date(2020, 1, 1),
    }
    crowd: list[dict[str, Any]] = [
        {"subject": "person", "key": "p:11010519491231002X", "name": f"试{n}"} for n in range(7)
    ]
    some: list[dict[str, Any]] = [
        {"record": "split", "key": FIRMS[1].key, "name": FIRMS[1].name},
        {"record": "number", "key": f"r:{NUMBER}", "name": FIRMS[2].name},
        {"record": "old", "key": FIRMS[3].key, "name": FIRMS[3].name, "account": "1"},
        {"record": "none", "key": None, "name": FIRMS[5].name, "address": FIRMS[5].address},
        {"record": "account", "key": None, "name": FIRMS[3].name, "account": "1"},
    ]
    return resolve(
        engine=engine,
        live=[
            live(engine, "registration", "registration", register),
            live(engine, "code-history", "history", [change]),
            live(engine, "wages", "payment", crowd),
            live(engine, "water", "arrears", some),
        ],
        judgements=[JUDGED],
        previous=None,
        into=into,
        link=linkage(),
    )


def test_spark_resolves_to_the_same_bytes(session: Any, tmp_path: Path) -> None:
    spark = resolved(Spark(session), tmp_path / "spark")
    with DuckDB(memory="256MB", threads=1) as engine:
        duckdb = resolved(engine, tmp_path / "duckdb")
    assert (duckdb.history, duckdb.judged, duckdb.linked, duckdb.none) == (3, 1, 2, 8)
    assert spark.digest == duckdb.digest
    assert spark.records == duckdb.records
    assert (spark.remainder, spark.sent) == (duckdb.remainder, duckdb.sent)
