"""The table of lights in force on a day, as it was published."""

import logging
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from django.conf import settings

from yinuo.commitments.lights.deciding import Deciding
from yinuo.content.queries import InForce as Published
from yinuo.content.queries import public_data, public_in_force
from yinuo.kernel.filestore import FileMissing, FileStore
from yinuo.rules.table import Rulebook
from yinuo.rules.workbook.read import check_bytes

NAME = "tables/lights.xlsx"
MOST_KEPT = 16
log = logging.getLogger(__name__)


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
    try:
        return in_force(on)
    except FileMissing as missing:
        log.error("no lights: %s", missing)  # noqa: TRY400  # the place says it all
        return None


@lru_cache(maxsize=MOST_KEPT)
def _compiled(published: Published | None, on: date) -> InForce:
    book = Rulebook(tables=()) if published is None else _book(published)
    return InForce(published, Deciding(book, on))


def _book(published: Published) -> Rulebook:
    data = public_data(published, store=FileStore(settings.YINUO_FILES))
    return check_bytes(data, file=NAME).sound()
