"""The table of promised limits in force on a day, as it was published."""

import logging
from datetime import date
from functools import lru_cache

from django.conf import settings

from yinuo.cases.items.rounding import Rounding
from yinuo.content.queries import InForce, public_data, public_in_force
from yinuo.kernel.filestore import FileMissing, FileStore
from yinuo.rules.workbook.read import check_bytes

NAME = "tables/promise-limit.xlsx"
MOST_KEPT = 8
log = logging.getLogger(__name__)


def rounding(on: date) -> Rounding | None:
    """The table of a day; None where none is in force, or while its file is lost (see /health)."""
    published = public_in_force(NAME, on=on)
    if published is None:
        return None
    try:
        return _compiled(published, on)
    except FileMissing as missing:
        log.error("no promise compared with the table: %s", missing)  # noqa: TRY400  # the place says it all
        return None


@lru_cache(maxsize=MOST_KEPT)
def _compiled(published: InForce, on: date) -> Rounding:
    data = public_data(published, store=FileStore(settings.YINUO_FILES))
    return Rounding(check_bytes(data, file=NAME).sound(), on)
