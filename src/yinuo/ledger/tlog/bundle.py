"""Entry bundles: the leaves under one level-0 tile, each after its length. No I/O.

Source: C2SP tlog-tiles, "Log entries".
"""

from collections.abc import Iterable

from yinuo.kernel.errors import YinuoError
from yinuo.ledger.tlog.tile import WIDTH

LENGTH_BYTES = 2
MAX_LEAF = 0xFFFF


class MalformedBundle(YinuoError):
    """Bytes that are not a sequence of leaves with their lengths."""

    code = "TLOG-E018"

    def __init__(self, what: str, *, leaf: int) -> None:
        super().__init__(
            what, place=f"条目包中第 {leaf} 条", next_step="请从原处重新取得这个条目包"
        )
        self.leaf = leaf


def join_leaves(leaves: Iterable[bytes]) -> bytes:
    """The leaves as one bundle. Raises `MalformedBundle` for one of 65,536 bytes or more."""
    parts: list[bytes] = []
    for number, leaf in enumerate(leaves):
        if len(leaf) > MAX_LEAF:
            raise MalformedBundle(f"有 {len(leaf)} 字节，过长", leaf=number)
        parts += (len(leaf).to_bytes(LENGTH_BYTES, "big"), leaf)
    return b"".join(parts)


def split_leaves(bundle: bytes) -> list[bytes]:
    """The leaves of a bundle, in order. Raises `MalformedBundle` if it ends within one."""
    leaves: list[bytes] = []
    at = 0
    while at < len(bundle):
        start = at + LENGTH_BYTES
        end = start + int.from_bytes(bundle[at:start], "big")
        if start > len(bundle) or end > len(bundle):
            raise MalformedBundle("不完整：数据在一条之中结束", leaf=len(leaves))
        leaves.append(bundle[start:end])
        at = end
    if len(leaves) > WIDTH:
        raise MalformedBundle(f"有 {len(leaves)} 条，至多 {WIDTH} 条", leaf=WIDTH)
    return leaves
