"""How far the sheets of an .xlsb workbook reach, before anything holds them in memory whole."""

import re
from collections.abc import Iterator, Mapping

from yinuo.goals.roster.marks import Marks
from yinuo.kernel.spreadsheet.container import Container

SHEET = re.compile(r"xl/worksheets/(.+)\.bin")
ROW_HEADER = 0
CELLS = range(1, 12)
"""Records of cells: blank, RK, error, truth, number, texts, formulas. Source: [MS-XLSB] 2.3.2."""
HIGH = 0x80


def extents(container: Container) -> Mapping[str, Marks]:
    """Short name of a sheet's part → how far it reaches. Raises `IndexError` for a cut record."""
    parts = [match for name in container.parts.namelist() if (match := SHEET.fullmatch(name))]
    return {match[1]: _extent(container.part(match[0])) for match in parts}


def _extent(part: bytes) -> Marks:
    bottom = right = row = 0
    for kind, start in _records(part):
        if kind == ROW_HEADER:
            row = int.from_bytes(part[start : start + 4], "little") + 1
        elif kind in CELLS:
            column = int.from_bytes(part[start : start + 4], "little") + 1
            bottom, right = max(bottom, row), max(right, column)
    return Marks(bottom=bottom, right=right)


def _records(part: bytes) -> Iterator[tuple[int, int]]:
    """Kind of each record and where its content starts."""
    offset = 0
    while offset < len(part):
        kind, offset = part[offset], offset + 1
        if kind & HIGH:
            kind, offset = (kind & 0x7F) | (part[offset] << 7), offset + 1
        length = 0
        for shift in range(0, 28, 7):
            byte = part[offset]
            offset += 1
            length |= (byte & 0x7F) << shift
            if not byte & HIGH:
                break
        yield kind, offset
        offset += length
