"""Files of events as blocks of rows: CSV, Excel, JSON lines and Parquet, with line numbers."""

import codecs
import csv
import json
import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from hashlib import sha256
from io import TextIOWrapper
from itertools import islice
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from yinuo.kernel.errors import YinuoError
from yinuo.kernel.spreadsheet import cells
from yinuo.lake.events import EventLog
from yinuo.lake.reasons import Reason

BLOCK = 122_880
"""Rows of a block, and of a row group of the landed log: what DuckDB works on at once."""
SLICE = 8_192
"""Rows of text that are turned into columns at a time."""
PIECE = 1 << 20
HEADING_LINES = 10
"""Lines among which the headings are looked for."""
DELIMITERS = ",\t;|"
FORMATS = {
    ".csv": "csv",
    ".txt": "csv",
    ".tsv": "csv",
    ".xlsx": "xlsx",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".parquet": "parquet",
}
MAX_DIGITS = 15
"""Digits that survive in a number of Excel."""
MAX_FIELD = 1 << 17
_BREAK = re.compile(r"\r\n|\r|\n")

Reached = Callable[[int], None]
"""Told how many bytes of the file have been read."""


class UnknownFormat(YinuoError):
    """A file whose name does not say what it is."""

    code = "LAKE-E007"

    def __init__(self, path: Path) -> None:
        step = f"请用 {'、'.join(FORMATS)} 之一；旧版 .xls 请另存为 .xlsx 或 .csv"
        super().__init__(
            f"不认识“{path.suffix or path.name}”类的文件", place=path.name, next_step=step
        )


class FileUnreadable(YinuoError):
    """A file that breaks off, or that cannot be opened."""

    code = "LAKE-E008"

    def __init__(self, place: str, why: str) -> None:
        super().__init__(
            f"文件读不下去：{why}", place=place, next_step="核对这个位置，或重新导出整个文件"
        )


class WrongHeadings(YinuoError):
    """A file that lacks a column or has one twice."""

    code = "LAKE-E009"

    def __init__(
        self, place: str, missing: Sequence[str], repeated: Sequence[str], seen: Sequence[str]
    ) -> None:
        parts = []
        if missing:
            parts.append(f"缺少列 {'、'.join(missing)}")
        if repeated:
            parts.append(f"列 {'、'.join(repeated)} 出现了两次")
        found = f"；文件中有 {'、'.join(seen[:20])}" if seen else ""
        step = "核对表头，或在说明中写上文件所用的列名"
        super().__init__("，".join(parts) + found, place=place, next_step=step)
        self.missing = tuple(missing)
        self.repeated = tuple(repeated)


class TooManyRows(YinuoError):
    """A sheet with more rows than are read from a workbook."""

    code = "LAKE-E010"

    def __init__(self, place: str) -> None:
        what = f"工作表超过 {cells.MAX_ROWS:,} 行"
        super().__init__(what, place=place, next_step="请导出为 CSV 或 Parquet")


@dataclass(frozen=True)
class Torn:
    """A row that is no row of the table."""

    line: int
    reason: Reason
    field: str
    value: str
    row: str


@dataclass(frozen=True)
class Block:
    """Some rows: `case`, `step`, `time`, `lifecycle` and the attributes as texts, and `line`.

    `time` may be Arrow timestamps.
    """

    table: pa.Table
    torn: tuple[Torn, ...]
    row: Callable[[int], str]
    """The row at a place of the table, as it stood in the file."""


@dataclass(frozen=True)
class Opened:
    """One file, or one sheet of a workbook."""

    path: Path
    name: str
    format: str
    sha256: str
    size: int
    changed_ns: int
    blocks: Callable[[Reached], Iterator[Block]]


def opened(path: Path, log: EventLog, reached: Reached) -> list[Opened]:
    """The file, hashed; a workbook gives one for each sheet that has the headings.

    Raises `UnknownFormat`, `FileUnreadable`, `WrongHeadings`, `SpreadsheetRefused`.
    """
    kind = FORMATS.get(path.suffix.lower())
    if kind is None:
        raise UnknownFormat(path)
    try:
        status = path.stat()
        digest, encoding = _looked_through(path, reached, is_text=kind in {"csv", "jsonl"})
    except OSError as error:
        raise FileUnreadable(path.name, error.strerror or "无法打开") from error

    def one(name: str, form: str, blocks: Callable[[Reached], Iterator[Block]]) -> Opened:
        return Opened(path, name, form, digest, status.st_size, status.st_mtime_ns, blocks)

    match kind:
        case "csv":
            return [one(path.name, f"csv（{encoding}）", partial(_csv, path, encoding, log))]
        case "jsonl":
            return [
                one(
                    path.name,
                    f"jsonl（{encoding}）",
                    partial(_jsonl, path, encoding, log),
                )
            ]
        case "parquet":
            return [one(path.name, "parquet", partial(_parquet, path, log))]
    return [
        one(f"{path.name} · {grid.name}", "xlsx", partial(_sheet, path, grid, header, log))
        for grid, header in _sheets(path, log)
    ]


def _looked_through(path: Path, reached: Reached, *, is_text: bool) -> tuple[str, str]:
    """SHA-256 of a file, and its encoding: UTF-8 if all of it is, else GB18030 (or UTF-16)."""
    digest = sha256()
    decoder = codecs.getincrementaldecoder("utf-8")()
    is_utf8, mark = is_text, b""
    with path.open("rb") as file:
        while piece := file.read(PIECE):
            mark = mark or piece[:2]
            digest.update(piece)
            if is_utf8:
                try:
                    decoder.decode(piece)
                except UnicodeDecodeError:
                    is_utf8 = False
            reached(file.tell())
    if is_utf8:
        try:
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            is_utf8 = False
    if mark in {codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE}:
        return digest.hexdigest(), "utf-16"
    return digest.hexdigest(), "utf-8-sig" if is_utf8 else "gb18030"


# ── headings ─────────────────────────────────────────────────────────────────────────────────────


def _columns(log: EventLog) -> dict[str, tuple[str, ...]]:
    """Column of a block → headings that mean it."""
    columns = {"case": log.case, "step": log.step, "time": log.time}
    if log.lifecycle is not None:
        columns["lifecycle"] = log.lifecycle
    columns |= {column.name: column for column in log.attributes}
    return {name: tuple(map(_plain, column.headings)) for name, column in columns.items()}


def _plain(heading: object) -> str:
    """A heading without blanks, width and case."""
    text = unicodedata.normalize("NFKC", "" if heading is None else str(heading))
    return "".join(text.replace("\ufeff", "").split()).casefold()


def _places(headings: Sequence[object], log: EventLog, place: str) -> dict[str, int]:
    """Where each column stands. Raises `WrongHeadings`, which names every one at once."""
    plain = [_plain(heading) for heading in headings]
    found, missing, repeated = {}, [], []
    for name, words in _columns(log).items():
        at = [number for number, heading in enumerate(plain) if heading in words]
        if not at:
            missing.append(name if name in log.attribute_names else _said(log, name))
        elif len(at) > 1:
            repeated.append(str(headings[at[0]]))
        else:
            found[name] = at[0]
    if missing or repeated:
        raise WrongHeadings(place, missing, repeated, [str(h) for h in headings if h])
    return found


def _said(log: EventLog, name: str) -> str:
    column = {"case": log.case, "step": log.step, "time": log.time, "lifecycle": log.lifecycle}[
        name
    ]
    return column.name if column is not None else name


def _score(headings: Sequence[object], log: EventLog) -> int:
    """How many columns these headings name."""
    plain = {_plain(heading) for heading in headings}
    return sum(not plain.isdisjoint(words) for words in _columns(log).values())


# ── rows ─────────────────────────────────────────────────────────────────────────────────────────


def _block(
    log: EventLog,
    columns: dict[str, Any],
    lines: Sequence[int],
    torn: Sequence[Torn],
    row: Callable[[int], str],
) -> Block:
    """A block of columns by name; a column that is not given is empty."""
    arrays = {}
    for name in ("case", "step", "time", "lifecycle", *log.attribute_names):
        values = columns.get(name)
        if values is None:
            arrays[name] = pa.nulls(len(lines), pa.string())
        else:
            arrays[name] = values if isinstance(values, pa.Array) else pa.array(values, pa.string())
    arrays["line"] = pa.array(lines, pa.int64())
    return Block(pa.table(arrays), tuple(torn), row)


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, default=str)  # noqa: TID251  # shown, never hashed


def _csv(path: Path, encoding: str, log: EventLog, reached: Reached) -> Iterator[Block]:
    with path.open("rb") as raw, TextIOWrapper(raw, encoding, "replace", newline="") as text:
        delimiter, skipped = _delimiter(path, encoding, log)
        # A quote that is never closed would take in the rest of the file.
        csv.field_size_limit(MAX_FIELD)
        reader = csv.reader(text, delimiter=delimiter)
        try:
            for _ in range(skipped):
                next(reader, None)
            headings = next(reader, [])
            places = _places(headings, log, path.name)
            width = max((n for n, heading in enumerate(headings, 1) if heading.strip()), default=0)
            while (rows := _rows(reader, width)) is not None:
                columns = {name: rows.columns[at] for name, at in places.items()}
                yield _block(log, columns, rows.lines, rows.torn, rows.row)
                reached(raw.tell())
        except csv.Error as error:
            place = f"{path.name} · 第 {reader.line_num} 行"
            raise FileUnreadable(place, f"引号没有闭合，或一格过长（{error}）") from error


@dataclass(frozen=True)
class _Rows:
    """Rows of the right width by column, and those of another width."""

    columns: list[list[str]]
    lines: list[int]
    torn: list[Torn]

    def row(self, at: int) -> str:
        """The row at a place, as it stood."""
        return _json([column[at] for column in self.columns])


def _rows(reader: Any, width: int) -> _Rows | None:  # noqa: ANN401  # csv's reader has no public type
    """The next block of rows with their first lines, or None at the end.

    Turned into columns a slice at a time: a hundred thousand lists at once are slow to collect.
    """
    start, found = reader.line_num, _Rows([[] for _ in range(width)], [], [])
    for _ in range(BLOCK // SLICE):
        begun = reader.line_num
        rows = list(islice(reader, SLICE))
        if not rows:
            break
        lines: Sequence[int] = range(begun + 1, begun + 1 + len(rows))
        if reader.line_num - begun != len(rows):
            lines = _first_lines(rows, begun)
        if set(map(len, rows)) != {width}:
            rows, lines = _of_width(rows, lines, width, found.torn)
        for column, values in zip(found.columns, zip(*rows, strict=True), strict=False):
            column.extend(values)
        found.lines.extend(lines)
    return found if reader.line_num > start else None


def _first_lines(rows: Sequence[Sequence[str]], begun: int) -> list[int]:
    """Where rows begin, of which some hold breaks between lines."""
    lines, line = [], begun + 1
    for row in rows:
        lines.append(line)
        line += 1 + sum(len(_BREAK.findall(value)) for value in row)
    return lines


def _of_width(
    rows: Sequence[list[str]], lines: Sequence[int], width: int, torn: list[Torn]
) -> tuple[list[list[str]], list[int]]:
    """The rows of the right width; blank ones are nothing, others are torn."""
    kept, kept_lines = [], []
    for row, line in zip(rows, lines, strict=True):
        if not any(map(str.strip, row)):
            continue
        if len(row) == width or (len(row) > width and not any(map(str.strip, row[width:]))):
            kept.append(row[:width])
            kept_lines.append(line)
        else:
            torn.append(Torn(line, Reason.TORN, "", f"{len(row)} 列", _json(row)))
    return kept, kept_lines


def _delimiter(path: Path, encoding: str, log: EventLog) -> tuple[str, int]:
    """The delimiter and the lines above the headings under which most columns are found."""
    with path.open(encoding=encoding, errors="replace", newline="") as text:
        first = [text.readline(MAX_FIELD) for _ in range(HEADING_LINES)]
    best = (0, ",", 0)
    for delimiter in DELIMITERS:
        for number, line in enumerate(first):
            row = next(csv.reader([line], delimiter=delimiter), [])
            score = _score(row, log)
            if score > best[0]:
                best = (score, delimiter, number)
    return best[1], best[2]


def _jsonl(path: Path, encoding: str, log: EventLog, reached: Reached) -> Iterator[Block]:
    columns = _columns(log)
    with path.open("rb") as raw, TextIOWrapper(raw, encoding, "replace") as text:
        number = 0
        while part := list(islice(text, BLOCK)):
            lines: list[int] = []
            kept: list[str] = []
            torn: list[Torn] = []
            values: dict[str, list[str | None]] = {name: [] for name in columns}
            for line in part:
                number += 1
                if not line.strip():
                    continue
                found = _object(line)
                if found is None:
                    torn.append(Torn(number, Reason.TORN, "", "不是 JSON 对象", line.strip()))
                    continue
                plain = {_plain(key): value for key, value in found.items()}
                for name, words in columns.items():
                    values[name].append(
                        _said_value(next((plain[w] for w in words if w in plain), None))
                    )
                lines.append(number)
                kept.append(line.strip())
            yield _block(log, values, lines, torn, kept.__getitem__)
            reached(raw.tell())


def _object(line: str) -> dict[str, Any] | None:
    try:
        found = json.loads(line)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


def _said_value(value: object) -> str | None:  # noqa: PLR0911  # one case a type
    """A value of JSON or of a cell as text; numbers only as far as all their digits are there."""
    match value:
        case None:
            return None
        case str():
            return value
        case bool():
            return "true" if value else "false"
        case datetime():
            return value.isoformat(sep=" ")
        case date():
            return value.isoformat()
        case int():
            return str(value)
        case float() if value.is_integer() and len(f"{value:.0f}") <= MAX_DIGITS:
            return f"{value:.0f}"
        case float() if value.is_integer():
            return f"{value:.14E}"
    return str(value)


def _parquet(path: Path, log: EventLog, reached: Reached) -> Iterator[Block]:
    try:
        with pq.ParquetFile(path) as file:
            names = file.schema_arrow.names
            places = _places(names, log, path.name)
            wanted = [names[at] for at in places.values()]
            done, total = 0, max(file.metadata.num_rows, 1)
            size = path.stat().st_size
            for batch in file.iter_batches(BLOCK, columns=wanted):
                columns = {
                    name: _as_text(batch.column(names[at]), name) for name, at in places.items()
                }
                lines = range(done + 1, done + len(batch) + 1)
                done += len(batch)
                yield _block(log, columns, lines, (), partial(_row_of, batch))
                reached(size * done // total)
    except (pa.ArrowException, OSError) as error:
        raise FileUnreadable(path.name, str(error).splitlines()[0]) from error


def _row_of(batch: pa.RecordBatch, at: int) -> str:
    return _json(batch.slice(at, 1).to_pylist()[0])


def _as_text(column: pa.Array, name: str) -> pa.Array:
    if pa.types.is_dictionary(column.type):
        column = column.dictionary_decode()
    if name == "time" and (pa.types.is_timestamp(column.type) or pa.types.is_date(column.type)):
        return column
    if pa.types.is_floating(column.type):
        return pa.array([_said_value(value) for value in column.to_pylist()], pa.string())
    return column.cast(pa.string())


def _sheets(path: Path, log: EventLog) -> list[tuple[cells.Grid, int]]:
    """The visible sheets with the headings, and the row in which they stand."""
    book = cells.read(cells.load(path), file=path.name)
    found: list[tuple[cells.Grid, int]] = []
    best: tuple[int, str, list[object]] = (0, path.name, [])
    for grid in book.grids.values():
        if grid.hidden:
            continue
        scored = [
            (_score([cell.value for cell in row.values()], log), -number)
            for number, row in islice(grid.rows.items(), HEADING_LINES)
        ]
        score, number = max(scored, default=(0, 0))
        if score == len(_columns(log)):
            found.append((grid, -number))
        elif score > best[0]:
            row = grid.rows[-number].values()
            best = (score, f"{path.name} · {grid.name}", [cell.value for cell in row])
    if not found:
        _places(best[2], log, best[1])
    return found


def _sheet(
    path: Path, grid: cells.Grid, header: int, log: EventLog, reached: Reached
) -> Iterator[Block]:
    place = f"{path.name} · {grid.name}"
    if grid.too_many:
        raise TooManyRows(place)
    above = grid.rows[header]
    numbers = list(above)
    places = {
        n: numbers[at] for n, at in _places([above[n].value for n in numbers], log, place).items()
    }
    lines: list[int] = []
    torn: list[Torn] = []
    kept: list[str] = []
    values: dict[str, list[str | None]] = {name: [] for name in places}
    for number, row in grid.rows.items():
        if number <= header:
            continue
        said = _json([cell.raw for cell in row.values()])
        bad = [
            c
            for c in row.values()
            if c.held in {cells.Held.FORMULA, cells.Held.ERROR} and c.column in places.values()
        ]
        if bad:
            heading = above[bad[0].column].raw
            torn.append(Torn(number, Reason.FORMULA, heading, bad[0].raw, said))
            continue
        for name, column in places.items():
            values[name].append(_said_value(row[column].value if column in row else None))
        lines.append(number)
        kept.append(said)
    yield _block(log, values, lines, torn, kept.__getitem__)
    reached(path.stat().st_size)
