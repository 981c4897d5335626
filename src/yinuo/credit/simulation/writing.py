"""Files of the four formats, a table at a time."""

import io
from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, Protocol

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv
import pyarrow.parquet
import xlsxwriter

from yinuo.credit.simulation.rows import Format, SimulatedSource
from yinuo.credit.simulation.spoiling import BAD_BYTE

SIMULATED = b"yinuo.simulated"
"""Key in the metadata of a Parquet file that was made here."""
SHEET = "合同"
CREATED = datetime(2026, 1, 1, tzinfo=UTC)
"""A workbook says when it was made; always the same, so that the bytes are."""


class Writer(Protocol):
    """Takes tables with the same columns, one after the other."""

    def write(self, table: "pa.Table", *, torn: bool = False, quoted: bool = False) -> None:
        """Add rows. `torn`: every line ends in the middle; `quoted`: cells may hold anything."""

    def close(self) -> None:
        """Finish the file."""


class TextWriter:
    """CSV and JSON lines in the encoding of the source."""

    def __init__(self, path: Path, source: SimulatedSource) -> None:
        self._source = source
        self._file = path.open("wb")
        self._begun = False

    def write(self, table: "pa.Table", *, torn: bool = False, quoted: bool = False) -> None:
        """Add lines; the first come after the headings."""
        if self._source.format is Format.JSON_LINES:
            self._file.write(self._encoded(_json_lines(table, torn=torn)))
            return
        if not self._begun:
            headings = self._source.delimiter.join(table.column_names) + "\n"
            self._file.write(headings.encode(self._source.encoding))
            self._begun = True
        kept = table.select(table.column_names[: table.num_columns // 2]) if torn else table
        style = "needed" if quoted or self._source.quoted else "none"
        options = pyarrow.csv.WriteOptions(
            include_header=False, delimiter=self._source.delimiter, quoting_style=style
        )
        sink = io.BytesIO()
        pyarrow.csv.write_csv(kept, sink, options)
        self._file.write(self._encoded(sink.getvalue()))

    def _encoded(self, text: bytes) -> bytes:
        bad = BAD_BYTE.encode()
        if self._source.encoding == "utf-8":
            return text.replace(bad, b"\xff")
        parts = text.decode().split(BAD_BYTE)
        return b"\xff".join(part.encode(self._source.encoding) for part in parts)

    def close(self) -> None:
        """Finish the file."""
        self._file.close()


def _json_lines(table: "pa.Table", *, torn: bool) -> bytes:
    """One object a line; no text of a simulation needs escaping."""
    pieces: list[Any] = []
    for number, name in enumerate(table.column_names):
        quoted = pc.binary_join_element_wise('"', table[name], '"', "")
        pieces += [f'{"," if number else "{"}"{name}":', pc.fill_null(quoted, "null")]
    lines = pc.binary_join_element_wise(*pieces, "}\n", "").to_pylist()
    if torn:
        lines = [line[: len(line) // 2] + "\n" for line in lines]
    return "".join(lines).encode()


class ParquetWriter:
    """Parquet with a mark that it was made up."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._writer: Any = None

    def write(self, table: "pa.Table", *, torn: bool = False, quoted: bool = False) -> None:
        """Add a row group; nothing can be torn or quoted here."""
        del torn, quoted
        marked = table.replace_schema_metadata({SIMULATED: b"1"})
        if self._writer is None:
            self._writer = pyarrow.parquet.ParquetWriter(
                self._path, marked.schema, compression="zstd"
            )
        self._writer.write_table(marked)

    def close(self) -> None:
        """Finish the file."""
        if self._writer is not None:
            self._writer.close()


class WorkbookWriter:
    """One sheet of a workbook, in constant memory."""

    def __init__(self, path: Path) -> None:
        self._book = xlsxwriter.Workbook(path, {"constant_memory": True})
        self._book.set_properties({"created": CREATED, "comments": "演示数据"})
        self._sheet = self._book.add_worksheet(SHEET)
        self._day = self._book.add_format({"num_format": "yyyy-mm-dd"})
        self._row = 0

    def write(self, table: "pa.Table", *, torn: bool = False, quoted: bool = False) -> None:
        """Add rows; nothing can be torn or quoted here."""
        del torn, quoted
        if not self._row:
            self._sheet.write_row(0, 0, table.column_names)
            self._row = 1
        for values in zip(*(column.to_pylist() for column in table.columns), strict=True):
            for place, value in enumerate(values):
                self._cell(place, value)
            self._row += 1

    def _cell(self, place: int, value: object) -> None:
        if isinstance(value, date):
            self._sheet.write_datetime(self._row, place, value, self._day)
        elif isinstance(value, Decimal):
            self._sheet.write_number(self._row, place, float(value))
        elif value is not None:
            self._sheet.write_string(self._row, place, str(value))

    def close(self) -> None:
        """Finish the file."""
        self._book.close()


_WRITERS: dict[Format, Callable[[Path, SimulatedSource], Writer]] = {
    Format.CSV: TextWriter,
    Format.JSON_LINES: TextWriter,
    Format.PARQUET: lambda path, _source: ParquetWriter(path),
    Format.WORKBOOK: lambda path, _source: WorkbookWriter(path),
}


def writer(folder: Path, source: SimulatedSource) -> Writer:
    """A new file of the source in the folder, named after it."""
    return _WRITERS[source.format](folder / f"{source.id}.{source.format}", source)
