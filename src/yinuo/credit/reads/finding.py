"""The lines of the read log about one entity, for the subject who asks who looked. Pure."""

from collections.abc import Iterator, Mapping
from json import loads
from mmap import ACCESS_READ, mmap
from pathlib import Path
from typing import Any

from yinuo.credit.reads.log import ReadLog


def looks_at(log: ReadLog, entity: str, *, most: int) -> list[Mapping[str, Any]]:
    """The last looks at an entity, newest first, at most so many: lines as the log has them."""
    found: list[Mapping[str, Any]] = []
    for path in reversed(log.files()):
        for line in _lines(path, f'"entity":"{entity}"'.encode()):
            found.append(loads(line))
            if len(found) == most:
                return found
    return found


def _lines(path: Path, needle: bytes) -> Iterator[bytes]:
    """The whole lines that hold the needle, from the last to the first."""
    if not path.stat().st_size:
        return  # nothing to map
    with path.open("rb") as file, mmap(file.fileno(), 0, access=ACCESS_READ) as data:
        end = data.rfind(b"\n") + 1  # what a crash left after it was never answered for
        while (at := data.rfind(needle, 0, end)) >= 0:
            start = data.rfind(b"\n", 0, at) + 1
            yield data[start : data.find(b"\n", at)]
            end = start
