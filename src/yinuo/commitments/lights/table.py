"""The table of lights in force on a day, as it was published."""

from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from yinuo.commitments.lights.deciding import Deciding
from yinuo.content.queries import InForce as Published
from yinuo.content.queries import public_book, public_in_force
from yinuo.kernel.filestore import unless_lost
from yinuo.rules.table import Rulebook

NAME = "tables/lights.xlsx"
MOST_KEPT = 16


@dataclass(frozen=True)
class InForce:
    """The table of a day, ready to decide."""

    published: Published | None
    """None as long as nothing is in force; then nothing has a light."""
    deciding: Deciding

    @property
    def number(self) -> int:
        """Of the publication; 0 for none."""
        return self.published.number if self.published else 0


def nothing(on: date) -> InForce:
    """No table at all: nothing has a light."""
    return _compiled(None, on)


def in_force(on: date) -> InForce:
    """The table of lights in force on a day. Raises `TablesRefused` and `FileMissing`.

    Out of force, the tables give no light to anything; see `Deciding.check`.
    """
    return _compiled(public_in_force(NAME, on=on), on)


def available(on: date) -> InForce | None:
    """The same; None, and said in the log, while the published file is lost.

    For pages and counts, which go on without lights until it is put back; /health names it.
    """
    return unless_lost(lambda: in_force(on), without="no lights")


@lru_cache(maxsize=MOST_KEPT)
def _compiled(published: Published | None, on: date) -> InForce:
    book = Rulebook(tables=()) if published is None else public_book(published)
    return InForce(published, Deciding(book, on))
