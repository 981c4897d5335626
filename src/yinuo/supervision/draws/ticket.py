"""Who is drawn: the consistent sampler of R. L. Rivest (2018), without replacement. Pure.

The ticket of a label is a fraction between 0 and 1, written in decimals:

    inner  = hex of SHA-256 of the seed, as UTF-8
    number = SHA-256 of inner followed by the label, as UTF-8, read as a whole number
    ticket = "0." and the decimal digits of number, at least 64 of them, in reverse order

In each stratum the labels with the smallest tickets are drawn. Source:
https://github.com/ron-rivest/consistent_sampler, whose published vectors are in the tests.
"""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass

DIGITS = 64


def seed_of(*, frame_sha256: str, randomness: str) -> str:
    """What the tickets of one draw depend on: the frame that was fixed, then the public value."""
    return f"{frame_sha256}:{randomness}"


def ticket(label: str, seed: str) -> str:
    """The ticket of one label.

    >>> ticket("AB-130", "01382438112797316654")[:16]
    '0.26299714122838'
    """
    inner = hashlib.sha256(seed.encode()).hexdigest()
    number = int(hashlib.sha256((inner + label).encode()).hexdigest(), 16)
    return "0." + f"{number:0{DIGITS}d}"[::-1]


@dataclass(frozen=True, order=True)
class Ticket:
    """One label with its ticket; the smaller ticket comes first."""

    number: str
    label: str


def tickets(labels: Iterable[str], seed: str) -> list[Ticket]:
    """The tickets of labels, the first to be drawn first."""
    return sorted(Ticket(ticket(label, seed), label) for label in labels)
