"""The older Office documents: a small file system in one file.

Source: [MS-CFB] 2.2 (header), 2.3 (sector chains), 2.6 (directory); [MS-XLS] 2.4.28 (BoundSheet8).
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass

from yinuo.kernel.media.formats import BY_NAME, Format
from yinuo.kernel.media.packed import NO_MACROS
from yinuo.kernel.media.refused import FileRefused, damaged

MAGIC = bytes.fromhex("d0cf11e0a1b11ae1")
HEADER = 512
SHIFTS = (9, 12)
"""Sectors have 512 or 4,096 bytes."""
LAST_SECTOR = 0xFFFFFFFA
ENTRY = 128
DIFAT_IN_HEADER = 109
STREAMS = {
    "worddocument": "doc",
    "workbook": "xls",
    "book": "xls",
    "powerpoint document": "ppt",
}
MACROS = frozenset({"macros", "_vba_project_cur", "vba", "_vba_project"})
MAIL = "__properties_version1.0"
BOUND_SHEET = 0x85
MACRO_SHEETS = frozenset({0x01, 0x06})
"""Excel 4.0 macro sheet and Visual Basic module."""
SMALL = 4_096
"""Streams below this size lie elsewhere; no workbook is that small."""


@dataclass(frozen=True, slots=True)
class _Stream:
    name: str
    start: int
    size: int


class _Compound:
    """The directory of a compound file, as far as it takes to know what it is."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        shift = struct.unpack_from("<H", data, 30)[0]
        if shift not in SHIFTS:
            raise ValueError(shift)
        self.sector = 1 << shift
        self.count = max(0, len(data) // self.sector - 1)
        self.table = self._table()

    def _at(self, sector: int) -> bytes:
        if not 0 <= sector < self.count:
            raise ValueError(sector)
        start = (sector + 1) * self.sector
        return self.data[start : start + self.sector]

    def _numbers(self, sector: int) -> tuple[int, ...]:
        return struct.unpack(f"<{self.sector // 4}I", self._at(sector))

    def _table(self) -> list[int]:
        """The allocation table: of each sector the next."""
        heads = list(struct.unpack_from(f"<{DIFAT_IN_HEADER}I", self.data, 76))
        more = struct.unpack_from("<I", self.data, 68)[0]
        for _ in range(self.count):
            if more >= LAST_SECTOR:
                break
            *heads_here, more = self._numbers(more)
            heads += heads_here
        return [next_ for head in heads if head < LAST_SECTOR for next_ in self._numbers(head)]

    def chain(self, start: int) -> Iterator[bytes]:
        """The sectors of a chain; a chain longer than the file runs in a circle."""
        for _ in range(self.count + 1):
            if start >= LAST_SECTOR:
                return
            yield self._at(start)
            start = self.table[start]
        raise ValueError(start)

    def streams(self) -> list[_Stream]:
        """Every entry of the directory."""
        data = b"".join(self.chain(struct.unpack_from("<I", self.data, 48)[0]))
        found = []
        for at in range(0, len(data) - ENTRY + 1, ENTRY):
            length = struct.unpack_from("<H", data, at + 64)[0]
            if 2 <= length <= 64:  # noqa: PLR2004  # bytes of a name with its closing zero
                name = data[at : at + length - 2].decode("utf-16-le", errors="replace")
                start, size = struct.unpack_from("<II", data, at + 116)
                found.append(_Stream(name.lower(), start, size))
        return found


def _macro_sheets(compound: _Compound, stream: _Stream) -> bool:
    """Whether a workbook has a sheet of the macros that came before Visual Basic."""
    if stream.size < SMALL:
        return False
    data = b"".join(compound.chain(stream.start))[: stream.size]
    at = 0
    while at + 4 <= len(data):
        record, length = struct.unpack_from("<HH", data, at)
        if record == BOUND_SHEET and length > 5 and data[at + 9] in MACRO_SHEETS:  # noqa: PLR2004
            return True
        if not record and not length:
            return False
        at += 4 + length
    return False


def compound_format(data: bytes) -> Format:
    """The format of a file that begins as compound files do. Raises `FileRefused`."""
    try:
        compound = _Compound(data)
        streams = compound.streams()
        names = {stream.name for stream in streams}
        if "encryptedpackage" in names:
            raise FileRefused("文件有密码", "请去掉密码另存一次；督查人要能打开它")
        if names & MACROS:
            raise FileRefused("文档里有宏", NO_MACROS)
        for stream in streams:
            if stream.name in STREAMS:
                if STREAMS[stream.name] == "xls" and _macro_sheets(compound, stream):
                    raise FileRefused("工作簿里有宏表", NO_MACROS)
                return BY_NAME[STREAMS[stream.name]]
    except (ValueError, IndexError, struct.error) as error:
        raise damaged("文件") from error
    if MAIL in names:
        raise FileRefused("这是邮件文件", "请把邮件打印成 PDF，附件分别上传")
    raise FileRefused(
        "不是 Word、Excel 或演示文稿", "请在 WPS 或 Office 里另存为 .docx、.xlsx 或 .pptx"
    )
