"""The files of content that lie on this machine: those shipped with Yinuo and the city's own."""

import hashlib
from dataclasses import dataclass
from pathlib import Path

from yinuo.kernel.content import content_dir

PUBLISHED = ("tables/*.xlsx",)
"""What goes through publication; calendars, services and sources follow."""


@dataclass(frozen=True)
class OnDisk:
    """One file."""

    name: str
    """Below the folder of content: `tables/lights.xlsx`."""
    path: Path
    is_own: bool
    """Whether it is the city's own; an upgrade never touches those."""
    sha256: str


def _in(folder: Path, *, is_own: bool) -> list[OnDisk]:
    return [
        OnDisk(
            name=path.relative_to(folder).as_posix(),
            path=path,
            is_own=is_own,
            sha256=hashlib.sha256(path.read_bytes()).hexdigest(),
        )
        for pattern in PUBLISHED
        for path in sorted(folder.glob(pattern))
        if not path.name.startswith("~$")  # what Excel keeps while a workbook is open
    ]


def shipped() -> list[OnDisk]:
    """The defaults of this version of Yinuo, by name. Raises `ContentMissing`."""
    return _in(content_dir(), is_own=False)


def on_disk(own: Path) -> list[OnDisk]:
    """Every file by name, the shipped one before the city's own of the same name."""
    return sorted([*shipped(), *_in(own, is_own=True)], key=lambda file: (file.name, file.is_own))
