"""A file that a window system drops: CSV, JSON lines, JSON or xlsx, as rows."""

import csv
import io
import json
from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path

from yinuo.cases.errors.feed import UnreadableEvents
from yinuo.kernel.spreadsheet import cells

ENCODINGS = ("utf-8-sig", "gb18030")
DELIMITERS = (",", "\t", ";", "|")
LARGEST = 64 << 20
KINDS = (".csv", ".txt", ".jsonl", ".ndjson", ".json", ".xlsx")
LISTED = "events"


def read_file(path: Path, *, progress: cells.Progress = cells.silent) -> list[object]:
    """The rows of a file. Raises `UnreadableEvents`, `SpreadsheetRefused`."""
    kind = path.suffix.lower()
    if kind not in KINDS:
        raise UnreadableEvents(path.name, f"不认识“{kind or path.name}”类的文件")
    try:
        if path.stat().st_size > LARGEST:
            raise UnreadableEvents(path.name, f"文件超过 {LARGEST >> 20} MB，请分开")
        data = path.read_bytes()
    except OSError as error:
        raise UnreadableEvents(path.name, str(error.strerror)) from error
    if kind == ".xlsx":
        return _sheet(data, path.name, progress)
    text = _text(data, path.name)
    if kind == ".json":
        return read_json(text, place=path.name)
    if kind in (".jsonl", ".ndjson"):
        return [_line(line) for line in text.splitlines() if line.strip()]
    return _table(text, path.name)


def read_json(text: str | bytes, *, place: str) -> list[object]:
    """The rows of a JSON list, or of an object with `events`. Raises `UnreadableEvents`."""
    try:
        found = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise UnreadableEvents(place, "不是 JSON") from error
    rows = found.get(LISTED) if isinstance(found, Mapping) else found
    if not isinstance(rows, list):
        raise UnreadableEvents(place, "没有事件的列表")
    return rows


def _text(data: bytes, name: str) -> str:
    for encoding in ENCODINGS:
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise UnreadableEvents(name, "文字编码既不是 UTF-8 也不是 GB18030")


def _line(line: str) -> object:
    """A line that is no JSON is put aside as it stands, and does not stop the others."""
    try:
        return json.loads(line)
    except (ValueError, RecursionError):
        return line


def _table(text: str, name: str) -> list[object]:
    head = text.partition("\n")[0]
    delimiter = max(DELIMITERS, key=head.count)
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))
    except csv.Error as error:
        raise UnreadableEvents(name, str(error)) from error
    if not rows or not any(cell.strip() for cell in rows[0]):
        raise UnreadableEvents(name, "第一行不是表头")
    names = [cell.strip() for cell in rows[0]]
    return [dict(zip(names, row, strict=False)) for row in rows[1:] if any(map(str.strip, row))]


def _sheet(data: bytes, name: str, progress: cells.Progress) -> list[object]:
    """The first sheet that can be seen; its first row holds the names."""
    book = cells.read(data, file=name, progress=progress)
    grid = next((grid for grid in book.grids.values() if not grid.hidden), None)
    if grid is None or not grid.rows:
        raise UnreadableEvents(name, "工作簿里没有内容")
    numbers = sorted(grid.rows)
    names = {column: str(cell.value).strip() for column, cell in grid.rows[numbers[0]].items()}
    return [
        {names[c]: _cell(cell.value) for c, cell in grid.rows[number].items() if c in names}
        for number in numbers[1:]
    ]


def _cell(value: object) -> object:
    if isinstance(value, datetime):
        return value.isoformat(sep=" ")
    return value.isoformat() if isinstance(value, date) else value
