"""Workbooks, read by calamine: sheets of any length, values as they are stored."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from functools import partial
from pathlib import Path

import numpy as np
import pyarrow as pa
from python_calamine import CalamineError, CalamineWorkbook, SheetVisibleEnum

from yinuo.kernel.spreadsheet.cells import load
from yinuo.kernel.spreadsheet.container import open_container
from yinuo.kernel.written_dates import serial_date
from yinuo.lake.read import FileUnreadable
from yinuo.lake.records.description import SourceDescription, Type
from yinuo.lake.records.headings import LINES, Places, places, score
from yinuo.lake.records.pieces import Piece, Reached, raw_rows

BLOCK = 65_536
EXACT = 1 << 53
"""Beyond it Excel has rounded a whole number away."""


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """One sheet with the headings of a source."""

    name: str
    cells: tuple[str, ...]
    places: Places
    above: int
    rows: Sequence[Sequence[object]]


def sheets(path: Path, source: SourceDescription) -> Iterator[Sheet]:
    """The sheet that the description names, or every visible one with the headings.

    Raises `SpreadsheetRefused`, `FileUnreadable`, `WrongHeadings`.
    """
    data = load(path)
    open_container(data, path.name)
    best: tuple[int, str, tuple[str, ...]] = (0, path.name, ())
    found = 0
    try:
        with CalamineWorkbook.from_path(path) as book:
            for meta in book.sheets_metadata:
                is_named = meta.name == source.sheet
                if not is_named and (source.sheet or meta.visible != SheetVisibleEnum.Visible):
                    continue
                rows = book.get_sheet_by_name(meta.name).to_python(skip_empty_area=False)
                at, known = _headings_at(rows, source)
                head = tuple(_said(cell) or "" for cell in rows[at]) if rows else ()
                name = f"{path.name} · {meta.name}"
                if known < _enough(source):
                    best = max(best, (known, name, head))
                    continue
                found += 1
                yield Sheet(
                    name=name,
                    cells=head,
                    places=places(head, source, name),
                    above=at + 1,
                    rows=rows[at + 1 :],
                )
    except CalamineError as error:
        raise FileUnreadable(path.name, str(error)) from error
    except BaseException as error:
        # calamine panics over some damaged files; a panic is no Exception.
        if type(error).__name__ != "PanicException":
            raise
        raise FileUnreadable(path.name, str(error)) from error
    if not found:
        places(best[2], source, best[1])
        raise FileUnreadable(path.name, "没有一张表有来源说明中的列")


def _enough(source: SourceDescription) -> int:
    """Headings by which a sheet is one of records: half of the fields."""
    return (len(source.fields) + 1) // 2


def _headings_at(rows: Sequence[Sequence[object]], source: SourceDescription) -> tuple[int, int]:
    scored = [
        (score([_said(cell) or "" for cell in row], source), -at)
        for at, row in enumerate(rows[:LINES])
    ]
    most, at = max(scored, default=(0, 0))
    return -at, most


def pieces(
    sheet: Sheet, source: SourceDescription, size: int, reached: Reached
) -> Iterator[Callable[[], Piece]]:
    """The rows of a sheet; numbers count as in the sheet, blank rows are none."""
    for start in range(0, len(sheet.rows), BLOCK):
        rows = sheet.rows[start : start + BLOCK]
        yield partial(_piece, rows, sheet, source, sheet.above if not start else 0)
        reached(size * min(start + BLOCK, len(sheet.rows)) // len(sheet.rows))


def _piece(
    rows: Sequence[Sequence[object]], sheet: Sheet, source: SourceDescription, above: int
) -> Piece:
    kept = [(n, row) for n, row in enumerate(rows, start=above + 1) if any(map(_said, row))]
    raw = [
        pa.array([_said(row[at]) for _, row in kept], pa.string()) for at in range(len(sheet.cells))
    ]
    columns = {name: raw[at] for name, at in sheet.places.fields.items()}
    for name in columns:
        if source.by_name[name].type is Type.DATE:
            at = sheet.places.fields[name]
            columns[name] = pa.array([_said(_day(row[at])) for _, row in kept], pa.string())
    return Piece(
        columns=columns,
        raw=raw_rows(sheet.cells, raw),
        lines=np.array([n for n, _ in kept], np.int64),
        records=above + len(rows),
        unknown=dict.fromkeys(sheet.places.unknown, len(kept)),
    )


def _day(cell: object) -> object:
    """A number in a column of dates is Excel's serial number of a day."""
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        return serial_date(cell) or cell
    return cell


def _said(cell: object) -> str | None:  # noqa: PLR0911  # one case a type
    """A cell as text; a number that Excel has rounded keeps its exponent, so that no code lands."""
    match cell:
        case None | "":
            return None
        case str():
            return cell if cell.strip() else None
        case bool():
            return "TRUE" if cell else "FALSE"
        case datetime() if cell.time() == time(0):
            return cell.date().isoformat()
        case date():
            return cell.isoformat()
        case int() | float() if cell == int(cell) and abs(cell) < EXACT:
            return str(int(cell))
        case float() if cell == int(cell):
            return f"{cell:.14E}"
    return str(cell)
