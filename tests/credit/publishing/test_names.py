"""Batches landed when names were still texts: published as ever, and layers come upon them."""

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from tests.credit.landed import (
    PENALTY,
    REGISTRATION,
    SOURCES,
    arrived,
    land,
    record_id,
    resolved,
    row,
)
from tests.lake.older import names_as_texts
from yinuo.credit.publishing.publish import publish, publish_delta
from yinuo.lake.engine import DuckDB
from yinuo.lake.records.batch import RecordBatch

FIRST, SECOND = date(2026, 11, 1), date(2026, 11, 2)


def as_before(batch: RecordBatch) -> None:
    """Write the files of a batch as they were written before."""
    for path in (*batch.folder.glob("records-*.parquet"), batch.folder / "seen.parquet"):
        names_as_texts(path)


def both_days(lake: Path, engine: DuckDB, *, old: bool) -> list[str]:
    """Digests of the first day, of the second as a layer upon it, and of both as a whole."""
    firms = [row(REGISTRATION, str(n), n, decided_on=date(2020, 1, n)) for n in range(1, 9)]
    fines = [row(PENALTY, f"p{n}", n % 9 or None, fine=n * 100) for n in range(1, 20)]
    batches = [
        land(lake, REGISTRATION, firms, on=FIRST),
        land(lake, PENALTY, fines, on=FIRST),
    ]
    for each in batches if old else ():
        as_before(each)
    given: dict[str, Any] = {
        "engine": engine,
        "lake": lake,
        "sources": SOURCES,
        "salt": "test",
        "at": datetime(2026, 11, 3, tzinfo=UTC),
        "resolution": resolved(lake / "resolution"),
    }
    first = publish(batches=arrived(batches), **given)
    changed = [row(PENALTY, "p3", 3, fine=7), row(PENALTY, "p4", 4, revoked=True)]
    seen = [record_id(PENALTY, "p5")]
    earlier = [batches[1].id]
    batches.append(land(lake, PENALTY, changed, on=SECOND, seen=seen, compared_with=earlier))
    given["batches"] = arrived(batches)
    layer = publish_delta(previous=first, **given)
    assert len(layer.layers) == 2
    return [first.digest, layer.digest, publish(**given).digest]


def test_batches_of_texts_come_to_the_same(tmp_path: Path) -> None:
    with DuckDB(threads=1) as engine:
        now = both_days(tmp_path / "now", engine, old=False)
        before = both_days(tmp_path / "before", engine, old=True)
    assert now[1] == now[2] != now[0]
    assert before == now
