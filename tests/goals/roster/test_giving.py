"""The office's own workbook back: with its errors, and with the states."""

import io
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.comments import Comment
from openpyxl.styles import PatternFill
from python_calamine import CalamineWorkbook

from tests.goals.roster.messy import FILE, HEADER_LAST, SHEET, messy, units
from tests.goals.roster.sheets import SHA256, content, errors, mapped, opened, read, task, workbook
from yinuo.goals.roster.annotate import annotate
from yinuo.goals.roster.book import Format, open_book
from yinuo.goals.roster.fields import ADDED, MARKS_SHEET, RESULT_SHEET
from yinuo.goals.roster.giveback import Added, give_back
from yinuo.goals.roster.mapping import signature
from yinuo.goals.roster.original import OURS
from yinuo.goals.roster.read import Known, RosterRead, read_roster

FOLDER = Path(__file__).parents[2] / "golden" / "roster"
RED, YELLOW = "FFFFC7CE", "FFFFF2CC"


def _annotated(data: bytes, file: str = FILE) -> tuple[bytes, RosterRead]:
    found = read(data, file=file)
    book = open_book(data, file=file)
    checked = found.checked
    return annotate(data, book, errors=checked.errors, notices=checked.notices), found


def _loaded(data: bytes) -> Any:
    return openpyxl.load_workbook(io.BytesIO(data))


def _given(
    data: bytes, *, file: str = FILE, as_of: str = "2024-06-30", demo: bool = False
) -> bytes:
    book, layout = opened(data, file)
    rows = {
        row: Added(identity=code, status="◆ 进行中", due="2024-12-31", latest="=正在施工")
        for code, row in read(data, file=file).rows.items()
    }
    return give_back(data, book, layout, rows=rows, as_of=as_of, demo=demo)


def test_wrong_cells_are_red_and_say_what_to_do() -> None:
    made = messy(60)
    sheet = _loaded(_annotated(made.data)[0])[SHEET]
    for _, address in made.wrong:
        assert sheet[address].fill.start_color.rgb == RED
        assert "怎么办：" in sheet[address].comment.text
    assert sheet["I6"].fill.start_color.rgb == YELLOW
    assert "3800" in sheet["I6"].comment.text


def test_the_list_in_front_names_and_links_every_error() -> None:
    made = messy(60)
    data, found = _annotated(made.data)
    book = _loaded(data)
    assert book.sheetnames[0] == RESULT_SHEET
    front = book[RESULT_SHEET]
    assert front["A1"].value.startswith("有 11 处错误要改")
    rows = [row for row in front.iter_rows(min_row=5) if row[0].value == "错误"]
    assert [row[1].value for row in rows] == [address for _, address in made.wrong]
    assert [row[1].hyperlink.location for row in rows] == [f"'{SHEET}'!{a}" for _, a in made.wrong]
    assert [row[4].value for row in rows] == [one.rule for one in found.checked.errors]


def test_nothing_of_the_offices_own_is_lost() -> None:
    made = messy(60)
    before, after = _loaded(made.data)[SHEET], _loaded(_annotated(made.data)[0])[SHEET]
    assert after.merged_cells.ranges == before.merged_cells.ranges
    assert after.column_dimensions["H"].hidden
    assert after.column_dimensions["C"].width == before.column_dimensions["C"].width
    assert after.freeze_panes == before.freeze_panes
    for row in before.iter_rows():
        for cell in row:
            other = after[cell.coordinate]
            assert other.value == cell.value
            assert other.number_format == cell.number_format
            assert other.border.left.style == cell.border.left.style
            assert other.font.name == cell.font.name


@pytest.mark.parametrize("name", ["messy.xls", "messy.ods"])
def test_other_formats_come_back_as_xlsx_with_the_same_cells(name: str) -> None:
    old = (FOLDER / name).read_bytes()
    data, _ = _annotated(old, name)
    book = open_book(data, file=FILE)
    assert book.format == Format.XLSX
    before, after = open_book(old, file=name).sheets[0], book.sheet(SHEET)
    assert after is not None
    for row in range(1, before.height + 1):
        assert [c.value for c in after.cells(row)] == [c.value for c in before.cells(row)]
    assert set(after.marks.merged) == set(before.marks.merged)
    assert after.marks.hidden_columns == before.marks.hidden_columns


def test_mending_the_marked_workbook_is_enough() -> None:
    made = messy(60)
    book = _loaded(_annotated(made.data)[0])
    for address, value in made.mends.items():
        book[SHEET][address].value = value
    buffer = io.BytesIO()
    book.save(buffer)
    assert errors(read(buffer.getvalue())) == []
    assert content(read(buffer.getvalue())) == content(read(messy(60, mended=True).data))


def test_a_second_check_takes_the_marks_of_the_first_away() -> None:
    plain = _loaded(workbook([task(1, due="按时完成"), task(2)]))
    plain["台账"]["E2"].fill = PatternFill("solid", start_color="FF00B0F0")
    plain["台账"]["E2"].comment = Comment("领导批注", "办公室")
    buffer = io.BytesIO()
    plain.save(buffer)
    marked = _loaded(_annotated(buffer.getvalue())[0])
    assert marked["台账"]["E2"].fill.start_color.rgb == RED
    assert marked["台账"]["E2"].comment.text.startswith(f"领导批注\n{OURS}错误")
    marked["台账"]["E2"].value = "2024-12-31"
    buffer = io.BytesIO()
    marked.save(buffer)
    again = _loaded(_annotated(buffer.getvalue())[0])
    assert again["台账"]["E2"].fill.start_color.rgb == "FF00B0F0"
    assert again["台账"]["E2"].comment.text == "领导批注"
    assert again.sheetnames == [RESULT_SHEET, "台账", MARKS_SHEET]
    assert again[RESULT_SHEET]["A1"].value.startswith("检查通过")


def test_a_finding_inside_a_merged_area_is_shown_at_its_corner() -> None:
    rows = [task(1, lead="旅顺区"), task(2, lead=None)]
    sheet = _loaded(_annotated(workbook(rows, merge=["C2:C3"]))[0])["台账"]
    assert sheet["C2"].fill.start_color.rgb == RED


def test_text_that_looks_like_a_formula_stays_text() -> None:
    book, layout = opened(workbook([task(1)]))
    rows = {2: Added(identity="TZ-001", latest="=HYPERLINK(1)\x07")}
    data = give_back(workbook([task(1)]), book, layout, rows=rows, as_of="2024-06-30")
    cell = _loaded(data)["台账"]["M2"]
    assert (cell.data_type, cell.value) == ("s", "=HYPERLINK(1)")


@pytest.mark.parametrize("name", ["messy.xlsx", "messy.xls", "messy.ods"])
def test_the_sheet_comes_back_with_our_columns(name: str) -> None:
    data = messy(60).data if name == "messy.xlsx" else (FOLDER / name).read_bytes()
    given = _given(data, file=name)
    _, layout = opened(given)
    added = [column for column in layout.columns if column.added]
    assert [column.letter for column in added] == list("OPQRSTUVWX")
    heads = [column.header.partition("/")[2].partition("（")[0] for column in added]
    assert heads == list(ADDED)
    assert added[6].header == "一诺/最近进展（截至2024-06-30）"
    _, before = opened(data, name)
    assert signature(layout) == signature(before)


def test_what_was_given_back_reads_as_the_same_tasks() -> None:
    data = messy(60, mended=True).data
    again = read(_given(data))
    assert again.rows == read(data).rows
    assert content(again) == content(read(data))


def test_giving_back_twice_replaces_the_columns() -> None:
    data = messy(60, mended=True).data
    twice = _given(_given(data), as_of="2024-07-31")
    _, layout = opened(twice)
    assert len([column for column in layout.columns if column.added]) == len(ADDED)
    assert any("2024-07-31" in column.header for column in layout.columns)
    assert not any("2024-06-30" in column.header for column in layout.columns)


def test_columns_that_the_office_put_right_of_ours_are_kept() -> None:
    book = _loaded(_given(workbook([task(1)])))
    sheet = book["台账"]
    sheet["Q1"], sheet["Q2"] = "科室", "综合科"
    buffer = io.BytesIO()
    book.save(buffer)
    _, layout = opened(_given(buffer.getvalue()))
    assert [c.letter for c in layout.columns if c.header == "科室"] == ["Q"]
    assert [c.letter for c in layout.columns if c.added] == [*"RSTUVWXYZ", "AA"]


def test_a_sheet_with_one_header_row_and_a_filter() -> None:
    book = _loaded(workbook([task(1)]))
    book["台账"].auto_filter.ref = "A1:F2"
    book["台账"].print_area = "A1:F2"
    buffer = io.BytesIO()
    book.save(buffer)
    sheet = _loaded(_given(buffer.getvalue(), demo=True))["台账"]
    assert sheet["G1"].value == "一诺编号"
    assert sheet["H1"].value == "状态（演示数据）"
    assert sheet.auto_filter.ref == "A1:P2"
    assert "$P$2" in sheet.print_area


def test_simulated_states_say_so_over_two_header_rows() -> None:
    sheet = _loaded(_given(messy(60).data, demo=True))[SHEET]
    assert sheet.cell(HEADER_LAST - 1, 15).value == "一诺（演示数据）"


def test_every_workbook_that_we_write_opens_elsewhere() -> None:
    data = messy(60).data
    for made in (_annotated(data)[0], _given(data)):
        book = CalamineWorkbook.from_filelike(io.BytesIO(made))
        assert SHEET in book.sheet_names
        assert len(book.get_sheet_by_name(SHEET).to_python()) > 60


def test_marks_are_taken_away_before_the_sheet_is_given_back() -> None:
    made = messy(60, mended=True)
    marked, _ = _annotated(made.data)
    book, mapping = mapped(marked)
    layout = opened(marked)[1]
    found = read_roster(book, mapping, Known(units=units()), sha256=SHA256)
    rows = {row: Added(identity=code) for code, row in found.rows.items()}
    given = _loaded(give_back(marked, book, layout, rows=rows, as_of="2024-06-30"))
    assert RESULT_SHEET not in given.sheetnames
    assert MARKS_SHEET not in given.sheetnames
    assert not any(cell.comment for row in given[SHEET].iter_rows() for cell in row)
