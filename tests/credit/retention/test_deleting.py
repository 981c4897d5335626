"""What is past its time is gone from every file, and it is known what went."""

from datetime import UTC, date, datetime
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from tests.credit.landed import (
    LISTING,
    PENALTY,
    SOURCES,
    arrived,
    land,
    record_id,
    resolved,
    row,
)
from yinuo.credit.publishing.publish import publish
from yinuo.credit.retention import deleting
from yinuo.credit.retention.deleting import delete, deletions
from yinuo.lake.engine import DuckDB
from yinuo.lake.records.batch import RecordBatch, batches
from yinuo.lake.releases.release import current, releases, switch
from yinuo.lake.releases.sweep import sweep

AT = datetime(2026, 11, 29, tzinfo=UTC)
TODAY = date(2026, 11, 29)
SECRET = "不再公开的内容"


@pytest.fixture
def lake(tmp_path: Path) -> Path:
    old = [
        row(PENALTY, "a", 1, decided_on=date(2021, 11, 29), state=SECRET),
        row(PENALTY, "b", 1, decided_on=date(2021, 11, 30), state="正常"),
        row(PENALTY, "c", 2, decided_on=date(2020, 1, 1), state=SECRET),
    ]
    aside = [
        {"file": 0, "name": "one.csv", "line": 9, "code": "TORN", "reason": "", "field": ""}
        | {"value": SECRET, "row": SECRET}
    ]
    first = land(tmp_path, PENALTY, old, on=date(2021, 12, 1), aside=aside)
    corrected = [row(PENALTY, "c", 2, decided_on=date(2024, 1, 1), state="正常")]
    seen = [record_id(PENALTY, "a")]
    land(tmp_path, PENALTY, corrected, on=date(2022, 1, 1), seen=seen, compared_with=[first.id])
    land(tmp_path, LISTING, [row(LISTING, "x", 1)], on=date(2023, 11, 29))
    return tmp_path


def every(lake: Path) -> list[RecordBatch]:
    return [each for source in SOURCES for each in batches(lake, source.id)]


def run(lake: Path, on: date = TODAY) -> tuple[deleting.Deletion, ...]:
    with DuckDB() as engine:
        return delete(
            engine=engine, lake=lake, sources=SOURCES, batches=arrived(every(lake)), on=on, at=AT
        )


def test_the_newest_version_says_when_a_record_goes(lake: Path) -> None:
    (deletion,) = run(lake)
    assert deletion.records == {"penalty": 1, "listing": 1}
    gone = pq.read_table(deletion.folder / "records.parquet").to_pylist()
    assert {(each["source"], each["record"]) for each in gone} == {
        ("penalty", record_id(PENALTY, "a")),
        ("listing", record_id(LISTING, "x")),
    }
    assert deletion.rows == 3
    assert deletions(lake) == (deletion,)
    assert run(lake) == ()


def test_a_batch_keeps_its_id_and_its_manifest_stays_true(lake: Path) -> None:
    before = {batch.id: batch for batch in every(lake)}
    (deletion,) = run(lake)
    after = {batch.id: batch for batch in every(lake)}
    assert set(before) == set(after)
    for batch in after.values():
        batch.check()
        assert batch.read == before[batch.id].read
    (first, _) = batches(lake, "penalty")
    assert "deleted.json" in {part.name for part in first.parts}
    assert deletion.id in (first.folder / "deleted.json").read_text("utf-8")


def test_rows_put_aside_go_with_their_batch(lake: Path) -> None:
    run(lake, date(2026, 12, 1))
    (first, _) = batches(lake, "penalty")
    assert [*first.put_aside()] == []


def test_nothing_of_it_is_left_in_any_file(lake: Path) -> None:
    resolution = resolved(lake / "resolution")
    with DuckDB() as engine:
        given = {"engine": engine, "lake": lake, "sources": SOURCES, "resolution": resolution}
        given |= {"salt": "test", "at": AT}
        before = publish(batches=arrived(every(lake)), **given)  # type: ignore[arg-type]
        switch(lake, before)
        delete(
            engine=engine,
            lake=lake,
            sources=SOURCES,
            batches=arrived(every(lake)),
            on=date(2029, 2, 1),
            at=AT,
        )
        after = publish(batches=arrived(every(lake)), **given)  # type: ignore[arg-type]
        switch(lake, after)
    assert sweep(lake, keep=0, at=AT) == (before.id,)
    assert releases(lake) == (current(lake),) == (after,)
    assert after.rows == 0
    for path in lake.rglob("*"):
        if path.suffix == ".parquet":
            assert SECRET not in str(pq.read_table(path).to_pylist())
        elif path.is_file():
            assert SECRET.encode() not in path.read_bytes()


def test_a_killed_deletion_is_taken_up_again(lake: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    calls = []

    def killed(*given: object) -> None:
        calls.append(given)
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(deleting, "_note", killed)
        with pytest.raises(KeyboardInterrupt):
            run(lake)
    assert len(calls) == 1
    (deletion,) = run(lake)
    assert deletion.records == {"penalty": 1, "listing": 1}
    for batch in every(lake):
        batch.check()
    assert run(lake) == ()
