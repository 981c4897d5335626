"""Where packages lie in the lake, and which rows of them are which records."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from yinuo.credit.exchange.kept import EXCHANGE, RECEIPT, ROWS, SENT
from yinuo.credit.exchange.receipt import Receipt, read
from yinuo.credit.means import Means
from yinuo.credit.models import ExchangePackage
from yinuo.ledger.tlog.note import split_note


@dataclass(frozen=True, slots=True)
class Place:
    """A row of a package."""

    file: str
    line: int


def room(means: Means, direction: str, lake_id: str) -> Path:
    """The folder of a package."""
    return means.lake / EXCHANGE / direction / lake_id


def room_of(means: Means, row: ExchangePackage) -> Path:
    """The same by its row."""
    return room(means, row.direction, row.lake_id)


def receipt_of(means: Means, row: ExchangePackage) -> Receipt | None:
    """The receipt of a package, whose signature was checked when it came; None before."""
    if not row.receipt_sha256:
        return None
    text, _ = split_note((room_of(means, row) / RECEIPT).read_text(encoding="utf-8"))
    return read(text)


def sent_rows(means: Means, row: ExchangePackage) -> pa.Table:
    """The rows of a package that we sent, in the form of `SENT`."""
    return pq.read_table(room_of(means, row) / ROWS)


def places(table: pa.Table) -> Mapping[Place, Mapping[str, object]]:
    """Each row by its place."""
    return {Place(row["file"], row["line"]): row for row in table.to_pylist()}


def known(means: Means, rows: Sequence[ExchangePackage]) -> pa.Table:
    """Records, with the hash of their fields, that stand in any of these packages."""
    found = [sent_rows(means, row).select(["record", "content"]) for row in rows]
    empty = pa.schema([SENT.field("record"), SENT.field("content")]).empty_table()
    return pa.concat_tables([empty, *found])
