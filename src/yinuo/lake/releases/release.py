"""A release: a folder that never changes, its manifest, and the pointer that says which is read.

<lake>/releases/<id>/manifest.json    what it holds, of which batches, in which layers
<lake>/current                        the id of the one that readers see
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

from yinuo.kernel.canonical import Canonical, canonical_bytes
from yinuo.kernel.durable import write_through
from yinuo.kernel.errors import YinuoError
from yinuo.lake.batch import MANIFEST, Part, sha256_of
from yinuo.lake.releases.tally import Tally

RELEASES = "releases"
CURRENT = "current"
FACTS = "facts"
ENTITIES = "entities"
SAYINGS = "sayings"
GONE = "gone"
FORMAT = 6
"""Of what is written; those before have other names of entities: no layer can be laid on them."""


class ReleaseMissing(YinuoError):
    """A release that is pointed to, or built upon, and is not there."""

    code = "LAKE-E050"
    status = 500

    def __init__(self, release: str, folder: Path) -> None:
        step = "请从备份恢复这个文件夹，或重新发布：yinuo credit publish"
        super().__init__(f"数据版本 {release} 不在数据湖中", place=str(folder), next_step=step)


class ReleaseDamaged(YinuoError):
    """A release whose files are not those that its manifest names."""

    code = "LAKE-E051"
    status = 500

    def __init__(self, folder: Path, why: str) -> None:
        step = "请从备份恢复这个文件夹，或删去它后重新发布：yinuo credit publish"
        super().__init__(f"数据版本已损坏：{why}", place=str(folder), next_step=step)


@dataclass(frozen=True, kw_only=True)
class Arrival:
    """A landed batch as a release takes it, in order of arrival."""

    id: str
    on: date
    """The day on which it came."""
    whole: bool = False
    """Whether what it lacks is gone."""
    manifest: str = ""
    """SHA-256 of its manifest: rewritten by retention, it is another one under the same id."""
    folder: Path = field(compare=False)

    @property
    def records(self) -> tuple[Path, ...]:
        """Its Parquet files of records."""
        return tuple(sorted(self.folder.glob("records-*.parquet")))

    @property
    def seen(self) -> tuple[Path, ...]:
        """Its Parquet file of the ids of records that it repeats unchanged, if there is one."""
        return tuple(self.folder.glob("seen.parquet"))


def arrival(folder: Path, *, on: date, whole: bool) -> Arrival:
    """A batch that lies in a folder. Raises `OSError` where it has no manifest."""
    digest = sha256_of(folder / MANIFEST)
    return Arrival(id=folder.name, on=on, whole=whole, manifest=digest, folder=folder)


@dataclass(frozen=True, kw_only=True)
class SourceState:
    """What a release holds of one source."""

    kind: str
    columns: tuple[str, ...]
    """Of its facts, in their order."""
    batches: tuple[Arrival, ...]
    """Every batch in it, oldest first."""
    tally: Tally

    @property
    def rows(self) -> int:
        """Facts."""
        return self.tally.rows


@dataclass(frozen=True, kw_only=True)
class Release:
    """One state of all facts and entities."""

    id: str
    """16 hexadecimal digits of what it was made from: the same again is the same release."""
    number: int
    """1, 2, … in the order in which they were made."""
    folder: Path = field(compare=False)
    at: datetime
    layers: tuple[str, ...]
    """Releases whose folders hold its rows, oldest first; the last is itself."""
    sources: Mapping[str, SourceState]
    entities: Tally
    joined: Mapping[str, int]
    """Facts by how they were joined: code, history, linked, judged, none."""
    files: tuple[Part, ...]
    """Those in its own folder, the manifest apart."""
    salt: str
    """A fingerprint of the salt of entity ids: layers of two salts cannot be laid on each other."""
    hashed_by: str = ""
    """Whose numbers the sayings of its facts are (`Dialect.hashed_by`); none before format 4."""
    taken: int = 0
    """How many facts its layers may have taken from what one document of the base shows."""
    format: int = FORMAT
    already: bool = field(default=False, compare=False)
    """Whether it was there before: nothing was written."""

    @property
    def lake(self) -> Path:
        """The folder of the lake."""
        return self.folder.parent.parent

    @property
    def layer_folders(self) -> tuple[Path, ...]:
        """Folders of its layers, oldest first."""
        return tuple(self.folder.parent / each for each in self.layers)

    @property
    def rows(self) -> int:
        """Facts of all sources."""
        return sum(source.rows for source in self.sources.values())

    @property
    def digest(self) -> str:
        """SHA-256 of the content, whatever the order and the layers in which it lies."""
        said: dict[str, Canonical] = {
            name: state.tally.as_list() for name, state in self.sources.items()
        }
        return sha256(canonical_bytes([said, self.entities.as_list()])).hexdigest()

    def as_dict(self) -> dict[str, Any]:
        """The manifest."""
        return {
            "format": self.format,
            "id": self.id,
            "number": self.number,
            "at": self.at.isoformat(),
            "layers": list(self.layers),
            "sources": {name: _state(each) for name, each in sorted(self.sources.items())},
            "entities": self.entities.as_list(),
            "joined": dict(sorted(self.joined.items())),
            "files": [vars(part) for part in self.files],
            "salt": self.salt,
            **({"hashed_by": self.hashed_by} if self.hashed_by else {}),
            "taken": self.taken,
            "digest": self.digest,
        }

    def manifest(self) -> bytes:
        """The manifest's bytes."""
        return canonical_bytes(self.as_dict())

    def check(self) -> None:
        """Hash every file of its own folder again. Raises `ReleaseDamaged`."""
        for part in self.files:
            path = self.folder / part.name
            if not path.is_file():
                raise ReleaseDamaged(self.folder, f"缺少 {part.name}")
            if sha256_of(path) != part.sha256:
                raise ReleaseDamaged(self.folder, f"{part.name} 的内容已被改动")


def _state(state: SourceState) -> dict[str, Any]:
    return {
        "kind": state.kind,
        "columns": list(state.columns),
        "batches": [
            [each.id, each.on.isoformat(), each.whole, each.manifest] for each in state.batches
        ],
        "tally": state.tally.as_list(),
    }


def open_release(lake: Path, release: str) -> Release:
    """A release by its id. Raises `ReleaseMissing` and `ReleaseDamaged`."""
    folder = lake / RELEASES / release
    if not folder.is_dir():
        raise ReleaseMissing(release, folder)
    try:
        found = json.loads((folder / MANIFEST).read_bytes())
        opened = Release(
            id=found["id"],
            number=found["number"],
            folder=folder,
            at=datetime.fromisoformat(found["at"]),
            layers=tuple(found["layers"]),
            sources={
                name: SourceState(
                    kind=each["kind"],
                    columns=tuple(each["columns"]),
                    batches=tuple(_arrived(lake, name, said) for said in each["batches"]),
                    tally=Tally(*each["tally"]),
                )
                for name, each in found["sources"].items()
            },
            entities=Tally(*found["entities"]),
            joined=found["joined"],
            files=tuple(Part(**each) for each in found["files"]),
            salt=found["salt"],
            hashed_by=found.get("hashed_by", ""),
            taken=found["taken"],
            format=found["format"],
        )
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ReleaseDamaged(folder, f"{MANIFEST} 读不出来") from error
    if opened.as_dict() != found:
        raise ReleaseDamaged(folder, f"{MANIFEST} 前后不一")
    return opened


def _arrived(lake: Path, source: str, said: tuple[str, str, bool, str]) -> Arrival:
    batch, on, whole, manifest = said
    return Arrival(
        id=batch,
        on=date.fromisoformat(on),
        whole=whole,
        manifest=manifest,
        folder=lake / "batches" / source / batch,
    )


def releases(lake: Path) -> tuple[Release, ...]:
    """Every release, by number. Raises `ReleaseDamaged`."""
    folders = (path for path in (lake / RELEASES).glob("[0-9a-f]*") if path.is_dir())
    return tuple(
        sorted((open_release(lake, path.name) for path in folders), key=lambda each: each.number)
    )


def pointed(lake: Path) -> str | None:
    """The id that the pointer names; None before the first release."""
    try:
        return (lake / CURRENT).read_text(encoding="ascii").strip()
    except FileNotFoundError:
        return None


def current(lake: Path) -> Release | None:
    """The release that readers see; None before the first. Raises as `open_release`."""
    name = pointed(lake)
    return None if name is None else open_release(lake, name)


def switch(lake: Path, release: Release) -> None:
    """Lead readers to a release, at once. Raises `ReleaseMissing` where a layer is not there."""
    for layer in release.layer_folders:
        if not layer.is_dir():
            raise ReleaseMissing(layer.name, layer)
    write_through(lake / CURRENT, f"{release.id}\n")
