"""Tiles: rows of 256 hashes in which a tree is stored and published. Arithmetic, no I/O.

A tile of level L and index N holds the roots of the full subtrees of 256^L leaves, from the
(256·N)-th on. Source: C2SP tlog-tiles.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TypeAlias

from yinuo.kernel.errors import YinuoError
from yinuo.ledger.tlog.tree import (
    HASH_SIZE,
    Frontier,
    WrongHashLength,
    require_hashes,
    root_from_hashes,
)

HEIGHT = 8
"""Levels of the tree that one tile spans."""
WIDTH = 256
"""Hashes in a full tile."""
FULL_BYTES = WIDTH * HASH_SIZE
MAX_LEVEL = 63

ReadTile: TypeAlias = Callable[[int, int, int], bytes]
"""`read_tile(level, index, width)` → at least the first `width` hashes of a tile, joined."""


class NoSuchTile(YinuoError):
    """A level, index or width that no tile can have."""

    code = "TLOG-E003"

    def __init__(self, level: int, index: int, width: int) -> None:
        super().__init__(
            f"没有第 {level} 层、序号 {index}、宽 {width} 的瓦片",
            place=f"瓦片 {level}/{index}",
            next_step=f"层为 0 至 {MAX_LEVEL}，序号不小于 0，宽为 1 至 {WIDTH}",
        )


class TileTooShort(YinuoError):
    """A stored tile that holds less than a tree of this size needs."""

    code = "TLOG-E004"
    status = 500

    def __init__(self, level: int, index: int, width: int, length: int) -> None:
        super().__init__(
            f"瓦片应有 {width} 个哈希（{width * HASH_SIZE} 字节），实有 {length} 字节",
            place=f"瓦片 {level}/{index}",
            next_step="请运行 yinuo ledger verify 查明缺损，再从备份或已公布的瓦片恢复",
        )


class TreeShrank(YinuoError):
    """A later tree with fewer leaves than an earlier one: entries were taken away."""

    code = "TLOG-E005"
    status = 409

    def __init__(self, old_size: int, new_size: int) -> None:
        super().__init__(
            f"账本只能增加：原有 {old_size} 条，现只有 {new_size} 条",
            next_step="请核对两个存证校验点的先后；如先后无误，则有记录被删除",
        )
        self.old_size = old_size
        self.new_size = new_size


@dataclass(frozen=True, slots=True)
class Place:
    """Where a tile stands and how wide it is in a tree of some size."""

    level: int
    index: int
    width: int


@dataclass(frozen=True, slots=True)
class Tile:
    """A tile with its content."""

    level: int
    index: int
    hashes: bytes
    """1 to 256 hashes, joined."""

    @property
    def width(self) -> int:
        """Number of hashes."""
        return len(self.hashes) // HASH_SIZE


def _number_path(index: int) -> str:
    groups = f"{index:,}".split(",")
    groups[0] = groups[0].zfill(3)
    return "/".join([*(f"x{group}" for group in groups[:-1]), groups[-1]])


def _path(kind: str, level: int, index: int, width: int) -> str:
    if not (0 <= level <= MAX_LEVEL and index >= 0 and 1 <= width <= WIDTH):
        raise NoSuchTile(level, index, width)
    partial = "" if width == WIDTH else f".p/{width}"
    return f"tile/{kind}/{_number_path(index)}{partial}"


def tile_path(level: int, index: int, width: int = WIDTH) -> str:
    """The path under which a tile of hashes is published. Raises `NoSuchTile`.

    >>> tile_path(0, 1234067, 12)
    'tile/0/x001/x234/067.p/12'
    """
    return _path(str(level), level, index, width)


def entries_path(index: int, width: int = WIDTH) -> str:
    """The path of the bundle of leaves under the level-0 tile. Raises `NoSuchTile`.

    >>> entries_path(273, 112)
    'tile/entries/273.p/112'
    """
    return _path("entries", 0, index, width)


def tiles_for_growth(old_size: int, new_size: int) -> list[Place]:
    """The tiles that are new or wider in the tree of `new_size` leaves, lowest level first.

    Raises `TreeShrank` if `new_size` is the smaller.
    """
    if not 0 <= old_size <= new_size:
        raise TreeShrank(old_size, new_size)
    places: list[Place] = []
    level, before, after = 0, old_size, new_size
    while before < after:
        places += [
            Place(level, index, min(WIDTH, after - index * WIDTH))
            for index in range(before // WIDTH, (after - 1) // WIDTH + 1)
        ]
        level, before, after = level + 1, before // WIDTH, after // WIDTH
    return places


def split_hashes(hashes: bytes) -> list[bytes]:
    """Joined hashes, one by one. Raises `WrongHashLength` if the last is cut short."""
    if cut := len(hashes) % HASH_SIZE:
        raise WrongHashLength(cut)
    return [hashes[start : start + HASH_SIZE] for start in range(0, len(hashes), HASH_SIZE)]


def parent_hash(hashes: bytes) -> bytes:
    """The one hash that stands for a full tile in the level above.

    Raises `WrongHashLength` unless there are exactly 256 hashes.
    """
    if len(hashes) != FULL_BYTES:
        raise WrongHashLength(len(hashes), place=f"满瓦片须为 {FULL_BYTES} 字节")
    return root_from_hashes(split_hashes(hashes))


class TileTree:
    """A stored tree of a given size, read tile by tile; each tile is read at most once."""

    def __init__(self, size: int, read_tile: ReadTile) -> None:
        self.size = size
        self._read_tile = read_tile
        self._seen: dict[tuple[int, int], bytes] = {}

    def tile(self, level: int, index: int) -> bytes:
        """The hashes of a tile as wide as it is in this tree. Raises `TileTooShort`.

        A wider stored tile serves: a tile only ever grows at its end.
        """
        if (level, index) not in self._seen:
            width = min(WIDTH, (self.size >> HEIGHT * level) - WIDTH * index)
            hashes = self._read_tile(level, index, width)
            if len(hashes) < width * HASH_SIZE:
                raise TileTooShort(level, index, width, len(hashes))
            self._seen[level, index] = hashes[: width * HASH_SIZE]
        return self._seen[level, index]

    def node(self, height: int, index: int) -> bytes:
        """The root of the full subtree over leaves [index·2^height, (index + 1)·2^height)."""
        level, above = divmod(height, HEIGHT)
        tile_index, offset = divmod(index << above, WIDTH)
        start = offset * HASH_SIZE
        hashes = self.tile(level, tile_index)[start : start + (HASH_SIZE << above)]
        return root_from_hashes(split_hashes(hashes))

    def frontier(self, start: int, end: int) -> Frontier:
        """The right edge of the tree over leaves [start, end) taken by themselves.

        `start` is 0 or a multiple of a power of two not below `end - start`, as in the
        splits of RFC 9162.
        """
        nodes: list[bytes] = []
        at, left = start, end - start
        while left > 0:
            height = left.bit_length() - 1
            nodes.append(self.node(height, at >> height))
            at += 1 << height
            left -= 1 << height
        return Frontier(end - start, tuple(nodes))


def frontier_from_tiles(size: int, read_tile: ReadTile) -> Frontier:
    """The right edge of a stored tree, from one tile a level. Raises `TileTooShort`."""
    return TileTree(size, read_tile).frontier(0, size)


def root_from_tiles(size: int, read_tile: ReadTile) -> bytes:
    """The root of a stored tree, from one tile a level. Raises `TileTooShort`.

    Tiles are taken at their word: this does not find a changed leaf under an unchanged edge.
    """
    return frontier_from_tiles(size, read_tile).root


def grow(old_size: int, leaf_hashes: Iterable[bytes], read_tile: ReadTile) -> list[Tile]:
    """Every tile to be written when leaves are appended, whole, lowest level first.

    Reads at most one tile a level, those that are to be widened; the places are those of
    `tiles_for_growth`. Raises `WrongHashLength` and `TileTooShort`.
    """
    stored = TileTree(old_size, read_tile)
    grown: list[Tile] = []
    level, count, row = 0, old_size, require_hashes(leaf_hashes)
    while row:
        first, width = divmod(count, WIDTH)
        hashes = (stored.tile(level, first) if width else b"") + b"".join(row)
        tiles = [
            Tile(level, first + start // FULL_BYTES, hashes[start : start + FULL_BYTES])
            for start in range(0, len(hashes), FULL_BYTES)
        ]
        grown += tiles
        row = [parent_hash(tile.hashes) for tile in tiles if tile.width == WIDTH]
        level, count = level + 1, count // WIDTH
    return grown
