"""The smallest .xlsb workbook: one sheet 台账 of texts. Source: [MS-XLSB] 2.1, 2.4."""

import io
import struct
import zipfile
from collections.abc import Mapping

TYPES = '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>'
KIND = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet"
RELATIONS = (
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    f'<Relationship Id="rId1" Type="{KIND}" Target="worksheets/sheet1.bin"/></Relationships>'
)


def binary_workbook(rows: Mapping[int, Mapping[int, str]]) -> bytes:
    """Rows and columns from 0 → text."""
    sheet = _record(129) + _record(148, struct.pack("<4I", 0, 9, 0, 9)) + _record(145)
    for row, cells in rows.items():
        sheet += _record(0, struct.pack("<II", row, 0) + bytes(9))
        for column, text in cells.items():
            sheet += _record(6, struct.pack("<II", column, 0) + _wide(text))
    sheet += _record(146) + _record(130)
    named = struct.pack("<II", 0, 1) + _wide("rId1") + _wide("台账")
    book = b"".join((_record(131), _record(143), _record(156, named), _record(144), _record(132)))
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as file:
        file.writestr("[Content_Types].xml", TYPES)
        file.writestr("xl/workbook.bin", book)
        file.writestr("xl/_rels/workbook.bin.rels", RELATIONS)
        file.writestr("xl/worksheets/sheet1.bin", sheet)
    return buffer.getvalue()


def _record(kind: int, content: bytes = b"") -> bytes:
    head = bytes([kind]) if kind < 0x80 else bytes([kind & 0x7F | 0x80, kind >> 7])
    length, left = b"", len(content)
    while left > 0x7F:
        length += bytes([left & 0x7F | 0x80])
        left >>= 7
    return head + length + bytes([left]) + content


def _wide(text: str) -> bytes:
    return struct.pack("<I", len(text)) + text.encode("utf-16-le")
