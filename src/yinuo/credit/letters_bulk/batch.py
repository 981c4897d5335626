"""A batch of letters: a folder of Parquet that never changes, its manifest and its root. Pure.

public-*.parquet   letters of firms and traders that may be shown to the public
closed-*.parquet   all other letters that pass
aside.parquet      what does not, with the rule that it breaks
manifest.json      every file with its hash; the root over them stands on the ledger
"""

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from yinuo.credit.errors.exchange import BulkDamaged
from yinuo.credit.letters_bulk.judging import DATES, Judge, Judged, name_of
from yinuo.credit.letters_bulk.reading import NAMES, Piece, Torn, pieces
from yinuo.credit.letters_bulk.rules import WORDS, Rule
from yinuo.kernel.canonical import Canonical, canonical_bytes
from yinuo.kernel.durable import write_through
from yinuo.kernel.regions import Regions
from yinuo.kernel.spreadsheet.cells import Progress, silent
from yinuo.lake.batch import sha256_of
from yinuo.lake.workplace import settle, sweep, workplace
from yinuo.ledger.tlog.tree import leaf_hash, root_from_hashes

FOLDER = "letters"
MANIFEST, ASIDE = "manifest.json", "aside.parquet"
FORMAT = 1
DIGITS = 16
PER_FILE = 500_000
"""Letters in a file, more or less."""
DAY_NAMES = {name_of(attribute): attribute for attribute in DATES}
LETTERS = pa.schema(
    [
        ("line", pa.int64()),
        *((name, pa.date32() if name in DAY_NAMES else pa.string()) for name in NAMES),
    ]
)
SET_ASIDE = pa.schema(
    [("line", pa.int64()), ("rule", pa.string()), ("words", pa.string()), ("row", pa.string())]
)


@dataclass(frozen=True, kw_only=True)
class BulkBatch:
    """What landing came to: read = accepted + aside."""

    id: str
    folder: Path = field(compare=False)
    source_sha256: str
    files: Mapping[str, str]
    """Name → SHA-256, in the order of the names."""
    read: int
    accepted: int
    aside: int
    public: int
    rules: Mapping[str, int]
    """Name of the rule → letters put aside for it."""
    already: bool = field(default=False, compare=False)

    @property
    def root(self) -> str:
        """RFC 9162 root; the leaves are `name ‖ space ‖ hash` of the files."""
        leaves = [leaf_hash(f"{name} {digest}".encode()) for name, digest in self.files.items()]
        return root_from_hashes(leaves).hex()

    @property
    def public_files(self) -> tuple[Path, ...]:
        """Those that may be shown to the public."""
        return tuple(self.folder / name for name in self.files if name.startswith("public-"))


def open_bulk(folder: Path) -> BulkBatch:
    """The batch in a folder; its files are not hashed. Raises `BulkDamaged`."""
    try:
        found = json.loads((folder / MANIFEST).read_bytes())
        return BulkBatch(folder=folder, **{name: found[name] for name in _NAMES})
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise BulkDamaged(folder.name, f"清单读不出来：{error}") from None


def data_of(batch: BulkBatch) -> dict[str, Canonical]:
    """What a manifest says of its batch; time and root stand beside it."""
    return {name: getattr(batch, name) for name in _NAMES}


_NAMES = ("id", "source_sha256", "files", "read", "accepted", "aside", "public", "rules")


def verify(batch: BulkBatch) -> None:
    """Hash every file again. Raises `BulkDamaged`."""
    for name, digest in batch.files.items():
        path = batch.folder / name
        if not path.is_file() or sha256_of(path) != digest:
            raise BulkDamaged(batch.id, f"{name} 与清单不符或不在")


def land_letters(
    path: Path,
    *,
    regions: Regions,
    lake: Path,
    at: datetime,
    encoding: str = "utf-8",
    progress: Progress = silent,
) -> BulkBatch:
    """Read a CSV file of letters, judge each, and write the batch, whole or not at all.

    The same file again is the same batch. Progress is in bytes of text. Raises `WrongColumns`,
    `UnreadableLetters`.
    """
    into = lake / FOLDER
    into.mkdir(parents=True, exist_ok=True)
    digest = sha256_of(path)
    identity: Canonical = {"format": FORMAT, "file": digest, "encoding": encoding}
    name = sha256(canonical_bytes(identity)).hexdigest()[:DIGITS]
    if (into / name).exists():
        return _again(into / name)
    sweep(into)
    with workplace(into, name) as folder:
        writing, torn, judge = _Writing(folder), Torn(), Judge(regions)
        done, whole = 0, path.stat().st_size
        for piece in pieces(path, torn, encoding=encoding):
            writing.add(piece, judge.judge(piece.rows))
            done += piece.rows.nbytes
            progress("装入信用承诺书", min(done, whole), whole)
        writing.end(torn)
        made = writing.batch(name, digest)
        said = data_of(made) | {"format": FORMAT, "landed_at": at.isoformat(), "root": made.root}
        write_through(folder / MANIFEST, canonical_bytes(said).decode())
        settled = settle(folder, into / name)
    return open_bulk(into / name) if settled else _again(into / name)


def _again(folder: Path) -> BulkBatch:
    found = open_bulk(folder)
    return replace(found, already=True)


class _Writing:
    """Writes letters to files of two sorts, and what was put aside to a third."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._writers: dict[str, tuple[pq.ParquetWriter, int]] = {}
        self._numbers: Counter[str] = Counter()
        self._aside = pq.ParquetWriter(folder / ASIDE, SET_ASIDE, compression="zstd")
        self._rules: Counter[str] = Counter()
        self._accepted = self._public = 0

    def add(self, piece: Piece, judged: Judged) -> None:
        """Write some letters, each where it belongs."""
        rows = _typed(piece, judged)
        good = judged.rules == Rule.NONE
        self._put("public", rows.filter(pa.array(judged.public)))
        self._put("closed", rows.filter(pa.array(good & ~judged.public)))
        self._accepted += int(good.sum())
        self._public += int(judged.public.sum())
        bad = np.flatnonzero(~good)
        if len(bad):
            raw = piece.rows.take(pa.array(bad)).to_pylist()
            rules = [Rule(int(each)) for each in judged.rules[bad]]
            self._set_aside(piece.lines[bad].tolist(), rules, raw)

    def end(self, torn: Torn) -> None:
        """Write torn records and close every file."""
        self._set_aside(
            list(torn.found), [Rule.TORN] * len(torn.found), [{"": t} for t in torn.found.values()]
        )
        self._aside.close()
        for writer, _ in self._writers.values():
            writer.close()

    def batch(self, name: str, digest: str) -> BulkBatch:
        """What it all came to."""
        files = {path.name: sha256_of(path) for path in sorted(self._folder.glob("*.parquet"))}
        aside = self._rules.total()
        return BulkBatch(
            id=name,
            folder=self._folder,
            source_sha256=digest,
            files=files,
            read=self._accepted + aside,
            accepted=self._accepted,
            aside=aside,
            public=self._public,
            rules=dict(sorted(self._rules.items())),
        )

    def _put(self, sort: str, rows: pa.Table) -> None:
        if not rows.num_rows:
            return
        writer, held = self._writers.get(sort, (None, 0))
        if writer is None:
            path = self._folder / f"{sort}-{self._numbers[sort]:04}.parquet"
            self._numbers[sort] += 1
            writer = pq.ParquetWriter(path, LETTERS, compression="zstd", compression_level=1)
        writer.write_table(rows)
        held += rows.num_rows
        if held >= PER_FILE:
            writer.close()
            del self._writers[sort]
        else:
            self._writers[sort] = writer, held

    def _set_aside(
        self, lines: Sequence[int], rules: Sequence[Rule], raw: Sequence[Mapping[str, str]]
    ) -> None:
        self._rules.update(rule.name for rule in rules)
        rows = {
            "line": list(lines),
            "rule": [rule.name for rule in rules],
            "words": [WORDS[rule][0] for rule in rules],
            "row": [canonical_bytes(each).decode() for each in raw],
        }
        self._aside.write_table(pa.table(rows, schema=SET_ASIDE))


def _typed(piece: Piece, judged: Judged) -> pa.Table:
    columns = [
        judged.days[DAY_NAMES[name]] if name in DAY_NAMES else piece.rows[name] for name in NAMES
    ]
    return pa.table([pa.array(piece.lines), *columns], schema=LETTERS)


def letters_with(batch: BulkBatch, column: str, value: str, most: int) -> list[dict[str, Any]]:
    """Public letters with this text in a column."""
    found: list[dict[str, Any]] = []
    for path in batch.public_files:
        table = pq.read_table(path, filters=pc.field(column) == value)
        found += table.slice(0, most - len(found)).to_pylist()
        if len(found) == most:
            break
    return found
