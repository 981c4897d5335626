from pathlib import Path

import pytest

from yinuo.kernel.special_days import DayKind, read

HEADER = "日期,类型,名称,依据,依据核对"
GOOD = ("2024-01-01,起,,,", "2024-01-01,休,元旦,,", "2024-02-04,班,春节,,", "2024-12-31,止,,,")


def write(tmp_path: Path, *rows: str, header: str = HEADER) -> Path:
    path = tmp_path / "calendar.csv"
    path.write_text("\n".join((header, *rows)) + "\n", encoding="utf-8")
    return path


def test_good_rows_are_read_in_date_order(tmp_path: Path) -> None:
    days, findings = read(write(tmp_path, *reversed(GOOD)))
    assert findings == []
    assert [day.kind for day in days] == [
        DayKind.OFF,
        DayKind.FROM,
        DayKind.MAKE_UP,
        DayKind.THROUGH,
    ]


@pytest.mark.parametrize(
    ("row", "code", "cell"),
    [
        ("2024-02-30,休,节,,", "CAL-E013", "A6"),
        ("二月三日,休,节,,", "CAL-E013", "A6"),
        ("2024-03-01,放假,节,,", "CAL-E014", "B6"),
        ("2024-03-01,休,,,", "CAL-E015", "C6"),
        ("2024-03-01,班,节,,", "CAL-E016", "A6"),
        ("2024-01-01,休,元旦,,", "CAL-E017", "A6"),
        ("2025-03-01,休,节,,", "CAL-E019", "A6"),
        ("2024-03-01,休,节,,,多", "CAL-E012", "F6"),
    ],
)
def test_a_fault_is_found_where_it_stands(tmp_path: Path, row: str, code: str, cell: str) -> None:
    _, findings = read(write(tmp_path, *GOOD, row))
    assert [(finding.code, finding.cell) for finding in findings] == [(code, cell)]
    assert findings[0].next_step


@pytest.mark.parametrize("missing", [0, 3])
def test_a_missing_bound_is_found(tmp_path: Path, missing: int) -> None:
    rows = [row for number, row in enumerate(GOOD) if number != missing]
    _, findings = read(write(tmp_path, *rows))
    assert [finding.code for finding in findings] == ["CAL-E018"]


def test_a_year_claimed_but_not_entered_is_found(tmp_path: Path) -> None:
    _, findings = read(write(tmp_path, *GOOD[:3], "2025-12-31,止,,,"))
    assert [(finding.code, finding.value) for finding in findings] == [("CAL-E020", "2025")]


def test_all_faults_are_found_at_once(tmp_path: Path) -> None:
    _, findings = read(write(tmp_path, *GOOD, "x,休,节,,", "2024-03-01,休,,,"))
    assert [finding.code for finding in findings] == ["CAL-E013", "CAL-E015"]


@pytest.mark.parametrize("header", ["", "date,kind,name,notice,notice_status", "日期,类型"])
def test_another_header_is_refused(tmp_path: Path, header: str) -> None:
    days, findings = read(write(tmp_path, *GOOD, header=header))
    assert days == []
    assert [finding.code for finding in findings] == ["CAL-E011"]


def test_an_empty_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "empty.csv"
    path.write_bytes(b"")
    assert [finding.code for finding in read(path)[1]] == ["CAL-E011"]


def test_another_encoding_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "gbk.csv"
    path.write_bytes("\n".join((HEADER, *GOOD)).encode("gbk"))
    findings = read(path)[1]
    assert [finding.code for finding in findings] == ["CAL-E010"]
    assert "UTF-8" in findings[0].next_step


def test_blank_lines_are_skipped(tmp_path: Path) -> None:
    assert read(write(tmp_path, *GOOD, "", ",,,,"))[1] == []
