"""The table of promised limits in force on a day, as it was published."""

from datetime import date
from functools import lru_cache

from yinuo.cases.items.rounding import Rounding
from yinuo.content.queries import InForce, public_book, public_in_force
from yinuo.kernel.filestore import unless_lost

NAME = "tables/promise-limit.xlsx"
MOST_KEPT = 8


def rounding(on: date) -> Rounding | None:
    """The table of a day; None where none is in force, or while its file is lost (see /health)."""
    return unless_lost(lambda: _in_force(on), without="no promise compared with the table")


def _in_force(on: date) -> Rounding | None:
    published = public_in_force(NAME, on=on)
    return None if published is None else _compiled(published, on)


@lru_cache(maxsize=MOST_KEPT)
def _compiled(published: InForce, on: date) -> Rounding:
    return Rounding(public_book(published), on)
