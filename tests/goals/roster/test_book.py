"""Whatever an office keeps is opened by its content, or named with what to do."""

import io
import zipfile
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.goals.roster.binary import binary_workbook
from tests.goals.roster.messy import messy
from tests.goals.roster.sheets import task, workbook
from yinuo.goals.roster import rehearsal
from yinuo.goals.roster.book import Format, open_book
from yinuo.kernel.spreadsheet.faults import Fault, SpreadsheetRefused

GOLDEN = Path(__file__).parents[2] / "golden" / "roster"
OLD = (GOLDEN / "messy.xls").read_bytes()
NEW = messy(60).data
CSV = "序号,重点任务,责任单位,完成时限\r\n1,建设公园,中山区,年底前\r\n"


def _refused(data: bytes, file: str = "台账.xlsx") -> SpreadsheetRefused:
    with pytest.raises(SpreadsheetRefused) as caught:
        open_book(data, file=file)
    return caught.value


@pytest.mark.parametrize("name", ["台账.xls", "台账.xlsx", "台账.et", "台账"])
def test_the_name_does_not_matter(name: str) -> None:
    assert open_book(OLD, file=name).format == Format.XLS
    assert open_book(messy(60).data, file=name).format == Format.XLSX
    assert open_book((GOLDEN / "messy.ods").read_bytes(), file=name).format == Format.ODS
    assert open_book(CSV.encode("gb18030"), file=name).format == Format.CSV


def test_an_old_workbook_tells_as_much_as_a_new_one() -> None:
    old = open_book(OLD, file="台账.xls").sheets[0]
    new = open_book(messy(60).data, file="台账.xlsx").sheets[0]
    assert set(old.marks.merged) == set(new.marks.merged)
    assert old.marks.hidden_columns == new.marks.hidden_columns == {8}
    assert old.marks.formulas == new.marks.formulas
    assert old.marks.errors == new.marks.errors
    assert old.marks.formats.keys() == new.marks.formats.keys()
    for row in range(1, new.height + 1):
        assert [c.value for c in old.cells(row)] == [c.value for c in new.cells(row)]


def test_an_opendocument_sheet_tells_what_is_merged_hidden_and_percent() -> None:
    ods = open_book((GOLDEN / "messy.ods").read_bytes(), file="台账.ods").sheets[0]
    new = open_book(messy(60).data, file="台账.xlsx").sheets[0]
    assert set(ods.marks.merged) == set(new.marks.merged)
    assert ods.marks.hidden_columns == {8}
    assert ods.marks.formulas == new.marks.formulas
    assert ods.marks.errors.keys() == new.marks.errors.keys()
    percent = {where for where, code in new.marks.formats.items() if code == "0%"}
    assert ods.marks.formats.keys() == percent


@pytest.mark.parametrize("name", ["locked.xlsx", "locked.xls"])
def test_a_password_is_named_with_what_to_do(name: str) -> None:
    refused = _refused((GOLDEN / name).read_bytes(), name)
    assert refused.fault == Fault.ENCRYPTED
    assert "去掉打开密码" in refused.next_step


@pytest.mark.parametrize(
    ("data", "fault", "says"),
    [
        (b"", Fault.UNREADABLE, "0 字节"),
        (b"<html><table></table></html>", Fault.NOT_A_WORKBOOK, "HTML"),
        (b"<?xml version='1.0'?><Workbook/>", Fault.NOT_A_WORKBOOK, "XML"),
        (b"%PDF-1.7, with commas", Fault.NOT_A_WORKBOOK, "PDF"),
        (b"\x00\x01\x02", Fault.NOT_A_WORKBOOK, "不认识"),
        (OLD[:700], Fault.DAMAGED, "结构"),
        (OLD[:8] + b"\0" * 600, Fault.DAMAGED, "扇区"),
    ],
)
def test_what_is_no_table_is_named(data: bytes, fault: Fault, says: str) -> None:
    refused = _refused(data)
    assert refused.fault == fault
    assert says in refused.what
    assert refused.next_step


def test_an_old_word_file_is_no_table() -> None:
    renamed = OLD.replace("Workbook".encode("utf-16-le"), "WordDocu".encode("utf-16-le"))
    assert "不是表格" in _refused(renamed).what


def test_a_cell_far_away_does_not_fill_the_memory() -> None:
    book = openpyxl.Workbook()
    book.active["A1"] = "序号"
    book.active["XFD1048576"] = "误填"
    buffer = io.BytesIO()
    book.save(buffer)
    refused = _refused(buffer.getvalue())
    assert refused.fault == Fault.BOMB
    assert "XFD1048576" in refused.what


def test_a_repeated_row_of_an_opendocument_sheet_does_not_fill_the_memory() -> None:
    content = (
        '<office:document-content xmlns:office="o" xmlns:table="t"><table:table table:name="一">'
        '<table:table-row table:number-rows-repeated="1000000">'
        '<table:table-cell table:number-columns-repeated="9000" office:value-type="float"/>'
        "</table:table-row></table:table></office:document-content>"
    )
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as file:
        file.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        file.writestr("content.xml", content)
    assert _refused(buffer.getvalue(), "台账.ods").fault == Fault.BOMB


def test_a_binary_workbook_gives_its_values_and_how_far_they_reach() -> None:
    data = binary_workbook({0: {0: "序号", 1: "任务"}, 1: {0: "1", 1: "公园"}})
    book = open_book(data, file="台账.xlsx")
    assert book.format == Format.XLSB
    assert book.sheets[0].values == [["序号", "任务"], ["1", "公园"]]
    refused = _refused(binary_workbook({0: {0: "序号"}, 10**6: {16_000: "误填"}}))
    assert refused.fault == Fault.BOMB
    assert "WQK1000001" in refused.what


def test_a_formula_is_read_as_it_was_saved_and_marked() -> None:
    sheet = open_book(messy(60).data, file="台账.xlsx").sheets[0]
    total = next(
        cell
        for row in range(1, sheet.height + 1)
        if (head := sheet.cell(row, 1)) and head.value == "小计" and (cell := sheet.cell(row, 9))
    )
    assert (total.value, total.formula) == (10, True)


def test_a_formula_without_a_result_is_seen() -> None:
    sheet = open_book(workbook([["=1+1", "公园"]]), file="台账.xlsx").sheets[0]
    cell = sheet.cell(2, 1)
    assert cell is not None
    assert (cell.value, cell.formula) == ("", True)


def test_merged_cells_speak_for_those_they_cover() -> None:
    data = workbook([task(1), task(2, lead=None)], merge=["C2:C3"])
    sheet = open_book(data, file="台账.xlsx").sheets[0]
    assert sheet.cell(3, 3) is None
    filled = sheet.filled(3, 3)
    assert filled is not None
    assert filled.address == "C2"


def test_csv_in_both_encodings_gives_the_same_cells() -> None:
    found = [open_book(CSV.encode(e), file="a.xls").sheets[0] for e in ("utf-8-sig", "gb18030")]
    assert found[0].values == found[1].values
    assert [cell.value for cell in found[0].cells(2)] == ["1", "建设公园", "中山区", "年底前"]


def _opened(data: bytes) -> Format | str:
    """The format of what was read, or what to do."""
    try:
        return open_book(data, file="台账.xls").format
    except SpreadsheetRefused as refused:
        return refused.next_step


@pytest.mark.slow
@settings(max_examples=60)
@given(st.integers(0, len(OLD) - 1), st.binary(min_size=1, max_size=6))
def test_a_damaged_old_workbook_is_read_or_refused(at: int, junk: bytes) -> None:
    assert _opened(OLD[:at] + junk + OLD[at + len(junk) :])


@settings(max_examples=60)
@given(st.integers(0, len(NEW) - 1), st.binary(min_size=1, max_size=6))
def test_a_damaged_new_workbook_is_read_or_refused(at: int, junk: bytes) -> None:
    assert _opened(NEW[:at] + junk + NEW[at + len(junk) :])


@settings(max_examples=60)
@given(st.binary(max_size=300))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    assert _opened(data)


def test_a_file_that_kills_its_reader_is_told_from_one_that_is_read(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert not rehearsal.ends_its_reader(OLD)
    assert not rehearsal.ends_its_reader(b"no workbook")
    monkeypatch.setattr(rehearsal, "READING", "import os; os.abort()")
    assert rehearsal.ends_its_reader(OLD)
