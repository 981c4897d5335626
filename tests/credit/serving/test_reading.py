"""All facts of one entity: by any code, the newest first, from one release to the end."""

import math
import sqlite3
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from threading import Thread
from typing import Any

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
from yinuo.credit.publishing import documents as some
from yinuo.credit.publishing import serve
from yinuo.credit.publishing.publish import publish, publish_delta
from yinuo.credit.serving import building
from yinuo.credit.serving.building import KEPT, SERVING, SHOWN
from yinuo.credit.serving.reading import Serving, keys
from yinuo.lake.engine import DuckDB
from yinuo.lake.records.batch import RecordBatch
from yinuo.lake.releases.release import Release, ReleaseDamaged, switch
from yinuo.lake.releases.sweep import sweep

AT = datetime(2026, 11, 29, tzinfo=UTC)
ON = date(2026, 11, 1)
MANY = KEPT + 30


def published(
    lake: Path,
    batches: Sequence[RecordBatch],
    previous: Release | None = None,
    moved: Mapping[str, str] | None = None,
) -> Release:
    given: dict[str, Any] = {"lake": lake, "sources": SOURCES, "batches": arrived(batches)}
    resolution = resolved(lake / f"resolution-{len(moved or ())}", moved=moved)
    given |= {"resolution": resolution, "salt": "test", "at": AT}
    with DuckDB() as engine:
        if previous is None:
            return publish(engine=engine, **given)
        return publish_delta(engine=engine, previous=previous, **given)


def crowd(lake: Path) -> list[RecordBatch]:
    """A firm with more penalties than are kept, and others with few."""
    first = date(2024, 1, 1)
    rows = [
        row(PENALTY, str(n), 1, decided_on=first + timedelta(days=n), fine=n) for n in range(MANY)
    ]
    rows += [row(PENALTY, f"o{n}", n, decided_on=first) for n in range(2, 40)]
    return [
        land(lake, REGISTRATION, [row(REGISTRATION, "1", 1)], on=ON),
        land(lake, PENALTY, rows, on=ON),
    ]


def numbers(document: dict[str, Any]) -> list[str]:
    return [each["number"] for each in document["facts"]["penalty"]["rows"]]


def shown(release: Release, firm: int = 1) -> dict[str, Any]:
    with Serving(release.folder) as serving:
        found = serving.by_code(code(firm))
    assert found is not None
    return found


def test_the_newest_are_shown_and_all_are_counted(tmp_path: Path) -> None:
    document = shown(published(tmp_path, crowd(tmp_path)))
    assert document["facts"]["penalty"]["count"] == MANY
    assert document["records"] == MANY + 1
    assert numbers(document) == [str(n) for n in range(MANY - 1, MANY - 1 - SHOWN, -1)]


@pytest.mark.parametrize("taken", [3, KEPT - SHOWN + 1])
def test_a_layer_shows_as_many_as_a_rebuild_or_is_one(tmp_path: Path, taken: int) -> None:
    batches = crowd(tmp_path)
    first = published(tmp_path, batches)
    rows = [row(PENALTY, str(MANY - 1 - n), 1, revoked=True) for n in range(taken)]
    rows.append(row(PENALTY, "new", 1, decided_on=date(2026, 1, 1)))
    before = [batches[1].id]
    batches.append(land(tmp_path, PENALTY, rows, on=ON + timedelta(days=1), compared_with=before))
    layer = published(tmp_path, batches, first)
    assert len(layer.layers) == (2 if taken == 3 else 1)
    document = shown(layer)
    assert document == shown(published(tmp_path, batches))
    assert document["facts"]["penalty"]["count"] == MANY - taken + 1
    assert numbers(document)[:2] == ["new", str(MANY - 1 - taken)]


@pytest.mark.parametrize(("at_best", "a_second"), [(1, 0.001), (1, math.inf), (1_000, 0.001)])
def test_facts_of_a_changed_code_leave_however_many(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, at_best: int, a_second: float
) -> None:
    monkeypatch.setattr(some, "AT_BEST", at_best)
    monkeypatch.setattr(some, "A_SECOND", a_second)
    batches = crowd(tmp_path)
    moved = {key(1): key(90), key(2): key(91)}
    layer = published(tmp_path, batches, published(tmp_path, batches), moved)
    rebuilt = published(tmp_path, batches, moved=moved)
    assert (len(layer.layers), len(rebuilt.layers)) == (2, 1)
    assert layer.digest == rebuilt.digest
    for firm, numbered in ((90, MANY), (91, 1)):
        assert shown(layer, firm) == shown(rebuilt, firm)
        assert shown(layer, firm)["facts"]["penalty"]["count"] == numbered


def test_documents_say_all_or_nothing_of_a_fact(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(some, "A_SECOND", 0.001)
    with Serving(published(tmp_path, crowd(tmp_path)).folder) as serving:
        documents = some.Documents(serving)
        crowded, plain, nobody = (serving.entity_of(key(n)) for n in (1, 2, 99))
        assert documents.records([plain, nobody]) == [record_id(PENALTY, "o2")]
        assert documents.records([plain, crowded]) is None
        heads = documents.heads([plain, nobody], ["code"])
        assert heads is not None
        assert heads.to_pylist() == [{"entity": plain, "code": code(2)}]
        shown, first = (plain, record_id(PENALTY, "o2")), record_id(PENALTY, "0")
        [found] = documents.rows(PENALTY.id, [shown]) or []
        assert (found["number"], found["decided_on"]) == ("o2", "2024-01-01")
        assert documents.rows(PENALTY.id, [shown, (crowded, first)]) is None, "not shown"
        assert documents.rows(PENALTY.id, [(nobody, first)]) is None


def test_documents_are_given_up_when_they_take_too_long(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(some, "A_SECOND", math.inf)
    with Serving(published(tmp_path, crowd(tmp_path)).folder) as serving:
        documents, entity = some.Documents(serving), serving.entity_of(key(2))
        assert documents.records([entity]) is None
        assert documents.heads([entity], ["code"]) is None
        assert documents.rows(PENALTY.id, [(entity, record_id(PENALTY, "o2"))]) is None


@pytest.mark.parametrize("looks", [1, 1_000])
def test_ranges_of_entities_make_the_same_documents(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, looks: int
) -> None:
    once = published(tmp_path / "once", crowd(tmp_path / "once"))
    monkeypatch.setattr(serve, "AT_ONCE", 2)
    monkeypatch.setattr(serve, "LOOKS", looks)
    monkeypatch.setattr(serve, "LAID_AT_ONCE", 7)
    monkeypatch.setattr(serve, "BYTES_AT_ONCE", 10_000)
    ranges = published(tmp_path / "ranges", crowd(tmp_path / "ranges"))
    assert once.digest == ranges.digest
    assert rows_of(once) == rows_of(ranges)
    assert len(rows_of(once)) == once.entities.rows
    assert not (ranges.folder / serve.STAGED).exists()


@pytest.mark.parametrize("texts", [1, 2, 50])
def test_documents_are_the_same_however_few_texts_are_cut_at_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, texts: int
) -> None:
    once = published(tmp_path / "once", crowd(tmp_path / "once"))
    monkeypatch.setattr(building, "AT_ONCE", texts)
    parts = published(tmp_path / "parts", crowd(tmp_path / "parts"))
    assert once.digest == parts.digest
    assert rows_of(once) == rows_of(parts)
    assert len(rows_of(once)) == once.entities.rows


def rows_of(release: Release) -> list[tuple[str, bytes]]:
    file = sqlite3.connect(release.folder / SERVING)
    found = file.execute("SELECT id, doc FROM entity ORDER BY id").fetchall()
    file.close()
    return found


def test_readers_keep_their_release_when_it_is_swept(tmp_path: Path) -> None:
    batches = crowd(tmp_path)
    first = published(tmp_path, batches)
    switch(tmp_path, first)
    with Serving(first.folder) as old:
        batches.append(land(tmp_path, LISTING, [row(LISTING, "x", 77)], on=ON))
        second = published(tmp_path, batches)
        switch(tmp_path, second)
        sweep(tmp_path, keep=0, at=AT)
        assert not first.folder.exists()
        assert old.by_code(code(77)) is None
        assert old.by_code(code(1)) is not None
    assert shown(second, 77)["records"] == 1


def test_many_threads_read_at_once(tmp_path: Path) -> None:
    found: list[Any] = []
    with Serving(published(tmp_path, crowd(tmp_path)).folder) as serving:

        def ask() -> None:
            found.extend(serving.by_code(code(n)) for n in range(1, 40))

        threads = [Thread(target=ask) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert len(found) == 8 * 39
    assert all(each is not None for each in found)


def test_a_broken_file_is_said(tmp_path: Path) -> None:
    release = published(tmp_path, crowd(tmp_path))
    (release.folder / SERVING).write_bytes(b"no database")
    with pytest.raises(ReleaseDamaged, match=SERVING):
        Serving(release.folder)


def test_a_registration_number_finds_the_firm_it_became(tmp_path: Path) -> None:
    old = row(PENALTY, "r", None) | {"key": "r:210200000000017", "code": "210200000000017"}
    batches = [
        land(tmp_path, REGISTRATION, [row(REGISTRATION, "1", 1)], on=ON),
        land(tmp_path, PENALTY, [old, row(PENALTY, "s", 1)], on=ON),
    ]
    resolution = resolved(tmp_path / "moved", moved={"r:210200000000017": key(1)})
    with DuckDB() as engine:
        release = publish(
            engine=engine,
            lake=tmp_path,
            sources=SOURCES,
            batches=arrived(batches),
            resolution=resolution,
            salt="test",
            at=AT,
        )
    with Serving(release.folder) as serving:
        assert serving.by_code("210200000000017") == serving.by_code(code(1)) is not None
        found = serving.by_code(code(1))
    assert found is not None
    assert {each["record"] for each in found["facts"]["penalty"]["rows"]} == {
        record_id(PENALTY, "r"),
        record_id(PENALTY, "s"),
    }


def test_what_a_code_may_be() -> None:
    assert [*keys("M000100Y4")] == ["o:M000100Y4"]
    assert [*keys("350100M000100Y4")] == ["o:M000100Y4", "r:350100M000100Y4"]
    assert [*keys("11010519491231002X")] == ["p:11010519491231002X"]
    assert [*keys("")] == [*keys("9135")] == []
