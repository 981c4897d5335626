"""Rows put aside, mended by a person, and landed with where they come from."""

import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from tests.lake.records.source import (
    AT,
    GOOD,
    SOURCE,
    file,
    landed,
    reasons,
    records,
    row,
    sound,
    text,
)
from yinuo.lake.records.batch import RecordBatch, batches
from yinuo.lake.records.gates import check
from yinuo.lake.records.replay import NotPutAside, replay

DAY = timedelta(days=1)


def first(folder: Path) -> RecordBatch:
    rows = [GOOD, row(CF_WSH="2", CF_JDRQ="昨天"), row(CF_WSH="3", CF_ZT="x"), row(CF_NR_FK="9")]
    return landed(folder, file(folder, text(rows)))


def aside(batch: RecordBatch) -> dict[tuple[int, int], dict[str, str]]:
    return {
        (each["file"], each["line"]): {h: v or "" for h, v in json.loads(each["row"]).items()}
        for each in batch.put_aside()
    }


def test_corrected_rows_are_a_batch_that_names_what_it_corrects(tmp_path: Path) -> None:
    batch = first(tmp_path)
    rows = aside(batch)
    rows[0, 3] |= {"CF_JDRQ": "2024-05-06"}
    mended = replay(batch, rows, source=SOURCE, lake=tmp_path / "lake", at=AT + DAY)
    sound(mended)
    assert mended.corrects is not None
    assert (mended.corrects.batch, mended.corrects.lines) == (batch.id, ((0, 3), (0, 4), (0, 5)))
    # The first is mended, the second as wrong as before, the third said to be right after all.
    assert [each["document"] for each in records(mended)] == ["2", "文〔2024〕1号"]
    assert reasons(mended) == {2: "UNKNOWN_CODE"}
    assert [each.id for each in batches(tmp_path / "lake", SOURCE.id)] == [batch.id, mended.id]
    again = replay(batch, rows, source=SOURCE, lake=tmp_path / "lake", at=AT + 2 * DAY)
    assert again.already
    assert again == mended


def test_what_was_not_put_aside_cannot_be_corrected(tmp_path: Path) -> None:
    batch = first(tmp_path)
    with pytest.raises(NotPutAside, match="第 1 个文件第 2 行、第 2 个文件第 3 行"):
        replay(
            batch,
            {(0, 2): GOOD, (1, 3): GOOD, **aside(batch)},
            source=SOURCE,
            lake=tmp_path / "lake",
            at=AT,
        )
    with pytest.raises(NotPutAside):
        replay(batch, {}, source=SOURCE, lake=tmp_path / "lake", at=AT)


def test_gates_find_what_is_unlike_a_healthy_batch(tmp_path: Path) -> None:
    batch = first(tmp_path)
    (aside_finding,) = check(batch, SOURCE)
    assert aside_finding.code == "GATE-QUARANTINE"
    assert "最多的是“" in aside_finding.rule
    assert not any(reason in aside_finding.rule for reason in batch.reasons), "in words"
    good = [row(CF_WSH=str(n)) for n in range(20)]
    assert check(landed(tmp_path / "b", file(tmp_path, text(good), "b.csv")), SOURCE) == ()
    torn = text([GOOD]).replace("BZ", "新列")[:-9]
    found = check(landed(tmp_path / "c", file(tmp_path, torn, "c.csv")), SOURCE)
    assert [each.code for each in found] == [
        *("GATE-ROWS", "GATE-QUARANTINE", "GATE-HEADING", "GATE-TORN-END"),
    ]
    assert all(each.next_step and each.rule for each in found)
    # A correction is as small as it is.
    rows = {place: row(CF_WSH=f"x{place[1]}") for place in aside(batch)}
    mended = replay(batch, rows, source=SOURCE, lake=tmp_path / "lake", at=AT + DAY)
    assert check(mended, SOURCE) == ()


def test_a_field_seldom_filled_is_found(tmp_path: Path) -> None:
    expect = replace(SOURCE.expect, filled={"fine": 900})
    source = replace(SOURCE, expect=expect)
    rows = [row(CF_WSH=str(n), CF_NR_FK="" if n % 5 == 0 else "1") for n in range(20)]
    (found,) = check(landed(tmp_path, file(tmp_path, text(rows)), source=source), source)
    assert (found.code, found.field, found.value) == ("GATE-FILLED", "罚款", "800‰")


def test_a_batch_with_half_the_rows_of_the_last_is_held(tmp_path: Path) -> None:
    expect = replace(SOURCE.expect, rows_against_last=(0.5, 2.0))
    source = replace(SOURCE, expect=expect)

    def of(count: int, day: int) -> RecordBatch:
        rows = [row(CF_WSH=f"{day}-{n}") for n in range(count)]
        path = file(tmp_path, text(rows), f"{day}.csv")
        return landed(tmp_path, path, source=source, at=AT + day * DAY)

    assert check(of(20, 0), source) == (), "nothing came before"
    assert check(of(10, 1), source) == (), "half of 20 is enough"
    (few,) = check(of(4, 2), source)
    assert (few.code, few.value) == ("GATE-AGAINST-LAST", "4")
    assert "有 10 行，这一批应是它的 0.5 至 2 倍" in few.rule
    held = batches(tmp_path / "lake", SOURCE.id)[-1]
    many = landed(
        tmp_path,
        file(tmp_path, text([row(CF_WSH=f"m{n}") for n in range(21)]), "m.csv"),
        source=source,
        at=AT + 3 * DAY,
        earlier=[each for each in batches(tmp_path / "lake", SOURCE.id) if each.id != held.id],
    )
    assert [each.value for each in check(many, source)] == ["21"], "beside the last accepted one"
    assert check(many, SOURCE) == ()


def test_a_correction_is_no_measure(tmp_path: Path) -> None:
    source = replace(SOURCE, expect=replace(SOURCE.expect, rows_against_last=(0.5, 2.0)))
    batch = first(tmp_path)
    rows = {place: row(CF_WSH=f"x{place[1]}") for place in aside(batch)}
    replay(batch, rows, source=SOURCE, lake=tmp_path / "lake", at=AT + DAY)
    again = [row(CF_WSH=f"z{n}") for n in range(batch.read)]
    path = file(tmp_path, text(again), "z.csv")
    assert check(landed(tmp_path, path, source=source, at=AT + 2 * DAY), source) == ()
