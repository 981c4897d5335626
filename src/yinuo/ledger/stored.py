"""The tree as it is stored: tiles and its size."""

from yinuo.ledger.models import Tile
from yinuo.ledger.tlog.tile import WIDTH
from yinuo.ledger.tlog.tree import HASH_SIZE


def read_tile(level: int, index: int, width: int) -> bytes:
    """The first `width` hashes of a stored tile, fewer if it has not so many; a `ReadTile`."""
    stored = Tile.objects.filter(level=level, index=index).first()
    return bytes(stored.hashes)[: width * HASH_SIZE] if stored else b""


def tree_size() -> int:
    """Number of leaves in the stored tree, signed or not."""
    last = Tile.objects.filter(level=0).order_by("-index").first()
    return last.index * WIDTH + len(last.hashes) // HASH_SIZE if last else 0
