"""The workbook that people get: formats, drop-downs, notes, and what marks a demo."""

import io
from datetime import datetime
from typing import Any

import openpyxl
import pytest

from tests.goals.workbooks import MADE_AT, address, checked, commitment, plan, workbook
from yinuo.goals.workbook.layout import INTRODUCTION, SHEETS
from yinuo.goals.workbook.write import SIMULATED_WORD


@pytest.fixture
def book() -> Any:
    return openpyxl.load_workbook(io.BytesIO(workbook()))


def test_the_same_plan_gives_the_same_bytes() -> None:
    assert workbook() == workbook()


def test_the_introduction_stands_in_front(book: Any) -> None:
    assert book.sheetnames == [INTRODUCTION, *(sheet.name for sheet in SHEETS)]
    said = [cell.value for row in book[INTRODUCTION].iter_rows() for cell in row if cell.value]
    assert said[0] == "测试计划"
    assert any("yinuo goals check" in text for text in said)


def test_headers_stay_in_view_and_explain_themselves(book: Any) -> None:
    for sheet in SHEETS[1:]:
        assert book[sheet.name].freeze_panes == "B2"
        written = {cell.value: cell.comment for cell in book[sheet.name][1]}
        for column in sheet.columns:
            if not column.informative:
                assert column.hint in written[column.header].text


def test_values_have_the_form_of_their_column(book: Any) -> None:
    sheet = book["承诺"]
    due = sheet[address(sheet, "P-001", "完成时限")]
    assert isinstance(due.value, datetime)
    assert due.number_format == "yyyy-mm-dd"
    assert sheet[address(sheet, "P-004", "数值")].value == 3.5
    lead = sheet[address(sheet, "P-001", "责任单位")]
    assert (lead.value, lead.number_format) == ("210212", "@")
    assert sheet[address(sheet, "P-001", "类型")].value == "举措"
    assert sheet[address(sheet, "P-001", "说明")].value is None


def test_long_numbers_are_kept_as_text_rather_than_rounded() -> None:
    exact = "1234567890.1234567"
    content = plan(commitments=(commitment("L-1", operator="eq", value=exact),), observations=())
    data = workbook(content)
    assert checked(data).sound().content.commitments[0].value == exact
    sheet = openpyxl.load_workbook(io.BytesIO(data))["承诺"]
    assert sheet[address(sheet, "L-1", "数值")].value == exact


def test_choices_and_references_have_drop_downs(book: Any) -> None:
    found = {
        str(validation.sqref).split(":")[0].rstrip("0123456789"): validation
        for validation in book["承诺"].data_validations.dataValidation
    }
    letters = {cell.value: cell.column_letter for cell in book["承诺"][1]}
    assert "公开承诺" in found[letters["类型"]].formula1
    assert "≥" in found[letters["比较方式"]].formula1
    assert found[letters["责任单位"]].formula1.startswith("'单位'!$A$2")
    assert found[letters["责任单位"]].errorStyle == "warning"
    assert letters["数值"] not in found


def test_told_columns_come_only_with_what_is_told() -> None:
    plain = openpyxl.load_workbook(io.BytesIO(workbook()))["承诺"]
    assert "状态" not in [cell.value for cell in plain[1]]
    data = workbook(told={"P-001": {"status": "进行中", "moved_count": 1}})
    sheet = openpyxl.load_workbook(io.BytesIO(data))["承诺"]
    assert sheet[address(sheet, "P-001", "状态")].value == "进行中"
    assert sheet[address(sheet, "P-001", "调整次数")].value == 1
    assert checked(data).sound().content == plan()


def test_what_a_person_writes_into_a_told_column_is_not_read() -> None:
    data = workbook(told={"P-001": {"status": "已兑现"}, "P-002": {"moved_count": 99}})
    found = checked(data)
    assert (found.errors, found.notices) == ((), ())


def test_a_demo_says_so_on_every_sheet_and_in_print() -> None:
    data = workbook(demo=True)
    book = openpyxl.load_workbook(io.BytesIO(data))
    texts = [cell.value for row in book[INTRODUCTION].iter_rows() for cell in row if cell.value]
    assert any(SIMULATED_WORD in text for text in texts)
    for sheet in SHEETS:
        assert SIMULATED_WORD in book[sheet.name].oddHeader.right.text
    for name in ("承诺", "据报道", "目标", "单位", "依据"):
        where = next(cell.column for cell in book[name][1] if cell.value == "数据性质")
        values = [book[name].cell(row, where).value for row in range(2, book[name].max_row + 1)]
        assert set(values) - {None} == {SIMULATED_WORD}
    assert checked(data).sound().content == plan()


def test_a_plain_workbook_says_nothing_of_a_demo() -> None:
    assert SIMULATED_WORD.encode() not in b"".join(
        str(cell.value).encode()
        for sheet in openpyxl.load_workbook(io.BytesIO(workbook()))
        for row in sheet.iter_rows()
        for cell in row
    )


def test_the_properties_carry_the_given_time(book: Any) -> None:
    assert book.properties.created == MADE_AT.replace(tzinfo=None)
    assert book.properties.title == "测试计划"
