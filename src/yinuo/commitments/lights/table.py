"""The table of lights in force on a day: the one place that says where it comes from."""

from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path

from django.conf import settings

from yinuo.commitments.lights.deciding import Deciding
from yinuo.kernel.content import content_file
from yinuo.rules.table import Rulebook
from yinuo.rules.workbook.read import check_bytes

NAME = "lights.xlsx"


@dataclass(frozen=True)
class InForce:
    """The table of a day, ready to decide."""

    sha256: str
    deciding: Deciding

    @property
    def number(self) -> int:
        """The version as a number that any integer column holds."""
        return int(self.sha256[:7], 16)


def in_force(on: date) -> InForce:
    """The table of lights in force on a day. Raises `TablesRefused`.

    Out of force, the tables give no light to anything; see `Deciding.check`.
    """
    path = content_file("tables", NAME, own=settings.YINUO_CONTENT)
    seen = path.stat()
    return _in_force(_book(path, seen.st_mtime_ns, seen.st_size), on)


@lru_cache(maxsize=4)
def _book(path: Path, _changed: int, _size: int) -> Rulebook:
    return check_bytes(path.read_bytes(), file=path.name).sound()


_KEPT: dict[tuple[str, date], InForce] = {}
_MOST_KEPT = 16


def _in_force(book: Rulebook, on: date) -> InForce:
    """Compiled once for each version and day."""
    key = (book.sha256, on)
    found = _KEPT.get(key)
    if found is None:
        found = InForce(book.sha256, Deciding(book, on))
        if len(_KEPT) >= _MOST_KEPT:
            _KEPT.clear()
        _KEPT[key] = found
    return found
