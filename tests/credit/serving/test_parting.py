"""Texts laid in parts: nothing is lost, and what is read at once stays small."""

from pathlib import Path

import pyarrow as pa

from yinuo.credit.serving.parting import PART, PARTS, laid, opened, together

ROWS = [(part, f"{part}/{n}") for n in range(50) for part in (127, 0, 17, 17)]


def batches(size: int) -> list[pa.RecordBatch]:
    table = pa.table(
        {
            "text": pa.array([text for _, text in ROWS]),
            PART: pa.array([part for part, _ in ROWS], pa.int32()),
        }
    )
    return list(table.to_batches(max_chunksize=size))


def test_each_part_is_a_file_and_holds_its_rows_as_they_came(tmp_path: Path) -> None:
    paths = laid(batches(7), tmp_path / "staged")
    assert [path.name for path in paths] == ["000.arrow", "017.arrow", "127.arrow"]
    for path, part in zip(paths, (0, 17, 127), strict=True):
        with opened([path]) as rows:
            assert rows.to_pylist() == [{"text": text} for each, text in ROWS if each == part]
    with opened(paths) as rows:
        assert rows.num_rows == len(ROWS)
    assert max(part for part, _ in ROWS) == PARTS - 1


def test_nothing_makes_no_file(tmp_path: Path) -> None:
    assert laid([], tmp_path / "staged") == []
    assert list(together([], 1)) == []


def test_files_are_taken_together_up_to_a_size(tmp_path: Path) -> None:
    paths = []
    for number, size in enumerate((10, 10, 30, 5, 5, 5)):
        paths.append(tmp_path / str(number))
        paths[-1].write_bytes(b"x" * size)
    groups = [[int(path.name) for path in group] for group in together(paths, 20)]
    assert groups == [[0, 1], [2], [3, 4, 5]]
