"""A package as one zip or a folder of the same files: written, and read with every check. Pure.

    manifest.note   the signed manifest
    penalty.csv …   the files that it names

Nothing is unpacked under a name that came from outside: a file is looked for by the name that the
signed manifest gives, and what the manifest does not name is refused.
"""

import csv
import zipfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import IO

from yinuo.credit.errors.exchange import BadManifest, FilesDiffer
from yinuo.credit.exchange.manifest import Item, Manifest, read
from yinuo.kernel.durable import whole_or_not
from yinuo.kernel.errors import Finding

MANIFEST = "manifest.note"
LONGEST_NOTE = 1 << 20
CHUNK = 1 << 20
MADE = (1980, 1, 1, 0, 0, 0)
"""Of every file in the zip, so that the same package is the same bytes."""
_PERMISSIONS = 0o600 << 16


def note_digest(note: str) -> str:
    """By what a receipt names a package."""
    return sha256(note.encode()).hexdigest()


def item(path: Path, *, name: str, rows: int) -> Item:
    """A file as a manifest names it."""
    with path.open("rb") as file:
        digest, size = _copied(file, None, None)
    return Item(name=name, sha256=digest, size=size, rows=rows)


def pack(files: Mapping[str, Path], note: str, out: Path) -> None:
    """Write the zip, whole or not at all; the same files and note are the same bytes."""
    with whole_or_not(out) as file, zipfile.ZipFile(file, "w") as archive:
        archive.writestr(_entry(MANIFEST), note)
        for name, path in sorted(files.items()):
            with archive.open(_entry(name), "w", force_zip64=True) as to, path.open("rb") as source:
                _copied(source, to, None)


def _entry(name: str) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, MADE)
    entry.compress_type = zipfile.ZIP_DEFLATED
    entry.external_attr = _PERMISSIONS
    return entry


@dataclass(frozen=True, kw_only=True)
class Unpacked:
    """A package whose signature, hashes and counts were checked."""

    manifest: Manifest
    note: str
    files: tuple[Path, ...]
    """In the order of the manifest."""


def note_of(path: Path) -> str:
    """The signed manifest in a package, not verified. Raises `BadManifest`."""
    with _source(path) as (_names, read_file):
        return _note(path, read_file)


def unpack(path: Path, into: Path, *, opened: Callable[[str], str]) -> Unpacked:
    """Check a package and put its files into a folder.

    `opened` gives the text of a signed note, or raises. Raises `BadManifest` and, with every
    fault, `FilesDiffer`.
    """
    with _source(path) as (names, read_file):
        note = _note(path, read_file)
        manifest = read(opened(note))
        wanted = {each.name: each for each in manifest.files}
        findings = [
            _finding(path, name, "清单里没有这个文件")
            for name in sorted(names - {MANIFEST, *wanted})
        ]
        for each in manifest.files:
            if each.name in names:
                findings += _check(path, each, read_file, into / each.name)
            else:
                findings.append(_finding(path, each.name, "包里没有这个文件"))
    if findings:
        raise FilesDiffer(path.name, findings)
    files = tuple(into / each.name for each in manifest.files)
    return Unpacked(manifest=manifest, note=note, files=files)


Reader = Callable[[str], IO[bytes]]


@contextmanager
def _source(path: Path) -> Iterator[tuple[frozenset[str], Reader]]:
    """The names in a package and how to read each. Raises `BadManifest`."""
    if path.is_dir():
        found = frozenset(each.name for each in path.iterdir())
        yield found, lambda name: (path / name).open("rb")
        return
    try:
        with zipfile.ZipFile(path) as archive:
            yield frozenset(archive.namelist()), archive.open
    except (zipfile.BadZipFile, zipfile.LargeZipFile, RuntimeError, EOFError) as error:
        raise BadManifest(path.name, f"zip 打不开，可能没有传完：{error}") from None


def _note(path: Path, read_file: Reader) -> str:
    try:
        with read_file(MANIFEST) as file:
            data = file.read(LONGEST_NOTE + 1)
        note = data.decode()
    except (KeyError, OSError):
        raise BadManifest(path.name, f"包里没有 {MANIFEST}") from None
    except UnicodeDecodeError:
        raise BadManifest(path.name, f"{MANIFEST} 不是 UTF-8") from None
    if len(data) > LONGEST_NOTE:
        raise BadManifest(path.name, f"{MANIFEST} 超过 {LONGEST_NOTE:,} 字节")
    return note


def _check(path: Path, wanted: Item, read_file: Reader, to: Path) -> list[Finding]:
    with read_file(wanted.name) as source, to.open("wb") as file:
        # A byte more than announced is enough to know; the rest is not written.
        digest, size = _copied(source, file, wanted.size + 1)
    if size != wanted.size:
        said = f"应为 {wanted.size:,} 字节，实为 {size:,}{' 以上' if size > wanted.size else ''}"
        return [_finding(path, wanted.name, said)]
    if digest != wanted.sha256:
        return [_finding(path, wanted.name, "SHA-256 与清单不同")]
    rows = records(to)
    if rows != wanted.rows:
        return [_finding(path, wanted.name, f"应有 {wanted.rows:,} 行记录，实有 {rows:,}")]
    return []


def records(path: Path) -> int:
    """Records of a CSV file, the headings and blank lines apart."""
    with path.open(encoding="utf-8-sig", errors="replace", newline="") as file:
        return max(sum(1 for row in csv.reader(file) if row) - 1, 0)


def _copied(source: IO[bytes], to: IO[bytes] | None, most: int | None) -> tuple[str, int]:
    """SHA-256 and size of what was read, at most so many bytes."""
    said = sha256()
    size = 0
    while chunk := source.read(CHUNK if most is None else min(CHUNK, most - size)):
        said.update(chunk)
        size += len(chunk)
        if to is not None:
            to.write(chunk)
    return said.hexdigest(), size


def _finding(path: Path, name: str, rule: str) -> Finding:
    return Finding(
        code=FilesDiffer.code,
        file=path.name,
        cell=name[:80],
        rule=f"{name[:80]}：{rule}",
        next_step="请重新传输；仍不符的，请对方重新打包",
    )
