"""Files that are on the disk when a function says so, whole or not at all."""

import errno
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

FULL = frozenset({errno.ENOSPC, errno.EDQUOT})
"""Error numbers of a disk, or of a share of it, that takes no more."""


def sync_folder(folder: Path) -> None:
    """See onto the disk which names a folder holds."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


@contextmanager
def whole_or_not(path: Path) -> Iterator[BinaryIO]:
    """A file that takes this name, and any other's place, once all of it is on the disk.

    Only its owner may read it. An error inside the block leaves nothing behind.
    """
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=".part")
    temporary = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)
    sync_folder(path.parent)


def write_through(path: Path, text: str) -> None:
    """Replace a file by this text at once, and see it onto the disk."""
    with whole_or_not(path) as file:
        file.write(text.encode())
