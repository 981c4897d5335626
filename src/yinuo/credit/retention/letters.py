"""Bulk letters that are to go: found, and their files written anew, the manifest last. Pure.

The batch keeps its id. Its manifest counts what is left, has a new root, and names each deletion.
"""

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from yinuo.credit.letters_bulk.batch import ASIDE, FOLDER, MANIFEST, BulkBatch, open_bulk
from yinuo.credit.letters_bulk.batch import data_of as manifest_data
from yinuo.credit.retention.choosing import MADE_ON, PROMISOR, ROW, Chosen
from yinuo.credit.retention.rewriting import by_line, without_rows
from yinuo.kernel.canonical import canonical_bytes
from yinuo.kernel.durable import write_through
from yinuo.kernel.instants import civil_date
from yinuo.lake.batch import sha256_of

DELETED = "deleted"
"""In the manifest: id, day and rows of each deletion."""


def bulk_folders(lake: Path) -> Iterator[Path]:
    """The folders of bulk batches, on the ledger or not."""
    for path in sorted((lake / FOLDER).glob(f"[0-9a-f]*/{MANIFEST}")):
        yield path.parent


def find_letters(folder: Path, chosen: Chosen) -> tuple[Mapping[str, int], pa.Array]:
    """How many letters of each sort go, and their lines."""
    counts: Counter[str] = Counter()
    lines = [pa.array([], pa.string())]
    landed = datetime.fromisoformat(json.loads((folder / MANIFEST).read_bytes())["landed_at"])
    for name in open_bulk(folder).files:
        path = folder / name
        if name == ASIDE:
            rows = pq.read_table(path, columns=["line", ROW])
            going = chosen.of_letters_aside(rows, civil_date(landed))
        else:
            rows = pq.read_table(path, columns=["line", MADE_ON, PROMISOR])
            going = chosen.of_letters(rows)
        found = by_line(rows.filter(going))
        counts[name.partition("-")[0].removesuffix(".parquet")] += len(found)
        lines += found.chunks
    return +counts, pa.concat_arrays(lines)


def take_out_letters(
    folder: Path, lines: pa.Array, counts: Mapping[str, int], *, deletion: str, on: str
) -> None:
    """Write the files of a batch anew without some lines; doing it twice is doing it once."""
    old = open_bulk(folder)
    for name in old.files:
        without_rows(folder / name, lines, by_line)
    said: dict[str, Any] = json.loads((folder / MANIFEST).read_bytes())
    others = [each for each in said.get(DELETED, ()) if each["deletion"] != deletion]
    mine = {"deletion": deletion, "on": on, "rows": dict(counts)}
    left = _left(old)
    said |= manifest_data(left)
    said |= {"root": left.root, DELETED: [*others, mine]}
    write_through(folder / MANIFEST, canonical_bytes(said).decode())


def _left(old: BulkBatch) -> BulkBatch:
    """The batch as its files now are."""
    rows = {name: pq.read_metadata(old.folder / name).num_rows for name in old.files}
    rules = pc.value_counts(pq.read_table(old.folder / ASIDE, columns=["rule"])["rule"])
    aside = rows[ASIDE]
    accepted = sum(rows.values()) - aside
    return BulkBatch(
        id=old.id,
        folder=old.folder,
        source_sha256=old.source_sha256,
        files={name: sha256_of(old.folder / name) for name in old.files},
        read=accepted + aside,
        accepted=accepted,
        aside=aside,
        public=sum(count for name, count in rows.items() if name.startswith("public-")),
        rules=dict(sorted((each["values"], each["counts"]) for each in rules.to_pylist())),
    )
