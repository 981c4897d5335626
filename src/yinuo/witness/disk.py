"""Files that are on the disk when a function says so."""

import os
import tempfile
from pathlib import Path


def write_through(path: Path, text: str) -> None:
    """Replace a file at once or not at all, and see it onto the disk."""
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    Path(name).replace(path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
