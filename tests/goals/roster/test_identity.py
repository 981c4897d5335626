"""Which task a row is, this time and the next."""

import pytest

from tests.goals.roster.sheets import content, errors, notices, read, task, workbook
from yinuo.goals.roster.fields import IDENTITY_HEADER

WITH_CODE = ("序号", "编号", "任务", "责任单位", "完成时限")
WITH_IDENTITY = ("序号", "任务", "责任单位", "完成时限", IDENTITY_HEADER)
KNOWN = {"TZ-001": "建设第1座公园", "TZ-002": "建设第2座公园"}


def _coded(*codes: object) -> list[list[object]]:
    return [[n, code, f"任务{n}", "中山区", ""] for n, code in enumerate(codes, start=1)]


@pytest.mark.parametrize(
    ("number", "code"),
    [
        (7, "TZ-007"),
        ("7", "TZ-007"),
        ("７", "TZ-007"),
        ("（7）", "TZ-007"),
        ("7.", "TZ-007"),
        ("十二", "TZ-012"),
        ("1.1", "TZ-1.1"),
        ("A-3", "TZ-A-3"),
        (1234, "TZ-1234"),
    ],
)
def test_a_number_becomes_a_code(number: object, code: str) -> None:
    assert content(read(workbook([task(number)])))[0].code == code


def test_without_numbers_the_rows_are_counted() -> None:
    rows = [["甲", "中山区", ""], ["乙", "中山区", ""]]
    found = read(workbook(rows, headers=("任务", "责任单位", "完成时限")))
    assert [row.code for row in content(found)] == ["TZ-001", "TZ-002"]


def test_the_sheets_own_codes_are_taken_as_they_are() -> None:
    found = read(workbook(_coded("DB-7", "DB-8"), headers=WITH_CODE))
    assert [row.code for row in content(found)] == ["DB-7", "DB-8"]


@pytest.mark.parametrize(
    ("codes", "expected"),
    [
        (("DB-7", "督办八"), [("GOALS-E022", "B3")]),
        (("DB-7", None), [("GOALS-E065", "B3")]),
        (("DB-7", "db-7"), [("GOALS-E066", "B3")]),
        (("DB-7", "X" * 41), [("GOALS-E022", "B3")]),
    ],
)
def test_codes_that_tell_nothing_are_errors(
    codes: tuple[object, ...], expected: list[tuple[str, str]]
) -> None:
    assert errors(read(workbook(_coded(*codes), headers=WITH_CODE))) == expected


def test_missing_and_repeated_numbers_are_errors_at_their_cells() -> None:
    found = read(workbook([task(1), task(None), task(1)]))
    assert errors(found) == [("GOALS-E065", "A3"), ("GOALS-E066", "A4")]
    assert "A2" in found.checked.errors[1].rule


def test_a_number_that_became_a_date_is_an_error() -> None:
    found = read(workbook([task("2024年1月2日")]))
    assert errors(found) == [("GOALS-E022", "A2")]


def test_the_same_sheet_has_the_same_codes_and_no_complaint() -> None:
    data = workbook([task(1), task(2)])
    assert errors(read(data, titles=KNOWN)) == []


def test_another_task_under_a_known_number_is_an_error_with_the_way_out() -> None:
    rows = [task(1, title="建设新港口"), task(2, title="建设第1座公园")]
    known = {"TZ-001": "建设第1座公园", "TZ-002": "办好民生实事"}
    found = read(workbook(rows), titles=known)
    assert errors(found) == [("GOALS-E067", "A2"), ("GOALS-E067", "A3")]
    assert "没有用过的序号" in found.checked.errors[0].next_step
    assert "TZ-001" in found.checked.errors[1].next_step


def test_changed_words_are_the_same_task_and_told() -> None:
    found = read(workbook([task(1, title="建设第1座城市公园")]), titles=KNOWN)
    assert errors(found) == []
    assert ("GOALS-N078", "A2") in notices(found)


def test_our_own_code_is_who_a_row_is_wherever_it_stands() -> None:
    rows = [
        [1, "全新的任务", "中山区", "", ""],
        [2, "改了名称的一项", "中山区", "", "TZ-002"],
        [3, "建设第1座公园", "中山区", "", "TZ-001"],
    ]
    found = read(workbook(rows, headers=WITH_IDENTITY), titles=KNOWN)
    assert errors(found) == []
    assert [row.code for row in content(found)] == ["TZ-003", "TZ-002", "TZ-001"]


def test_a_row_added_to_a_sheet_of_ours_keeps_its_new_code() -> None:
    rows = [
        [1, "全新的任务", "中山区", "", ""],
        [2, "建设第1座公园", "中山区", "", "TZ-001"],
        [3, "建设第2座公园", "中山区", "", "TZ-002"],
    ]
    first = content(read(workbook(rows, headers=WITH_IDENTITY), titles=KNOWN))
    taken = {row.code: row.title for row in first}
    again = content(read(workbook(rows, headers=WITH_IDENTITY), titles=taken))
    assert [row.code for row in again] == [row.code for row in first]
    assert first[0].code not in KNOWN


def test_a_doubled_code_of_ours_is_an_error() -> None:
    rows = [[1, "甲", "中山区", "", "TZ-001"], [2, "乙", "中山区", "", "TZ-001"]]
    assert errors(read(workbook(rows, headers=WITH_IDENTITY))) == [("GOALS-E066", "E3")]
