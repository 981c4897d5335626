"""From a stored entry to the hash under which it stands in the tree."""

from yinuo.kernel.instants import instant_text
from yinuo.ledger.models import Entry
from yinuo.ledger.tlog.leaf import commitment_hash, leaf_bytes
from yinuo.ledger.tlog.tree import leaf_hash


def entry_leaf(entry: Entry) -> bytes:
    """The leaf hash of an entry, computed afresh from its salt, body and recording time."""
    hidden = commitment_hash(bytes(entry.salt), bytes(entry.body))
    return leaf_hash(leaf_bytes(recorded_at=instant_text(entry.recorded_at), hash=hidden))
