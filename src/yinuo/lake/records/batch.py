"""A landed batch of one source: a folder of Parquet parts and a manifest that accounts for all."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from yinuo.lake.batch import MANIFEST, BatchDamaged, Landed, Part, ReadFile

BATCHES = "batches"
SEEN = "seen.parquet"
RECORDS = "records-"


@dataclass(frozen=True, kw_only=True)
class RecordFile(ReadFile):
    """One file of records that was read."""

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
class RecordBatch(Landed):
    """A landed batch of records."""

    source: str
    description: str
    """Digest of the description."""
    landed_at: datetime
    compared_with: tuple[str, ...]
    """Earlier batches of which repeated records were left out, the oldest first."""
    corrects: Correcting | None
    files: tuple[RecordFile, ...]
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

    @property
    def records(self) -> tuple[Path, ...]:
        """The Parquet files of accepted rows, in the form of `schema.record_schema`."""
        return self.part_paths(RECORDS)

    @property
    def seen(self) -> Path:
        """The Parquet file of records repeated unchanged: one column, `record`."""
        return self.folder / SEEN

    def as_dict(self) -> dict[str, Any]:
        """The manifest."""
        return super().as_dict() | {
            "source": self.source,
            "description": self.description,
            "landed_at": self.landed_at.isoformat(),
            "compared_with": list(self.compared_with),
            "corrects": _corrects_as_dict(self.corrects),
            "files": [
                asdict(each) | {"missing_fields": [*each.missing_fields]} for each in self.files
            ],
            "unknown_headings": dict(self.unknown_headings),
            "filled": dict(self.filled),
            "subjects": dict(self.subjects),
            "keyless": self.keyless,
            "revoked": self.revoked,
            "unchanged": self.unchanged,
        }


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
