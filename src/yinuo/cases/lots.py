"""The public randomness of lots: the root of the log right after an entry."""

from yinuo.ledger.history import places
from yinuo.ledger.published import public_root

DECIDED = "case.decided"


def seed_of(subject: str) -> str | None:
    """`log <size> <root in hex>` right after the first decision on a case was entered.

    None as long as that entry is not under a signed checkpoint. Nobody who acts knows the root
    beforehand, and it can be worked out again from the published tiles.
    """
    index = next((p.leaf_index for p in places([subject])[subject] if p.verb == DECIDED), None)
    root = None if index is None else public_root(index + 1)
    if index is None or root is None:
        return None
    return f"log {index + 1} {root.hex()}"
