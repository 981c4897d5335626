"""The table of supervision in force on a day, as it was published."""

from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from yinuo.content.queries import InForce as Published
from yinuo.content.queries import public_book, public_in_force
from yinuo.kernel.filestore import unless_lost
from yinuo.rules.table import Rulebook
from yinuo.supervision.orders.deciding import Deciding

NAME = "tables/supervision.xlsx"
MOST_KEPT = 16


@dataclass(frozen=True)
class InForce:
    """The table of a day, ready to decide."""

    published: Published | None
    """None as long as nothing is in force; then nothing is due."""
    deciding: Deciding

    @property
    def number(self) -> int:
        """Of the publication; 0 for none."""
        return self.published.number if self.published else 0

    @property
    def edition(self) -> int:
        """第几版; 0 for none."""
        return self.published.edition if self.published else 0


def in_force(on: date) -> InForce:
    """The table in force on a day. Raises `TablesRefused` and `FileMissing`."""
    return _compiled(public_in_force(NAME, on=on), on)


def available(on: date) -> InForce | None:
    """The same; None, and said in the log, while the published file is lost."""
    return unless_lost(lambda: in_force(on), without="no steps of supervision")


@lru_cache(maxsize=MOST_KEPT)
def _compiled(published: Published | None, on: date) -> InForce:
    book = Rulebook(tables=()) if published is None else public_book(published)
    return InForce(published, Deciding(book, on))
