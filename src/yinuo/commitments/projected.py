"""How far counts and search have come, and what they do not know yet."""

from yinuo.commitments.models import Projection
from yinuo.commitments.tallying import EDITION
from yinuo.ledger.outbox import Mark, beyond

NAME = "commitments"
MOST = 2_000
"""Entries beyond the projection that are still looked at one by one."""


def place() -> int:
    """Leaf index of the first entry that the projection does not know."""
    held = Projection.objects.filter(name=NAME, edition=EDITION).values_list("place", flat=True)
    return next(iter(held), 0)


def later_marks(start: int) -> list[Mark] | None:
    """The entries from this place on, sealed or not; None where they are too many to look at."""
    marks = beyond(start, limit=MOST + 1)
    return marks if len(marks) <= MOST else None
