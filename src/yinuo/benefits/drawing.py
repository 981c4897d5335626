"""Which proposals a person looks at: drawn so that anyone can draw them again. Pure."""

from collections.abc import Sequence
from hashlib import sha256

PER_MILLE = 1_000


def drawn(codes: Sequence[str], per_mille: int, *, seed: str) -> frozenset[str]:
    """So many thousandths of the codes, rounded up: those whose SHA-256 with the seed is smallest.

    The seed is the hash of the answers, which nobody can choose.
    """
    count = -(-len(codes) * per_mille // PER_MILLE)
    order = sorted(codes, key=lambda code: sha256(f"{seed}/{code}".encode()).digest())
    return frozenset(order[:count])
