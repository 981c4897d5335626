"""Deletion that is real: files are written anew without what is to go.

    <lake>/deletions/<id>/records.parquet   source and locator of everything that goes
    <lake>/deletions/<id>/deletion.json     the day, and rows by where they stood; no content
    <lake>/deletions/<id>/done              written when every file is rewritten

It reaches batches of records, bulk letters and packages for other platforms. The plan is on the
disk before the first file is touched, so a killed deletion is taken up again by the next one and
nothing goes without a trace. Releases, and whatever else was made from the old batches, go
afterwards: resolve, publish whole, switch, `sweep(keep=0)`.
"""

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from yinuo.credit.exchange.kept import EXCHANGE, UP, sent_folders
from yinuo.credit.letters_bulk.batch import FOLDER as LETTERS
from yinuo.credit.retention.choosing import ROW, Chosen, PastTime
from yinuo.credit.retention.letters import bulk_folders, find_letters, take_out_letters
from yinuo.credit.retention.packages import content_of, find_sent, take_out_sent
from yinuo.credit.retention.rewriting import (
    by_file_and_line,
    by_record,
    count_rows,
    without_rows,
)
from yinuo.kernel.canonical import canonical_bytes
from yinuo.kernel.durable import write_through
from yinuo.lake.batch import MANIFEST, QUARANTINE, Part, sha256_of
from yinuo.lake.engine import Engine
from yinuo.lake.records.batch import BATCHES, SEEN, RecordBatch, open_batch
from yinuo.lake.records.description import SourceDescription
from yinuo.lake.releases.lock import held
from yinuo.lake.releases.release import Arrival
from yinuo.lake.workplace import building, sweep

DELETIONS = "deletions"
RECORDS, SAID, DONE = "records.parquet", "deletion.json", "done"
DELETED = "deleted.json"
"""In a batch: what was deleted from it, and when."""
_SCHEMA = pa.schema([("source", pa.string()), ("record", pa.string())])


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
    letters: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    """By bulk batch: public, closed and put aside letters that went."""
    packages: Mapping[str, int] = field(default_factory=dict)
    """By the id of the folder: rows that stood in the package, all of which was removed."""
    folder: Path

    @property
    def rows(self) -> int:
        """Rows of all files together."""
        counted = [counts for each in self.batches.values() for counts in each.values()]
        counted += self.letters.values()
        return sum(sum(counts.values()) for counts in counted) + sum(self.packages.values())

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
            "letters": {batch: dict(counts) for batch, counts in self.letters.items()},
            "packages": dict(self.packages),
        }


def delete(
    *,
    engine: Engine,
    lake: Path,
    sources: Sequence[SourceDescription],
    batches: Mapping[str, Sequence[Arrival]],
    on: date,
    at: datetime,
    chosen: Chosen | None = None,
) -> tuple[Deletion, ...]:
    """Delete what was chosen; the deletions that were carried out. None: what is past its time.

    One that was killed comes first. Empty where nothing is to go. A batch keeps its id, and its
    manifest tells the new files and names the deletion.
    Raises `Busy`, `DiskFull`, `BatchDamaged`, `BulkDamaged`.
    """
    if chosen is None:
        chosen = PastTime(on, {source.id: source for source in sources})
    with held(lake, "删除记录", at):
        sweep(lake / DELETIONS)
        found = [_carry_out(lake, each) for each in _unfinished(lake)]
        planned = _Plan(engine, lake, chosen, on).made(sources, batches, at)
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
        letters=said.get("letters", {}),
        packages=said.get("packages", {}),
        folder=folder,
    )


# ── planning ─────────────────────────────────────────────────────────────────────────────────────


class _Plan:
    """What is to go, written down before the first file is touched."""

    def __init__(self, engine: Engine, lake: Path, chosen: Chosen, on: date) -> None:
        self._engine, self._lake, self._chosen, self._on = engine, lake, chosen, on
        self._named: dict[str, pa.Array] = {}
        """By source or place: locators of what goes."""
        self._records: dict[str, int] = {}
        self._batches: dict[str, dict[str, dict[str, int]]] = {}
        self._letters: dict[str, dict[str, int]] = {}
        self._packages: dict[str, int] = {}

    def made(
        self,
        sources: Sequence[SourceDescription],
        batches: Mapping[str, Sequence[Arrival]],
        at: datetime,
    ) -> Deletion | None:
        """Write down what is to go; None where nothing is."""
        for source in sources:
            self._of_source(source, batches.get(source.id, ()))
        for folder in bulk_folders(self._lake):
            counts, lines = find_letters(folder, self._chosen)
            if counts:
                self._letters[folder.name] = dict(counts)
                self._named[f"{LETTERS}/{folder.name}"] = lines
        for folder in sent_folders(self._lake):
            self._of_package(folder)
        if not (self._batches or self._letters or self._packages):
            return None
        return self._written(at)

    def _of_source(self, source: SourceDescription, arrived: Sequence[Arrival]) -> None:
        count = self._chosen.find(self._engine, source, arrived, "going")
        found = [record for (record,) in self._engine.ask("SELECT record FROM going")]
        ids = pa.array(found, pa.string())
        touched = {}
        for batch in arrived:
            aside = self._aside(batch, source)
            counts = Counter({"quarantine": len(aside)})
            for kind, paths in (("records", batch.records), ("seen", batch.seen)):
                for path in paths if len(ids) else ():
                    counts[kind] += count_rows(path, ids, by_record)
            if +counts:
                touched[batch.id] = dict(+counts)
                self._named[_aside_of(source.id, batch.id)] = aside
        if touched:
            self._batches[source.id] = touched
            self._records[source.id] = count
            self._named[source.id] = ids

    def _aside(self, batch: Arrival, source: SourceDescription) -> pa.Array:
        path = batch.folder / QUARANTINE
        if not path.is_file():
            return pa.array([], pa.string())
        rows = pq.read_table(path, columns=["file", "line", ROW])
        going = rows.filter(self._chosen.of_aside(rows, source, batch.on))
        return pa.chunked_array(by_file_and_line(going), pa.string()).combine_chunks()

    def _of_package(self, folder: Path) -> None:
        content = content_of(folder)
        earlier = [_planned(each, content) for each in deletions(self._lake)]
        now = self._named.get(content, pa.array([], pa.string()))
        gone = pa.concat_arrays([now, *earlier])
        records = find_sent(folder, self._chosen, content, gone)
        if len(records):
            self._packages[folder.name] = len(records)
            self._named[f"{EXCHANGE}/{folder.name}"] = records

    def _written(self, at: datetime) -> Deletion:
        names = [
            pa.table([pa.repeat(pa.scalar(name), len(found)), found], schema=_SCHEMA)
            for name, found in self._named.items()
        ]
        table = pa.concat_tables(names)
        said: dict[str, Any] = {
            "records": self._records,
            "batches": self._batches,
            "letters": self._letters,
            "packages": self._packages,
            "on": self._on.isoformat(),
            "named": sorted(set(table["record"].to_pylist())),
        }
        name = sha256(canonical_bytes(said)).hexdigest()[:16]
        folder = self._lake / DELETIONS / name
        deletion = Deletion(
            id=name,
            on=self._on,
            at=at,
            records=self._records,
            batches=self._batches,
            letters=self._letters,
            packages=self._packages,
            folder=folder,
        )
        with building(folder) as made:
            pq.write_table(table, made / RECORDS, compression="zstd")
            write_through(made / SAID, canonical_bytes(deletion.as_dict()).decode())
        return deletion


def _aside_of(source: str, batch: str) -> str:
    return f"{source}/{batch}"


def _planned(deletion: Deletion, name: str) -> pa.Array:
    """Locators of what goes from a source or place."""
    found = pq.read_table(deletion.folder / RECORDS, filters=pc.field("source") == name)
    return pa.chunked_array(found["record"], pa.string()).combine_chunks()


# ── carrying out ─────────────────────────────────────────────────────────────────────────────────


def _carry_out(lake: Path, deletion: Deletion) -> Deletion:
    """Rewrite every file of a plan; doing it twice is doing it once."""
    for source, touched in deletion.batches.items():
        ids = _planned(deletion, source)
        for batch, counts in touched.items():
            aside = _planned(deletion, _aside_of(source, batch))
            _rewrite(open_batch(lake / BATCHES / source / batch), ids, aside, counts, deletion)
    for bulk, counts in deletion.letters.items():
        lines = _planned(deletion, f"{LETTERS}/{bulk}")
        take_out_letters(
            lake / LETTERS / bulk, lines, counts, deletion=deletion.id, on=deletion.on.isoformat()
        )
    for package in deletion.packages:
        records = _planned(deletion, f"{EXCHANGE}/{package}")
        take_out_sent(lake / EXCHANGE / UP / package, records)
    write_through(deletion.folder / DONE, "")
    return deletion


def _rewrite(
    batch: RecordBatch,
    ids: pa.Array,
    aside: pa.Array,
    counts: Mapping[str, int],
    deletion: Deletion,
) -> None:
    """Each file takes the place of the old one, the manifest last."""
    for part in batch.parts:
        path = batch.folder / part.name
        if part.name == QUARANTINE and "quarantine" in counts:
            without_rows(path, aside, by_file_and_line)
        elif part.name == SEEN or part in _record_parts(batch):
            without_rows(path, ids, by_record)
    _note(batch.folder / DELETED, deletion, counts)
    names = dict.fromkeys([*(part.name for part in batch.parts), DELETED])
    parts = tuple(_described(batch.folder / name) for name in names)
    manifest = replace(batch, parts=parts).manifest()
    write_through(batch.folder / MANIFEST, manifest.decode())


def _record_parts(batch: RecordBatch) -> tuple[Part, ...]:
    names = {path.name for path in batch.records}
    return tuple(part for part in batch.parts if part.name in names)


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
