"""Taking a filled workbook in: every sound line is reported, every other named by its cell."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from yinuo.goals.roster.annotate import annotate
from yinuo.goals.roster.book import Book, open_book
from yinuo.kernel.errors import Finding
from yinuo.kernel.filestore import FileStore
from yinuo.kernel.instants import civil_date
from yinuo.parties.viewer import Viewer
from yinuo.supervision.commands.sheets import Filled, Given, fill
from yinuo.supervision.queries.rounds import Line, sheet_page
from yinuo.supervision.rounds.workbook import (
    CODE,
    CONFIRM,
    NOTE,
    VALUE,
    Found,
    Read,
    at_cell,
    read,
)

COLUMNS = {"value": VALUE, "note": NOTE, "confirm": CONFIRM}
"""Field of a line → its column."""


@dataclass(frozen=True)
class Taken:
    """What came of a workbook."""

    taken: int
    """Lines reported now."""
    unchanged: int
    """Lines that say what was reported before."""
    blank: int
    """Lines nobody wrote anything into."""
    findings: tuple[Finding, ...]
    """What is wrong, in the order of the file."""
    annotated: bytes
    """The same workbook with what is wrong at its cells; empty where nothing is."""


def take_workbook(
    *, sheet: str, data: bytes, name: str, store: FileStore, by: Viewer, at: datetime
) -> Taken:
    """Report every sound line of a filled workbook, each in a transaction of its own.

    Raises `SpreadsheetRefused` and `Refusal` for what is no workbook of this sheet,
    `UnknownSheet`, `RoundClosed` and `HandedIn`.
    """
    page = sheet_page(code=sheet, viewer=by, today=civil_date(at), size=0)
    book = open_book(data, file=name)
    lines = {line.commitment: line for line in page.lines}
    units = {code: line.known.unit if line.known else "" for code, line in lines.items()}
    found = read(book, sheet=sheet, asked=units)
    changed = [row for row in found.rows if not _is_same(row, lines[row.commitment])]
    done = fill(sheet=sheet, given=[_given(row) for row in changed], store=store, by=by, at=at)
    errors = _in_order([*found.errors, *_refused(name, found, changed, done)])
    return Taken(
        taken=len(done.taken),
        unchanged=len(found.rows) - len(changed),
        blank=found.blank,
        findings=errors,
        annotated=_annotated(data, book, errors),
    )


def _is_same(row: Read, line: Line) -> bool:
    """Whether a line says what was reported already, so that a workbook can be sent in again."""
    if not line.is_answered or line.answer is None:
        return False
    if row.confirm and not row.value and not row.note:
        return True
    return (row.value, row.note) == (line.answer.value, line.answer.note.strip())


def _given(row: Read) -> Given:
    typed = bool(row.value or row.note)
    return Given(
        commitment=row.commitment,
        value=row.value,
        note=row.note,
        confirm=row.confirm and not typed,
    )


def _refused(name: str, found: Found, rows: Sequence[Read], done: Filled) -> list[Finding]:
    return [
        at_cell(
            name,
            found,
            row,
            COLUMNS.get(field, CODE),
            done.refused[row.commitment].code,
            rule=what,
            step=done.refused[row.commitment].next_step,
        )
        for row in rows
        if row.commitment in done.refused
        for field, what in done.refused[row.commitment].faults
    ]


def _in_order(findings: Sequence[Finding]) -> tuple[Finding, ...]:
    def place(found: Finding) -> tuple[int, str]:
        column = found.cell.rstrip("0123456789")
        return int(found.cell.removeprefix(column) or 0), column

    return tuple(sorted(findings, key=place))


def _annotated(data: bytes, book: Book, errors: Sequence[Finding]) -> bytes:
    return annotate(data, book, errors=errors, notices=()) if errors else b""
