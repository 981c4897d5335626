"""Reading a plan's workbook into plain cells; what no reader opens is a finding of ours."""

from pathlib import Path

from yinuo.goals.workbook.findings import FileRefused, Rule
from yinuo.kernel.findings import finding
from yinuo.kernel.spreadsheet import cells
from yinuo.kernel.spreadsheet.cells import (
    MAX_ROWS,
    STEP,
    Book,
    Cell,
    Grid,
    Held,
    Progress,
    silent,
)
from yinuo.kernel.spreadsheet.faults import SpreadsheetRefused

__all__ = [
    "MAX_ROWS",
    "STEP",
    "Book",
    "Cell",
    "Grid",
    "Held",
    "Progress",
    "load",
    "read",
    "silent",
]


def load(path: Path) -> bytes:
    """The file's bytes. Raises `FileRefused` for one that is missing or too large to look at."""
    try:
        return cells.load(path)
    except SpreadsheetRefused as refused:
        raise _ours(refused) from refused


def read(data: bytes, *, file: str, progress: Progress = silent) -> Book:
    """The cells of every sheet. Raises `FileRefused` for what is no sound workbook."""
    try:
        return cells.read(data, file=file, progress=progress)
    except SpreadsheetRefused as refused:
        raise _ours(refused) from refused


def _ours(refused: SpreadsheetRefused) -> FileRefused:
    rule = Rule[refused.fault.name]
    return FileRefused(finding(refused.place, rule, refused.what, refused.next_step))
