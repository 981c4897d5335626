"""The Merkle tree of RFC 9162: hashes of leaves and nodes, and the right edge that grows.

root of 7 leaves          Frontier(7) keeps three nodes, largest first:
     ┌────┴───┐
   ┌─┴─┐    ┌─┴┐            [0,4)  [4,6)  [6,7)
  ┌┴┐ ┌┴┐  ┌┴┐ │
  0 1 2 3  4 5 6
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from hashlib import sha256

from yinuo.kernel.errors import YinuoError

HASH_SIZE = 32
EMPTY_ROOT = sha256(b"").digest()
"""Root of a tree without leaves. Source: RFC 9162 §2.1.1."""


class WrongHashLength(YinuoError):
    """Bytes that cannot be a SHA-256 hash."""

    code = "TLOG-E001"

    def __init__(self, length: int, place: str = "") -> None:
        super().__init__(
            f"哈希应为 {HASH_SIZE} 字节，实为 {length} 字节",
            place=place,
            next_step="请从原处重新取得数据",
        )
        self.length = length


class WrongFrontier(YinuoError):
    """A right edge whose number of nodes does not fit its size."""

    code = "TLOG-E002"

    def __init__(self, size: int, nodes: int) -> None:
        super().__init__(
            f"{size} 条记录的树不会有 {nodes} 个右缘节点",
            next_step="请用 tile.frontier_from_tiles 从瓦片重新计算",
        )
        self.size = size
        self.nodes = nodes


def leaf_hash(data: bytes) -> bytes:
    """The hash of one leaf: SHA-256(0x00 ‖ data). Source: RFC 9162 §2.1.1."""
    return sha256(b"\x00" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """The hash of an inner node: SHA-256(0x01 ‖ left ‖ right). Source: RFC 9162 §2.1.1."""
    return sha256(b"\x01" + left + right).digest()


def require_hashes(hashes: Iterable[bytes]) -> list[bytes]:
    """The hashes as a list of their own. Raises `WrongHashLength`."""
    row = list(hashes)
    for length in set(map(len, row)) - {HASH_SIZE}:
        raise WrongHashLength(length)
    return row


def _pair_up(row: Sequence[bytes]) -> list[bytes]:
    # node_hash written out: the call would cost a fifth of the time of verifying a log.
    pairs = zip(row[::2], row[1::2], strict=True)
    return [sha256(b"\x01" + left + right).digest() for left, right in pairs]


def root_from_hashes(hashes: Sequence[bytes]) -> bytes:
    """The root of the tree over leaf hashes (or over roots of equal, full subtrees).

    Raises `WrongHashLength`. Source: MTH of RFC 9162 §2.1.1, level by level: a last node
    without a neighbour rises unchanged, which gives the same tree as splitting at the
    largest power of two.
    """
    row = require_hashes(hashes)
    if not row:
        return EMPTY_ROOT
    while len(row) > 1:
        lone = [row.pop()] if len(row) & 1 else []
        row = _pair_up(row) + lone
    return row[0]


@dataclass(frozen=True, slots=True)
class Frontier:
    """The right edge of a tree: all that is needed to append to it and to know its root."""

    size: int = 0
    """Number of leaves."""
    nodes: tuple[bytes, ...] = ()
    """Roots of the full subtrees that make up the tree, largest first: one a bit set in `size`."""

    def __post_init__(self) -> None:
        """Raise `WrongFrontier` if size and nodes contradict each other."""
        if self.size < 0 or len(self.nodes) != self.size.bit_count():
            raise WrongFrontier(self.size, len(self.nodes))

    def append(self, leaf: bytes) -> "Frontier":
        """The right edge after one more leaf hash. For many, `extend` is three times as fast.

        Raises `WrongHashLength`.
        """
        if len(leaf) != HASH_SIZE:
            raise WrongHashLength(len(leaf))
        kept = len(self.nodes)
        carry = self.size
        while carry & 1:
            kept -= 1
            leaf = sha256(b"\x01" + self.nodes[kept] + leaf).digest()
            carry >>= 1
        return Frontier(self.size + 1, (*self.nodes[:kept], leaf))

    def extend(self, hashes: Iterable[bytes]) -> "Frontier":
        """The right edge after many leaf hashes, hashed level by level.

        Raises `WrongHashLength`.
        """
        row = require_hashes(hashes)
        size = self.size + len(row)
        old = list(self.nodes)
        new: list[bytes] = []
        level = 0
        while row:
            if self.size >> level & 1:
                row.insert(0, old.pop())
            if len(row) & 1:
                new.append(row.pop())
            row = _pair_up(row)
            level += 1
        return Frontier(size, (*old, *reversed(new)))

    @property
    def root(self) -> bytes:
        """The root of the whole tree."""
        if not self.nodes:
            return EMPTY_ROOT
        root = self.nodes[-1]
        for node in self.nodes[-2::-1]:
            root = node_hash(node, root)
        return root
