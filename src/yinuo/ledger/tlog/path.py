"""Paths of a published log, read back: which tile or bundle a path names. Strict; no I/O.

The inverse of `tile.tile_path` and `tile.entries_path`: a place has exactly one path, so that
caches and mirrors never hold one thing under two names. Source: C2SP tlog-tiles.
"""

import re

from yinuo.kernel.errors import YinuoError
from yinuo.ledger.tlog.tile import MAX_LEVEL, WIDTH, Place, entries_path, tile_path

MAX_INDEX = (1 << 63) - 1
"""Beyond any log: its size would not fit the 64 bits of a database column."""
ENTRIES = "entries"
OPENINGS = "openings/"
SHOWN = 60
"""Characters of a refused path that are repeated."""

_TILE = re.compile(
    r"tile/(?P<kind>[0-9]{1,2}|entries)/(?P<number>(?:x[0-9]{3}/){0,6}[0-9]{3})"
    r"(?:\.p/(?P<width>[0-9]{1,3}))?",
    re.ASCII,
)


class NotAPath(YinuoError):
    """A path that names no tile and no bundle, or names one in another than the one spelling."""

    code = "TLOG-E040"
    status = 404

    def __init__(self, path: str) -> None:
        shown = path if len(path) <= SHOWN else f"{path[:SHOWN]}…"
        super().__init__(
            "不是账本文件的路径",
            place=shown,
            next_step="写作 tile/0/x001/x234/067，未满的加 .p/ 和宽度 1 至 255；层为 0 至 63",
        )
        self.path = path


def _number(text: str) -> int:
    return int(text.replace("x", "").replace("/", ""))


def _parts(path: str) -> tuple[str, int, int]:
    """Kind (a level or `entries`), index and width. Raises `NotAPath`."""
    found = _TILE.fullmatch(path)
    if found is None:
        raise NotAPath(path)
    index = _number(found["number"])
    width = int(found["width"] or WIDTH)
    return found["kind"], index, width


def parse_tile_path(path: str) -> Place:
    """The tile that a path names. Raises `NotAPath`.

    >>> parse_tile_path("tile/0/x001/x234/067.p/12")
    Place(level=0, index=1234067, width=12)
    """
    kind, index, width = _parts(path)
    if kind == ENTRIES or not (int(kind) <= MAX_LEVEL and 1 <= width <= WIDTH):
        raise NotAPath(path)
    place = Place(int(kind), index, width)
    _require(path, tile_path(place.level, index, width), index)
    return place


def parse_entries_path(path: str) -> Place:
    """The bundle that a path names, as the place of the level-0 tile over it. Raises `NotAPath`.

    >>> parse_entries_path("tile/entries/273.p/112")
    Place(level=0, index=273, width=112)
    """
    kind, index, width = _parts(path)
    if kind != ENTRIES or not 1 <= width <= WIDTH:
        raise NotAPath(path)
    _require(path, entries_path(index, width), index)
    return Place(0, index, width)


def is_entries_path(path: str) -> bool:
    """Whether a path under `tile/` speaks of bundles rather than of hashes."""
    return path.startswith(f"tile/{ENTRIES}/")


def openings_path(index: int) -> str:
    """The path of what may be read of a bundle; it has no width, because it changes.

    Raises `NoSuchTile`.

    >>> openings_path(1234067)
    'openings/x001/x234/067'
    """
    return OPENINGS + entries_path(index).removeprefix(f"tile/{ENTRIES}/")


def parse_openings_path(path: str) -> int:
    """The number of the bundle whose openings a path names. Raises `NotAPath`.

    >>> parse_openings_path("openings/273")
    273
    """
    found = _TILE.fullmatch(path.replace(OPENINGS, f"tile/{ENTRIES}/", 1))
    if found is None:
        raise NotAPath(path)
    index = _number(found["number"])
    _require(path, openings_path(index), index)
    return index


def _require(path: str, canonical: str, index: int) -> None:
    """Raise `NotAPath` unless this is the one spelling of an index that a log can have."""
    if path != canonical or index > MAX_INDEX:
        raise NotAPath(path)
