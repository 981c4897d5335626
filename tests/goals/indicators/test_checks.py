"""Bad input: named, kept aside or asked about, never averaged in."""

import io
from datetime import UTC, date, datetime
from typing import Any

import openpyxl
import pytest
import xlsxwriter

from yinuo.goals.in_force.figure_limits import limits_of
from yinuo.goals.indicators.checks import (
    Cell,
    CheckedFigures,
    Definition,
    Known,
    Old,
    aside_table,
    check_figures,
)
from yinuo.goals.indicators.limits import read_limits
from yinuo.goals.indicators.reading import open_file
from yinuo.goals.indicators.writing import table_csv, write_indicators
from yinuo.kernel.content import content_dir
from yinuo.kernel.spreadsheet.faults import SpreadsheetRefused

TODAY = date(2024, 7, 15)
HEADERS = ("指标", "对象", "期间", "数值", "计量单位")
LIMITS = limits_of((content_dir() / "tables" / "series-checks.xlsx").read_bytes(), on=TODAY)[0]
assert LIMITS is not None
INDICATORS = {
    d.code: d
    for d in (
        Definition("JOBS", "新增岗位", "个", "current"),
        Definition("VALUE", "货物总值", "亿元", "cumulative", areas=frozenset({"大连口岸"})),
        Definition("SHARE", "占比", "%", "ratio"),
        Definition("CLEAR", "整体通关时间", "小时", "current", near_names=("海关作业时间",)),
        Definition("STARTS", "开工项目", "个", "current", counted="projects.started"),
    )
}


def known(**old: str) -> Known:
    """`JOBS__2024_01="100"` is a figure of 大连市 that is there already."""
    there = {}
    for key, value in old.items():
        code, _, period = key.partition("__")
        period = period.replace("_", "-")
        there[Cell(code, "210200", "actual", "value", "", period)] = Old(1, value, "preliminary")
    assert LIMITS is not None
    return Known(
        indicators=INDICATORS,
        units={"210200": "大连市", "210212": "旅顺口区"},
        documents=frozenset({"DOC-1"}),
        old=there,
        limits=LIMITS,
        today=TODAY,
        may_fill=lambda _code, unit: unit != "210212",
    )


def sheet(*rows: tuple[Any, ...], headers: tuple[str, ...] = HEADERS) -> bytes:
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True}) as book:
        page = book.add_worksheet("数据")
        page.write_row(0, 0, headers)
        for number, row in enumerate(rows, start=1):
            page.write_row(number, 0, row)
    return buffer.getvalue()


def check(data: bytes, **old: str) -> CheckedFigures:
    return check_figures(open_file(data, file="数据.xlsx"), known(**old))


def jobs(value: Any, period: Any = "2024-06", unit: str = "个") -> tuple[Any, ...]:
    return ("JOBS", "大连市", period, value, unit)


def only(found: CheckedFigures) -> tuple[list[str], list[str], list[str]]:
    """Codes of what keeps rows aside, of questions and of notices."""
    return (
        [fault.code for row in found.rows for fault in row.faults],
        [question.finding.code for question in found.questions],
        [notice.code for notice in found.notices],
    )


@pytest.mark.parametrize(
    ("row", "code"),
    [
        (("没有的指标", "大连市", "2024-06", 1, "个"), "INDICATOR-E048"),
        (("海关作业时间", "大连市", "2024-06", 1, "小时"), "INDICATOR-E049"),
        (("", "大连市", "2024-06", 1, "个"), "INDICATOR-E040"),
        (jobs(1, ""), "INDICATOR-E040"),
        (jobs(1, "去年6月"), "INDICATOR-E050"),
        (jobs(1, "2024年1—6月"), "INDICATOR-E051"),
        (("VALUE", "大连市", "2024Q2", 1, "亿元"), "INDICATOR-E051"),
        (jobs(1, "2024-07"), "INDICATOR-E053"),
        (jobs(1, "2024"), "INDICATOR-E053"),
        (jobs("约一百"), "INDICATOR-E044"),
        (jobs("100项"), "INDICATOR-E052"),
        (jobs(1, unit="亿元"), "INDICATOR-E052"),
        (jobs(1, unit=""), "INDICATOR-E040"),
        (jobs("9" * 30), "INDICATOR-E044"),
        (("JOBS", "旅顺口区", "2024-06", 1, "个"), "INDICATOR-E057"),
        (("STARTS", "大连市", "2024-06", 1, "个"), "INDICATOR-E064"),
        (jobs("1\x07"), "INDICATOR-E062"),
    ],
)
def test_a_row_that_cannot_be_taken_is_kept_aside_with_its_reason(
    row: tuple[Any, ...], code: str
) -> None:
    found = check(sheet(row))
    assert code in only(found)[0]
    assert found.settled({}).figures == ()
    (aside,) = found.settled({}).aside
    assert all(fault.next_step and fault.sheet == "数据" for fault in aside[1])


def test_every_fault_of_a_row_is_told_with_its_cell() -> None:
    found = check(sheet(("没有", "大连市", "去年", "约", "个")))
    assert [(f.cell, f.field) for f in found.rows[0].faults] == [
        ("A2", "指标"),
        ("C2", "期间"),
        ("D2", "数值"),
    ]


def test_text_numbers_are_read_and_told() -> None:
    found = check(sheet(jobs("３，８００")))
    ((figure, vintage),) = found.settled({}).figures
    assert (figure.value, vintage) == ("3800", 1)
    assert only(found) == ([], [], ["INDICATOR-N001"])


def test_units_that_differ_by_wan_and_yi_are_converted_and_told() -> None:
    found = check(sheet(("VALUE", "大连市", "2023", 94712000, "万元")))
    ((figure, _),) = found.settled({}).figures
    assert figure.value == "9471.2"
    assert "INDICATOR-N003" in only(found)[2]


def test_a_percent_cell_is_certain_and_a_bare_small_number_is_asked_about() -> None:
    book = openpyxl.load_workbook(io.BytesIO(sheet(("SHARE", "大连市", "2023", 0.14, "%"))))
    book["数据"]["D2"].number_format = "0.0%"
    buffer = io.BytesIO()
    book.save(buffer)
    ((figure, _),) = check(buffer.getvalue()).settled({}).figures
    assert figure.value == "14"
    found = check(sheet(("SHARE", "大连市", "2023", 0.14, "%")))
    assert only(found)[1] == ["INDICATOR-Q003"]
    assert found.questions[0].change == "14"
    assert found.settled({}).open == found.questions
    assert found.settled({1: "change"}).figures[0][0].value == "14"
    assert found.settled({1: "keep"}).figures[0][0].value == "0.14"
    assert found.settled({1: "aside"}).figures == ()


def test_a_share_a_hundred_times_its_neighbours_is_asked_about() -> None:
    found = check(sheet(("SHARE", "大连市", "2023", 0.14, "%")), SHARE__2022="13.6")
    assert only(found)[1] == ["INDICATOR-Q003"]
    assert found.questions[0].change == "14"


def test_wan_typed_as_yi_jumps_and_the_right_value_is_suggested() -> None:
    found = check(sheet(jobs(1040000)), JOBS__2024_05="100", JOBS__2023_06="98")
    assert only(found)[1] == ["INDICATOR-Q002"]
    assert found.questions[0].change == "104"
    assert found.settled({1: "change"}).figures[0][0].value == "104"


def test_a_holiday_four_times_the_year_before_is_no_jump() -> None:
    assert only(check(sheet(jobs(443)), JOBS__2023_06="100"))[1] == []


def test_a_value_far_from_one_neighbour_alone_is_no_jump() -> None:
    found = check(sheet(jobs(900)), JOBS__2024_05="100", JOBS__2023_06="850")
    assert only(found)[1] == []


def test_a_changed_past_value_becomes_a_vintage_only_if_somebody_says_so() -> None:
    found = check(sheet(jobs(104, "2024-01")), JOBS__2024_01="100")
    assert only(found)[1] == ["INDICATOR-Q005"]
    ((figure, vintage),) = found.settled({1: "keep"}).figures
    assert (figure.standing, vintage) == ("revised", 2)
    assert found.settled({1: "aside"}).figures == ()
    headers = (*HEADERS, "状态")
    said = check(sheet((*jobs(104, "2024-01"), "修订"), headers=headers), JOBS__2024_01="100")
    assert only(said)[1] == []
    assert said.settled({}).figures[0][1] == 2


def test_the_same_file_again_changes_nothing() -> None:
    found = check(sheet(jobs(100, "2024-01")), JOBS__2024_01="100")
    assert (found.settled({}).figures, found.settled({}).unchanged) == ((), 1)


def test_a_preliminary_value_may_become_final_without_a_question() -> None:
    headers = (*HEADERS, "状态")
    found = check(sheet((*jobs(100, "2024-01"), "最终"), headers=headers), JOBS__2024_01="100")
    ((figure, vintage),) = found.settled({}).figures
    assert (figure.standing, vintage) == ("final", 2)


def test_two_values_for_one_cell_are_neither_taken_and_the_same_twice_once() -> None:
    found = check(sheet(jobs(1), jobs(2), jobs(5, "2024-05"), jobs(5, "2024-05")))
    faults, _, notices = only(found)
    assert faults == ["INDICATOR-E054", "INDICATOR-E054"]
    assert notices == ["INDICATOR-N006"]
    assert [f.value for f, _ in found.settled({}).figures] == ["5"]
    assert "2、3" in found.rows[0].faults[0].rule


def test_merged_units_formulas_and_error_values_are_named() -> None:
    book = openpyxl.Workbook()
    page = book.active
    assert page is not None
    page.title = "数据"
    page.append(HEADERS)
    page.append(jobs(1))
    page.append(jobs(2, "2024-05"))
    page.append(jobs("=1+1", "2024-04"))
    page.merge_cells("E2:E3")
    buffer = io.BytesIO()
    book.save(buffer)
    found = check(buffer.getvalue())
    assert [f.code for f in found.rows[1].faults] == ["INDICATOR-E041"]
    assert [f.code for f in found.rows[2].faults] == ["INDICATOR-E042"]
    assert len(found.settled({}).figures) == 1


def test_dates_in_several_writings_are_one_date() -> None:
    headers = (*HEADERS, "公布日期")
    days = ("2024-07-05", "2024年7月5日", "20240705", "2024.7.5", "2024/7/5")
    rows = [(*jobs(n, f"2024-0{n}"), day) for n, day in enumerate(days, start=1)]
    found = check(sheet(*rows, headers=headers))
    assert {f.published for f, _ in found.settled({}).figures} == {date(2024, 7, 5)}
    unclear = check(sheet((*jobs(1), "7/5/24"), headers=headers))
    assert only(unclear)[0] == ["INDICATOR-E047"]


def test_a_month_that_excel_made_a_date_of_is_that_month() -> None:
    book = openpyxl.load_workbook(io.BytesIO(sheet(jobs(7))))
    book["数据"]["C2"] = datetime(2024, 6, 1)  # noqa: DTZ001  # a cell has no zone
    buffer = io.BytesIO()
    book.save(buffer)
    ((figure, _),) = check(buffer.getvalue()).settled({}).figures
    assert figure.period.key == "2024-06"


def test_leftovers_of_arithmetic_are_asked_about() -> None:
    found = check(sheet(jobs(100.123456789)))
    assert only(found)[1] == ["INDICATOR-Q004"]
    assert found.settled({1: "change"}).figures[0][0].value == "100.123457"


def test_a_subject_never_heard_of_is_asked_about_once() -> None:
    rows = [("VALUE", "大连口案", f"2024年1—{m}月", m, "亿元") for m in (2, 3)]
    assert only(check(sheet(*rows)))[1] == ["INDICATOR-Q001"]
    assert only(check(sheet(("VALUE", "大连口岸", "2023", 9471.2, "亿元"))))[1] == []


def test_the_month_of_a_value_to_date_is_read_as_one_and_told() -> None:
    found = check(sheet(("VALUE", "大连市", "2024-06", 3000, "亿元")))
    assert found.settled({}).figures[0][0].period.key == "2024-01~06"
    assert "INDICATOR-N004" in only(found)[2]


def test_an_implied_value_says_how_and_a_stated_share_says_of_what() -> None:
    headers = (*HEADERS, "类别", "推算")
    rows = ((*jobs(1), "", "是"), ("VALUE", "大连市", "2023", 85.7, "%", "占比", ""))
    found = check(sheet(*rows, headers=headers))
    assert only(found)[0] == ["INDICATOR-E058", "INDICATOR-E055"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_a_csv_is_read_like_a_workbook(encoding: str) -> None:
    text = '指标,对象,期间,数值,计量单位\nJOBS,大连市,2024-06,"1,234",个\n'
    ((figure, _),) = check(text.encode(encoding)).settled({}).figures
    assert figure.value == "1234"


def test_a_title_above_the_header_and_a_sheet_of_any_name_are_read() -> None:
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True}) as book:
        page = book.add_worksheet("6月报表")
        page.write(0, 0, "大连市就业情况")
        page.write_row(1, 0, (*HEADERS, "填表人"))
        page.write_row(2, 0, (*jobs(12), "张"))
    found = check(buffer.getvalue())
    assert [f.value for f, _ in found.settled({}).figures] == ["12"]
    assert "INDICATOR-N008" in only(found)[2]


def test_a_missing_column_and_a_repeated_one_stop_the_sheet() -> None:
    lacking = check(sheet(("JOBS", "2024-06", 1), headers=("指标", "期间", "数值")))
    assert [e.code for e in lacking.errors] == ["INDICATOR-E031", "INDICATOR-E031"]
    twice = check(sheet((*jobs(1), 2), headers=(*HEADERS, "数值")))
    assert [e.code for e in twice.errors] == ["INDICATOR-E033"]
    assert twice.rows == ()


def test_what_is_no_workbook_is_refused() -> None:
    with pytest.raises(SpreadsheetRefused):
        open_file(b"%PDF-1.7", file="a.xlsx")


def test_what_is_kept_aside_comes_back_with_reasons_and_runs_no_formula() -> None:
    found = check(sheet(("=HYPERLINK(1)", "大连市", "2024-06", 1, "个"), jobs("约")))
    lines = table_csv(aside_table(found.settled({}).aside)).decode("utf-8-sig").splitlines()
    assert lines[0].startswith("行,指标,对象,期间,数值,计量单位,原因,怎样改")
    assert "A2 指标" in lines[1]
    assert not any(field.startswith("=") for line in lines for field in line.split(","))


def test_the_template_and_a_full_book_are_the_same_bytes_every_time() -> None:
    made_at = datetime(2026, 11, 1, tzinfo=UTC)
    rows = [{"indicator": "JOBS", "subject": "大连市", "period": "2024-06", "value": "1"}]
    assert write_indicators(None, made_at=made_at) == write_indicators(None, made_at=made_at)
    book = [write_indicators(None, (), rows, made_at=made_at) for _ in range(2)]
    assert book[0] == book[1]
    assert check(write_indicators(None, made_at=made_at)).rows == ()


def test_limits_that_do_not_serve_are_all_named() -> None:
    found, faults = read_limits({})
    assert found is None
    assert len(faults) == 5
