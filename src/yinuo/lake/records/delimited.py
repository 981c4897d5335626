"""CSV and its like, cut at the ends of records into pieces that are parsed side by side."""

import csv
import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import islice
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.csv as pa_csv

from yinuo.kernel.errors import YinuoError
from yinuo.lake.records.decoding import decoded, decoded_blocks, is_cut
from yinuo.lake.records.description import SourceDescription
from yinuo.lake.records.headings import LINES, Places, places, score
from yinuo.lake.records.pieces import Lines, Piece, Reached, Torn, raw_rows, torn_row
from yinuo.lake.records.texts import one

DELIMITERS = ",\t;|"
PIECE = 16 << 20
"""Bytes of a piece: small enough for the caches, large enough for a row group."""
LONGEST = 64 << 20
"""A record longer than this is no record."""
BLOCK = 1 << 20
"""Bytes that are parsed at a time: what the parser fills and reads again stays in the caches."""
COUNTED = SAMPLE = 1 << 18
LOOKED_BACK = 1000
SPLITS = 100
"""Unclosed quotes of a piece after which lines are told apart no more."""
_QUOTE, _LINE = b'"', b"\n"


class NoRecordEnd(YinuoError):
    """A file in which no line ends for too long."""

    code = "LAKE-E022"

    def __init__(self, place: str) -> None:
        what = f"连续 {LONGEST >> 20} MB 没有换行，不是按行的文本"
        super().__init__(what, place=place, next_step="核对文件的格式和编码")


@dataclass(frozen=True, kw_only=True)
class Layout:
    """How a file of text is laid out."""

    encoding: str
    delimiter: str
    skipped: int
    """Lines above the headings."""
    cells: tuple[str, ...]
    """One heading for each cell of a row."""
    places: Places


def layout(path: Path, encoding: str, source: SourceDescription) -> Layout:
    """The delimiter and the line under which most fields are found, and the width of rows.

    Raises `WrongHeadings`.
    """
    sample = next(decoded_blocks(path, encoding, SAMPLE), b"")
    text = str(decoded(sample, encoding), "utf-8", "replace")
    lines = text.splitlines(keepends=True)[:LINES]
    best = (-1, ",", 0)
    for delimiter in DELIMITERS:
        for number, line in enumerate(lines):
            found = score(next(csv.reader([line], delimiter=delimiter), []), source)
            if found > best[0]:
                best = (found, delimiter, number)
    _, delimiter, skipped = best
    rows = list(islice(csv.reader(lines[skipped:], delimiter=delimiter), LINES))
    head = rows[0] if rows else []
    while head and not head[-1].strip():
        head.pop()
    # Rows that all end in a delimiter, under headings that do not.
    widths = Counter(len(row) for row in rows[1:] if any(map(str.strip, row)))
    width = max(widths, key=lambda each: widths[each], default=len(head))
    if width > len(head) and any(any(map(str.strip, row[len(head) :])) for row in rows[1:]):
        width = len(head)
    cells = (*head, *([""] * (width - len(head))))
    return Layout(
        encoding=encoding,
        delimiter=delimiter,
        skipped=skipped,
        cells=cells,
        places=places(cells, source, path.name),
    )


def pieces(path: Path, found: Layout, reached: Reached) -> Iterator[Callable[[], Piece]]:
    """The rows of a file. Raises `NoRecordEnd`."""
    rest, is_first = b"", True
    for block in decoded_blocks(path, found.encoding, PIECE, reached):
        text = rest + block
        if is_first:
            skipped = _after_lines(text, found.skipped + 1)
            if skipped is None:
                rest = text
                continue
            text, is_first = text[skipped:], False
        end = _record_end(text, found)
        rest = text[end:]
        if end:
            yield partial(_piece, memoryview(text)[:end], found)
        elif len(rest) > LONGEST:
            raise NoRecordEnd(path.name)
    if rest and not is_first:
        yield partial(_last_piece, rest, found, path.stat().st_size)


def _after_lines(text: bytes, count: int) -> int | None:
    at = 0
    for _ in range(count):
        at = text.find(_LINE, at) + 1
        if not at:
            return None
    return at


def _record_end(text: bytes, found: Layout) -> int:
    """Where the last whole record ends; 0 where none does.

    Outside quotes an even number of them has passed. A single one in a plain text turns that
    round for good; then a line that is a whole row is taken for one.
    """
    end = text.rfind(_LINE) + 1
    if not end or _quotes(text, end) % 2 == 0:
        return end
    stop = end
    for _ in range(LOOKED_BACK):
        start = text.rfind(_LINE, 0, stop - 1) + 1
        if _is_whole(text[start:stop], found):
            return stop
        if not start:
            # The first record goes on; one that never ends is cut where a line does.
            return 0 if len(text) <= LONGEST else end
        stop = start
        if text.count(_QUOTE, 0, stop) % 2 == 0:
            return stop
    return end


def _quotes(text: bytes, end: int) -> int:
    """How many stand before `end`; where there are many, far faster than `bytes.count`."""
    if _QUOTE not in text:
        return 0
    data = np.frombuffer(text, np.uint8, end)
    parts = (data[at : at + COUNTED] for at in range(0, end, COUNTED))
    return sum(int(np.count_nonzero(part == _QUOTE[0])) for part in parts)


def _is_whole(line: bytes, found: Layout) -> bool:
    """Whether a line is a row with as many cells as there are headings."""
    try:
        rows = list(
            csv.reader(
                [str(decoded(line, found.encoding), "utf-8")],
                delimiter=found.delimiter,
                strict=True,
            )
        )
    except csv.Error:
        return False
    return len(rows) == 1 and len(rows[0]) == len(found.cells)


# ── parsing ──────────────────────────────────────────────────────────────────────────────────────


@dataclass
class _Parsed:
    """Rows of a piece so far."""

    tables: list[pa.Table] = field(default_factory=list)
    lines: list[Lines] = field(default_factory=list)
    torn: list[Torn] = field(default_factory=list)
    records: int = 0


def _piece(given: bytes | memoryview, found: Layout) -> Piece:
    """Parse a piece: valid rows as columns, others as they stand."""
    parsed = _Parsed()
    _parse(decoded(given, found.encoding), found, parsed, SPLITS)
    return _made(parsed, found)


def _last_piece(given: bytes, found: Layout, size: int) -> Piece:
    """Parse what is left at the end of a file of `size` bytes; its last record may be torn."""
    text, tail = bytes(decoded(given, found.encoding)), b""
    said = ""
    if not text.endswith(_LINE):
        text, tail = _without_open_end(text, found)
        if is_cut(given, found.encoding):
            said = f"文件在第 {size:,} 字节处中断，最后一个字不完整"
            text, tail = (text, tail) if tail else _without_last(text)
    parsed = _Parsed()
    _parse(text, found, parsed, SPLITS)
    if tail:
        _add_torn(tail.decode(), found, parsed, said)
    is_torn = bool(parsed.torn) and parsed.torn[-1].line == parsed.records
    return replace(_made(parsed, found), torn_end=is_torn)


def _made(parsed: _Parsed, found: Layout) -> Piece:
    table = pa.concat_tables(parsed.tables) if parsed.tables else _empty(found)
    columns = [one(table.column(at)) for at in range(len(found.cells))]
    lines = np.concatenate(parsed.lines) if parsed.lines else np.empty(0, np.int64)
    return Piece(
        columns={name: columns[at] for name, at in found.places.fields.items()},
        raw=raw_rows(found.cells, columns),
        lines=lines,
        records=parsed.records,
        torn=tuple(parsed.torn),
        unknown=dict.fromkeys(found.places.unknown, len(lines)),
    )


def _without_last(text: bytes) -> tuple[bytes, bytes]:
    """The text of a file without its last record, whose quotes are closed, and that record."""
    start = text.rfind(_LINE) + 1
    while start and text.count(_QUOTE, start) % 2:
        start = text.rfind(_LINE, 0, start - 1) + 1
    return text[:start], text[start:]


def _without_open_end(text: bytes, found: Layout) -> tuple[bytes, bytes]:
    """The text of a file without a last record whose quote is never closed, and that record."""
    if text.count(_QUOTE) % 2 == 0:
        return text, b""
    stop = len(text)
    for _ in range(LOOKED_BACK):
        start = text.rfind(_LINE, 0, stop - 1) + 1
        if _is_whole(text[start:stop], found):
            break
        stop = start
        if not start:
            break
    return text[:stop], text[stop:]


def _names(found: Layout) -> list[str]:
    return [f"f{at}" for at in range(len(found.cells))]


def _empty(found: Layout) -> pa.Table:
    return pa.schema([(name, pa.string()) for name in _names(found)]).empty_table()


def _parse(text: bytes | memoryview, found: Layout, parsed: _Parsed, splits: int) -> None:
    """Parse text and add its rows; a quote that is never closed costs its own line only."""
    if not len(text):
        return
    table, wrong = _read(text, found)
    unclosed = next((row for row in wrong if "\n" in row.text), None)
    if unclosed is None or not splits:
        _add(table, wrong, found, parsed)
        return
    text = bytes(text)
    start = text.find(unclosed.text.encode())
    end = text.find(_LINE, start) + 1
    _parse(text[:start], found, parsed, 0)
    _add_torn(text[start:end].decode(), found, parsed)
    _parse(text[end:], found, parsed, splits - 1)


def _read(text: bytes | memoryview, found: Layout) -> tuple[pa.Table, list[pa_csv.InvalidRow]]:
    """The rows of a text, and those that are none."""
    try:
        table, wrong = _read_by(BLOCK, text, found)
        if not any("\n" in row.text for row in wrong):
            return table, wrong
    except pa.ArrowInvalid:
        return _read_by(len(text) + 1, text, found)  # A record is longer than a block.
    # A quote that is never closed is closed by another one: which one, the whole text says.
    return _read_by(len(text) + 1, text, found)


def _read_by(
    size: int, text: bytes | memoryview, found: Layout
) -> tuple[pa.Table, list[pa_csv.InvalidRow]]:
    wrong: list[pa_csv.InvalidRow] = []

    def skip(row: pa_csv.InvalidRow) -> str:
        wrong.append(row)
        return "skip"

    names = _names(found)
    table = pa_csv.read_csv(
        pa.BufferReader(text),
        read_options=pa_csv.ReadOptions(use_threads=False, block_size=size, column_names=names),
        parse_options=pa_csv.ParseOptions(
            delimiter=found.delimiter, newlines_in_values=True, invalid_row_handler=skip
        ),
        convert_options=pa_csv.ConvertOptions(
            column_types=dict.fromkeys(names, pa.string()),
            strings_can_be_null=True,
            quoted_strings_can_be_null=True,
            null_values=[""],
            check_utf8=False,
        ),
    )
    return table, wrong


def _add(
    table: pa.Table, wrong: Sequence[pa_csv.InvalidRow], found: Layout, parsed: _Parsed
) -> None:
    count = len(table) + len(wrong)
    lines = np.arange(1, count + 1, dtype=np.int64)
    if wrong:
        lines = np.delete(lines, [row.number - 1 for row in wrong])
    parsed.torn += [
        _torn(parsed.records + row.number, row.text, found) for row in wrong if row.text.strip()
    ]
    parsed.tables.append(table)
    parsed.lines.append(lines + parsed.records)
    parsed.records += count


def _add_torn(text: str, found: Layout, parsed: _Parsed, said: str = "") -> None:
    parsed.records += 1
    parsed.torn.append(_torn(parsed.records, text.rstrip("\r\n"), found, said))


def _torn(line: int, text: str, found: Layout, said: str = "") -> Torn:
    cells = next(csv.reader([re.sub(r"[\r\n]+", " ", text)], delimiter=found.delimiter), [])
    said = said or f"{len(cells)} 列，应为 {len(found.cells)} 列"
    return Torn(line, said, torn_row(found.cells, cells))
