"""Text with delimiters, such as a CSV file that was named .xls."""

import csv
import io
import re
from collections.abc import Sequence

from yinuo.goals.roster.marks import MAX_AREA
from yinuo.kernel.spreadsheet.container import MAX_FILE
from yinuo.kernel.spreadsheet.faults import Fault, SpreadsheetRefused

SHEET = "CSV"
"""Name of the one sheet."""
ENCODINGS = ("utf-8-sig", "gb18030")
DELIMITERS = (",", "\t", ";", "，")
LOOKED_AT = 4_096
_MARKUP = re.compile(rb"^\s*(?:<|%PDF|\{)", re.IGNORECASE)


def is_text(data: bytes) -> bool:
    """Whether the content is plain text with delimiters, whatever the name says."""
    head = data[:LOOKED_AT].removeprefix(b"\xef\xbb\xbf")
    if not head or head.startswith(b"PK") or b"\0" in head or _MARKUP.match(head):
        return False
    text = _decoded(data[: data.rfind(b"\n", 0, LOOKED_AT) + 1] or data)
    return text is not None and any(delimiter in text for delimiter in DELIMITERS)


def _decoded(data: bytes) -> str | None:
    for encoding in ENCODINGS:
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    return None


def values(data: bytes, file: str) -> Sequence[Sequence[str]]:
    """The fields of every line. Raises `SpreadsheetRefused`."""
    text = _decoded(data) if len(data) <= MAX_FILE else None
    if text is None:
        what = "内容是文本，但编码既不是 UTF-8 也不是 GB18030，或文件太大"
        step = "请在 Excel 或 WPS 中打开，核对文字没有乱码，另存为 .xlsx"
        raise SpreadsheetRefused(file, Fault.NOT_A_WORKBOOK, what, step)
    first = text.partition("\n")[0]
    delimiter = max(DELIMITERS, key=first.count)
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))
    except csv.Error as error:
        step = "请在 Excel 或 WPS 中打开，另存为 .xlsx"
        raise SpreadsheetRefused(file, Fault.DAMAGED, f"CSV 读不下去：{error}", step) from error
    if len(rows) * max(map(len, rows), default=0) > MAX_AREA:
        step = "请核对文件是不是台账，或分成几份"
        raise SpreadsheetRefused(file, Fault.BOMB, "CSV 的行列太多", step)
    return rows
