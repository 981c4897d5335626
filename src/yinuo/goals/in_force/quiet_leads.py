"""The table of quiet leads in force on a day, as it was published."""

from datetime import date
from functools import lru_cache

from yinuo.content.queries import InForce, public_book, public_in_force
from yinuo.goals.leads.quiet import Quieting
from yinuo.kernel.filestore import unless_lost

NAME = "tables/leads.xlsx"
MOST_KEPT = 8


def quieting(on: date) -> Quieting | None:
    """The table of a day; None where none is in force, or while its file is lost (see /health)."""
    return unless_lost(lambda: _in_force(on), without="no leads called quiet")


def _in_force(on: date) -> Quieting | None:
    published = public_in_force(NAME, on=on)
    return None if published is None else _compiled(published, on)


@lru_cache(maxsize=MOST_KEPT)
def _compiled(published: InForce, on: date) -> Quieting:
    return Quieting(public_book(published), on)
