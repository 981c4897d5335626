"""The proofs published for the reference tree of Certificate Transparency."""

import pytest

from yinuo.ledger.tlog.proof import (
    InclusionFailed,
    Inconsistent,
    OutsideTree,
    ProofRejected,
    WrongProofLength,
    prove_consistency,
    prove_inclusion,
    verify_consistency,
    verify_inclusion,
)
from yinuo.ledger.tlog.tile import TreeShrank
from yinuo.ledger.tlog.tree import (
    EMPTY_ROOT,
    WrongHashLength,
    leaf_hash,
    node_hash,
    root_from_hashes,
)

HASHES = [
    leaf_hash(bytes.fromhex(leaf))
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
LEAF_0 = "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d"
LEAF_1 = "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7"
LEAF_2 = "0298d122906dcfc10892cb53a73992fc5b9f493ea4c9badb27b791b4127a7fe7"
LEAF_3 = "07506a85fd9dd2f120eb694f86011e5bb4662e5c415a62917033d4a9624487e7"
LEAF_4 = "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b"
NODE_0_2 = "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"
NODE_2_4 = "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e"
NODE_4_6 = "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a"
NODE_6_8 = "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0"
NODE_0_4 = "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7"
NODE_4_7 = "837dbb152e9b079010717e84e865da4ebc0fa198a806d59d31bf15accef22d0e"
NODE_4_8 = "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4"

INCLUSIONS = [
    (0, 1, []),
    (0, 8, [LEAF_1, NODE_2_4, NODE_4_8]),
    (5, 8, [LEAF_4, NODE_6_8, NODE_0_4]),
    (2, 3, [NODE_0_2]),
    (1, 5, [LEAF_0, NODE_2_4, LEAF_4]),
]
CONSISTENCIES = [
    (1, 1, []),
    (1, 8, [LEAF_1, NODE_2_4, NODE_4_8]),
    (6, 8, [NODE_4_6, NODE_6_8, NODE_0_4]),
    (2, 5, [NODE_2_4, LEAF_4]),
    (3, 7, [LEAF_2, LEAF_3, NODE_0_2, NODE_4_7]),
    (4, 8, [NODE_4_8]),
]


def read(level: int, index: int, width: int) -> bytes:
    assert (level, index) == (0, 0)
    return b"".join(HASHES[:width])


def root(size: int) -> bytes:
    return root_from_hashes(HASHES[:size])


@pytest.mark.parametrize(("index", "size", "hashes"), INCLUSIONS)
def test_inclusion_proofs_are_the_published_ones(index: int, size: int, hashes: list[str]) -> None:
    proof = prove_inclusion(index, size, read)
    assert [node.hex() for node in proof] == hashes
    verify_inclusion(HASHES[index], index, size, proof, root(size))


@pytest.mark.parametrize(("old", "new", "hashes"), CONSISTENCIES)
def test_consistency_proofs_are_the_published_ones(old: int, new: int, hashes: list[str]) -> None:
    proof = prove_consistency(old, new, read)
    assert [node.hex() for node in proof] == hashes
    verify_consistency(old, root(old), new, root(new), proof)


def test_a_refused_inclusion_carries_both_roots() -> None:
    proof = prove_inclusion(5, 8, read)
    with pytest.raises(InclusionFailed) as caught:
        verify_inclusion(leaf_hash(b"forged"), 5, 8, proof, root(8))
    error = caught.value
    assert (error.index, error.size, error.proof) == (5, 8, proof)
    assert error.root == root(8)
    assert error.computed_root == node_hash(
        proof[2],
        node_hash(node_hash(proof[0], leaf_hash(b"forged")), proof[1]),
    )
    assert error.root.hex() in error.what
    assert error.computed_root.hex() in error.what


def test_a_refused_continuation_carries_both_roots_and_the_proof() -> None:
    rewritten = root_from_hashes([leaf_hash(b"forged"), *HASHES[1:6]])
    proof = prove_consistency(6, 8, read)
    with pytest.raises(Inconsistent, match="不是 6 条时的账本") as caught:
        verify_consistency(6, rewritten, 8, root(8), proof)
    error = caught.value
    assert (error.old_size, error.old_root) == (6, rewritten)
    assert (error.new_size, error.new_root) == (8, root(8))
    assert error.proof == proof
    assert (error.computed_old_root, error.computed_new_root) == (root(6), root(8))


def test_equal_sizes_need_equal_roots() -> None:
    verify_consistency(8, root(8), 8, root(8), [])
    with pytest.raises(Inconsistent):
        verify_consistency(8, root(8), 8, root(7), [])


def test_every_tree_continues_the_empty_one_and_no_other_root_of_size_0() -> None:
    assert prove_consistency(0, 8, read) == ()
    verify_consistency(0, EMPTY_ROOT, 8, root(8), [])
    verify_consistency(0, EMPTY_ROOT, 0, EMPTY_ROOT, [])
    with pytest.raises(Inconsistent):
        verify_consistency(0, root(1), 8, root(8), [])
    with pytest.raises(Inconsistent):
        verify_consistency(0, EMPTY_ROOT, 0, root(1), [])
    with pytest.raises(WrongProofLength):
        verify_consistency(0, EMPTY_ROOT, 8, root(8), [root(8)])


def test_a_smaller_later_tree_is_refused() -> None:
    with pytest.raises(TreeShrank) as caught:
        verify_consistency(8, root(8), 6, root(6), [])
    assert (caught.value.old_size, caught.value.new_size) == (8, 6)
    with pytest.raises(TreeShrank):
        prove_consistency(8, 6, read)


@pytest.mark.parametrize(("index", "size"), [(8, 8), (-1, 8), (0, 0)])
def test_an_index_outside_the_tree_is_refused(index: int, size: int) -> None:
    with pytest.raises(OutsideTree, match=f"存证记录 {index}］"):
        verify_inclusion(HASHES[0], index, size, [], root(size))
    with pytest.raises(OutsideTree):
        prove_inclusion(index, size, read)


def test_surplus_and_missing_nodes_are_refused_not_ignored() -> None:
    inclusion = prove_inclusion(5, 8, read)
    consistency = prove_consistency(6, 8, read)
    for proof in (inclusion[:-1], (*inclusion, inclusion[0])):
        with pytest.raises(WrongProofLength, match="应有 3 个哈希") as caught:
            verify_inclusion(HASHES[5], 5, 8, proof, root(8))
        assert (caught.value.expected, caught.value.proof) == (3, proof)
    for proof in (consistency[:-1], (*consistency, consistency[0])):
        with pytest.raises(WrongProofLength, match="应有 3 个哈希"):
            verify_consistency(6, root(6), 8, root(8), proof)


def test_nodes_of_another_length_are_refused() -> None:
    first, *rest = prove_inclusion(5, 8, read)
    for bad in (first[:-1], first + b"\0"):
        with pytest.raises(WrongHashLength):
            verify_inclusion(HASHES[5], 5, 8, [bad, *rest], root(8))
    with pytest.raises(WrongHashLength):
        verify_consistency(4, root(4), 8, root(8), [bytes(31)])
    with pytest.raises(WrongHashLength):
        verify_inclusion(b"", 0, 1, [], root(1))


def test_whoever_catches_rejected_proofs_catches_them_all() -> None:
    assert all(
        issubclass(error, ProofRejected)
        for error in (WrongProofLength, InclusionFailed, Inconsistent)
    )
