"""The tree, its tiles and its proofs against RFC 9162 written out as it stands there.

The functions `mth`, `path`, `subproof`, `rfc_accepts_*` follow §2.1.1, §2.1.3 and §2.1.4 word by
word and share no code with the library.
"""

import base64
import hashlib
from collections.abc import Callable
from datetime import UTC, datetime
from functools import cache
from itertools import pairwise

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import example, given, settings
from hypothesis import strategies as st

from yinuo.kernel.canonical import canonical_bytes
from yinuo.kernel.errors import YinuoError
from yinuo.kernel.instants import instant_text
from yinuo.ledger.tlog import checkpoint
from yinuo.ledger.tlog.checkpoint import Checkpoint
from yinuo.ledger.tlog.leaf import Leaf, leaf_bytes, parse_leaf
from yinuo.ledger.tlog.note import Signer, open_note, sign
from yinuo.ledger.tlog.proof import (
    prove_consistency,
    prove_inclusion,
    verify_consistency,
    verify_inclusion,
)
from yinuo.ledger.tlog.tile import (
    Place,
    frontier_from_tiles,
    grow,
    root_from_tiles,
    tile_path,
    tiles_for_growth,
)
from yinuo.ledger.tlog.tree import EMPTY_ROOT, Frontier, root_from_hashes

SIZE = 66_500
"""Reaches tile level 2: one full level-1 tile is 65,536 leaves."""
SMALL = 24
HASHES = [hashlib.sha256(number.to_bytes(4, "big")).digest() for number in range(SIZE)]
patient = settings(deadline=None)
"""For tests whose first example hashes tens of thousands of leaves."""
SIGNER = Signer("dalian.example/ledger", Ed25519PrivateKey.from_private_bytes(bytes(range(32))))

sizes = st.one_of(
    st.integers(0, 600),
    st.integers(0, SIZE),
    st.sampled_from([255, 256, 257, 511, 512, 65_535, 65_536, 65_537, SIZE]),
)


def node(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\x01" + left + right).digest()


def split(size: int) -> int:
    k = 1
    while k * 2 < size:
        k *= 2
    return k


@cache
def mth(start: int, end: int) -> bytes:
    if start == end:
        return hashlib.sha256(b"").digest()
    if end - start == 1:
        return HASHES[start]
    k = start + split(end - start)
    return node(mth(start, k), mth(k, end))


def path(m: int, start: int, end: int) -> list[bytes]:
    if end - start == 1:
        return []
    k = split(end - start)
    if m < k:
        return [*path(m, start, start + k), mth(start + k, end)]
    return [*path(m - k, start + k, end), mth(start, start + k)]


def subproof(m: int, start: int, end: int, *, whole: bool) -> list[bytes]:
    if m == end - start:
        return [] if whole else [mth(start, end)]
    k = split(end - start)
    if m <= k:
        return [*subproof(m, start, start + k, whole=whole), mth(start + k, end)]
    return [*subproof(m - k, start + k, end, whole=False), mth(start, start + k)]


def rfc_accepts_inclusion(
    leaf: bytes, index: int, size: int, proof: list[bytes], root: bytes
) -> bool:
    if index >= size:
        return False
    fn, sn, r = index, size - 1, leaf
    for p in proof:
        if sn == 0:
            return False
        if fn & 1 or fn == sn:
            r = node(p, r)
            while not fn & 1 and fn != 0:
                fn, sn = fn >> 1, sn >> 1
        else:
            r = node(r, p)
        fn, sn = fn >> 1, sn >> 1
    return sn == 0 and r == root


def rfc_accepts_consistency(
    first: int, first_root: bytes, second: int, second_root: bytes, proof: list[bytes]
) -> bool:
    if first == second:
        return not proof and first_root == second_root
    if not proof:
        return False
    nodes = [first_root, *proof] if first & (first - 1) == 0 else proof
    fn, sn = first - 1, second - 1
    while fn & 1:
        fn, sn = fn >> 1, sn >> 1
    fr = sr = nodes[0]
    for c in nodes[1:]:
        if sn == 0:
            return False
        if fn & 1 or fn == sn:
            fr, sr = node(c, fr), node(c, sr)
            while not fn & 1 and fn != 0:
                fn, sn = fn >> 1, sn >> 1
        else:
            sr = node(sr, c)
        fn, sn = fn >> 1, sn >> 1
    return sn == 0 and fr == first_root and sr == second_root


def accepts(check: Callable[..., object], *args: object) -> bool:
    try:
        check(*args)
    except YinuoError:
        return False
    return True


class Store(dict[tuple[int, int], bytes]):
    """One row a tile, overwritten as it widens."""

    def read(self, level: int, index: int, width: int) -> bytes:
        return self[level, index][: width * 32]

    def append(self, old_size: int, hashes: list[bytes]) -> None:
        grown = grow(old_size, hashes, self.read)
        places = [Place(tile.level, tile.index, tile.width) for tile in grown]
        assert places == tiles_for_growth(old_size, old_size + len(hashes))
        self.update({(tile.level, tile.index): tile.hashes for tile in grown})


STORE = Store()
STORE.append(0, HASHES)


def flip(data: bytes, bit: int) -> bytes:
    return (int.from_bytes(data, "big") ^ 1 << bit % (len(data) * 8)).to_bytes(len(data), "big")


# ── the tree ────────────────────────────────────────────────────────────────────────────────────


@patient
@given(size=sizes)
@example(size=0)
@example(size=65_536)
def test_root_by_hashes_frontier_and_tiles_is_the_root_of_the_rfc(size: int) -> None:
    root = mth(0, size)
    assert root_from_hashes(HASHES[:size]) == root
    assert Frontier().extend(HASHES[:size]).root == root
    assert root_from_tiles(size, STORE.read) == root


@given(cuts=st.lists(st.integers(0, 1_500), max_size=8), size=st.integers(0, 1_500))
def test_a_frontier_does_not_depend_on_the_batches(cuts: list[int], size: int) -> None:
    frontier = Frontier()
    bounds = sorted({0, size, *(cut for cut in cuts if cut < size)})
    for start, end in pairwise(bounds):
        frontier = frontier.extend(HASHES[start:end])
        assert frontier.root == mth(0, end)
    assert frontier == Frontier().extend(HASHES[:size]) == frontier_from_tiles(size, STORE.read)


@given(start=st.integers(0, 1_000), count=st.integers(0, 40))
def test_appending_one_by_one_equals_extending(start: int, count: int) -> None:
    one_by_one = frontier = Frontier().extend(HASHES[:start])
    for leaf in HASHES[start : start + count]:
        one_by_one = one_by_one.append(leaf)
    assert one_by_one == frontier.extend(HASHES[start : start + count])


# ── tiles ───────────────────────────────────────────────────────────────────────────────────────


@patient
@given(batches=st.lists(st.integers(0, 700), max_size=6))
@example(batches=[1] * 6)
@example(batches=[255, 1, 256, 1])
@example(batches=[65_000, 535, 1, 0, 900])
def test_tiles_are_the_same_in_any_batches(batches: list[int]) -> None:
    store, size = Store(), 0
    for batch in batches:
        store.append(size, HASHES[size : size + batch])
        size += batch
    at_once = Store()
    at_once.append(0, HASHES[:size])
    assert store == at_once
    assert root_from_tiles(size, store.read) == mth(0, size)


@given(level=st.integers(0, 63), index=st.integers(0, 10**12), width=st.integers(1, 256))
def test_a_tile_path_says_where_it_stands(level: int, index: int, width: int) -> None:
    head, partial, tail = tile_path(level, index, width).partition(".p/")
    _tile, shown_level, *number = head.split("/")
    assert int(shown_level) == level
    assert int("".join(part.removeprefix("x") for part in number)) == index
    assert all(len(part.removeprefix("x")) == 3 for part in number)
    assert [part.startswith("x") for part in number] == [True] * (len(number) - 1) + [False]
    assert (int(tail) if partial else 256) == width


# ── proofs ──────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("size", range(1, SMALL + 1))
def test_every_small_inclusion_is_proved_as_in_the_rfc(size: int) -> None:
    for index in range(size):
        proof = prove_inclusion(index, size, STORE.read)
        assert list(proof) == path(index, 0, size)
        verify_inclusion(HASHES[index], index, size, proof, mth(0, size))
        others = {other for other in range(size) if other != index}
        assert not any(
            accepts(verify_inclusion, HASHES[index], other, size, proof, mth(0, size))
            for other in others
        )


@pytest.mark.parametrize("new", range(SMALL + 1))
def test_every_small_continuation_is_proved_as_in_the_rfc(new: int) -> None:
    for old in range(new + 1):
        proof = prove_consistency(old, new, STORE.read)
        assert list(proof) == (subproof(old, 0, new, whole=True) if old else [])
        verify_consistency(old, mth(0, old), new, mth(0, new), proof)
        others = [other for other in range(1, new + 1) if other != old]
        assert not any(
            accepts(verify_consistency, old, mth(0, other), new, mth(0, new), proof)
            for other in others
        )


@pytest.mark.parametrize("size", range(1, 9))
def test_every_flipped_bit_of_a_small_inclusion_is_rejected(size: int) -> None:
    for index in range(size):
        proof = path(index, 0, size)
        parts = [HASHES[index], mth(0, size), *proof]
        for position in range(len(parts)):
            for bit in range(256):
                changed = [*parts]
                changed[position] = flip(parts[position], bit)
                leaf, root, *nodes = changed
                assert not accepts(verify_inclusion, leaf, index, size, nodes, root)


@pytest.mark.parametrize("new", range(1, 9))
def test_every_flipped_bit_of_a_small_continuation_is_rejected(new: int) -> None:
    for old in range(1, new + 1):
        parts = [mth(0, old), mth(0, new), *subproof(old, 0, new, whole=True)]
        for position in range(len(parts)):
            for bit in range(256):
                changed = [*parts]
                changed[position] = flip(parts[position], bit)
                old_root, new_root, *nodes = changed
                assert not accepts(verify_consistency, old, old_root, new, new_root, nodes)


@patient
@given(size=sizes.filter(bool), data=st.data())
def test_large_inclusions_verify_and_no_bit_may_change(size: int, data: st.DataObject) -> None:
    index, root = data.draw(st.integers(0, size - 1)), mth(0, size)
    proof = prove_inclusion(index, size, STORE.read)
    assert list(proof) == path(index, 0, size)
    verify_inclusion(HASHES[index], index, size, proof, root)
    parts = [HASHES[index], root, *proof]
    position = data.draw(st.integers(0, len(parts) - 1))
    parts[position] = flip(parts[position], data.draw(st.integers(0, 255)))
    leaf, root, *nodes = parts
    assert not accepts(verify_inclusion, leaf, index, size, nodes, root)


@patient
@given(pair=st.tuples(sizes, sizes).map(sorted), data=st.data())
def test_large_continuations_verify_and_no_bit_may_change(
    pair: list[int], data: st.DataObject
) -> None:
    old, new = pair
    proof = prove_consistency(old, new, STORE.read)
    assert list(proof) == (subproof(old, 0, new, whole=True) if old else [])
    verify_consistency(old, mth(0, old), new, mth(0, new), proof)
    # From the empty tree nothing is proved about the new root, so only the old one is at stake.
    parts = [mth(0, old), mth(0, new), *proof] if old else [EMPTY_ROOT]
    position = data.draw(st.integers(0, len(parts) - 1))
    parts[position] = flip(parts[position], data.draw(st.integers(0, 255)))
    old_root, new_root, *nodes = parts if old else [*parts, mth(0, new)]
    assert not accepts(verify_consistency, old, old_root, new, new_root, nodes)


@given(
    index=st.integers(0, 40),
    size=st.integers(0, 40),
    told_index=st.integers(0, 40),
    told_size=st.integers(0, 40),
    surplus=st.integers(-1, 1),
)
def test_the_verifier_accepts_what_the_algorithm_of_the_rfc_accepts(
    index: int, size: int, told_index: int, told_size: int, surplus: int
) -> None:
    size = max(size, index + 1)
    proof = path(index, 0, size)
    proof = proof[:-1] if surplus < 0 else [*proof, *HASHES[:surplus]]
    args = (HASHES[index], told_index, told_size, proof, mth(0, size))
    assert accepts(verify_inclusion, *args) == rfc_accepts_inclusion(*args)


@given(
    old=st.integers(1, 40),
    new=st.integers(1, 40),
    told_old=st.integers(1, 40),
    told_new=st.integers(1, 40),
    surplus=st.integers(-1, 1),
)
def test_consistency_is_accepted_as_by_the_algorithm_of_the_rfc(
    old: int, new: int, told_old: int, told_new: int, surplus: int
) -> None:
    old, new = sorted((old, new))
    told_old, told_new = sorted((told_old, told_new))
    proof = subproof(old, 0, new, whole=True)
    proof = proof[:-1] if surplus < 0 else [*proof, *HASHES[:surplus]]
    args = (told_old, mth(0, old), told_new, mth(0, new), proof)
    assert accepts(verify_consistency, *args) == rfc_accepts_consistency(*args)


# ── notes, checkpoints, leaves ──────────────────────────────────────────────────────────────────

lines = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=20)


@given(text=lines, extensions=st.lists(lines, max_size=2), size=st.integers(1, 2**63))
def test_a_checkpoint_survives_signing_and_opening(
    text: str, extensions: list[str], size: int
) -> None:
    written = Checkpoint(text, size, mth(0, size % 100), tuple(extensions))
    note = sign(checkpoint.format(written), SIGNER)
    assert checkpoint.parse(open_note(note, [SIGNER.verifier])) == written


@given(data=st.data(), size=st.integers(1, 10**9))
def test_a_note_with_one_character_changed_does_not_open(data: st.DataObject, size: int) -> None:
    root = base64.b64encode(mth(0, 7)).decode()
    note = sign(f"dalian.example/ledger\n{size}\n{root}\n", SIGNER)
    at = data.draw(st.integers(0, len(note) - 1))
    other = data.draw(st.characters(codec="utf-8").filter(lambda c: c != note[at]))
    assert not accepts(open_note, note[:at] + other + note[at + 1 :], [SIGNER.verifier])
    assert not accepts(open_note, note[:at] + note[at + 1 :], [SIGNER.verifier])


@given(
    at=st.datetimes(datetime(1000, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001
    number=st.integers(0, SIZE - 1),
)
def test_a_leaf_is_canonical_and_reads_back(at: datetime, number: int) -> None:
    fields = {"format": "yinuo.entry/1", "hash": HASHES[number].hex()}
    written = leaf_bytes(recorded_at=instant_text(at), hash=HASHES[number])
    assert written == canonical_bytes({**fields, "recorded_at": instant_text(at)})
    assert parse_leaf(written) == Leaf(instant_text(at), HASHES[number])


@given(data=st.data(), number=st.integers(0, SIZE - 1))
def test_a_leaf_with_one_byte_changed_is_another_leaf_or_none(
    data: st.DataObject, number: int
) -> None:
    written = leaf_bytes(recorded_at="2024-02-08T08:30:00.000000Z", hash=HASHES[number])
    at = data.draw(st.integers(0, len(written) - 1))
    changed = written[:at] + data.draw(st.binary(min_size=1, max_size=1)) + written[at + 1 :]
    try:
        leaf = parse_leaf(changed)
    except YinuoError:
        return
    assert leaf_bytes(recorded_at=leaf.recorded_at, hash=leaf.hash) == changed
