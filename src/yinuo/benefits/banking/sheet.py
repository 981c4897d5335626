"""Rows of a CSV file or of the first sheet of a workbook, and where their headings stand. Pure."""

import csv
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date
from io import BytesIO, StringIO

from python_calamine import CalamineError, CalamineWorkbook

from yinuo.kernel.errors import YinuoError

HEADING_ROWS = 10
MOST_BYTES = 32 * 1024 * 1024
MOST_ROWS = 200_000
_ZIP = b"PK"


class SheetRefused(YinuoError):
    """A file in which no row can be looked for."""

    code = "BENEFIT-E010"
    status = 422

    def __init__(self, file: str, what: str, next_step: str) -> None:
        super().__init__(what, place=file, next_step=next_step)


def read_rows(data: bytes, *, file: str) -> list[Sequence[str]]:
    """All rows as texts. Raises `SheetRefused`."""
    if len(data) > MOST_BYTES:
        raise SheetRefused(file, "文件超过 32 MB", "请分成几个文件")
    rows = list(_sheet(data, file) if data.startswith(_ZIP) else _text(data, file))
    if len(rows) > MOST_ROWS:
        raise SheetRefused(file, f"超过 {MOST_ROWS:,} 行", "请分成几个文件")
    return rows


def find_heading(
    rows: Sequence[Sequence[str]], names: Collection[str], *, file: str
) -> tuple[int, Mapping[str, int]]:
    """The row of the headings, from 0, and the column of each. Raises `SheetRefused`."""
    for number, cells in enumerate(rows[:HEADING_ROWS]):
        there = [cell.strip() for cell in cells]
        if set(names) <= set(there):
            return number, {name: there.index(name) for name in names}
    what = f"前 {HEADING_ROWS} 行里找不到表头 {'、'.join(names)}"
    raise SheetRefused(file, what, "请按约定的列名填写")


def _text(data: bytes, file: str) -> Iterator[Sequence[str]]:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        return csv.reader(StringIO(text, newline=""))
    raise SheetRefused(file, "既不是 UTF-8 也不是 GB18030 的文字", "请按 CSV 或 Excel 重新导出")


def _sheet(data: bytes, file: str) -> Iterator[Sequence[str]]:
    try:
        book = CalamineWorkbook.from_filelike(BytesIO(data))
        rows = book.get_sheet_by_index(0).to_python(skip_empty_area=False)
    except (CalamineError, OSError, ValueError) as error:
        raise SheetRefused(file, f"工作簿读不出来：{error}", "请重新导出") from error
    return ([_cell(value) for value in row] for row in rows)


def _cell(value: object) -> str:
    if isinstance(value, float):
        return f"{value:.2f}".removesuffix(".00")
    return value.isoformat()[:10] if isinstance(value, date) else str(value)
