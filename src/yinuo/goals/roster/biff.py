"""The marks of the sheets of an old .xls or .et workbook, from one pass over its records.

calamine gives the values of these files but neither formats nor formulas nor what is hidden, so
14 % would come as 0.14. Source: [MS-XLS] 2.4 (records) and [MS-CFB] (the container around them).
"""

import struct
from collections.abc import Iterator, Mapping

from openpyxl.styles.numbers import BUILTIN_FORMATS

from yinuo.goals.roster.collected import Collected
from yinuo.goals.roster.marks import Address, Area, Marks
from yinuo.goals.roster.sheetxml import CHINESE_FORMATS, GENERAL
from yinuo.kernel.spreadsheet.container import ENCRYPTED_STREAM, MAX_FILE, OLE, SAVE_AS
from yinuo.kernel.spreadsheet.faults import Fault, SpreadsheetRefused

BOF, EOF, FILEPASS, BOUNDSHEET, FORMAT, XF = 0x0809, 0x000A, 0x002F, 0x0085, 0x041E, 0x00E0
FORMULA, NUMBER, RK, MULRK, LABEL, LABELSST = 0x0006, 0x0203, 0x027E, 0x00BD, 0x0204, 0x00FD
BOOLERR, ROW, COLINFO, MERGECELLS, RSTRING = 0x0205, 0x0208, 0x007D, 0x00E5, 0x00D6
WORKSHEET = 0x0010
BIFF8 = 0x0600
ERRORS = {
    0x00: "#NULL!",
    0x07: "#DIV/0!",
    0x0F: "#VALUE!",
    0x17: "#REF!",
    0x1D: "#NAME?",
    0x24: "#NUM!",
    0x2A: "#N/A",
}
STREAMS = ("Workbook", "Book")
END_OF_CHAIN = 0xFFFFFFFA
"""Sector numbers from here on mark ends and free sectors."""
HEADER_SECTORS = 109
"""Numbers of allocation sectors that the header itself holds."""


class Broken(ValueError):
    """The container or a record does not hold together."""


def sheet_marks(data: bytes, file: str) -> Mapping[str, Marks]:
    """Name of a sheet → its marks. Raises `SpreadsheetRefused` for what is no workbook."""
    if len(data) > MAX_FILE:
        size = f"文件有 {len(data) / 2**20:.0f} MB，上限 {MAX_FILE // 2**20} MB"
        raise SpreadsheetRefused(file, Fault.BOMB, size, "请删去图片和多余的工作表后再存")
    if ENCRYPTED_STREAM in data:
        raise _locked(file)
    try:
        stream = _workbook_stream(data)
        if stream is None:
            what = "文件是旧版 Office 文件，但不是表格（可能是 Word 或 PowerPoint）"
            raise SpreadsheetRefused(file, Fault.NOT_A_WORKBOOK, what, SAVE_AS)
        found = _Pass(stream)
        found.run()
    except (Broken, struct.error, IndexError, UnicodeDecodeError) as error:
        what = f"旧版工作簿内部结构有误：{error}"
        raise SpreadsheetRefused(file, Fault.DAMAGED, what, SAVE_AS) from error
    if found.locked:
        raise _locked(file)
    return {name: made.marks() for name, made in found.sheets.items()}


def _locked(file: str) -> SpreadsheetRefused:
    step = "请在 Excel 或 WPS 中打开，去掉打开密码（另存为 → 工具 → 常规选项）后再上传"
    return SpreadsheetRefused(file, Fault.ENCRYPTED, "文件有打开密码，读不出内容", step)


# ── the container ────────────────────────────────────────────────────────────────────────────────


def _workbook_stream(data: bytes) -> bytes | None:
    """The stream with the records of the workbook, None where the file has none."""
    if len(data) < 512 or not data.startswith(OLE):  # noqa: PLR2004  # the header
        raise Broken("文件头不完整")
    size = 1 << struct.unpack_from("<H", data, 30)[0]
    small = 1 << struct.unpack_from("<H", data, 32)[0]
    if size not in (512, 4096) or small != 64:  # noqa: PLR2004  # the two versions there are
        raise Broken("扇区大小不对")
    first_directory, _, cutoff, first_small = struct.unpack_from("<4I", data, 48)
    table = _allocation(data, size)
    directory = _chain(data, table, first_directory, size)
    root, entry = None, None
    for start in range(0, len(directory) - 127, 128):
        name, kind, first, length = _entry(directory, start)
        if kind == 5:  # noqa: PLR2004  # the root
            root = first
        if kind == 2 and name in STREAMS and (entry is None or name == STREAMS[0]):  # noqa: PLR2004
            entry = (first, length)
    if entry is None:
        return None
    first, length = entry
    if length >= cutoff or root is None:
        return _chain(data, table, first, size)[:length]
    mini = _chain(data, table, root, size)
    raw = _chain(data, table, first_small, size)
    places = struct.unpack(f"<{len(raw) // 4}I", raw[: len(raw) // 4 * 4])
    return _chain(mini, places, first, small, before=0)[:length]


def _entry(directory: bytes, start: int) -> tuple[str, int, int, int]:
    length = struct.unpack_from("<H", directory, start + 64)[0]
    name = directory[start : start + max(length - 2, 0)].decode("utf-16-le", "replace")
    first, size = struct.unpack_from("<2I", directory, start + 116)
    return name, directory[start + 66], first, size


def _allocation(data: bytes, size: int) -> tuple[int, ...]:
    """Which sector follows each."""
    sectors = [s for s in struct.unpack_from(f"<{HEADER_SECTORS}I", data, 76) if s < END_OF_CHAIN]
    more, count = struct.unpack_from("<2I", data, 68)
    for _ in range(min(count, len(data) // size)):
        if more >= END_OF_CHAIN:
            break
        *listed, more = struct.unpack_from(f"<{size // 4}I", data, (more + 1) * size)
        sectors += [s for s in listed if s < END_OF_CHAIN]
    if len(sectors) > len(data) // size:
        raise Broken("扇区表比文件还大")
    each = f"<{size // 4}I"
    return tuple(n for s in sectors for n in struct.unpack_from(each, data, (s + 1) * size))


def _chain(data: bytes, table: tuple[int, ...], first: int, size: int, *, before: int = 1) -> bytes:
    """The sectors of one stream, joined; `before` sectors stand in front of number 0."""
    parts: list[bytes] = []
    sector = first
    while sector < END_OF_CHAIN:
        if len(parts) > len(data) // size or sector >= len(table):
            raise Broken("扇区链成环或越界")
        start = (sector + before) * size
        parts.append(data[start : start + size])
        sector = table[sector]
    return b"".join(parts)


# ── the records ──────────────────────────────────────────────────────────────────────────────────


class _Pass:
    """Goes through the records once."""

    def __init__(self, stream: bytes) -> None:
        self.stream = stream
        self.locked = False
        self.starts: dict[int, str] = {}
        """Offset of a sheet's first record → its name."""
        self.own: dict[int, str] = {}
        self.styles: list[int] = []
        self.sheets: dict[str, Collected] = {}
        self.version = 0

    def run(self) -> None:
        """Collect everything."""
        sheet: Collected | None = None
        for offset, kind, body in self._records():
            if kind == BOF:
                self.version = self.version or struct.unpack_from("<H", body)[0]
                name = self.starts.get(offset)
                sheet = self.sheets.setdefault(name, Collected()) if name is not None else None
            elif kind == FILEPASS:
                self.locked = True
                return
            elif sheet is None:
                self._global(kind, body)
            else:
                self._cell(kind, body, sheet)

    def _records(self) -> Iterator[tuple[int, int, bytes]]:
        offset, end = 0, len(self.stream)
        while offset + 4 <= end:
            kind, length = struct.unpack_from("<2H", self.stream, offset)
            if kind == 0 and length == 0:
                return
            yield offset, kind, self.stream[offset + 4 : offset + 4 + length]
            offset += 4 + length

    def _global(self, kind: int, body: bytes) -> None:
        if kind == BOUNDSHEET:
            start, _, sort = struct.unpack_from("<IBB", body)
            if sort == 0:
                self.starts[start] = self._text(body[6:], short=True)
        elif kind == FORMAT:
            self.own[struct.unpack_from("<H", body)[0]] = self._text(body[2:], short=False)
        elif kind == XF:
            self.styles.append(struct.unpack_from("<H", body, 2)[0])

    def _text(self, body: bytes, *, short: bool) -> str:
        """A text with its length before it. Source: [MS-XLS] 2.5.240, 2.5.294."""
        if self.version != BIFF8:
            return body[1 : 1 + body[0]].decode("gb18030", "replace")
        count = body[0] if short else struct.unpack_from("<H", body)[0]
        flags, start = (body[1], 2) if short else (body[2], 3)
        if flags & 1:
            return body[start : start + 2 * count].decode("utf-16-le", "replace")
        return body[start : start + count].decode("latin-1")

    def _cell(self, kind: int, body: bytes, sheet: Collected) -> None:
        if kind in (NUMBER, RK, LABEL, LABELSST, BOOLERR, FORMULA, RSTRING):
            row, column, style = struct.unpack_from("<3H", body)
            where = (row + 1, column + 1)
            self._seen(where, style, sheet, numeric=kind in (NUMBER, RK, FORMULA))
            if kind == BOOLERR and body[7]:
                sheet.errors[where] = ERRORS.get(body[6], "#N/A")
            elif kind == FORMULA:
                sheet.formulas.add(where)
                if body[12:14] == b"\xff\xff" and body[6] == 2:  # noqa: PLR2004  # an error
                    sheet.errors[where] = ERRORS.get(body[8], "#N/A")
        elif kind == MULRK:
            row, first = struct.unpack_from("<2H", body)
            for index in range((len(body) - 6) // 6):
                style = struct.unpack_from("<H", body, 4 + 6 * index)[0]
                self._seen((row + 1, first + index + 1), style, sheet, numeric=True)
        else:
            self._shape(kind, body, sheet)

    def _seen(self, where: Address, style: int, sheet: Collected, *, numeric: bool) -> None:
        sheet.reach(*where)
        if numeric and style < len(self.styles):
            number = self.styles[style]
            known = {**BUILTIN_FORMATS, **CHINESE_FORMATS}
            code = self.own.get(number) or known.get(number, "")
            if code not in ("", GENERAL):
                sheet.formats[where] = code

    def _shape(self, kind: int, body: bytes, sheet: Collected) -> None:
        if kind == ROW:
            row, flags = struct.unpack_from("<H", body)[0], struct.unpack_from("<H", body, 12)[0]
            if flags & 0x20:
                sheet.hidden_rows.add(row + 1)
        elif kind == COLINFO:
            first, last, _, _, flags = struct.unpack_from("<5H", body)
            if flags & 1:
                sheet.hidden_columns |= set(range(first + 1, min(last, 255) + 2))
        elif kind == MERGECELLS:
            for index in range(struct.unpack_from("<H", body)[0]):
                top, bottom, left, right = struct.unpack_from("<4H", body, 2 + 8 * index)
                sheet.merged.append(Area(top + 1, left + 1, bottom + 1, right + 1))
