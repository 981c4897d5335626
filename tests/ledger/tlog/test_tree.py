"""The reference tree of Certificate Transparency: eight leaves and the root at every size."""

import hashlib

import pytest

from yinuo.ledger.tlog.tree import (
    EMPTY_ROOT,
    Frontier,
    WrongFrontier,
    WrongHashLength,
    leaf_hash,
    node_hash,
    root_from_hashes,
)

LEAVES = [
    bytes.fromhex(leaf)
    for leaf in (
        "",
        "00",
        "10",
        "2021",
        "3031",
        "40414243",
        "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    )
]
ROOTS = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
HASHES = [leaf_hash(leaf) for leaf in LEAVES]


@pytest.mark.parametrize("size", range(9))
def test_the_root_at_every_size_is_the_published_one(size: int) -> None:
    assert root_from_hashes(HASHES[:size]).hex() == ROOTS[size]
    assert Frontier().extend(HASHES[:size]).root.hex() == ROOTS[size]


def test_appending_one_by_one_passes_through_every_published_root() -> None:
    frontier = Frontier()
    seen = [frontier.root.hex()]
    for leaf in HASHES:
        frontier = frontier.append(leaf)
        seen.append(frontier.root.hex())
    assert seen == ROOTS


def test_leaves_and_nodes_are_hashed_in_separate_domains() -> None:
    left, right = HASHES[0], HASHES[1]
    assert leaf_hash(b"") == hashlib.sha256(b"\x00").digest()
    assert node_hash(left, right) == hashlib.sha256(b"\x01" + left + right).digest()
    assert leaf_hash(left + right) != node_hash(left, right)
    assert hashlib.sha256(b"").digest() == EMPTY_ROOT


def test_a_frontier_holds_one_node_a_full_subtree_largest_first() -> None:
    frontier = Frontier().extend(HASHES[:7])
    assert frontier.nodes == (
        bytes.fromhex(ROOTS[4]),
        node_hash(HASHES[4], HASHES[5]),
        HASHES[6],
    )


def test_a_frontier_is_a_value() -> None:
    before = Frontier().extend(HASHES[:5])
    after = before.append(HASHES[5])
    assert (before.size, after.size) == (5, 6)
    assert before == Frontier().extend(HASHES[:5])
    assert before.extend([]) == before


@pytest.mark.parametrize("length", [0, 31, 33, 64])
def test_a_hash_of_another_length_is_refused(length: int) -> None:
    short = bytes(length)
    frontier = Frontier().extend(HASHES[:3])
    for attempt in (
        lambda: frontier.append(short),
        lambda: frontier.extend([HASHES[0], short]),
        lambda: root_from_hashes([HASHES[0], short, HASHES[1]]),
    ):
        with pytest.raises(WrongHashLength, match=f"实为 {length} 字节") as caught:
            attempt()
        assert caught.value.length == length


@pytest.mark.parametrize(("size", "nodes"), [(3, 1), (4, 2), (0, 1), (1, 0), (-1, 0)])
def test_a_frontier_whose_nodes_do_not_fit_its_size_is_refused(size: int, nodes: int) -> None:
    with pytest.raises(WrongFrontier, match=f"{size} 条"):
        Frontier(size, tuple(HASHES[:nodes]))
