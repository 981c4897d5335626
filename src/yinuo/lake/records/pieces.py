"""What readers of all formats give: some rows as columns of text, and rows that are no rows."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

Lines = NDArray[np.int64]
Reached = Callable[[int], None]
"""Told how many bytes of the file have been read."""


@dataclass(frozen=True)
class Torn:
    """A row with more or fewer cells than there are headings, or that breaks off."""

    line: int
    """Record number, counted as `Piece.lines`."""
    value: str
    """What is wrong, in words."""
    row: str
    """JSON of heading → text; cells beyond the headings as `+1`, `+2` …"""


@dataclass(frozen=True, kw_only=True)
class Piece:
    """Some rows of a file, in their order."""

    columns: Mapping[str, pa.Array]
    """Field → texts, null where empty; a field without a heading is left out."""
    raw: pa.StructArray
    """The rows as they stand: heading → text."""
    lines: Lines
    """Record numbers, from 1 in each piece."""
    records: int
    """How many records the piece holds, rows or not: the next piece counts on from there."""
    torn: tuple[Torn, ...] = ()
    unknown: Mapping[str, int] = field(default_factory=dict)
    """Heading that is neither a field nor ignored → rows with it."""
    torn_end: bool = False
    """Whether the last record of the file is torn."""


@dataclass(frozen=True, kw_only=True)
class Opened:
    """One file, or one sheet of a workbook, whose headings have been found."""

    path: Path
    name: str
    format: str
    sha256: str
    size: int
    changed_ns: int
    missing: tuple[str, ...]
    """Fields for which there is no heading."""
    above: int
    """Records before the first row: the headings, and what stands above them."""
    pieces: Callable[[Reached], Iterator[Callable[[], Piece]]]
    """The pieces in order; what is costly is done when a piece is called for, in any thread."""


def raw_rows(headings: Sequence[str], columns: Sequence[pa.Array]) -> pa.StructArray:
    """Columns as they stand in the file as one column of rows."""
    return pa.StructArray.from_arrays(columns, names=list(distinct(headings)))


def distinct(headings: Sequence[str]) -> tuple[str, ...]:
    """Headings by which a cell can be named: without blank ones and repetitions.

    >>> distinct(["a", "", "a"])
    ('a', '第2列', 'a·3')
    """
    seen: set[str] = set()
    found = []
    for place, heading in enumerate(headings, start=1):
        name = heading.strip() or f"第{place}列"
        name = f"{name}·{place}" if name.casefold() in seen else name
        seen.add(name.casefold())
        found.append(name)
    return tuple(found)


def torn_row(headings: Sequence[str], cells: Sequence[str]) -> str:
    """A row of the wrong width as JSON."""
    names = [*distinct(headings), *(f"+{n}" for n in range(1, len(cells) - len(headings) + 1))]
    return as_json(dict(zip(names, cells, strict=False)))


def as_json(row: object) -> str:
    """A row as JSON, to be shown and corrected."""
    return json.dumps(row, ensure_ascii=False, default=str)  # noqa: TID251  # shown, never hashed
