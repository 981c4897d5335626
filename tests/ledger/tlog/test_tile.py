"""Tiles by the figures of C2SP tlog-tiles."""

import hashlib
from collections import Counter

import pytest

from yinuo.ledger.tlog.tile import (
    FULL_BYTES,
    WIDTH,
    NoSuchTile,
    Place,
    Tile,
    TileTooShort,
    TreeShrank,
    entries_path,
    frontier_from_tiles,
    grow,
    parent_hash,
    root_from_tiles,
    split_hashes,
    tile_path,
    tiles_for_growth,
)
from yinuo.ledger.tlog.tree import (
    EMPTY_ROOT,
    Frontier,
    WrongFrontier,
    WrongHashLength,
    root_from_hashes,
)

SIZE = 70_000
HASHES = [hashlib.sha256(number.to_bytes(4, "big")).digest() for number in range(SIZE)]


class Store:
    """Keeps the last content of each tile, as the sealer does, and counts what is read."""

    def __init__(self) -> None:
        self.size = 0
        self.tiles: dict[tuple[int, int], bytes] = {}
        self.reads: Counter[tuple[int, int]] = Counter()

    def read(self, level: int, index: int, width: int) -> bytes:
        self.reads[level, index] += 1
        return self.tiles[level, index][: width * 32]

    def append(self, hashes: list[bytes]) -> list[Tile]:
        grown = grow(self.size, hashes, self.read)
        self.tiles |= {(tile.level, tile.index): tile.hashes for tile in grown}
        self.size += len(hashes)
        return grown


@pytest.fixture(scope="module")
def full() -> Store:
    store = Store()
    store.append(HASHES)
    return store


@pytest.mark.parametrize(
    ("level", "index", "width", "path"),
    [
        (0, 0, 256, "tile/0/000"),
        (0, 999, 256, "tile/0/999"),
        (1, 1000, 256, "tile/1/x001/000"),
        (0, 1234067, 256, "tile/0/x001/x234/067"),
        (0, 1234067, 12, "tile/0/x001/x234/067.p/12"),
        (63, 5, 255, "tile/63/005.p/255"),
    ],
)
def test_paths_are_those_of_tlog_tiles(level: int, index: int, width: int, path: str) -> None:
    assert tile_path(level, index, width) == path


def test_entry_bundles_are_numbered_like_level_0() -> None:
    assert entries_path(1234067, 12) == "tile/entries/x001/x234/067.p/12"
    assert entries_path(3) == "tile/entries/003"


@pytest.mark.parametrize(
    ("level", "index", "width"), [(-1, 0, 1), (64, 0, 1), (0, -1, 1), (0, 0, 0), (0, 0, 257)]
)
def test_a_place_that_no_tile_can_have_is_refused(level: int, index: int, width: int) -> None:
    with pytest.raises(NoSuchTile, match=f"瓦片 {level}/{index}"):
        tile_path(level, index, width)


def test_seventy_thousand_leaves_make_the_tiles_of_the_standard() -> None:
    places = tiles_for_growth(0, SIZE)
    level_0 = [place for place in places if place.level == 0]
    assert [place.width for place in level_0] == [WIDTH] * 273 + [112]
    assert [place.index for place in level_0] == list(range(274))
    assert places[274:] == [Place(1, 0, 256), Place(1, 1, 17), Place(2, 0, 1)]


def test_256_leaves_already_have_a_level_above() -> None:
    assert tiles_for_growth(255, 256) == [Place(0, 0, 256), Place(1, 0, 1)]


def test_growth_names_only_what_is_new_or_wider() -> None:
    assert tiles_for_growth(256, 256) == []
    assert tiles_for_growth(0, 0) == []
    assert tiles_for_growth(256, 257) == [Place(0, 1, 1)]
    assert tiles_for_growth(500, 513) == [Place(0, 1, 256), Place(0, 2, 1), Place(1, 0, 2)]


@pytest.mark.parametrize(("old", "new"), [(5, 4), (-1, 4)])
def test_a_tree_that_shrinks_is_refused(old: int, new: int) -> None:
    with pytest.raises(TreeShrank, match=f"原有 {old} 条，现只有 {new} 条"):
        tiles_for_growth(old, new)


def test_grown_tiles_hold_the_leaves_and_the_roots_of_the_tiles_below(full: Store) -> None:
    assert [
        Place(level, index, len(hashes) // 32) for (level, index), hashes in full.tiles.items()
    ] == tiles_for_growth(0, SIZE)
    assert b"".join(full.tiles[0, index] for index in range(274)) == b"".join(HASHES)
    below = [root_from_hashes(HASHES[at : at + 256]) for at in range(0, 273 * 256, 256)]
    assert full.tiles[1, 0] + full.tiles[1, 1] == b"".join(below)
    assert full.tiles[2, 0] == root_from_hashes(HASHES[:65_536])
    assert max(map(len, full.tiles.values())) == FULL_BYTES == 8_192


def test_growing_across_the_second_level_equals_growing_at_once(full: Store) -> None:
    store = Store()
    for start, end in ((0, 65_000), (65_000, 65_535), (65_535, 65_536), (65_536, SIZE)):
        grown = store.append(HASHES[start:end])
        places = [Place(tile.level, tile.index, tile.width) for tile in grown]
        assert places == tiles_for_growth(start, end)
    assert store.tiles == full.tiles


def test_growing_reads_only_the_tiles_it_widens() -> None:
    store = Store()
    store.append(HASHES[:66_000])
    assert store.reads == Counter()
    store.append(HASHES[66_000:66_010])
    assert store.reads == Counter({(0, 66_000 // 256): 1})


@pytest.mark.parametrize("size", [0, 1, 2, 255, 256, 257, 65_535, 65_536, 65_537, SIZE])
def test_root_and_frontier_come_back_from_tiles(full: Store, size: int) -> None:
    expected = Frontier().extend(HASHES[:size])
    assert frontier_from_tiles(size, full.read) == expected
    assert root_from_tiles(size, full.read) == expected.root


def test_a_stored_tile_that_has_widened_since_still_serves_an_earlier_size(full: Store) -> None:
    def read_whole(level: int, index: int, _width: int) -> bytes:
        return full.tiles[level, index]

    for size in (100, 65_636):
        assert root_from_tiles(size, read_whole) == root_from_hashes(HASHES[:size])
    assert grow(100, HASHES[100:103], read_whole) == [Tile(0, 0, b"".join(HASHES[:103]))]


def test_the_root_needs_one_tile_a_level(full: Store) -> None:
    full.reads.clear()
    root_from_tiles(SIZE, full.read)
    assert full.reads == Counter({(0, 273): 1, (1, 1): 1, (2, 0): 1})


def test_no_leaves_need_no_tiles() -> None:
    def read(level: int, index: int, width: int) -> bytes:
        raise AssertionError((level, index, width))

    assert root_from_tiles(0, read) == EMPTY_ROOT
    assert grow(256, [], read) == []
    with pytest.raises(WrongFrontier):
        root_from_tiles(-1, read)


def test_a_stored_tile_that_is_too_short_is_named() -> None:
    store = Store()
    store.append(HASHES[:300])
    store.tiles[0, 1] = store.tiles[0, 1][:-32]
    with pytest.raises(TileTooShort, match=r"瓦片 0/1］ 瓦片应有 44 个哈希"):
        root_from_tiles(300, store.read)
    with pytest.raises(TileTooShort, match="实有 1376 字节"):
        store.append(HASHES[300:301])


def test_growing_refuses_what_is_not_a_hash() -> None:
    with pytest.raises(WrongHashLength):
        grow(0, [HASHES[0], b"short"], Store().read)


def test_only_a_full_tile_has_a_parent() -> None:
    assert parent_hash(b"".join(HASHES[:256])) == root_from_hashes(HASHES[:256])
    for count in (0, 255, 257):
        with pytest.raises(WrongHashLength, match="满瓦片"):
            parent_hash(b"".join(HASHES[:count]))


def test_joined_hashes_split_without_remainder() -> None:
    assert split_hashes(b"".join(HASHES[:3])) == HASHES[:3]
    assert split_hashes(b"") == []
    with pytest.raises(WrongHashLength, match="实为 31 字节"):
        split_hashes(bytes(63))
