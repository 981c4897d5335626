"""Layers laid on each other, and releases that nobody needs any more."""

from datetime import UTC, datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from yinuo.kernel.canonical import canonical_bytes
from yinuo.lake.engine import DuckDB
from yinuo.lake.releases.layers import read_entities, read_facts
from yinuo.lake.releases.release import Release, current, releases, switch
from yinuo.lake.releases.sweep import sweep
from yinuo.lake.releases.tally import Tally
from yinuo.lake.workplace import TooLittleMemory, building

AT = datetime(2026, 11, 29, tzinfo=UTC)


def write(folder: Path, **columns: list[object]) -> None:
    folder.mkdir(parents=True)
    pq.write_table(pa.table(columns), folder / "0.parquet")


def made(lake: Path, number: int, *under: str) -> Release:
    name = f"{number:016x}"
    release = Release(
        id=name,
        number=number,
        folder=lake / "releases" / name,
        at=AT,
        layers=(*under, name),
        sources={},
        entities=Tally(),
        joined={},
        files=(),
        salt="",
    )
    with building(release.folder) as folder:
        (folder / "manifest.json").write_bytes(canonical_bytes(release.as_dict()))
    return release


def test_a_later_layer_wins_and_takes_away(tmp_path: Path) -> None:
    base, first, second = (tmp_path / name for name in ("base", "first", "second"))
    write(base / "facts" / "s", record=["a", "b", "c"], value=["0", "0", "0"])
    write(base / "facts" / "t", record=["b"], value=["other"])
    write(first / "facts" / "s", record=["b", "d"], value=["1", "1"])
    write(first / "gone", source=["s", "t"], record=["c", "x"], entity=["E", "E"])
    write(second / "facts" / "s", record=["c"], value=["2"])
    write(second / "gone", source=["s"], record=["d"], entity=["E"])
    with DuckDB() as engine:
        read_facts(engine, (base, first, second), "s", ("record", "value"), "s")
        read_facts(engine, (base, first, second), "t", ("record", "value"), "t")
        found = engine.ask("SELECT record, value FROM s ORDER BY record")
        other = engine.ask("SELECT record, value FROM t")
    assert found == [("a", "0"), ("b", "1"), ("c", "2")]
    assert other == [("b", "other")]


def test_an_entity_without_records_is_not_there(tmp_path: Path) -> None:
    base, layer = tmp_path / "base", tmp_path / "layer"
    write(base / "entities", entity=["E1", "E2"], name=["一", "二"], records=[1, 1])
    write(layer / "entities", entity=["E1", "E3"], name=[None, "三"], records=[0, 2])
    with DuckDB() as engine:
        read_entities(engine, (base, layer), ("entity", "name"), "e")
        assert engine.ask("SELECT * FROM e ORDER BY entity") == [("E2", "二"), ("E3", "三")]


def test_a_layer_under_a_release_that_is_needed_stays(tmp_path: Path) -> None:
    one = made(tmp_path, 1)
    two = made(tmp_path, 2, one.id)
    three = made(tmp_path, 3)
    four = made(tmp_path, 4)
    switch(tmp_path, two)
    assert sweep(tmp_path, keep=1, at=AT, only_tell=True) == (three.id,)
    assert len(releases(tmp_path)) == 4
    assert sweep(tmp_path, keep=1, at=AT) == (three.id,)
    assert releases(tmp_path) == (one, two, four)
    assert sweep(tmp_path, keep=0, at=AT) == (four.id,)
    assert current(tmp_path) == two


def test_an_error_leaves_no_folder_and_memory_is_said(tmp_path: Path) -> None:
    with (
        DuckDB(memory="16MB", threads=1) as engine,
        pytest.raises(TooLittleMemory, match="内存上限不够"),
        building(tmp_path / "releases" / "x"),
    ):
        engine.ask("SELECT length(list(i::VARCHAR || 'x')::VARCHAR) FROM range(5000000) AS t(i)")
    assert [*(tmp_path / "releases").iterdir()] == []
