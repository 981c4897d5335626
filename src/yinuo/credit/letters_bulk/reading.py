"""Letters in a CSV file, some at a time, as columns of text under the twenty names. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv
from numpy.typing import NDArray

from yinuo.commitments.letters.fields import FIELDS
from yinuo.credit.errors.exchange import UnreadableLetters, WrongColumns

NAMES = tuple(each.name for each in FIELDS)
BLOCK = 1 << 24
"""Bytes that are read at a time."""
FIRST = 2
"""Number of the first record; the headings are 1."""
MARK = "\ufeff"


@dataclass(frozen=True)
class Piece:
    """Some letters."""

    rows: pa.Table
    """Columns by the names of the form, blanks at the ends removed."""
    lines: NDArray[np.int64]
    """Number of each record in the file."""


@dataclass
class Torn:
    """Records of another width than the headings: number → text as far as it is known."""

    found: dict[int, str] = field(default_factory=dict)

    def put_aside(self, row: pyarrow.csv.InvalidRow) -> str:
        """Called by the reader."""
        self.found[int(row.number)] = row.text or ""
        return "skip"


def pieces(path: Path, torn: Torn, *, encoding: str = "utf-8") -> Iterator[Piece]:
    """The letters of a file, in its order. Raises `WrongColumns`, `UnreadableLetters`."""
    names = _names(path, encoding)
    at, last_torn = FIRST, 0
    try:
        # One thread: only then does the reader tell the number of a torn record.
        reader = pyarrow.csv.open_csv(
            path,
            read_options=pyarrow.csv.ReadOptions(
                use_threads=False, block_size=BLOCK, encoding=encoding
            ),
            parse_options=pyarrow.csv.ParseOptions(
                newlines_in_values=True, invalid_row_handler=torn.put_aside
            ),
            convert_options=pyarrow.csv.ConvertOptions(
                column_types=dict.fromkeys(names, pa.string()), strings_can_be_null=False
            ),
        )
        for batch in reader:
            count = batch.num_rows
            # The reader may be ahead: records that are torn later in the file do no harm here.
            gone = np.array(list(torn.found)[last_torn:], np.int64)
            lines = np.setdiff1d(np.arange(at, at + count + len(gone)), gone)[:count]
            if count:
                at = int(lines[-1]) + 1
                last_torn += int((gone < at).sum())
                yield Piece(_trimmed(pa.Table.from_batches([batch]), names), lines)
    except (pa.ArrowInvalid, UnicodeDecodeError) as error:
        raise UnreadableLetters(path.name, str(error)[:200]) from None


def _names(path: Path, encoding: str) -> list[str]:
    """The headings as they stand in the file. Raises `WrongColumns`, `UnreadableLetters`."""
    try:
        with path.open(encoding=encoding, newline="") as file:
            head = file.readline()
    except UnicodeDecodeError as error:
        raise UnreadableLetters(path.name, str(error)[:200]) from None
    found = [each.strip().strip('"') for each in head.removeprefix(MARK).split(",")]
    missing = [each for each in NAMES if each not in found]
    unknown = [each or "（空）" for each in found if each not in NAMES]
    if missing or unknown or len(found) != len(NAMES):
        repeated = sorted({each for each in found if found.count(each) > 1})
        raise WrongColumns(path.name, missing, [*unknown, *repeated])
    return found


def _trimmed(rows: pa.Table, names: list[str]) -> pa.Table:
    found = rows.rename_columns(names)
    return pa.table({name: pc.utf8_trim_whitespace(found[name]) for name in NAMES})
