"""A landed batch: a folder of Parquet parts and a manifest that accounts for every row read."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import file_digest
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from yinuo.kernel.canonical import canonical_bytes
from yinuo.kernel.errors import YinuoError

MANIFEST = "manifest.json"
EVENTS = "events"
QUARANTINE = "quarantine.parquet"
FORMAT = 1


class BatchDamaged(YinuoError):
    """A batch whose files are not those that its manifest names."""

    code = "LAKE-E002"
    status = 500

    def __init__(self, folder: Path, why: str) -> None:
        step = "请从备份恢复这个文件夹，或删去它后重新装入原文件"
        super().__init__(f"批次已损坏：{why}", place=str(folder), next_step=step)


@dataclass(frozen=True, kw_only=True)
class ReadFile:
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


@dataclass(frozen=True, kw_only=True)
class Part:
    """One file of the batch."""

    name: str
    sha256: str
    size: int
    rows: int


@dataclass(frozen=True, kw_only=True)
class Landed:
    """What landing came to, whatever the rows are."""

    id: str
    """16 hexadecimal digits: of the files' hashes and the description's."""
    folder: Path = field(compare=False)
    files: tuple[ReadFile, ...]
    parts: tuple[Part, ...]
    reasons: Mapping[str, int]
    """Rows put aside, by the name of the reason."""
    already: bool = field(default=False, compare=False)
    """Whether it was there before: nothing was changed."""

    @property
    def read(self) -> int:
        """Rows read from all files, blank lines and headings apart."""
        return sum(each.read for each in self.files)

    @property
    def accepted(self) -> int:
        """Rows that are in the batch."""
        return sum(each.accepted for each in self.files)

    @property
    def quarantined(self) -> int:
        """Rows put aside, each with its reason."""
        return sum(each.quarantined for each in self.files)

    @property
    def duplicate(self) -> int:
        """Rows that say again what another row, here or in an earlier batch, has said."""
        return sum(each.duplicate for each in self.files)

    def part_paths(self, start: str) -> tuple[Path, ...]:
        """Its parts whose names begin so."""
        return tuple(self.folder / part.name for part in self.parts if part.name.startswith(start))

    def put_aside(self) -> Iterator[dict[str, Any]]:
        """Rows put aside, in the order of files: the columns of `quarantine.parquet`."""
        with pq.ParquetFile(self.folder / QUARANTINE) as file:
            for rows in file.iter_batches():
                yield from rows.to_pylist()

    def as_dict(self) -> dict[str, Any]:
        """The manifest: what every batch has; each kind adds its own."""
        return {
            "format": FORMAT,
            "id": self.id,
            "parts": [vars(part) for part in self.parts],
            "read": self.read,
            "accepted": self.accepted,
            "quarantined": self.quarantined,
            "duplicate": self.duplicate,
            "reasons": dict(self.reasons),
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


@dataclass(frozen=True, kw_only=True)
class Batch(Landed):
    """A landed batch of an event log."""

    log: str
    """Digest of the description."""
    unknown_steps: Mapping[str, int]
    """Accepted rows by a step that the description does not name."""
    first_at: str | None
    """The earliest accepted instant, in UTC."""
    last_at: str | None

    @property
    def events(self) -> tuple[Path, ...]:
        """The Parquet files of accepted rows."""
        return self.part_paths(EVENTS)

    def as_dict(self) -> dict[str, Any]:
        """The manifest."""
        return super().as_dict() | {
            "log": self.log,
            "sources": [vars(each) for each in self.files],
            "unknown_steps": dict(self.unknown_steps),
            "first_at": self.first_at,
            "last_at": self.last_at,
        }


def sha256_of(path: Path) -> str:
    """SHA-256 of a file."""
    with path.open("rb") as file:
        return file_digest(file, "sha256").hexdigest()


def open_batch(folder: Path) -> Batch:
    """The batch that lies in a folder. Raises `BatchDamaged`."""
    try:
        found = json.loads((folder / MANIFEST).read_bytes())
        batch = Batch(
            id=found["id"],
            folder=folder,
            log=found["log"],
            files=tuple(ReadFile(**each) for each in found["sources"]),
            parts=tuple(Part(**each) for each in found["parts"]),
            reasons=found["reasons"],
            unknown_steps=found["unknown_steps"],
            first_at=found["first_at"],
            last_at=found["last_at"],
        )
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise BatchDamaged(folder, f"{MANIFEST} 读不出来") from error
    if batch.as_dict() != found or found["format"] != FORMAT:
        raise BatchDamaged(folder, f"{MANIFEST} 前后不一")
    return batch


def batches(into: Path) -> tuple[Batch, ...]:
    """Every batch landed in a folder, in the order of their ids. Raises `BatchDamaged`."""
    folders = sorted(path for path in into.glob("[0-9a-f]*") if path.is_dir())
    return tuple(open_batch(folder) for folder in folders)


def instant(text: str | None) -> datetime | None:
    """An instant of the manifest."""
    return None if text is None else datetime.fromisoformat(text)
