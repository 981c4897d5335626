"""A release: live records of every source, with the entities they belong to."""

from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from tests.credit.landed import (
    LISTING,
    PENALTY,
    REGISTRATION,
    SOURCES,
    arrived,
    code,
    key,
    land,
    record_id,
    resolved,
    row,
)
from yinuo.credit.publishing.delta import why_whole
from yinuo.credit.publishing.publish import SERVING_BYTES, needed, publish
from yinuo.credit.serving.building import SERVING
from yinuo.credit.serving.reading import Serving, entity_of
from yinuo.lake.engine import DuckDB
from yinuo.lake.records.batch import open_batch
from yinuo.lake.releases.layers import read_facts
from yinuo.lake.releases.release import Release, current, open_release, switch

AT = datetime(2026, 11, 29, tzinfo=UTC)
FIRST, SECOND, THIRD = date(2026, 11, 1), date(2026, 11, 2), date(2026, 11, 3)


def published(lake: Path, batches: Any, resolution: Path, *, served: bool = True) -> Release:
    with DuckDB() as engine:
        return publish(
            engine=engine,
            lake=lake,
            sources=SOURCES,
            batches=arrived(batches),
            resolution=resolution,
            salt="test",
            at=AT,
            served=served,
        )


def facts(release: Release, source: str) -> dict[str, dict[str, Any]]:
    columns = release.sources[source].columns
    with DuckDB() as engine:
        read_facts(engine, release.layer_folders, source, columns, "facts")
        rows = engine.ask("SELECT * FROM facts")
    return {each["record"]: each for each in (dict(zip(columns, row, strict=True)) for row in rows)}


@pytest.fixture
def made(tmp_path: Path) -> Release:
    firm = [row(REGISTRATION, str(n), n, decided_on=date(2020, 1, n)) for n in (1, 2, 3)]
    batches = [
        land(tmp_path, REGISTRATION, firm, on=FIRST),
        land(
            tmp_path,
            PENALTY,
            [
                row(PENALTY, "a", 1, decided_on=date(2024, 1, 1), fine=100),
                row(PENALTY, "b", 1, decided_on=date(2024, 2, 1), fine=200),
                row(PENALTY, "c", 2, decided_on=date(2024, 3, 1), fine=300),
                row(PENALTY, "d", 9, decided_on=date(2024, 3, 1), fine=300),
                row(PENALTY, "e", None, name="“引号”\n换行"),
            ],
            on=FIRST,
        ),
        land(
            tmp_path,
            PENALTY,
            [
                row(PENALTY, "b", 1, decided_on=date(2024, 2, 1), fine=250),
                row(PENALTY, "c", 2, revoked=True),
            ],
            seen=[record_id(PENALTY, "a")],
            on=SECOND,
        ),
        land(tmp_path, LISTING, [row(LISTING, "x", 3), row(LISTING, "y", 2)], on=FIRST),
        land(tmp_path, LISTING, [row(LISTING, "z", 2)], seen=[record_id(LISTING, "x")], on=SECOND),
    ]
    resolution = resolved(
        tmp_path / "resolution",
        moved={key(9): key(3)},
        assigned={record_id(PENALTY, "a"): key(2)},
    )
    return published(tmp_path, batches, resolution)


def test_the_newest_version_of_a_record_lives(made: Release) -> None:
    found = facts(made, "penalty")
    assert {record_id(PENALTY, each) for each in "abde"} == set(found)
    b = found[record_id(PENALTY, "b")]
    assert (b["fine"], b["first_seen"], b["last_seen"]) == (250, FIRST, SECOND)
    a = found[record_id(PENALTY, "a")]
    assert (a["fine"], a["first_seen"], a["last_seen"]) == (100, FIRST, SECOND)


def test_what_a_whole_delivery_lacks_is_gone(made: Release) -> None:
    assert set(facts(made, "listing")) == {record_id(LISTING, each) for each in "xz"}


def test_each_fact_has_its_entity_and_says_how(made: Release) -> None:
    found = facts(made, "penalty")
    said = {
        n: (found[record_id(PENALTY, n)]["entity"], found[record_id(PENALTY, n)]["how"])
        for n in "abde"
    }
    assert said == {
        "a": (entity_of(key(2), "test"), "judged"),
        "b": (entity_of(key(1), "test"), "code"),
        "d": (entity_of(key(3), "test"), "history"),
        "e": (entity_of(f"n:{record_id(PENALTY, 'e')}", "test"), "none"),
    }
    assert made.joined == {"code": 6, "judged": 1, "history": 1, "none": 1}


def test_a_document_by_any_code(made: Release) -> None:
    with Serving(made.folder) as serving:
        third = serving.by_code(code(3))
        assert third is not None
        assert third == serving.by_code(code(9)) == serving.by_entity(third["entity"])
        assert (third["code"], third["kind"], third["records"]) == (code(3), "firm", 3)
        assert third["sources"] == 3
        (penalty,) = third["facts"]["penalty"]["rows"]
        assert (penalty["number"], penalty["how"], penalty["code"]) == ("d", "history", code(9))
        assert penalty["evidence"] == '{"words":"演示"}'
        assert serving.by_code(code(4)) is None
        assert serving.by_code("nonsense") is None
        nameless = serving.by_entity(entity_of(f"n:{record_id(PENALTY, 'e')}", "test"))
        assert nameless is not None
        assert nameless["name"] == "“引号”\n换行"


def test_facts_that_disagree_about_an_entity(tmp_path: Path) -> None:
    batches = [
        land(
            tmp_path,
            REGISTRATION,
            [
                row(REGISTRATION, "1", 1, decided_on=date(2020, 1, 1), name="甲旧名"),
                row(REGISTRATION, "2", 1, decided_on=date(2024, 1, 1), name="甲新名"),
                row(REGISTRATION, "3", 2, name="乙"),
            ],
            on=FIRST,
        ),
        land(
            tmp_path,
            PENALTY,
            [
                *(row(PENALTY, f"a{n}", 1, name="甲别名") for n in range(3)),
                *(row(PENALTY, f"b{n}", 3, name="丙") for n in range(2)),
                row(PENALTY, "b2", 9, name="丙"),
                *(row(PENALTY, f"c{n}", 3, name="丁") for n in range(2)),
                row(PENALTY, "d", 2, name="乙"),
            ],
            on=FIRST,
        ),
    ]
    release = published(tmp_path, batches, resolved(tmp_path / "r", moved={key(9): key(3)}))
    (path,) = (release.folder / "entities").glob("*.parquet")
    found = {each["key"]: each for each in pq.read_table(path).to_pylist()}
    said = {
        n: [found[key(n)][name] for name in ("name", "code", "records", "sources")]
        for n in (1, 2, 3)
    }
    assert said == {
        1: ["甲新名", code(1), 5, 2],
        2: ["乙", code(2), 2, 2],
        3: ["丙", code(3), 5, 1],
    }
    assert release.entities.rows == len(found) == 3


def test_unserved_it_has_the_same_content_and_another_id(made: Release, tmp_path: Path) -> None:
    batches = [open_batch(each.folder) for state in made.sources.values() for each in state.batches]
    bare = published(tmp_path, batches, tmp_path / "resolution", served=False)
    assert (bare.digest, bare.rows) == (made.digest, made.rows)
    assert bare.id != made.id
    assert SERVING in {part.name for part in made.files}
    assert SERVING not in {part.name for part in bare.files}


def test_disk_is_asked_for_as_it_is_used(made: Release) -> None:
    sources = {each.id: each for each in SOURCES if each.id in made.sources}
    batches = {name: state.batches for name, state in made.sources.items()}
    paths = [path for each in batches.values() for arrival in each for path in arrival.records]
    landed = sum(path.stat().st_size for path in paths)
    served, bare = (needed(sources, batches, served=each) for each in (True, False))
    assert landed < bare < 2 * landed, "what is spilled of so little stays in memory"
    assert served - bare == SERVING_BYTES * sum(pq.read_metadata(path).num_rows for path in paths)


def test_the_same_again_is_the_same_release(made: Release, tmp_path: Path) -> None:
    again = open_release(tmp_path, made.id)
    assert again == made
    assert again.digest == made.digest
    again.check()


def test_readers_see_what_the_pointer_names(made: Release, tmp_path: Path) -> None:
    assert current(tmp_path) is None
    switch(tmp_path, made)
    assert current(tmp_path) == made


def test_no_layer_is_laid_on_a_release_of_an_older_format(made: Release) -> None:
    sources = {each.id: each for each in SOURCES if each.id in made.sources}
    batches = {name: state.batches for name, state in made.sources.items()}
    assert why_whole(sources, batches, made.salt, made.hashed_by, made) == ""
    manifest = made.folder / "manifest.json"
    older = replace(made, format=1)
    manifest.write_bytes(older.manifest())
    opened = open_release(made.lake, made.id)
    assert opened.format == 1, "it can still be read"
    assert why_whole(sources, batches, made.salt, made.hashed_by, opened) == "上一版是旧格式的"
