"""What is no workbook, or pretends to be one, is refused before anything opens it."""

import io
import zipfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.goals.workbooks import brief, checked, with_part, workbook
from yinuo.goals.workbook.check import check
from yinuo.kernel.spreadsheet import cells, container

OLE = bytes.fromhex("d0cf11e0a1b11ae1") + b"\0" * 600


def _zip(files: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as file:
        for name, content in files.items():
            file.writestr(name, content)
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("data", "code", "says"),
    [
        (b"", "GOALS-E001", "0 字节"),
        ("编号,类型\nP-1,举措\n".encode(), "GOALS-E002", "CSV"),
        ("编号,类型\nP-1,举措\n".encode("gb18030"), "GOALS-E002", "CSV"),
        (b"\xef\xbb\xbf<html><table></table></html>", "GOALS-E002", "HTML"),
        (b"<?xml version='1.0'?><Workbook/>", "GOALS-E002", "XML"),
        (b"%PDF-1.7\n", "GOALS-E002", "PDF"),
        (b"\x00\x01\x02", "GOALS-E002", "不认识"),
        (OLE, "GOALS-E003", ".xls"),
        (OLE + "EncryptedPackage".encode("utf-16-le"), "GOALS-E004", "密码"),
        (b"PK\x03\x04 and then nothing", "GOALS-E007", "压缩包"),
        (_zip({"readme.txt": b"hello"}), "GOALS-E002", "普通的压缩包"),
        (_zip({"word/document.xml": b"<w/>"}), "GOALS-E002", "Word"),
        (_zip({"mimetype": b"application/vnd.oasis"}), "GOALS-E002", "OpenDocument"),
        (_zip({"xl/workbook.bin": b"\0"}), "GOALS-E002", ".xlsb"),
        (_zip({"xl/workbook.xml": b"<x/>"}, zipfile.ZIP_LZMA), "GOALS-E007", "压缩方式"),
    ],
)
def test_a_file_that_is_no_workbook_is_named_for_what_it_is(
    data: bytes, code: str, says: str
) -> None:
    found = checked(data)
    assert found.plan is None
    assert [f.code for f in found.errors] == [code]
    assert says in found.errors[0].rule
    assert found.errors[0].next_step


def test_a_zip_bomb_is_refused_unopened() -> None:
    bomb = with_part(workbook(), "xl/worksheets/sheet6.xml", lambda xml: xml + b" " * 50_000_000)
    assert len(bomb) < 200_000
    found = checked(bomb)
    assert [f.code for f in found.errors] == ["GOALS-E005"]
    assert "压缩比" in found.errors[0].rule


def test_many_megabytes_unpacked_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(container, "MAX_UNPACKED", 10_000)
    assert [f.code for f in checked(workbook()).errors] == ["GOALS-E005"]


def test_thousands_of_entries_are_refused() -> None:
    found = checked(_zip({f"xl/{n}.xml": b"" for n in range(container.MAX_ENTRIES + 1)}))
    assert [f.code for f in found.errors] == ["GOALS-E005"]


def test_an_oversized_file_is_refused_unread(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "big.xlsx"
    path.write_bytes(workbook())
    monkeypatch.setattr(cells, "MAX_FILE", 1_000)
    assert [f.code for f in check(path).errors] == ["GOALS-E005"]


def test_a_missing_file_is_a_finding(tmp_path: Path) -> None:
    found = check(tmp_path / "nowhere.xlsx")
    assert [f.code for f in found.errors] == ["GOALS-E001"]
    assert found.errors[0].file == "nowhere.xlsx"


@pytest.mark.parametrize("part", ["xl/sharedStrings.xml", "xl/workbook.xml", "docProps/core.xml"])
def test_entities_are_refused(part: str) -> None:
    laughs = (
        b'<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">'
        b'<!ENTITY file SYSTEM "file:///etc/hostname">]>'
    )
    hostile = with_part(workbook(), part, lambda xml: xml.replace(b"?>", b"?>" + laughs, 1))
    assert [f.code for f in checked(hostile).errors] == ["GOALS-E006"]


def test_another_encoding_cannot_hide_entities() -> None:
    def recode(xml: bytes) -> bytes:
        return xml.decode().replace('"UTF-8"', '"UTF-16"').encode("utf-16")

    assert [f.code for f in checked(with_part(workbook(), "xl/workbook.xml", recode)).errors] == [
        "GOALS-E006"
    ]


def test_macros_are_refused() -> None:
    buffer = io.BytesIO(workbook())
    with zipfile.ZipFile(buffer, "a") as file:
        file.writestr("xl/vbaProject.bin", b"\0")
    assert [f.code for f in checked(buffer.getvalue()).errors] == ["GOALS-E008"]


def test_a_damaged_part_is_a_finding_not_a_crash() -> None:
    cut = with_part(workbook(), "xl/worksheets/sheet6.xml", lambda xml: xml[: len(xml) // 2])
    found = checked(cut)
    assert [f.code for f in found.errors] == ["GOALS-E007"]


def test_flipped_bytes_are_a_finding_not_a_crash() -> None:
    data = bytearray(workbook())
    for position in range(200, len(data), 997):
        data[position] ^= 0xFF
    found = checked(bytes(data))
    assert found.plan is None
    assert brief(found.errors)


PARTS = (
    "[Content_Types].xml",
    "xl/_rels/workbook.xml.rels",
    "xl/sharedStrings.xml",
    "xl/styles.xml",
    "xl/workbook.xml",
    "xl/worksheets/sheet6.xml",
)


@given(st.sampled_from(PARTS), st.integers(0, 10**6), st.integers(0, 40), st.binary(max_size=20))
@settings(max_examples=60)
def test_no_damage_makes_it_crash(part: str, place: int, cut: int, put: bytes) -> None:
    def damage(xml: bytes) -> bytes:
        at = place % len(xml)
        return xml[:at] + put + xml[at + cut :]

    found = checked(with_part(workbook(), part, damage))
    assert (found.plan is None) == bool(found.errors)


def test_the_strict_dialect_is_named() -> None:
    def strict(xml: bytes) -> bytes:
        return xml.replace(
            b"http://schemas.openxmlformats.org/spreadsheetml/2006/main",
            b"http://purl.oclc.org/ooxml/spreadsheetml/main",
        )

    found = checked(with_part(workbook(), "xl/workbook.xml", strict))
    assert [f.code for f in found.errors] == ["GOALS-E002"]
    assert "Strict" in found.errors[0].rule
