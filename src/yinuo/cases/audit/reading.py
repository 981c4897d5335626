"""Reads an event log as it is exported: CSV in UTF-8 or GB18030, one line an event."""

import csv
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from io import TextIOWrapper
from pathlib import Path

from yinuo.cases.audit.layout import Layout
from yinuo.cases.errors.audit import NoSuchColumn, NotALog
from yinuo.kernel.instants import SHANGHAI
from yinuo.kernel.written_dates import written_date

ENCODINGS = ("utf-8-sig", "gb18030")
DELIMITERS = (",", "\t", ";", "|")
PIECE = 1 << 20
TOLD_EVERY = 10_000
"""Lines between two looks at how far the file was read."""


@dataclass(frozen=True, slots=True)
class Line:
    """One event as it was written."""

    number: int
    case: str
    event: str
    time: str
    department: str
    ground: str
    limit: str
    due: str


def lines(
    path: Path, layout: Layout, *, progress: Callable[[int], None] = lambda _read: None
) -> Iterator[Line]:
    """Every line of the log, in its order; `progress` is told the bytes read so far.

    Raises `NotALog` and `NoSuchColumn`.
    """
    encoding = _encoding(path)
    with path.open("rb") as raw, TextIOWrapper(raw, encoding=encoding, newline="") as file:
        head = file.readline()
        delimiter = max(DELIMITERS, key=head.count)
        header = next(csv.reader([head], delimiter=delimiter), [])
        columns = [name.strip() for name in header]
        if len(columns) < 3:  # noqa: PLR2004  # case, event, time
            raise NotALog(path.name, "第一行不是表头：至少要有办件、事件、时间三列")
        for option, column in layout.columns.items():
            if column not in columns:
                raise NoSuchColumn(path.name, option, column, columns)
        reader = csv.reader(file, delimiter=delimiter)
        # The header was read before, and a cell may go over several lines.
        rows = ((reader.line_num + 1, row) for row in reader)
        for line in _lines(rows, columns, layout):
            if line.number % TOLD_EVERY == 0:
                progress(raw.tell())
            yield line


def _encoding(path: Path) -> str:
    """The encoding in which the whole file can be read."""
    for encoding in ENCODINGS:
        try:
            with path.open(encoding=encoding) as file:
                while file.read(PIECE):
                    pass
        except UnicodeDecodeError:
            continue
        return encoding
    raise NotALog(path.name, "文字编码既不是 UTF-8 也不是 GB18030")


def _lines(
    rows: Iterable[tuple[int, list[str]]], columns: list[str], layout: Layout
) -> Iterator[Line]:
    at = {name: place for place, name in enumerate(columns)}
    names = (  # in the order of the fields of `Line`
        *(layout.case, layout.event, layout.time, layout.department),
        *(layout.ground, layout.limit_column, layout.due_column),
    )
    places = [at.get(name, len(columns)) for name in names]
    blank = [""] * (len(columns) + 1)
    for number, row in rows:
        # A short row has empty cells at its end, and so has every row where no column is named.
        whole = [*row[: len(columns)], *blank[min(len(row), len(columns)) :]]
        cells = [whole[place].strip() for place in places]
        if any(cells):
            yield Line(number, *cells)


def instant(text: str) -> datetime | None:
    """The instant of a time as exports write it, in Beijing time unless it says otherwise.

    >>> instant("2024/3/1 9:05"), instant("2024年3月1日"), instant("昨天")
    (datetime.datetime(2024, 3, 1, 1, 5, tzinfo=datetime.timezone.utc), \
datetime.datetime(2024, 2, 29, 16, 0, tzinfo=datetime.timezone.utc), None)
    """
    found = _iso(text) or _iso(_respelled(text))
    if found is None:
        return None
    return (found if found.tzinfo else found.replace(tzinfo=SHANGHAI)).astimezone(UTC)


def _respelled(text: str) -> str:
    """A date with other marks between its parts, and an hour of one digit, in ISO form."""
    whole = written_date(text)
    if whole is not None:
        return whole.isoformat()
    first, _, clock = text.strip().partition(" ")
    day, (hour, _, rest) = written_date(first), clock.strip().partition(":")
    return f"{day}T{hour.zfill(2)}:{rest}" if day else ""


def _iso(text: str) -> datetime | None:
    """The form that most systems export, read without looking twice."""
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return None
