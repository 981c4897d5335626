"""What is kept of a package at home: the zip, its signed manifest, which record stands where. Pure.

<lake>/exchange/up/<id>/package.zip     as it went, until a record in it is deleted
                        manifest.note   from then on, in its place: hashes and counts alone
                        rows.parquet    which record stands in which line, in the form of `SENT`
                        receipt.note    what the other side answered: places and rules, no cells
<lake>/exchange/down/<id>/receipt.note  what we answered; the records lie in their batch
"""

from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa

from yinuo.credit.exchange.packing import MANIFEST, note_of
from yinuo.kernel.durable import sync_folder, write_through

EXCHANGE, UP, DOWN = "exchange", "up", "down"
PACKAGE, ROWS, RECEIPT = "package.zip", "rows.parquet", "receipt.note"
SENT = pa.schema(
    [
        ("file", pa.string()),
        ("line", pa.int64()),
        ("record", pa.string()),
        ("content", pa.string()),
        ("document", pa.string()),
        ("decided_on", pa.date32()),
    ]
)
"""Of `rows.parquet`. `content` is a hash of all fields."""


def sent_folders(lake: Path) -> Iterator[Path]:
    """The folders of packages that we made, on the ledger or not."""
    for path in sorted((lake / EXCHANGE / UP).glob(f"*/{ROWS}")):
        yield path.parent


def keep_manifest_alone(folder: Path) -> None:
    """Put the signed manifest in the place of the package; doing it twice is doing it once.

    A package cannot be altered without breaking its signature, so all of it goes.
    """
    package = folder / PACKAGE
    if package.exists():
        write_through(folder / MANIFEST, note_of(package))
        package.unlink()
        sync_folder(folder)
