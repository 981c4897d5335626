"""A landed batch of one source: a folder of Parquet parts and a manifest that accounts for all."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from yinuo.kernel.canonical import canonical_bytes
from yinuo.lake.batch import BatchDamaged, Part, sha256_of

BATCHES = "batches"
MANIFEST = "manifest.json"
QUARANTINE = "quarantine.parquet"
SEEN = "seen.parquet"
RECORDS = "records-"
FORMAT = 1


@dataclass(frozen=True, kw_only=True)
class RecordFile:
    """One file that was read: read = accepted + quarantined + duplicate."""

    name: str
    sha256: str
    size: int
    format: str
    """csv, xlsx, jsonl, parquet or database, with the encoding of text."""
    read: int
    accepted: int
    quarantined: int
    duplicate: int
    missing_fields: tuple[str, ...] = ()
    """Fields of the description for which it has no heading."""
    torn_end: bool = False
    """Whether its last record is torn: it broke off on the way."""


@dataclass(frozen=True, kw_only=True)
class Correcting:
    """What a correction batch mends."""

    batch: str
    lines: tuple[tuple[int, int], ...]
    """Number of the file in that batch, and record number."""


@dataclass(frozen=True, kw_only=True)
class RecordBatch:
    """What landing came to."""

    id: str
    """16 hexadecimal digits: of the files' hashes and the description's digest."""
    folder: Path = field(compare=False)
    source: str
    description: str
    """Digest of the description."""
    landed_at: datetime
    compared_with: tuple[str, ...]
    """Earlier batches of which repeated records were left out, the oldest first."""
    corrects: Correcting | None
    files: tuple[RecordFile, ...]
    parts: tuple[Part, ...]
    reasons: Mapping[str, int]
    """Rows put aside, by the name of the reason."""
    unknown_headings: Mapping[str, int]
    """Heading that is neither a field nor ignored → rows of the files that have it."""
    filled: Mapping[str, int]
    """Field → accepted rows that have it."""
    subjects: Mapping[str, int]
    """firm, trader or person → accepted rows."""
    keyless: int
    """Accepted rows without a valid identifier of their subject."""
    revoked: int
    """Accepted rows that take a record back."""
    unchanged: int
    """Duplicates that repeat a record of an earlier batch; they are in `seen.parquet`."""
    already: bool = field(default=False, compare=False)
    """Whether it was there before: nothing was changed."""

    @property
    def read(self) -> int:
        """Rows read from all files, blank lines and headings apart."""
        return sum(each.read for each in self.files)

    @property
    def accepted(self) -> int:
        """Rows that are records of this batch."""
        return sum(each.accepted for each in self.files)

    @property
    def quarantined(self) -> int:
        """Rows put aside, each with its reason."""
        return sum(each.quarantined for each in self.files)

    @property
    def duplicate(self) -> int:
        """Rows that say again what another row, here or in an earlier batch, has said."""
        return sum(each.duplicate for each in self.files)

    @property
    def records(self) -> tuple[Path, ...]:
        """The Parquet files of accepted rows, in the form of `schema.record_schema`."""
        return tuple(
            self.folder / part.name for part in self.parts if part.name.startswith(RECORDS)
        )

    @property
    def seen(self) -> Path:
        """The Parquet file of records repeated unchanged: one column, `record`."""
        return self.folder / SEEN

    def put_aside(self) -> Iterator[dict[str, Any]]:
        """Rows put aside, in the order of files: the columns of `schema.QUARANTINE`."""
        with pq.ParquetFile(self.folder / QUARANTINE) as file:
            for rows in file.iter_batches():
                yield from rows.to_pylist()

    def as_dict(self) -> dict[str, Any]:
        """The manifest."""
        return {
            "format": FORMAT,
            "id": self.id,
            "source": self.source,
            "description": self.description,
            "landed_at": self.landed_at.isoformat(),
            "compared_with": list(self.compared_with),
            "corrects": _corrects_as_dict(self.corrects),
            "files": [
                asdict(each) | {"missing_fields": [*each.missing_fields]} for each in self.files
            ],
            "parts": [asdict(part) for part in self.parts],
            "read": self.read,
            "accepted": self.accepted,
            "quarantined": self.quarantined,
            "duplicate": self.duplicate,
            "reasons": dict(self.reasons),
            "unknown_headings": dict(self.unknown_headings),
            "filled": dict(self.filled),
            "subjects": dict(self.subjects),
            "keyless": self.keyless,
            "revoked": self.revoked,
            "unchanged": self.unchanged,
        }

    def manifest(self) -> bytes:
        """The manifest's bytes, the same for the same batch."""
        return canonical_bytes(self.as_dict())

    def check(self) -> None:
        """Hash every part again. Raises `BatchDamaged`."""
        for part in self.parts:
            path = self.folder / part.name
            if not path.is_file():
                raise BatchDamaged(self.folder, f"缺少 {part.name}")
            if sha256_of(path) != part.sha256:
                raise BatchDamaged(self.folder, f"{part.name} 的内容已被改动")


def _corrects_as_dict(corrects: Correcting | None) -> dict[str, Any] | None:
    if corrects is None:
        return None
    return {"batch": corrects.batch, "lines": [list(each) for each in corrects.lines]}


def _corrects(found: dict[str, Any] | None) -> Correcting | None:
    if found is None:
        return None
    lines = tuple((file, line) for file, line in found["lines"])
    return Correcting(batch=found["batch"], lines=lines)


def open_batch(folder: Path) -> RecordBatch:
    """The batch that lies in a folder. Raises `BatchDamaged`."""
    try:
        found = json.loads((folder / MANIFEST).read_bytes())
        files = tuple(
            RecordFile(**each | {"missing_fields": tuple(each["missing_fields"])})
            for each in found["files"]
        )
        batch = RecordBatch(
            id=found["id"],
            folder=folder,
            source=found["source"],
            description=found["description"],
            landed_at=datetime.fromisoformat(found["landed_at"]),
            compared_with=tuple(found["compared_with"]),
            corrects=_corrects(found["corrects"]),
            files=files,
            parts=tuple(Part(**each) for each in found["parts"]),
            reasons=found["reasons"],
            unknown_headings=found["unknown_headings"],
            filled=found["filled"],
            subjects=found["subjects"],
            keyless=found["keyless"],
            revoked=found["revoked"],
            unchanged=found["unchanged"],
        )
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise BatchDamaged(folder, f"{MANIFEST} 读不出来") from error
    balanced = all(e.read == e.accepted + e.quarantined + e.duplicate for e in batch.files)
    if batch.as_dict() != found or not balanced:
        raise BatchDamaged(folder, f"{MANIFEST} 前后不一")
    return batch


def batches(lake: Path, source: str) -> tuple[RecordBatch, ...]:
    """Every batch of a source, in the order of arrival. Raises `BatchDamaged`."""
    folders = (lake / BATCHES / source).glob("[0-9a-f]*")
    found = [open_batch(folder) for folder in folders if folder.is_dir()]
    return tuple(sorted(found, key=lambda batch: (batch.landed_at, batch.id)))


def known_again(batch: RecordBatch) -> RecordBatch:
    """The same batch, marked as one that was there before."""
    return replace(batch, already=True)
