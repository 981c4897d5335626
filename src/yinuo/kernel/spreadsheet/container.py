"""The zip around a workbook, looked at before anything opens it."""

import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass

from yinuo.kernel.spreadsheet.faults import Fault, SpreadsheetRefused

MAX_FILE = 40 * 2**20
MAX_ENTRIES = 2_000
MAX_UNPACKED = 160 * 2**20
MAX_RATIO = 200
"""Unpacked to packed size of one part; workbooks of empty formatted rows reach about 100."""
RATIO_COUNTS_FROM = 2**20
OLE = bytes.fromhex("d0cf11e0a1b11ae1")
ENCRYPTED_STREAM = "EncryptedPackage".encode("utf-16-le")
XML_PARTS = (".xml", ".rels", ".vml")
DAMAGE = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, OSError, ValueError)
"""What unpacking raises; `ValueError` where an offset points before the beginning of the file."""
METHODS = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}
SAVE_AS = "请在 Excel 或 WPS 中打开，另存为“Excel 工作簿（.xlsx）”"

_ENTITY = re.compile(rb"<!\s*(DOCTYPE|ENTITY)", re.IGNORECASE)
_ENCODING = re.compile(rb"""^<\?xml[^>]*?encoding\s*=\s*["']([^"']+)["']""")
_MERGED = re.compile(rb"""<(?:\w+:)?mergeCell\s[^>]*?ref\s*=\s*["']([^"']+)["']""")
_ROW = re.compile(rb"<(?:\w+:)?row\s([^>]*)>")
_HIDDEN = re.compile(rb"""\bhidden\s*=\s*["'](?:1|true)["']""")
_ROW_NUMBER = re.compile(rb"""\br\s*=\s*["'](\d+)["']""")


@dataclass(frozen=True)
class Container:
    """A workbook's parts, all of them well-behaved XML or passive data."""

    parts: zipfile.ZipFile
    file: str

    def part(self, name: str) -> bytes:
        """The unpacked bytes of one part, empty without one. Raises `SpreadsheetRefused`."""
        if name not in self.parts.namelist():
            return b""
        return _unpacked(self.parts, name, self.file)


@dataclass(frozen=True)
class Marks:
    """What the cells of a sheet do not tell by themselves."""

    merged: tuple[str, ...]
    """Ranges, such as `A2:B3`."""
    hidden_rows: tuple[int, ...]


def _refuse(file: str, fault: Fault, what: str, next_step: str) -> SpreadsheetRefused:
    return SpreadsheetRefused(file, fault, what, next_step)


def open_container(data: bytes, file: str) -> Container:
    """The parts of an .xlsx workbook, checked for size and entities before any is parsed.

    Raises `SpreadsheetRefused` with what the file is instead.
    """
    parts = _opened(data, file)
    _check_sort(parts, file)
    return _checked(parts, file)


def open_archive(data: bytes, file: str) -> Container:
    """The parts of any zipped office file, checked in the same way. Raises `SpreadsheetRefused`."""
    return _checked(_opened(data, file), file)


def _opened(data: bytes, file: str) -> zipfile.ZipFile:
    if not data:
        raise _refuse(file, Fault.UNREADABLE, "文件是空的（0 字节）", "请重新导出或复制这个文件")
    if data.startswith(OLE):
        raise _ole(data, file)
    if not data.startswith(b"PK"):
        raise _not_zip(data, file)
    if len(data) > MAX_FILE:
        size = f"文件有 {len(data) / 2**20:.0f} MB，上限 {MAX_FILE // 2**20} MB"
        raise _refuse(file, Fault.BOMB, size, "请删去图片和多余的工作表后再存")
    try:
        parts = zipfile.ZipFile(io.BytesIO(data))
    except (zipfile.BadZipFile, NotImplementedError, ValueError) as error:
        raise _refuse(file, Fault.DAMAGED, f"压缩包打不开：{error}", SAVE_AS) from error
    _check_sizes(parts, file)
    _check_entries(parts, file)
    return parts


def _checked(parts: zipfile.ZipFile, file: str) -> Container:
    for name in _xml_names(parts):
        _check_xml(name, _unpacked(parts, name, file), file)
    return Container(parts, file)


def _ole(data: bytes, file: str) -> SpreadsheetRefused:
    if ENCRYPTED_STREAM in data:
        return _refuse(file, Fault.ENCRYPTED, "文件有打开密码，读不出内容", "请去掉打开密码后再存")
    return _refuse(file, Fault.OLD_WORKBOOK, "文件是旧版 .xls（或其他旧版 Office 文件）", SAVE_AS)


def _not_zip(data: bytes, file: str) -> SpreadsheetRefused:
    head = data[:4096].lstrip(b"\xef\xbb\xbf \r\n\t").lower()
    kind = "内容不认识"
    if head.startswith((b"<html", b"<!doctype html", b"<table")):
        kind = "内容是网页（HTML）"
    elif head.startswith(b"<?xml"):
        kind = "内容是单个 XML 文件"
    elif head.startswith(b"%pdf"):
        kind = "内容是 PDF"
    elif b"\0" not in head and re.search(rb"[,;\t]", head):
        kind = "内容是 CSV 文本，只是文件名改成了 .xlsx"
    return _refuse(file, Fault.NOT_A_WORKBOOK, f"文件不是 .xlsx 工作簿：{kind}", SAVE_AS)


def _check_sizes(parts: zipfile.ZipFile, file: str) -> None:
    entries = parts.infolist()
    total = sum(entry.file_size for entry in entries)
    worst = max(
        (e.file_size / max(e.compress_size, 1) for e in entries if e.file_size > RATIO_COUNTS_FROM),
        default=0,
    )
    if len(entries) > MAX_ENTRIES:
        what = f"压缩包内有 {len(entries):,} 个文件，上限 {MAX_ENTRIES:,}"
    elif total > MAX_UNPACKED:
        what = f"解压后有 {total / 2**20:,.0f} MB，上限 {MAX_UNPACKED // 2**20} MB"
    elif worst > MAX_RATIO:
        what = f"压缩比达 {worst:,.0f} 倍，上限 {MAX_RATIO} 倍"
    else:
        return
    raise _refuse(file, Fault.BOMB, what, "这不像正常的工作簿；请只保留需要的各表，重新另存")


def _check_entries(parts: zipfile.ZipFile, file: str) -> None:
    if any(entry.flag_bits & 1 for entry in parts.infolist()):
        raise _refuse(file, Fault.ENCRYPTED, "压缩包有密码", "请去掉密码后再存")
    if any(entry.compress_type not in METHODS for entry in parts.infolist()):
        raise _refuse(file, Fault.DAMAGED, "压缩方式不是工作簿所用的", SAVE_AS)
    if any(name.lower().endswith("vbaproject.bin") for name in parts.namelist()):
        raise _refuse(file, Fault.MACROS, "文件带宏", SAVE_AS + "（不带宏）")


def _check_sort(parts: zipfile.ZipFile, file: str) -> None:
    names = set(parts.namelist())
    if "xl/workbook.xml" in names and "[Content_Types].xml" in names:
        return
    kind = "是普通的压缩包"
    if "xl/workbook.bin" in names:
        kind = "是二进制工作簿（.xlsb）"
    elif "word/document.xml" in names:
        kind = "是 Word 文档"
    elif "mimetype" in names:
        kind = "是 OpenDocument 文件（.ods 等）"
    raise _refuse(file, Fault.NOT_A_WORKBOOK, f"文件不是 .xlsx 工作簿：{kind}", SAVE_AS)


def _xml_names(parts: zipfile.ZipFile) -> Iterator[str]:
    return (name for name in parts.namelist() if name.lower().endswith(XML_PARTS))


def _unpacked(parts: zipfile.ZipFile, name: str, file: str) -> bytes:
    try:
        return parts.read(name)
    except DAMAGE as error:
        raise _refuse(file, Fault.DAMAGED, f"{name} 解压失败：{error}", SAVE_AS) from error


def _check_xml(name: str, content: bytes, file: str) -> None:
    """Entities and other encodings have no place in a workbook, so they are an attack or damage."""
    encoding = _ENCODING.match(content.lstrip(b"\xef\xbb\xbf"))
    declared = encoding.group(1).decode("ascii", "replace") if encoding else "UTF-8"
    if b"\0" in content or declared.upper() not in ("UTF-8", "ASCII", "US-ASCII"):
        raise _refuse(file, Fault.HOSTILE_XML, f"{name} 不是 UTF-8 编码（{declared}）", SAVE_AS)
    if _ENTITY.search(content):
        raise _refuse(file, Fault.HOSTILE_XML, f"{name} 含有实体定义（DOCTYPE）", SAVE_AS)


def sheet_marks(content: bytes) -> Marks:
    """The merged ranges and hidden rows named in the XML of a sheet."""
    hidden = []
    for row in _ROW.finditer(content):
        number = _ROW_NUMBER.search(row.group(1))
        if number and _HIDDEN.search(row.group(1)):
            hidden.append(int(number.group(1)))
    merged = tuple(found.decode("utf-8", "replace") for found in _MERGED.findall(content))
    return Marks(merged=merged, hidden_rows=tuple(hidden))
