"""Sheets and headers: what is missing, doubled, moved, merged or hidden."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.goals.workbooks import brief, checked, edited, plan, workbook
from yinuo.kernel.spreadsheet import cells


def _found(change: Callable[[Any], None]) -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
    found = checked(edited(workbook(), change))
    return brief(found.errors), brief(found.notices)


def _column(book: Any, sheet: str, header: str) -> int:
    return next(int(cell.column) for cell in book[sheet][1] if cell.value == header)


def test_a_missing_sheet_is_named_with_the_sheet_to_rename() -> None:
    def change(book: Any) -> None:
        book["承诺"].title = "承诺事项"

    data = edited(workbook(), change)
    errors = checked(data).errors
    assert ("GOALS-E010", "承诺!") in brief(errors)
    assert "承诺事项" in next(f for f in errors if f.code == "GOALS-E010").next_step
    assert ("GOALS-N007", "承诺事项!") in brief(checked(data).notices)


def test_a_misspelt_header_is_strange_and_missing() -> None:
    def change(book: Any) -> None:
        book["承诺"].cell(1, _column(book, "承诺", "完成时限")).value = "完成期限"

    data = edited(workbook(), change)
    errors = checked(data).errors
    assert [f.code for f in errors] == ["GOALS-E011", "GOALS-E012"]
    assert errors[0].field == "完成时限"
    assert errors[1].cell == "R1"
    assert "完成时限" in errors[1].next_step


def test_a_doubled_header_points_at_the_first() -> None:
    def change(book: Any) -> None:
        book["承诺"].cell(1, 40).value = "完成时限"

    errors = checked(edited(workbook(), change)).errors
    assert brief(errors) == [("GOALS-E013", "承诺!AN1")]
    assert "R1" in errors[0].rule


def test_headers_may_carry_blanks_stars_and_wide_forms() -> None:
    def change(book: Any) -> None:
        book["承诺"].cell(1, _column(book, "承诺", "承诺内容")).value = "承诺\n内容 *"
        book["依据"].cell(1, _column(book, "依据", "SHA-256")).value = "ＳＨＡ－２５６"

    assert _found(change) == ([], [])


def test_columns_may_stand_in_any_order() -> None:
    def change(book: Any) -> None:
        sheet = book["承诺"]
        rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
        formats = [[cell.number_format for cell in row] for row in sheet.iter_rows()]
        for row, (values, styles) in enumerate(zip(rows, formats, strict=True), start=1):
            for column, value in enumerate(reversed(values), start=1):
                sheet.cell(row, column).value = value
                sheet.cell(row, column).number_format = styles[-column]

    found = checked(edited(workbook(), change))
    assert found.errors == ()
    assert found.plan is not None
    assert found.plan.content == plan()
    assert found.plan.places["承诺"].cell("P-001", "note") == "B2"


def test_a_title_above_the_header_is_named() -> None:
    def change(book: Any) -> None:
        book["承诺"].insert_rows(1, amount=2)
        book["承诺"]["A1"].value = "大连市承诺一览表"

    errors, _ = _found(change)
    assert ("GOALS-E014", "承诺!A3") in errors


def test_content_without_a_header_is_named() -> None:
    def change(book: Any) -> None:
        book["目标"]["H3"].value = "备注"

    assert _found(change)[0] == [("GOALS-E019", "目标!H3")]


def test_an_unknown_column_is_not_dropped_silently() -> None:
    def change(book: Any) -> None:
        book["目标"]["E1"].value = "备注"

    assert _found(change)[0] == [("GOALS-E012", "目标!E1")]


def test_merged_cells_are_named_by_their_range() -> None:
    def change(book: Any) -> None:
        column = _column(book, "承诺", "责任单位")
        book["承诺"].merge_cells(start_row=2, end_row=3, start_column=column, end_column=column)

    errors, _ = _found(change)
    assert errors == [("GOALS-E015", "承诺!F2:F3")]


def test_hidden_sheets_and_rows_are_read_and_told() -> None:
    def change(book: Any) -> None:
        book["目标"].sheet_state = "hidden"
        book["承诺"].row_dimensions[3].hidden = True

    data = edited(workbook(), change)
    found = checked(data)
    assert brief(found.notices) == [("GOALS-N006", "目标!"), ("GOALS-N006", "承诺!A3")]
    assert found.plan is not None
    assert found.plan.content == plan()


def test_blank_rows_inside_are_skipped_and_told() -> None:
    def change(book: Any) -> None:
        book["承诺"].insert_rows(3, amount=2)

    data = edited(workbook(), change)
    found = checked(data)
    assert brief(found.notices) == [("GOALS-N005", "承诺!A3")]
    assert "3–4" in found.notices[0].rule
    assert found.plan is not None
    assert found.plan.places["承诺"].cell("P-002", "title") == "C5"


def test_a_formatted_row_far_below_is_no_content() -> None:
    def change(book: Any) -> None:
        book["承诺"].cell(40_000, 3).number_format = "0.00"

    assert _found(change) == ([], [])


def test_a_foreign_sheet_is_told_and_left_alone() -> None:
    def change(book: Any) -> None:
        book.create_sheet("Sheet1")
        book.create_sheet("通讯录")["A1"].value = "不读"

    assert _found(change) == ([], [("GOALS-N007", "通讯录!")])


def test_the_plan_sheet_is_matched_by_its_names() -> None:
    def change(book: Any) -> None:
        sheet = book["计划"]
        sheet["A2"].value = "计划编码"
        sheet["B9"].value = "没有名字"

    errors, _ = _found(change)
    assert errors == [("GOALS-E011", "计划!"), ("GOALS-E012", "计划!A2"), ("GOALS-E019", "计划!B9")]


def test_too_many_rows_are_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cells, "MAX_ROWS", 3)
    assert ("GOALS-E018", "承诺!") in brief(checked(workbook()).errors)


def test_everything_wrong_is_reported_at_once() -> None:
    def change(book: Any) -> None:
        book["单位"]["C4"].value = "县"
        book["承诺"]["R2"].value = "年底"
        book["承诺"]["B3"].value = "指标"
        book["据报道"]["M2"].value = "D-9"

    errors, _ = _found(change)
    assert errors == [
        ("GOALS-E026", "单位!C4"),
        ("GOALS-E023", "承诺!R2"),
        ("GOALS-E026", "承诺!B3"),
        ("GOALS-E031", "据报道!M2"),
    ]
