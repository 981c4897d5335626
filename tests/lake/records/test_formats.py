"""Files in every format and state: the same rows land the same, what is torn loses only itself."""

import json
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import xlsxwriter

from tests.lake.records.source import (
    GOOD,
    HEADINGS,
    SOURCE,
    file,
    landed,
    reasons,
    records,
    row,
    text,
)
from yinuo.kernel.written_dates import SERIAL_ZERO
from yinuo.lake.read import FileUnreadable, UnknownFormat, WrongHeadings
from yinuo.lake.records import delimited
from yinuo.lake.records.delimited import NoRecordEnd
from yinuo.lake.records.gates import check

ROWS = [row(CF_WSH=f"文{n}号", CF_JDRQ=f"2024-01-{n:02}") for n in range(1, 29)]


def plain(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [{k: v for k, v in each.items() if k not in {"file", "line"}} for each in rows]


@pytest.fixture
def expected(tmp_path: Path) -> list[dict[str, Any]]:
    return plain(records(landed(tmp_path / "expected", file(tmp_path, text(ROWS), "e.csv"))))


@pytest.mark.parametrize("delimiter", [",", "\t", ";", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_text_of_any_encoding_and_delimiter(
    tmp_path: Path, expected: list[dict[str, Any]], delimiter: str, encoding: str
) -> None:
    content = text(ROWS, delimiter).replace("CF_WSH", "文书号").replace("CF_XDR_MC", "名称")
    path = file(tmp_path, content.encode(encoding))
    batch = landed(tmp_path, path)
    assert plain(records(batch)) == expected
    assert [each["line"] for each in records(batch)] == list(range(2, 30))


def test_pieces_are_cut_at_the_ends_of_records(
    tmp_path: Path, expected: list[dict[str, Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    for size in (50, 97, 200, 513):
        monkeypatch.setattr(delimited, "PIECE", size)
        batch = landed(tmp_path / str(size), file(tmp_path, text(ROWS)))
        assert plain(records(batch)) == expected
        assert [each["line"] for each in records(batch)] == list(range(2, 30))


@pytest.mark.parametrize("encoding", ["gb18030", "utf-16", "utf-8-sig"])
def test_pieces_of_other_encodings_and_line_ends(
    tmp_path: Path, expected: list[dict[str, Any]], monkeypatch: pytest.MonkeyPatch, encoding: str
) -> None:
    monkeypatch.setattr(delimited, "PIECE", 151)
    content = text(ROWS).replace("\n", "\r\n").encode(encoding)
    batch = landed(tmp_path, file(tmp_path, content))
    assert plain(records(batch)) == expected
    assert [each["line"] for each in records(batch)] == list(range(2, 30))


@pytest.mark.parametrize("size", [40, 300, 1 << 20])
def test_quoted_breaks_belong_to_their_row(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, size: int
) -> None:
    monkeypatch.setattr(delimited, "PIECE", size)
    rows = [row(CF_WSH=str(n), BZ='"一\n二,""三"""' if n % 3 == 0 else "") for n in range(30)]
    batch = landed(tmp_path, file(tmp_path, text(rows)))
    found = records(batch)
    assert len(found) == 30
    assert {each["remark"] for each in found} == {None, '一\n二,"三"'}
    assert [each["line"] for each in found] == list(range(2, 32))


@pytest.mark.parametrize("size", [60, 300, 1 << 20])
def test_a_single_quote_in_a_text_is_a_character(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, size: int
) -> None:
    monkeypatch.setattr(delimited, "PIECE", size)
    rows = [row(CF_WSH=str(n), BZ='5" 管' if n == 3 else "") for n in range(30)]
    batch = landed(tmp_path, file(tmp_path, text(rows)))
    assert [each["remark"] for each in records(batch)].count('5" 管') == 1
    assert batch.accepted == 30


def test_torn_rows_cost_only_themselves(tmp_path: Path) -> None:
    lines = text([row(CF_WSH=str(n)) for n in range(5)]).splitlines()
    lines[2] += ",多,余"
    lines[4] = lines[4][:20]
    lines.insert(3, "")
    batch = landed(tmp_path, file(tmp_path, "\n".join([*lines, ""])))
    assert reasons(batch) == {3: "TORN", 5: "TORN"}
    assert [each["line"] for each in records(batch)] == [2, 4, 6]
    wide, short = batch.put_aside()
    assert json.loads(wide["row"])["+1"] == "多"
    assert json.loads(short["row"])["CF_WSH"] == "3"
    assert "列，应为 13 列" in short["value"]


def test_a_quote_never_closed_costs_its_own_line(tmp_path: Path) -> None:
    rows = [row(CF_WSH='"1' if n == 1 else str(n)) for n in range(6)]
    batch = landed(tmp_path, file(tmp_path, text(rows)))
    assert reasons(batch) == {3: "TORN"}
    assert batch.accepted == 5


@pytest.mark.parametrize("left", [1, 5, 30, 60])
def test_a_file_broken_off_loses_its_last_row_only(tmp_path: Path, left: int) -> None:
    whole = text(ROWS).encode()
    last = whole.rstrip(b"\n").rfind(b"\n") + 1
    batch = landed(tmp_path, file(tmp_path, whole[: last + left]))
    assert batch.accepted == 27
    assert list(reasons(batch).values()) == ["TORN"]
    assert batch.files[0].torn_end


def test_a_file_broken_off_inside_a_quote(tmp_path: Path) -> None:
    whole = text([*ROWS, row(CF_WSH="29", BZ='"一\n二')])
    batch = landed(tmp_path, file(tmp_path, whole.rstrip("\n").removesuffix(",0")))
    assert batch.accepted == 28
    assert batch.files[0].torn_end
    broken = text([row(CF_WSH="1"), row(CF_WSH='"2')]).split('"2')[0] + '"2'
    assert landed(tmp_path / "b", file(tmp_path, broken)).accepted == 1


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030", "utf-16"])
@pytest.mark.parametrize("remark", ["", '"一\n二"', '"一\n二'])
def test_a_file_cut_within_a_character_is_told(tmp_path: Path, encoding: str, remark: str) -> None:
    """Although the last row has all its cells, and the last one is not even wanted."""
    cells = [
        HEADINGS,
        *([each.get(h, "") for h in HEADINGS] for each in [*ROWS[:2], row(BZ=remark)]),
    ]
    whole = "\n".join(",".join([*each, "SJC" if each is HEADINGS else "备注"]) for each in cells)
    data = whole.encode(encoding)[:-1]
    batch = landed(tmp_path, file(tmp_path, data))
    assert batch.accepted == 2
    (aside,) = batch.put_aside()
    assert (aside["line"], aside["code"]) == (4, "TORN")
    assert aside["value"] == f"文件在第 {len(data)} 字节处中断，最后一个字不完整"
    assert json.loads(aside["row"])["CF_WSH"] == GOOD["CF_WSH"]
    (finding,) = (each for each in check(batch, SOURCE) if each.code == "GATE-TORN-END")
    assert (finding.file, finding.value) == ("a.csv", f"共 {len(data)} 字节")


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030", "utf-16"])
def test_a_file_that_ends_with_a_character_is_whole(tmp_path: Path, encoding: str) -> None:
    lines = [line.rpartition(",")[0] for line in text([*ROWS[:2], row(BZ="中")]).splitlines()]
    batch = landed(tmp_path, file(tmp_path, "\n".join(lines).encode(encoding)))
    assert batch.accepted == 3
    assert not batch.files[0].torn_end


def test_a_last_byte_that_is_no_text_is_no_cut(tmp_path: Path) -> None:
    whole = text(ROWS).encode().rstrip(b"\n").removesuffix(b"0") + b"\xff"
    batch = landed(tmp_path, file(tmp_path, whole))
    assert list(reasons(batch).values()) == ["GARBLED"]
    assert not batch.files[0].torn_end


def test_however_much_is_parsed_at_a_time_the_rows_are_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = [row(CF_WSH=str(n), BZ='"一\n""二"""' if n % 3 else "x" * (n % 20)) for n in range(60)]
    broken = [row(CF_WSH='"60'), row(CF_WSH="61", BZ='x"y'), row(CF_WSH="62", BZ="a,b")]
    path = file(tmp_path, text([*rows[:20], *broken, *rows[20:]]))
    found = []
    for size in (100, 300, 1000, delimited.BLOCK):
        monkeypatch.setattr(delimited, "BLOCK", size)
        found.append(landed(tmp_path / str(size), path))
    assert reasons(found[-1]) == {22: "TORN", 24: "TORN"}
    assert len({each.manifest() for each in found}) == 1


def test_rows_in_another_encoding_are_put_aside_and_others_are_not(tmp_path: Path) -> None:
    lines = [line.encode() for line in text(ROWS).splitlines(keepends=True)]
    lines[5] = lines[5].decode().encode("gb18030")
    lines[9] = lines[9].replace("甲".encode(), b"\xff")
    batch = landed(tmp_path, file(tmp_path, b"".join(lines)))
    assert batch.files[0].format == "csv（utf-8）"
    assert reasons(batch) == {6: "GARBLED", 10: "GARBLED"}
    other = [line.encode("gb18030") for line in text(ROWS).splitlines(keepends=True)]
    other[5] = other[5].decode("gb18030").encode()
    batch = landed(tmp_path / "b", file(tmp_path, b"".join(other)))
    assert batch.files[0].format == "csv（gb18030）"
    assert reasons(batch) == {6: "GARBLED"}


def test_titles_above_and_delimiters_after_do_not_matter(tmp_path: Path) -> None:
    titled = "行政处罚明细,,\n\n" + text(ROWS[:2]).replace("\n", ",\n")
    batch = landed(tmp_path, file(tmp_path, titled))
    assert batch.accepted == 2
    headless = text(ROWS[:2]).splitlines()
    batch = landed(
        tmp_path / "b", file(tmp_path, "\n".join([headless[0], *(f"{x}," for x in headless[1:])]))
    )
    assert batch.accepted == 2


def test_blank_rows_are_no_rows(tmp_path: Path) -> None:
    path = file(tmp_path, text(ROWS[:2]) + "," * 12 + "\n\n" + " ," * 12 + " \n")
    assert landed(tmp_path, path).read == 2


def test_headings_are_fields_ignored_or_a_signal(tmp_path: Path) -> None:
    content = text(ROWS[:3]).replace("BZ", "新列").replace("CF_WSH", " cf_wsh ")
    lines = content.splitlines()
    lines = [lines[0] + ",SJC", *(f"{line},x" for line in lines[1:])]
    batch = landed(tmp_path, file(tmp_path, "\n".join(lines)))
    assert batch.unknown_headings == {"新列": 3}
    assert batch.files[0].missing_fields == ("remark",)


def test_a_file_without_what_is_needed_is_refused_with_all_of_it(tmp_path: Path) -> None:
    path = file(tmp_path, "CF_WSH,CF_XDR_MC,CF_XDR_MC\n1,甲,乙\n")
    with pytest.raises(WrongHeadings) as caught:
        landed(tmp_path, path)
    assert caught.value.missing == ("CF_XDR_LB", "CF_JDRQ")
    assert caught.value.repeated == ("CF_XDR_MC",)


def test_json_lines(tmp_path: Path, expected: list[dict[str, Any]]) -> None:
    lines: list[str] = [json.dumps(each, ensure_ascii=False) for each in ROWS]
    lines[3] = json.dumps({**ROWS[3], "JS": 2, "BZ": None, "新": {"a": 1}}, ensure_ascii=False)
    lines[5:5] = ["", "[1]", "{"]
    lines.append(lines[0][:30])
    batch = landed(tmp_path, file(tmp_path, "\n".join(lines), "a.jsonl"))
    assert plain(records(batch)) == expected
    assert reasons(batch) == {7: "TORN", 8: "TORN", 32: "TORN"}
    assert batch.unknown_headings == {"新": 1}
    assert batch.files[0].torn_end


def test_parquet(tmp_path: Path, expected: list[dict[str, Any]]) -> None:
    rows = [
        {**each, "CF_JDRQ": date.fromisoformat(each["CF_JDRQ"]), "JS": 2.0, "CF_NR_FK": 0.5}
        for each in ROWS
    ]
    path = tmp_path / "a.parquet"
    pq.write_table(pa.Table.from_pylist(rows), path)
    batch = landed(tmp_path, path)
    assert plain(records(batch)) == expected
    path.write_bytes(path.read_bytes()[:-9])
    with pytest.raises(FileUnreadable):
        landed(tmp_path / "b", path)


def test_workbooks(tmp_path: Path, expected: list[dict[str, Any]]) -> None:
    path = tmp_path / "a.xlsx"
    with xlsxwriter.Workbook(path, {"default_date_format": "yyyy-mm-dd"}) as book:
        book.add_worksheet("说明").write_row(0, 0, ["填表说明"])
        sheet = book.add_worksheet("处罚")
        sheet.write_row(0, 0, ["行政处罚"])
        sheet.write_row(1, 0, HEADINGS)
        for n, each in enumerate(ROWS, start=2):
            cells: list[Any] = [each.get(heading, "") for heading in HEADINGS]
            day = datetime.fromisoformat(each["CF_JDRQ"])
            serial = day.toordinal() - SERIAL_ZERO.toordinal()
            cells[8] = serial if n % 2 else day
            cells[9], cells[10] = 0.5, 2
            sheet.write_row(n, 0, cells)
    batch = landed(tmp_path, path)
    assert plain(records(batch)) == expected
    assert batch.files[0].name == "a.xlsx · 处罚"
    assert [each["line"] for each in records(batch)] == list(range(3, 31))


def test_what_cannot_be_read_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(UnknownFormat):
        landed(tmp_path, file(tmp_path, "", "a.xls"))
    with pytest.raises(FileUnreadable):
        landed(tmp_path, tmp_path / "none.csv")
    with pytest.raises(WrongHeadings):
        landed(tmp_path, file(tmp_path, ""))
    monkeypatch.setattr(delimited, "LONGEST", 100)
    monkeypatch.setattr(delimited, "PIECE", 64)
    with pytest.raises(NoRecordEnd):
        landed(tmp_path, file(tmp_path, text([]) + "x" * 1000))
