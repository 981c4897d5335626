import io
import re
import zipfile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.kernel.media import samples
from yinuo.kernel.media import formats
from yinuo.kernel.media.formats import BY_NAME, FORMATS, limit_of
from yinuo.kernel.media.recognise import recognise
from yinuo.kernel.media.refused import FileRefused

RUN_BY_BROWSERS = re.compile(r"html|svg|[/+]xml|script|octet-stream|/x-")


def found(content: bytes, name: str = "材料") -> str:
    return recognise(io.BytesIO(content), name).name


def refused(content: bytes, name: str = "材料.txt") -> FileRefused:
    with pytest.raises(FileRefused) as caught:
        recognise(io.BytesIO(content), name)
    return caught.value


@pytest.mark.parametrize("kind", [each.name for each in FORMATS])
def test_every_format_is_known_by_its_content(kind: str) -> None:
    name, content = samples.GOOD[kind]
    assert found(content, name) == kind


@pytest.mark.parametrize("kind", sorted(samples.GOOD.keys() - {"text", "text-gb"}))
def test_the_name_says_nothing(kind: str) -> None:
    assert found(samples.GOOD[kind][1], "木马.exe") == kind


def test_nothing_is_served_as_what_a_browser_would_run() -> None:
    types = [each.media_type for each in FORMATS]
    assert len(set(types)) == len(types)
    assert [t for t in types if RUN_BY_BROWSERS.search(t)] == []


@pytest.mark.parametrize(
    ("content", "name", "what"),
    [
        (b"", "空.txt", "文件是空的"),
        (b"MZ\x90\0", "报告.pdf", "这是程序"),
        (b"\x7fELF\2\1", "报告.pdf", "这是程序"),
        (b"<!DOCTYPE html><p>x", "页.txt", "网页代码"),
        (b"\xef\xbb\xbf  <svg xmlns='x'/>", "图.txt", "网页代码"),
        ("说明 <script>alert(1)</script>".encode(), "说明.txt", "网页代码"),
        (b"<?xml version='1.0'?><x/>", "图.txt", "网页代码"),
        (b"#!/bin/sh\necho", "说明.txt", "可以运行的程序"),
        (b"@echo off\r\ndel x", "清理.bat", "以“.bat”结尾"),
        (b"alert(1)", "页.js", "以“.js”结尾"),
        (b"alert(1)", "没有扩展名", "以“没有扩展名”结尾"),
        ("说明".encode("utf-16"), "说明.txt", "UTF-16"),
        (b"\0\1\2\3", "说明.txt", "不是可以接收的格式"),
        (b"{\\rtf1 x}", "说明.rtf", "RTF"),
        (b"Rar!\x1a\x07", "照片.rar", "压缩包"),
        (b"II*\x00" + b"\0" * 20, "扫描.tif", "TIFF"),
        (samples.packed({"照片.jpg": samples.picture()}), "照片.zip", "这是压缩包"),
        (samples.film(b"heic"), "IMG_1.HEIC", "HEIC"),
        (samples.film(b"qt  "), "片.mov", "不是 MP4"),
        (samples.film()[:-1], "片.mp4", "视频不完整"),
        (samples.pdf()[:-8], "批复.pdf", "PDF 不完整"),
        (samples.pdf(b"/OpenAction<</S/JavaScript/JS(x)>>"), "表.pdf", "脚本"),
        (samples.office("docx", {"word/vbaProject.bin": b"x"}), "宏.docx", "宏"),
        (samples.office("xlsx", {"xl/macrosheets/sheet1.xml": b"x"}), "宏.xlsx", "宏"),
        (samples.office("xlsx", {"xl/embeddings/a.exe": b"x"}), "表.xlsx", "夹带了程序"),
        (samples.compound("WordDocument", "Macros", "VBA"), "宏.doc", "宏"),
        (samples.compound("Workbook", content=samples.bound_sheet(1)), "宏.xls", "宏表"),
        (samples.compound("EncryptedPackage"), "密.docx", "有密码"),
        (samples.compound("__properties_version1.0"), "信.msg", "邮件"),
        (samples.compound("别的"), "别的.msi", "不是 Word"),
        (samples.picture()[:-30], "半张.jpg", "图片不完整"),
        (samples.picture("PNG")[:-30], "半张.png", "图片不完整"),
    ],
)
def test_what_is_refused_says_what_and_what_next(content: bytes, name: str, what: str) -> None:
    error = refused(content, name)
    assert what in error.what
    assert error.next_step


def test_a_document_with_macros_by_its_content_type_is_refused() -> None:
    types = "application/vnd.ms-word.document.macroEnabled.main+xml"
    content = samples.packed({"[Content_Types].xml": types, "word/document.xml": "<x/>"})
    assert "宏" in refused(content).what


def test_a_locked_zip_is_refused() -> None:
    content = bytearray(samples.office("docx"))
    local, central = content.index(b"PK\x03\x04"), content.index(b"PK\x01\x02")
    content[local + 6] |= 1
    content[central + 8] |= 1
    assert "密码" in refused(bytes(content)).what


def test_a_zip_bomb_is_refused_before_it_is_unpacked() -> None:
    bomb = samples.office("xlsx", {"xl/worksheets/sheet1.xml": b"\0" * (300 * 2**20)})
    assert len(bomb) < 2**20
    assert "与它的大小不相称" in refused(bomb).what
    many = samples.office("docx", {f"word/{n}.xml": b"" for n in range(10_001)})
    assert "10,00" in refused(many).what


@pytest.mark.parametrize("kind", ["PNG", "GIF"])
def test_a_picture_bomb_is_refused_by_its_size_alone(
    kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    small = formats.Limit(largest=2**20, pixels=1_000_000)
    monkeypatch.setattr("yinuo.kernel.media.pictures.limit_of", lambda _wanted: small)
    error = refused(samples.picture(kind, (1_001, 1_000)))
    assert "1,001 × 1,000 像素，上限 1 百万像素" in error.what


def test_a_webp_is_not_opened_before_its_size_is_known() -> None:
    assert "16,000 × 16,000 像素" in refused(samples.webp_claiming(16_000, 16_000)).what


def test_a_file_over_its_limit_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    content = samples.GOOD["pdf"][1]
    small = formats.Limit(largest=len(content) - 1, pixels=0)
    monkeypatch.setattr("yinuo.kernel.media.recognise.limit_of", lambda _wanted: small)
    error = refused(content)
    assert error.what == f"PDF 文件有 {len(content)} 字节，上限 {len(content) - 1} 字节"


def test_a_text_cut_inside_a_character_is_too_large_and_not_unknown() -> None:
    largest = limit_of(BY_NAME["text"]).largest
    text = ("字" * (largest // 3 + 100)).encode()
    assert "纯文本有 5.0 MB，上限 5.0 MB" in refused(text).what


def test_a_picture_with_a_program_behind_it_is_served_as_a_picture() -> None:
    both = samples.picture() + samples.packed({"x.class": b"\xca\xfe\xba\xbe"})
    assert found(both) == "jpeg"
    assert zipfile.is_zipfile(io.BytesIO(both))


MAGICS = st.sampled_from(
    [content[: 8 + n * 13] for _, content in samples.GOOD.values() for n in range(12)]
)


@st.composite
def spoilt(draw: st.DrawFn) -> bytes:
    """A good file with some bytes changed, cut or added."""
    content = bytearray(draw(st.sampled_from([c for _, c in samples.GOOD.values()])))
    for _ in range(draw(st.integers(0, 6))):
        place = draw(st.integers(0, len(content) - 1))
        content[place] = draw(st.integers(0, 255))
    cut = draw(st.integers(0, len(content)))
    return bytes(content[:cut] if draw(st.booleans()) else content) + draw(st.binary(max_size=40))


@settings(max_examples=400)
@given(
    content=st.one_of(
        st.binary(max_size=300), st.builds(bytes.__add__, MAGICS, st.binary()), spoilt()
    )
)
def test_any_bytes_are_known_or_refused_with_a_reason(content: bytes) -> None:
    reason = None
    try:
        known = recognise(io.BytesIO(content), "材料.txt") in FORMATS
    except FileRefused as error:
        known, reason = False, error
    assert known or (reason is not None and reason.what and reason.next_step)
