"""Deletion that is real: the files of batches are written anew without what is past its time.

    <lake>/deletions/<id>/records.parquet   source and record of everything that goes
    <lake>/deletions/<id>/deletion.json     the day, and rows by source and batch; no content
    <lake>/deletions/<id>/done              written when every file is rewritten

The plan is on the disk before the first file is touched, so a killed deletion is taken up again by
the next one and nothing goes without a trace. Releases, and whatever else was made from the old
batches, go afterwards: resolve, publish whole, switch, `sweep(keep=0)`.
"""

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from yinuo.credit.retention.expiring import cutoff, find_expired
from yinuo.kernel.canonical import canonical_bytes
from yinuo.kernel.durable import whole_or_not, write_through
from yinuo.lake.batch import MANIFEST, Part, sha256_of
from yinuo.lake.engine import Engine
from yinuo.lake.records.batch import BATCHES, QUARANTINE, SEEN, RecordBatch, open_batch
from yinuo.lake.records.description import SourceDescription
from yinuo.lake.releases.lock import held
from yinuo.lake.releases.release import Arrival
from yinuo.lake.releases.workplace import sweep_parts, workplace

DELETIONS = "deletions"
RECORDS, SAID, DONE = "records.parquet", "deletion.json", "done"
DELETED = "deleted.json"
"""In a batch: what was deleted from it, and when."""
_SCHEMA = pa.schema([("source", pa.string()), ("record", pa.string())])
_ROWS = 65_536


@dataclass(frozen=True, kw_only=True)
class Deletion:
    """What was deleted: ids and counts, no content."""

    id: str
    on: date
    """The day by which it was past its time."""
    at: datetime
    records: Mapping[str, int]
    """By source: records, in whatever versions."""
    batches: Mapping[str, Mapping[str, Mapping[str, int]]]
    """By source and batch: rows of records, ids of repeated ones and rows put aside that went."""
    folder: Path

    @property
    def rows(self) -> int:
        """Rows of all files together."""
        return sum(
            sum(counts.values()) for each in self.batches.values() for counts in each.values()
        )

    def as_dict(self) -> dict[str, Any]:
        """As data, for the ledger."""
        return {
            "id": self.id,
            "on": self.on.isoformat(),
            "at": self.at.isoformat(),
            "records": dict(self.records),
            "batches": {
                source: {batch: dict(counts) for batch, counts in each.items()}
                for source, each in self.batches.items()
            },
        }


def delete(
    *,
    engine: Engine,
    lake: Path,
    sources: Sequence[SourceDescription],
    batches: Mapping[str, Sequence[Arrival]],
    on: date,
    at: datetime,
) -> tuple[Deletion, ...]:
    """Delete from all batches what is past its time on a day; the deletions that were carried out.

    One that was killed comes first. Empty where nothing is past its time. A batch keeps its id,
    and its manifest tells the new files and names the deletion.
    Raises `Busy`, `DiskFull`, `BatchDamaged`.
    """
    with held(lake, "删除过期记录", at):
        sweep_parts(lake / DELETIONS)
        found = [_carry_out(lake, each) for each in _unfinished(lake)]
        planned = _plan(engine, lake, sources, batches, on=on, at=at)
        if planned is not None:
            found.append(_carry_out(lake, planned))
    return tuple(found)


def deletions(lake: Path) -> tuple[Deletion, ...]:
    """Every deletion so far, by their times."""
    folders = (path.parent for path in (lake / DELETIONS).glob(f"[0-9a-f]*/{SAID}"))
    return tuple(sorted(map(_opened, folders), key=lambda each: (each.at, each.id)))


def _unfinished(lake: Path) -> list[Deletion]:
    return [each for each in deletions(lake) if not (each.folder / DONE).exists()]


def _opened(folder: Path) -> Deletion:
    said = json.loads((folder / SAID).read_bytes())
    return Deletion(
        id=said["id"],
        on=date.fromisoformat(said["on"]),
        at=datetime.fromisoformat(said["at"]),
        records=said["records"],
        batches=said["batches"],
        folder=folder,
    )


# ── planning ─────────────────────────────────────────────────────────────────────────────────────


def _plan(
    engine: Engine,
    lake: Path,
    sources: Sequence[SourceDescription],
    batches: Mapping[str, Sequence[Arrival]],
    *,
    on: date,
    at: datetime,
) -> Deletion | None:
    """Write down what is to go; None where nothing is."""
    rows: list[pa.Table] = []
    records: dict[str, int] = {}
    touched: dict[str, dict[str, dict[str, int]]] = {}
    for source in sources:
        arrived = batches.get(source.id, ())
        count = find_expired(engine, source, arrived, on, "expired")
        ids = pa.array(
            [record for (record,) in engine.ask("SELECT record FROM expired")], pa.string()
        )
        found = {
            batch.id: counts
            for batch in arrived
            if any((counts := _counts(batch, source, ids, on)).values())
        }
        if found:
            touched[source.id] = found
            records[source.id] = count
            rows.append(
                pa.table([pa.array([source.id] * len(ids), pa.string()), ids], schema=_SCHEMA)
            )
    if not touched:
        return None
    said: dict[str, Any] = {"records": records, "batches": touched, "on": on.isoformat()}
    name = sha256(canonical_bytes(said)).hexdigest()[:16]
    folder = lake / DELETIONS / name
    deletion = Deletion(id=name, on=on, at=at, records=records, batches=touched, folder=folder)
    with workplace(folder) as made:
        pq.write_table(pa.concat_tables(rows), made / RECORDS, compression="zstd")
        write_through(made / SAID, canonical_bytes(deletion.as_dict()).decode())
    return deletion


def _counts(batch: Arrival, source: SourceDescription, ids: pa.Array, on: date) -> dict[str, int]:
    """Rows of a batch that are to go."""
    counts: Counter[str] = Counter()
    for kind, paths in (("records", batch.records), ("seen", batch.seen)):
        for path in paths if len(ids) else ():
            with pq.ParquetFile(path) as file:
                for some in file.iter_batches(_ROWS, columns=["record"]):
                    counts[kind] += pc.sum(pc.is_in(some.column(0), ids)).as_py() or 0
    aside = batch.folder / QUARANTINE
    last = cutoff(source, on)
    if last is not None and batch.on <= last and aside.is_file():
        counts["quarantine"] = pq.read_metadata(aside).num_rows
    return {kind: count for kind, count in counts.items() if count}


# ── carrying out ─────────────────────────────────────────────────────────────────────────────────


def _carry_out(lake: Path, deletion: Deletion) -> Deletion:
    """Rewrite every batch of a plan; doing it twice is doing it once."""
    planned = pq.read_table(deletion.folder / RECORDS)
    for source, touched in deletion.batches.items():
        ids = planned.filter(pc.equal(planned["source"], source))["record"].combine_chunks()
        for batch, counts in touched.items():
            _rewrite(open_batch(lake / BATCHES / source / batch), ids, counts, deletion)
    write_through(deletion.folder / DONE, "")
    return deletion


def _rewrite(
    batch: RecordBatch, ids: pa.Array, counts: Mapping[str, int], deletion: Deletion
) -> None:
    """Each file takes the place of the old one, the manifest last."""
    for part in batch.parts:
        path = batch.folder / part.name
        if part.name == QUARANTINE and "quarantine" in counts:
            _without(path, None)
        elif part.name == SEEN or part in _record_parts(batch):
            _without(path, ids)
    _note(batch.folder / DELETED, deletion, counts)
    names = dict.fromkeys([*(part.name for part in batch.parts), DELETED])
    parts = tuple(_described(batch.folder / name) for name in names)
    manifest = replace(batch, parts=parts).manifest()
    write_through(batch.folder / MANIFEST, manifest.decode())


def _record_parts(batch: RecordBatch) -> tuple[Part, ...]:
    names = {path.name for path in batch.records}
    return tuple(part for part in batch.parts if part.name in names)


def _without(path: Path, ids: pa.Array | None) -> None:
    """Write a file anew without the rows of some records; None: without any row."""
    with pq.ParquetFile(path) as old, whole_or_not(path) as file:
        schema = old.schema_arrow
        with pq.ParquetWriter(file, schema, compression="zstd") as new:
            for some in old.iter_batches(_ROWS) if ids is not None else ():
                kept = some.filter(pc.invert(pc.is_in(some.column("record"), ids)))
                new.write_batch(kept.cast(schema))


def _note(path: Path, deletion: Deletion, counts: Mapping[str, int]) -> None:
    said: list[dict[str, Any]] = json.loads(path.read_bytes()) if path.is_file() else []
    others = [each for each in said if each["deletion"] != deletion.id]
    mine: dict[str, Any] = {
        "deletion": deletion.id,
        "on": deletion.on.isoformat(),
        "rows": dict(counts),
    }
    write_through(path, canonical_bytes([*others, mine]).decode())


def _described(path: Path) -> Part:
    rows = pq.read_metadata(path).num_rows if path.suffix == ".parquet" else 0
    return Part(name=path.name, sha256=sha256_of(path), size=path.stat().st_size, rows=rows)
