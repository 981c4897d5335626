"""Letters in bulk: the same judgement as of a single letter, nothing lost, persons never public."""

import random
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from tests.credit.letters_bulk.made_up import NAMES, Row, sound, with_faults, write
from yinuo.commitments.letters.checks import faults
from yinuo.commitments.letters.codec import from_data
from yinuo.credit.errors.exchange import BulkDamaged, UnreadableLetters, WrongColumns
from yinuo.credit.letters_bulk.batch import (
    ASIDE,
    BulkBatch,
    land_letters,
    letters_with,
    open_bulk,
    verify,
)
from yinuo.kernel.content import content_dir
from yinuo.kernel.regions import Regions

REGIONS = Regions.read(content_dir() / "regions" / "regions.csv")
AT = datetime(2026, 11, 29, 2, 0, tzinfo=UTC)


def landed(folder: Path, rows: list[Row]) -> BulkBatch:
    path = write(folder / "letters.csv", rows)
    return land_letters(path, regions=REGIONS, lake=folder / "lake", at=AT)


def good(row: Row) -> bool:
    """What the check of a single letter says."""
    found = from_data(row)
    return found.letter is not None and not faults(found.letter, REGIONS)


@pytest.mark.parametrize("seed", range(4))
def test_it_judges_as_the_check_of_a_single_letter_does(tmp_path: Path, seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311  # made-up rows
    rows = [with_faults(chance, number) for number in range(1_500)]
    made = landed(tmp_path, rows)
    aside = pq.read_table(made.folder / ASIDE).to_pylist()
    own = {each["line"] - 2: each["rule"] for each in aside if each["rule"] != "REPEATED"}
    expected = {place for place, row in enumerate(rows) if not good(row)}
    assert own.keys() == expected
    assert 400 < len(expected) < 1_400, "both sorts are there"
    assert made.read == len(rows) == made.accepted + made.aside


def test_every_letter_is_in_one_file_only_and_as_it_came(tmp_path: Path) -> None:
    chance = random.Random(7)  # noqa: S311  # made-up rows
    rows = [sound(chance, number) for number in range(500)]
    made = landed(tmp_path, rows)
    assert (made.accepted, made.aside) == (500, 0)
    found: dict[int, dict[str, Any]] = {}
    for name in made.files:
        if name != ASIDE:
            found |= {row["line"] - 2: row for row in pq.read_table(made.folder / name).to_pylist()}
    assert sorted(found) == list(range(500))
    for place, row in enumerate(rows):
        assert found[place]["承诺内容"] == row["承诺内容"]
        assert f"{found[place]['承诺作出日期']:%Y%m%d}" == row["承诺编码"][6:14]


def test_persons_are_never_public(tmp_path: Path) -> None:
    chance = random.Random(8)  # noqa: S311  # made-up rows
    rows = [sound(chance, number) | {"公开类型": "可向社会公开"} for number in range(400)]
    made = landed(tmp_path, rows)
    kinds = [row["承诺人类别"] for row in rows]
    assert made.public == len(rows) - kinds.count("自然人") > 0
    for path in made.public_files:
        assert "自然人" not in pq.read_table(path)["承诺人类别"].to_pylist()
    person = rows[kinds.index("自然人")]
    assert letters_with(made, "承诺编码", person["承诺编码"], 5) == []
    firm = rows[kinds.index("法人及非法人组织")]
    (one,) = letters_with(made, "承诺编码", firm["承诺编码"], 5)
    assert one["承诺人代码"] == firm["承诺人代码"]


def test_torn_rows_are_kept_with_their_place(tmp_path: Path) -> None:
    chance = random.Random(9)  # noqa: S311  # made-up rows
    rows = [sound(chance, number) for number in range(6)]
    path = write(tmp_path / "letters.csv", rows)
    lines = path.read_text("utf-8").splitlines()
    lines[3] += ",多一格"
    lines[5] = "只有一格"
    path.write_text("\n".join(lines) + "\n", "utf-8")
    made = land_letters(path, regions=REGIONS, lake=tmp_path / "lake", at=AT)
    assert (made.read, made.accepted, made.rules) == (6, 4, {"TORN": 2})
    aside = pq.read_table(made.folder / ASIDE).to_pylist()
    assert sorted(each["line"] for each in aside) == [4, 6]
    assert "只有一格" in str(aside)
    kept = [
        row["line"]
        for name in made.files
        if name != ASIDE
        for row in pq.read_table(made.folder / name).to_pylist()
    ]
    assert sorted(kept) == [2, 3, 5, 7]


def test_a_code_that_stood_before_is_put_aside(tmp_path: Path) -> None:
    chance = random.Random(10)  # noqa: S311  # made-up rows
    rows = [sound(chance, number) for number in range(20)]
    made = landed(tmp_path, [*rows, rows[3], rows[3] | {"备注": "又一份"}])
    assert (made.accepted, made.rules) == (20, {"REPEATED": 2})


def test_the_same_file_again_is_the_same_batch(tmp_path: Path) -> None:
    chance = random.Random(11)  # noqa: S311  # made-up rows
    rows = [with_faults(chance, number) for number in range(50)]
    first, again = landed(tmp_path, rows), landed(tmp_path, rows)
    assert (first.already, again.already) == (False, True)
    assert (first, first.root) == (again, again.root)
    assert len(first.root) == 64
    assert open_bulk(first.folder) == first


def test_a_changed_file_is_found(tmp_path: Path) -> None:
    chance = random.Random(12)  # noqa: S311  # made-up rows
    made = landed(tmp_path, [sound(chance, number) for number in range(50)])
    verify(made)
    path = made.public_files[0]
    path.write_bytes(path.read_bytes()[:-1] + b"x")
    with pytest.raises(BulkDamaged, match="与清单不符"):
        verify(made)


@pytest.mark.parametrize(
    ("encoding", "data", "error"),
    [
        ("utf-8", "承诺编码,承诺人名称\n1,2\n".encode(), WrongColumns),
        ("utf-8", (",".join(NAMES) + ",多\n").encode(), WrongColumns),
        ("utf-8", (",".join(NAMES) + "\n").encode("gb18030"), UnreadableLetters),
        ("utf-8", (",".join(NAMES) + "\n").encode() + b"\xff\xfe" + b"," * 19 + b"\n", Exception),
    ],
)
def test_files_that_cannot_be_read(
    tmp_path: Path, encoding: str, data: bytes, error: type[Exception]
) -> None:
    path = tmp_path / "letters.csv"
    path.write_bytes(data)
    with pytest.raises(error):
        land_letters(path, regions=REGIONS, lake=tmp_path / "lake", at=AT, encoding=encoding)
    assert not [each for each in (tmp_path / "lake").rglob("*") if each.is_file()]


def test_pieces_of_a_large_file_are_one_batch(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    chance = random.Random(14)  # noqa: S311  # made-up rows
    rows = [with_faults(chance, number) for number in range(600)]
    rows += rows[:300]
    whole = landed(tmp_path / "whole", rows)
    monkeypatch.setattr("yinuo.credit.letters_bulk.reading.BLOCK", 1 << 16)
    monkeypatch.setattr("yinuo.credit.letters_bulk.batch.PER_FILE", 20)
    small = landed(tmp_path / "small", rows)
    assert small.rules == whole.rules
    assert (small.read, small.accepted, small.public) == (900, whole.accepted, whole.public)
    assert len(small.public_files) > 1
    lines = [pq.read_table(each.folder / ASIDE)["line"].to_pylist() for each in (whole, small)]
    assert lines[0] == lines[1]


def test_gb18030(tmp_path: Path) -> None:
    chance = random.Random(13)  # noqa: S311  # made-up rows
    path = write(tmp_path / "letters.csv", [sound(chance, number) for number in range(10)])
    path.write_bytes(path.read_text("utf-8").encode("gb18030"))
    made = land_letters(path, regions=REGIONS, lake=tmp_path / "lake", at=AT, encoding="gb18030")
    assert made.accepted == 10
