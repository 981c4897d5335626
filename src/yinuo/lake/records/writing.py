"""The folder of a batch as it is written: what is accepted, put aside, held back, and counted."""

from collections import Counter
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Self

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from yinuo.lake.batch import QUARANTINE, Part, sha256_of
from yinuo.lake.engine import DuckDB
from yinuo.lake.names import NAME
from yinuo.lake.records.batch import (
    RECORDS,
    SEEN,
    Correcting,
    RecordBatch,
    RecordFile,
)
from yinuo.lake.records.description import SourceDescription, Type
from yinuo.lake.records.naming import Namer
from yinuo.lake.records.pieces import Opened
from yinuo.lake.records.preparing import Prepared
from yinuo.lake.records.reasons import Reason
from yinuo.lake.records.repeats import Before, Verdict, decide
from yinuo.lake.records.schema import QUARANTINE as ASIDE
from yinuo.lake.records.schema import SEEN as SEEN_SCHEMA
from yinuo.lake.records.schema import record_schema
from yinuo.lake.records.texts import Flags

COMPRESSION = "zstd"
ENCODINGS = {"line": "DELTA_BINARY_PACKED"}
"""Of columns that are no dictionary."""
ROWS_OF_PART = 4_000_000
LEAST_BYTES = {"parquet": 8, "xlsx": 8}
"""Bytes of a row at the least, in files that are packed; elsewhere 64."""
HELD = "held.parquet"
RAW = "raw_row"
"""Column of rows held back: the row as it stood, as JSON."""


@dataclass
class Tally:
    """What was counted over one file."""

    read: int = 0
    accepted: int = 0
    quarantined: int = 0
    duplicate: int = 0
    records: int = 0
    """Records gone through: where the next piece counts on from."""
    torn_end: bool = False


@dataclass
class Counts:
    """What was counted over the batch."""

    reasons: Counter[str] = field(default_factory=Counter)
    unknown: Counter[str] = field(default_factory=Counter)
    filled: Counter[str] = field(default_factory=Counter)
    subjects: Counter[str] = field(default_factory=Counter)
    keyless: int = 0
    revoked: int = 0
    unchanged: int = 0


class Writing:
    """Takes prepared pieces in their order; to be used in a `with` block."""

    def __init__(
        self,
        folder: Path,
        *,
        source: SourceDescription,
        files: Sequence[Opened],
        earlier: Sequence[RecordBatch],
        namer: Namer,
    ) -> None:
        self._folder = folder
        self._source = source
        self._files = files
        self._earlier = earlier
        self._namer = namer
        self._schema = record_schema(source)
        self._filled = [each.name for each in source.fields]
        self._tallies = [Tally(records=each.above) for each in files]
        self._counts = Counts()
        self._before = Before(_most_rows(files) + sum(batch.accepted for batch in earlier))
        self._before.add(earlier)
        self._stack = ExitStack()
        self._rows = 0
        self._parts: list[Path] = []
        self._writer: pq.ParquetWriter | None = None

    def __enter__(self) -> Self:
        held = self._schema.append(pa.field(RAW, pa.string()))
        self._aside = self._opened(QUARANTINE, ASIDE)
        self._seen = self._opened(SEEN, SEEN_SCHEMA)
        self._held = self._opened(HELD, held)
        self._held_rows = 0
        self._next_part()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._stack.close()

    def _opened(self, name: str, schema: pa.Schema) -> pq.ParquetWriter:
        writer = pq.ParquetWriter(
            self._folder / name,
            schema,
            compression=COMPRESSION,
            use_dictionary=[each for each in schema.names if each in self._few],
            column_encoding={each: ENCODINGS[each] for each in schema.names if each in ENCODINGS},
            # Of texts and names, least and greatest say nothing; persons are found by the key's.
            write_statistics=[
                each.name
                for each in schema
                if each.type not in {pa.string(), NAME} or each.name == "key"
            ],
        )
        return self._stack.enter_context(writer)

    @property
    def _few(self) -> set[str]:
        """Columns of few values, for which a dictionary pays."""
        few = {each.name for each in self._source.fields if each.type in {Type.CODE, Type.DATE}}
        return few | {"subject", "file", "reason", "field"}

    def _next_part(self) -> None:
        if self._writer is not None:
            self._writer.close()
        name = f"{RECORDS}{len(self._parts):04}.parquet"
        self._parts.append(self._folder / name)
        self._writer = self._opened(name, self._schema)
        self._rows = 0

    def add(self, number: int, prepared: Prepared) -> None:
        """Write the rows of a piece of a file; hold back those that may be repeats."""
        tally = self._tallies[number]
        base = tally.records
        held = self._before.may_have_come(prepared.table.column("record").chunk(0), prepared.good)
        table = _placed(prepared.table, number, base)
        kept = prepared.good & ~held
        self._accept(table if kept.all() else _only(table, kept), number)
        if held.any():
            places = pa.array(np.flatnonzero(held))
            raw = self._namer.as_json(prepared.raw.take(places))
            self._held.write_table(table.take(places).append_column(RAW, raw))
            self._held_rows += len(places)
        self._put_aside(prepared.aside, number, base)
        tally.read += prepared.read
        tally.records += prepared.records
        tally.torn_end = prepared.torn_end
        self._counts.unknown.update(prepared.unknown)

    def _accept(self, table: pa.Table, number: int) -> None:
        self._tallies[number].accepted += len(table)
        counts = self._counts
        for name in self._filled:
            column = table.column(name)
            counts.filled[name] += len(table) - column.null_count
        for each in pc.value_counts(table.column("subject")).to_pylist():
            counts.subjects[each["values"]] += each["counts"]
        counts.keyless += table.column("key").null_count
        counts.revoked += pc.sum(table.column("revoked")).as_py() or 0
        if self._rows + len(table) > ROWS_OF_PART and self._rows:
            self._next_part()
        assert self._writer is not None  # noqa: S101  # made on entry
        self._writer.write_table(table)
        self._rows += len(table)

    def _put_aside(self, aside: pa.Table, number: int, base: int) -> None:
        if not len(aside):
            return
        self._tallies[number].quarantined += len(aside)
        for each in pc.value_counts(aside.column("code")).to_pylist():
            self._counts.reasons[each["values"]] += each["counts"]
        count = len(aside)
        columns = {name: aside.column(name) for name in aside.column_names}
        columns["file"] = pa.array(np.full(count, number, np.int32))
        columns["name"] = pa.array([self._files[number].name] * count, pa.string())
        columns["line"] = pc.add(columns["line"], base)
        self._aside.write_table(pa.table([columns[name] for name in ASIDE.names], schema=ASIDE))

    def finish(self, engine: DuckDB) -> None:
        """Decide on the rows held back, and close every file."""
        self._held.close()
        assert self._writer is not None  # noqa: S101  # made on entry
        held = self._folder / HELD
        if self._held_rows:
            self._writer.close()
            written = list(self._parts)
            self._next_part()
            for rows, verdicts in decide(
                engine=engine,
                folder=self._folder,
                held=held,
                written=written,
                earlier=self._earlier,
            ):
                self._settle(pa.Table.from_batches([rows]), verdicts)
        held.unlink()
        self._stack.close()

    def _settle(self, rows: pa.Table, verdicts: np.ndarray) -> None:
        files = rows.column("file").to_numpy()
        for number in np.unique(files):
            of_file = files == number
            own = verdicts[of_file]
            mine = rows.filter(pa.array(of_file))
            new = mine.filter(pa.array(own == Verdict.NEW)).select(self._schema.names)
            if len(new):
                self._accept(new, int(number))
            self._conflict(mine.filter(pa.array(own == Verdict.CONFLICT)), int(number))
            same = int(np.count_nonzero(own == Verdict.UNCHANGED))
            again = int(np.count_nonzero(own == Verdict.AGAIN))
            self._tallies[number].duplicate += same + again
            self._counts.unchanged += same
            if same:
                seen = mine.filter(pa.array(own == Verdict.UNCHANGED)).select(["record"])
                self._seen.write_table(seen)

    def _conflict(self, rows: pa.Table, number: int) -> None:
        why, count = Reason.CONFLICT, len(rows)
        if not count:
            return
        same = {"code": why.name, "reason": why.words, "field": "", "value": ""}
        columns = {name: pa.array([value] * count) for name, value in same.items()}
        columns |= {"line": rows.column("line"), "row": rows.column(RAW)}
        self._put_aside(pa.table(columns), number, 0)

    def batch(
        self,
        *,
        id: str,  # noqa: A002  # the field's name
        at: datetime,
        corrects: Correcting | None,
        compared_with: tuple[str, ...],
    ) -> RecordBatch:
        """What it all came to."""
        counts = self._counts
        files = tuple(
            RecordFile(
                name=each.name,
                sha256=each.sha256,
                size=each.size,
                format=each.format,
                read=tally.read,
                accepted=tally.accepted,
                quarantined=tally.quarantined,
                duplicate=tally.duplicate,
                missing_fields=each.missing,
                torn_end=tally.torn_end,
            )
            for each, tally in zip(self._files, self._tallies, strict=True)
        )
        return RecordBatch(
            id=id,
            folder=self._folder,
            source=self._source.id,
            description=self._source.digest,
            landed_at=at,
            compared_with=compared_with,
            corrects=corrects,
            files=files,
            parts=tuple(_described(path) for path in sorted(self._folder.glob("*.parquet"))),
            reasons=dict(sorted(counts.reasons.items())),
            unknown_headings=dict(sorted(counts.unknown.items())),
            filled={name: counts.filled[name] for name in self._filled},
            subjects=dict(sorted(counts.subjects.items())),
            keyless=counts.keyless,
            revoked=counts.revoked,
            unchanged=counts.unchanged,
        )


def _placed(table: pa.Table, number: int, base: int) -> pa.Table:
    """Rows with the number of their file, and record numbers that count from its start."""
    at = table.schema.get_field_index("file")
    file = pa.array(np.full(len(table), number, np.int32))
    line = pc.add(table.column("line"), base)
    table = table.set_column(at, table.schema.field(at), file)
    return table.set_column(at + 1, table.schema.field(at + 1), line)


def _only(table: pa.Table, kept: Flags) -> pa.Table:
    """Most rows of a table. `Table.filter` would take each by itself, a column takes runs."""
    mask = pa.array(kept)
    return pa.table([column.filter(mask) for column in table.columns], schema=table.schema)


def _most_rows(files: Sequence[Opened]) -> int:
    return sum(each.size // LEAST_BYTES.get(each.format, 64) + 1 for each in files)


def _described(path: Path) -> Part:
    rows = pq.read_metadata(path).num_rows
    return Part(name=path.name, sha256=sha256_of(path), size=path.stat().st_size, rows=rows)
