"""The public randomness of lots: the root of the log right after an entry."""

from yinuo.ledger.history import places
from yinuo.ledger.published import public_size
from yinuo.ledger.stored import read_tile
from yinuo.ledger.tlog.tile import root_from_tiles

DECIDED = "case.decided"


def seed_of(subject: str) -> str | None:
    """`log <size> <root in hex>` right after the first decision on a case was entered.

    None as long as that entry is not under a signed checkpoint. Nobody who acts knows the root
    beforehand, and it can be worked out again from the published tiles.
    """
    decided = [place for place in places([subject])[subject] if place.verb == DECIDED]
    index = decided[0].leaf_index if decided else None
    if index is None or index >= public_size():
        return None
    size = index + 1
    return f"log {size} {root_from_tiles(size, read_tile).hex()}"
