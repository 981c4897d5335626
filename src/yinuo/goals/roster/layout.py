"""Where in a foreign sheet the headers and the rows are."""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from openpyxl.utils import get_column_letter

from yinuo.goals.roster.book import Book, Cell, Sheet, shown
from yinuo.goals.roster.fields import ADDED, FIELDS, IDENTITY_HEADER, OUR_SHEETS

SEARCHED_ROWS = 40
MOST_HEADER_ROWS = 3
FEWEST_HEADERS = 3
"""Columns that a table needs at least."""
FEWEST_WORDS = 2
"""Headers that must be known words before a row counts as the header."""
LONGEST_HEADER = 40
EXAMPLES = 3
JOINT = "/"
"""Between the header of a group and the header below it."""
_YEAR = re.compile(r"20\d{2}(?=年|\D|$)")
_TITLE_YEAR = re.compile(r"(20\d{2})\s*年?")
_BRACKETS = re.compile(r"[（(][^（）()]*[)）]")


@dataclass(frozen=True)
class SheetColumn:
    """One column of a foreign sheet."""

    number: int
    letter: str
    header: str
    """As it stands, headers of several rows joined, such as `完成情况/一季度`; may be empty."""
    signature: str
    """The header without blanks, width and years, numbered where it repeats."""
    hidden: bool
    added: bool
    """Whether we added it when we gave the sheet back."""
    filled: int
    """Rows in which it holds something."""
    examples: tuple[str, ...]
    """Its first few different values, to be recognised by."""


@dataclass(frozen=True)
class Layout:
    """The table on one sheet."""

    sheet: str
    title: str
    """What stands above the headers, joined; may be empty."""
    year: int | None
    """The year named there, in the name of the sheet or of the file."""
    header_first: int
    header_last: int
    first_row: int
    last_row: int
    """Of everything below the headers, totals and remarks included."""
    columns: tuple[SheetColumn, ...]

    @property
    def size(self) -> int:
        """How many rows stand below the headers."""
        return max(self.last_row - self.first_row + 1, 0)

    def column(self, signature: str) -> SheetColumn | None:
        """The column with this signature."""
        return next((c for c in self.columns if c.signature == signature), None)


def plain(text: str) -> str:
    """A header without width, blanks and the star of required columns."""
    return "".join(unicodedata.normalize("NFKC", text).split()).strip("*")


KNOWN_WORDS = frozenset(plain(word).casefold() for field in FIELDS for word in field.words)


def layouts(book: Book) -> tuple[Layout, ...]:
    """The tables of a book, the likeliest first: visible, with most known headers, then rows."""
    own = [sheet for sheet in book.sheets if sheet.name not in OUR_SHEETS]
    found = [(sheet, lay_out(sheet, file=book.file)) for sheet in own]
    good = [(sheet, layout) for sheet, layout in found if layout is not None]
    good.sort(key=lambda pair: (pair[0].hidden, -_known(pair[1]), -pair[1].size))
    return tuple(layout for _, layout in good)


def _known(layout: Layout) -> int:
    return sum(_is_known(part) for c in layout.columns for part in c.header.split(JOINT))


def lay_out(
    sheet: Sheet, *, file: str = "", header: tuple[int, int] | None = None
) -> Layout | None:
    """The table of a sheet, or None where no row looks like its header.

    `header` gives first and last header row where a person said so.
    """
    found = header or _header_rows(sheet)
    if found is None:
        return None
    first, last = found
    title = " ".join(dict.fromkeys(_texts(sheet, range(1, first))))
    return Layout(
        sheet=sheet.name,
        title=title,
        year=_year(title) or _year(sheet.name) or _year(file),
        header_first=first,
        header_last=last,
        first_row=last + 1,
        last_row=sheet.height,
        columns=_marked(list(_columns(sheet, first, last))),
    )


def _texts(sheet: Sheet, rows: Sequence[int]) -> Iterator[str]:
    return (" ".join(cell.raw.split()) for row in rows for cell in sheet.cells(row))


def _year(text: str) -> int | None:
    match = _TITLE_YEAR.search(unicodedata.normalize("NFKC", text))
    return int(match.group(1)) if match else None


def _is_known(text: str) -> bool:
    return _BRACKETS.sub("", plain(text)).casefold() in KNOWN_WORDS


def _header_rows(sheet: Sheet) -> tuple[int, int] | None:
    """The rows with the headers: the row with most known words, and what is joined to it."""
    best, most = 0, 0
    for row in range(1, min(sheet.height, SEARCHED_ROWS) + 1):
        cells = list(sheet.cells(row))
        headers = [c for c in cells if isinstance(c.value, str) and len(c.raw) <= LONGEST_HEADER]
        known = sum(_is_known(cell.raw) for cell in headers)
        if len(headers) == len(cells) and known > most:
            best, most = row, known
    if most < FEWEST_WORDS:
        return None
    first, last = _joined(sheet, best)
    columns = {cell.column for row in range(first, last + 1) for cell in sheet.cells(row)}
    return (first, last) if len(columns) >= FEWEST_HEADERS else None


def _joined(sheet: Sheet, row: int) -> tuple[int, int]:
    """The row with those that merged cells tie to it, three at most."""
    first = last = row
    for area in sheet.marks.merged:
        if area.top <= row <= area.bottom and area.bottom - area.top < MOST_HEADER_ROWS:
            first, last = min(first, area.top), max(last, area.bottom)
    if first == row and _is_group_row(sheet, row - 1, below=row):
        first = row - 1
    if last == row and _is_group_row(sheet, row, below=row + 1):
        last = row + 1
    return first, min(last, first + MOST_HEADER_ROWS - 1)


def _is_group_row(sheet: Sheet, row: int, *, below: int) -> bool:
    """Whether headers of this row span several headers of the row below."""
    for area in sheet.marks.merged:
        if area.top == row == area.bottom and area.right > area.left:
            covered = range(area.left, area.right + 1)
            # A title, not a group: columns added since may stand right of it.
            alone = area.left == 1 and len(list(sheet.cells(row))) == 1
            whole = alone or area.right - area.left + 1 >= sheet.width
            heads = [sheet.cell(below, column) for column in covered]
            if not whole and all(_is_header(head) for head in heads):
                return True
    return False


def _is_header(cell: Cell | None) -> bool:
    return cell is not None and isinstance(cell.value, str) and len(cell.raw) <= LONGEST_HEADER


def _columns(sheet: Sheet, first: int, last: int) -> Iterator[SheetColumn]:
    seen: Counter[str] = Counter()
    filled, examples = _contents(sheet, last + 1)
    for number in range(1, sheet.width + 1):
        parts: list[str] = []
        for row in range(first, last + 1):
            cell = sheet.filled(row, number)
            text = " ".join(cell.raw.split()) if cell else ""
            if text and text not in parts:
                parts.append(text)
        header = JOINT.join(parts)
        if not header and not filled[number - 1]:
            continue
        base = _YEAR.sub("YYYY", plain(header)) or get_column_letter(number)
        seen[base] += 1
        yield SheetColumn(
            number=number,
            letter=get_column_letter(number),
            header=header,
            signature=base if seen[base] == 1 else f"{base}#{seen[base]}",
            hidden=number in sheet.marks.hidden_columns,
            added=False,
            filled=filled[number - 1],
            examples=examples[number - 1],
        )


def _contents(sheet: Sheet, first: int) -> tuple[list[int], list[tuple[str, ...]]]:
    """Of each column, in how many rows it holds something, and its first different values."""
    filled = [0] * sheet.width
    examples: list[dict[str, None]] = [{} for _ in filled]
    for values in sheet.values[first - 1 :]:
        for index, value in enumerate(values[: sheet.width]):
            if value == "" or (isinstance(value, str) and not value.strip()):
                continue
            filled[index] += 1
            if len(examples[index]) < EXAMPLES:
                examples[index][_short(shown(value))] = None
    return filled, [tuple(found) for found in examples]


def _marked(columns: Sequence[SheetColumn]) -> tuple[SheetColumn, ...]:
    """The columns with those marked that we put there when we gave the sheet back.

    They stand together: 一诺编号 and, right of it, the others in their order.
    """
    own = [column.header.rpartition(JOINT)[2] for column in columns]
    if IDENTITY_HEADER not in own:
        return tuple(columns)
    start = own.index(IDENTITY_HEADER)
    marked = list(columns)
    for header, index in zip(ADDED, range(start, len(columns)), strict=False):
        if not own[index].startswith(header):
            break
        marked[index] = replace(columns[index], added=True)
    return tuple(marked)


def _short(value: str, longest: int = 30) -> str:
    text = " ".join(value.split())
    return text if len(text) <= longest else text[:longest] + "…"
