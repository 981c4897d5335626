"""The table of supervision in force on a day, as it was published."""

import logging
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from django.conf import settings

from yinuo.content.queries import InForce as Published
from yinuo.content.queries import public_data, public_in_force
from yinuo.kernel.filestore import FileMissing, FileStore
from yinuo.rules.table import Rulebook
from yinuo.rules.workbook.read import check_bytes
from yinuo.supervision.orders.deciding import Deciding

NAME = "tables/supervision.xlsx"
MOST_KEPT = 16
log = logging.getLogger(__name__)


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
    try:
        return in_force(on)
    except FileMissing as missing:
        log.error("no steps of supervision: %s", missing)  # noqa: TRY400  # the place says it all
        return None


@lru_cache(maxsize=MOST_KEPT)
def _compiled(published: Published | None, on: date) -> InForce:
    book = Rulebook(tables=()) if published is None else _book(published)
    return InForce(published, Deciding(book, on))


def _book(published: Published) -> Rulebook:
    data = public_data(published, store=FileStore(settings.YINUO_FILES))
    return check_bytes(data, file=NAME).sound()
