"""Rows that come again: in a file, in another one, in an earlier batch, a second time all of it."""

import random
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from tests.lake.older import names_as_texts
from tests.lake.records.source import AT, GOOD, SOURCE, file, landed, reasons, records, row, text
from yinuo.lake.records import repeats
from yinuo.lake.records.batch import batches, open_batch


def seen(folder: Path) -> list[str]:
    found: list[str] = pq.read_table(folder / "seen.parquet").column("record").to_pylist()
    return found


def test_the_same_row_again_is_a_duplicate_and_another_one_a_conflict(tmp_path: Path) -> None:
    rows = [GOOD, row(CF_WSH="2"), GOOD, row(CF_NR_FK="9"), row(CF_NR_FK="0.50万元"), GOOD]
    batch = landed(tmp_path, file(tmp_path, text(rows)))
    assert [each["line"] for each in records(batch)] == [2, 3]
    assert (batch.duplicate, batch.unchanged) == (3, 0)
    assert reasons(batch) == {5: "CONFLICT"}
    (aside,) = batch.put_aside()
    assert '"CF_NR_FK":"9"' in aside["row"]


def test_repeats_in_another_file(tmp_path: Path) -> None:
    a = file(tmp_path, text([GOOD, row(CF_WSH="2")]))
    b = file(tmp_path, text([row(CF_WSH="3"), GOOD, row(CF_WSH="2", CF_NR_FK="1")]), "b.csv")
    batch = landed(tmp_path, a, b)
    assert [(f.accepted, f.quarantined, f.duplicate) for f in batch.files] == [(2, 0, 0), (1, 1, 1)]
    again = landed(tmp_path / "b", a, a)
    assert (len(again.files), again.accepted) == (1, 2)


def test_what_an_earlier_batch_has_said_is_left_out_and_named(tmp_path: Path) -> None:
    first = landed(tmp_path, file(tmp_path, text([GOOD, row(CF_WSH="2"), row(CF_WSH="3")])))
    rows = [GOOD, row(CF_WSH="2", CF_NR_FK="9"), row(CF_WSH="4"), GOOD]
    day = timedelta(days=1)
    second = landed(tmp_path, file(tmp_path, text(rows), "b.csv"), at=AT + day)
    assert [each["line"] for each in records(second)] == [3, 4]
    assert (second.duplicate, second.unchanged) == (2, 1)
    assert seen(second.folder) == [records(first)[0]["record"]]
    assert second.compared_with == (first.id,)
    # Back to what the first batch said: it differs from the newest.
    third = landed(tmp_path, file(tmp_path, text([row(CF_WSH="2")]), "c.csv"), at=AT + 2 * day)
    assert (third.accepted, third.unchanged) == (1, 0)
    fourth = landed(
        tmp_path, file(tmp_path, text([row(CF_WSH="2"), GOOD]), "d.csv"), at=AT + 3 * day
    )
    assert (fourth.accepted, fourth.unchanged) == (0, 2)
    assert [b.id for b in batches(tmp_path / "lake", SOURCE.id)] == [
        each.id for each in (first, second, third, fourth)
    ]


def test_what_an_older_batch_has_said_in_texts_is_known_again(tmp_path: Path) -> None:
    first = landed(tmp_path, file(tmp_path, text([GOOD, row(CF_WSH="2")])))
    for path in first.records:
        names_as_texts(path)
    rows = [GOOD, row(CF_WSH="2", CF_NR_FK="9"), row(CF_WSH="3")]
    second = landed(tmp_path, file(tmp_path, text(rows), "b.csv"), at=AT + timedelta(days=1))
    assert (second.accepted, second.unchanged) == (2, 1)


def test_batches_that_are_never_published_are_not_compared_with(tmp_path: Path) -> None:
    landed(tmp_path, file(tmp_path, text([GOOD])))
    batch = landed(tmp_path, file(tmp_path, text([GOOD, row(CF_WSH="2")]), "b.csv"), earlier=())
    assert (batch.accepted, batch.compared_with) == (2, ())


def test_the_same_files_are_the_same_batch(tmp_path: Path) -> None:
    a, b = file(tmp_path, text([GOOD])), file(tmp_path, text([row(CF_WSH="2")]), "b.csv")
    first = landed(tmp_path, a, b)
    again = landed(tmp_path, b, a, at=AT + timedelta(days=1))
    assert (first.already, again.already) == (False, True)
    assert again == first == open_batch(first.folder)
    other = replace(SOURCE, key=("document", "decided_on"))
    assert landed(tmp_path, a, b, source=other).id != first.id


@pytest.mark.parametrize("bits", [3, 20])
def test_random_deliveries_against_a_plain_count(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, bits: int
) -> None:
    """With hardly any bits nearly every row is held back; the outcome is the same."""
    monkeypatch.setattr(repeats, "LEAST_BITS", bits)
    monkeypatch.setattr(repeats, "MOST_BITS", bits)
    luck = random.Random(7)  # noqa: S311  # made-up rows
    known: dict[str, str] = {}
    for number in range(4):
        rows = [
            row(CF_WSH=str(luck.randrange(60)), CF_NR_FK=str(luck.randrange(3))) for _ in range(80)
        ]
        path = file(tmp_path, text(rows), f"{number}.csv")
        batch = landed(tmp_path, path, at=AT + timedelta(days=number))
        here: dict[str, str] = {}
        new = unchanged = duplicate = conflict = 0
        for each in rows:
            document, fine = each["CF_WSH"], each["CF_NR_FK"]
            if document in here:
                duplicate += here[document] == fine
                conflict += here[document] != fine
                continue
            here[document] = fine
            unchanged += known.get(document) == fine
            new += known.get(document) != fine
        known |= here
        assert (batch.accepted, batch.unchanged) == (new, unchanged)
        assert (batch.duplicate, batch.quarantined) == (duplicate + unchanged, conflict)
