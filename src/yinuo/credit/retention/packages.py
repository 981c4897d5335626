"""Rows of packages that are to go, and with them the package itself. Pure."""

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from yinuo.credit.exchange.kept import ROWS, keep_manifest_alone
from yinuo.credit.retention.choosing import Chosen
from yinuo.credit.retention.rewriting import by_record, without_rows


def content_of(folder: Path) -> str:
    """What a package holds: `licence`, `penalty`, `letters`; empty once nothing of it is left."""
    files = pq.read_table(folder / ROWS, columns=["file"])["file"]
    return Path(files[0].as_py()).stem if len(files) else ""


def find_sent(folder: Path, chosen: Chosen, content: str, gone: pa.Array) -> pa.Array:
    """The records in a package that go; `gone`: records of that source ever deleted."""
    rows = pq.read_table(folder / ROWS, columns=["record", "decided_on"])
    return rows.filter(chosen.of_sent(rows, content, gone))["record"].combine_chunks()


def take_out_sent(folder: Path, records: pa.Array) -> None:
    """Remove the package and the rows about these records; doing it twice is doing it once."""
    keep_manifest_alone(folder)
    without_rows(folder / ROWS, records, by_record)
