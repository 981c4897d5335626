"""A kept workbook as pages look at it: its tables, their first rows, and who reads them so far.

Knows no viewers: only this package's queries and commands call it, after they have checked who
asks.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from yinuo.goals.models import PlanRow
from yinuo.goals.roster.book import Book, Sheet, open_book
from yinuo.goals.roster.layout import Layout, lay_out, layouts
from yinuo.goals.roster.mapping import RosterMapping, likeness
from yinuo.goals.roster.read import Known
from yinuo.goals.stored.plan import documents, units
from yinuo.goals.workbook.read import Progress, silent
from yinuo.kernel.canonical import Canonical
from yinuo.kernel.filestore import FileStore

LARGEST = 20 << 20
"""Bytes of a workbook; offices' largest sheets stay below a tenth of it."""
PEEKED_ROWS = 6
"""Rows below the header that a page shows."""
LONGEST_PEEK = 60


@dataclass(frozen=True)
class Reading:
    """How one upload was read: what goes into the roster once it is taken in."""

    sheet: str
    signature: str
    mapping: Mapping[str, Canonical]


@dataclass(frozen=True)
class PeekRow:
    """One row of a sheet, to be recognised."""

    number: int
    head: bool
    """Whether it belongs to the header."""
    cells: tuple[str, ...]


@dataclass(frozen=True)
class Table:
    """A sheet with its header as recognised, or as a person said."""

    layout: Layout
    letters: tuple[str, ...]
    peek: tuple[PeekRow, ...]
    """The header and the first rows below it."""


def book_of(digest: str, *, file: str, store: FileStore, progress: Progress = silent) -> Book:
    """The kept workbook. Raises `FileMissing`, and `SpreadsheetRefused` for what none reads."""
    with store.open(digest) as kept:
        return open_book(kept.read(), file=file, progress=progress)


def tables(book: Book) -> tuple[Table, ...]:
    """The tables of a book, the likeliest first."""
    found = ((layout, book.sheet(layout.sheet)) for layout in layouts(book))
    return tuple(table(sheet, layout) for layout, sheet in found if sheet is not None)


def table_at(book: Book, *, sheet: str, header: tuple[int, int] | None) -> Table | None:
    """The table of one sheet, None where there is none; `header` as a person said."""
    found = book.sheet(sheet)
    if found is None:
        return None
    layout = lay_out(found, file=book.file, header=header)
    return None if layout is None else table(found, layout)


def table(sheet: Sheet, layout: Layout) -> Table:
    """The table with its first rows."""
    last = min(layout.header_last + PEEKED_ROWS, sheet.height)
    numbers = [column.number for column in layout.columns]
    rows = (
        PeekRow(
            number=row,
            head=row <= layout.header_last,
            cells=tuple(_short(sheet, row, number) for number in numbers),
        )
        for row in range(layout.header_first, last + 1)
    )
    return Table(layout, tuple(c.letter for c in layout.columns), tuple(rows))


def _short(sheet: Sheet, row: int, column: int) -> str:
    cell = sheet.cell(row, column)
    text = " ".join(cell.raw.split()) if cell else ""
    return text if len(text) <= LONGEST_PEEK else text[:LONGEST_PEEK] + "…"


def fitted(mapping: RosterMapping, layout: Layout) -> RosterMapping:
    """A remembered mapping for a table that may stand elsewhere on its sheet by now."""
    return replace(
        mapping,
        sheet=layout.sheet,
        header_first=layout.header_first,
        header_last=layout.header_last,
    )


def refitted(mapping: RosterMapping, found: Iterable[Table]) -> RosterMapping | None:
    """The remembered mapping for the table that has all of its columns; None where none has."""
    for each in sorted(found, key=lambda each: each.layout.sheet != mapping.sheet):
        if likeness(each.layout, mapping) == 1:
            return fitted(mapping, each.layout)
    return None


def known(plan: str, offices: Iterable[str]) -> Known:
    """What a sheet for this plan may name: every unit, the documents and rows of these offices."""
    own = PlanRow.objects.filter(plan__office__in=offices, commitment__isnull=False)
    cited = own.values_list("commitment__document", flat=True).distinct()
    plans = own.values_list("plan__document", flat=True).distinct()
    titles = own.filter(plan=plan).values_list("code", "commitment__title")
    return Known(
        units=tuple(units().values()),
        documents=tuple(documents({*cited, *plans}).values()),
        titles=dict(titles),
    )
