"""Proofs that a leaf is in a tree, and that a tree continues an earlier one.

    ProofRejected
    ├── WrongProofLength   not the number of hashes that these sizes ask for
    ├── InclusionFailed    the leaf is not at that place under that root
    └── Inconsistent       the later tree does not continue the earlier one

Making and checking share one description of the path, so a proof has no node that is not
checked. Source: RFC 9162 §2.1.3 and §2.1.4.
"""

from collections.abc import Sequence
from typing import NamedTuple

from yinuo.kernel.errors import YinuoError
from yinuo.ledger.tlog.tile import ReadTile, TileTree, TreeShrank
from yinuo.ledger.tlog.tree import EMPTY_ROOT, node_hash, require_hashes


class OutsideTree(YinuoError):
    """A leaf index that the tree does not have."""

    code = "TLOG-E006"
    status = 404

    def __init__(self, index: int, size: int) -> None:
        super().__init__(
            f"账本有 {size} 条记录，没有序号为 {index} 的记录",
            place=f"存证记录 {index}",
            next_step="序号从 0 起，须小于存证校验点的记录数",
        )
        self.index = index
        self.size = size


class ProofRejected(YinuoError):
    """A proof that does not prove what it says."""

    code = "TLOG-E007"
    status = 409


class WrongProofLength(ProofRejected):
    """A proof with too few or too many hashes."""

    code = "TLOG-E008"

    def __init__(self, expected: int, proof: Sequence[bytes], place: str) -> None:
        super().__init__(
            f"证明应有 {expected} 个哈希，实有 {len(proof)} 个",
            place=place,
            next_step="请核对证明所对应的记录数，重新取得证明",
        )
        self.expected = expected
        self.proof = tuple(proof)


class InclusionFailed(ProofRejected):
    """Leaf and proof lead to another root than the one signed."""

    code = "TLOG-E009"

    def __init__(
        self, index: int, size: int, proof: Sequence[bytes], root: bytes, computed_root: bytes
    ) -> None:
        super().__init__(
            f"由这条记录算得的根哈希为 {computed_root.hex()}，存证校验点上为 {root.hex()}",
            place=f"存证记录 {index}（共 {size} 条）",
            next_step="请保存记录、证明与存证校验点；若三者都取自原处，则账本已被改动",
        )
        self.index = index
        self.size = size
        self.proof = tuple(proof)
        self.root = root
        self.computed_root = computed_root


class Inconsistent(ProofRejected):
    """Two roots that cannot both belong to one append-only log."""

    code = "TLOG-E010"

    def __init__(
        self,
        old: tuple[int, bytes],
        new: tuple[int, bytes],
        proof: Sequence[bytes],
        computed: tuple[bytes, bytes],
    ) -> None:
        super().__init__(
            f"{new[0]} 条时的账本（根哈希 {new[1].hex()}）"
            f"不是 {old[0]} 条时的账本（根哈希 {old[1].hex()}）的延续",
            place=f"存证校验点 {old[0]} → {new[0]}",
            next_step="请保存两个存证校验点与证明：若签名都成立，它们就是账本被改写的证据",
        )
        self.old_size, self.old_root = old
        self.new_size, self.new_root = new
        self.proof = tuple(proof)
        self.computed_old_root, self.computed_new_root = computed


class Span(NamedTuple):
    """Leaves [start, end) whose root is one hash of a proof."""

    start: int
    end: int


def _middle(span: Span) -> int:
    """Where RFC 9162 splits a tree: at the largest power of two below its size."""
    return span.start + (1 << (span.end - span.start - 1).bit_length() - 1)


def _inclusion_path(index: int, size: int) -> list[Span]:
    """The spans beside the way from a leaf up to the root, lowest first."""
    if not 0 <= index < size:
        raise OutsideTree(index, size)
    here, path = Span(0, size), list[Span]()
    while here.end - here.start > 1:
        left, right = Span(here.start, _middle(here)), Span(_middle(here), here.end)
        here, beside = (left, right) if index < left.end else (right, left)
        path.append(beside)
    return path[::-1]


def _consistency_path(old_size: int, new_size: int) -> tuple[Span, list[Span]]:
    """The lowest span that ends the old tree, and the spans beside its way up to the new root."""
    if not 0 <= old_size <= new_size:
        raise TreeShrank(old_size, new_size)
    if old_size == 0:
        return Span(0, 0), []
    here, path = Span(0, new_size), list[Span]()
    while here.end != old_size:
        left, right = Span(here.start, _middle(here)), Span(_middle(here), here.end)
        here, beside = (left, right) if old_size <= left.end else (right, left)
        path.append(beside)
    return here, path[::-1]


def prove_inclusion(index: int, size: int, read_tile: ReadTile) -> tuple[bytes, ...]:
    """The hashes that lead from leaf `index` to the root of the tree of `size` leaves.

    Raises `OutsideTree` and `TileTooShort`. Source: RFC 9162 §2.1.3.1.
    """
    tree = TileTree(size, read_tile)
    return tuple(tree.frontier(*span).root for span in _inclusion_path(index, size))


def prove_consistency(old_size: int, new_size: int, read_tile: ReadTile) -> tuple[bytes, ...]:
    """The hashes that show the tree of `new_size` leaves to continue that of `old_size`.

    Empty from an empty tree and between equal sizes. Raises `TreeShrank` and `TileTooShort`.
    Source: RFC 9162 §2.1.4.1.
    """
    tree = TileTree(new_size, read_tile)
    seam, path = _consistency_path(old_size, new_size)
    # A seam that starts at 0 is the whole old tree: the verifier has its root already.
    spans = [seam, *path] if seam.start else path
    return tuple(tree.frontier(*span).root for span in spans)


def verify_inclusion(
    leaf_hash: bytes, index: int, size: int, proof: Sequence[bytes], root: bytes
) -> None:
    """Return if the leaf is number `index` (from 0) of the tree of `size` leaves with this root.

    Raises `OutsideTree`, `WrongHashLength`, `WrongProofLength` or `InclusionFailed`.
    Source: RFC 9162 §2.1.3.2.
    """
    path = _inclusion_path(index, size)
    if len(proof) != len(path):
        raise WrongProofLength(len(path), proof, f"存证记录 {index}（共 {size} 条）")
    require_hashes([leaf_hash, *proof])
    computed = leaf_hash
    for span, beside in zip(path, proof, strict=True):
        left = span.end <= index
        computed = node_hash(beside, computed) if left else node_hash(computed, beside)
    if computed != root:
        raise InclusionFailed(index, size, proof, root, computed)


def verify_consistency(
    old_size: int, old_root: bytes, new_size: int, new_root: bytes, proof: Sequence[bytes]
) -> None:
    """Return if the tree with `new_root` begins with the very leaves under `old_root`.

    Raises `TreeShrank`, `WrongHashLength`, `WrongProofLength` or `Inconsistent`, which
    carries both roots and the proof. Source: RFC 9162 §2.1.4.2.
    """
    seam, path = _consistency_path(old_size, new_size)
    expected = len(path) + (seam.start > 0)
    if len(proof) != expected:
        raise WrongProofLength(expected, proof, f"存证校验点 {old_size} → {new_size}")
    nodes = require_hashes(proof)
    computed_old = computed_new = nodes.pop(0) if seam.start else old_root
    for span, beside in zip(path, nodes, strict=True):
        if span.end <= seam.start:
            computed_old = node_hash(beside, computed_old)
            computed_new = node_hash(beside, computed_new)
        else:
            computed_new = node_hash(computed_new, beside)
    if old_size == 0:
        # Every tree continues the empty one, so there is nothing to hash on the new side.
        computed_old, computed_new = EMPTY_ROOT, new_root if new_size else EMPTY_ROOT
    if (computed_old, computed_new) != (old_root, new_root):
        raise Inconsistent(
            (old_size, old_root), (new_size, new_root), proof, (computed_old, computed_new)
        )
