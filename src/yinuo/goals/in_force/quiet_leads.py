"""The table of quiet leads in force on a day, as it was published."""

import logging
from datetime import date
from functools import lru_cache

from django.conf import settings

from yinuo.content.queries import InForce, public_data, public_in_force
from yinuo.goals.leads.quiet import Quieting
from yinuo.kernel.filestore import FileMissing, FileStore
from yinuo.rules.workbook.read import check_bytes

NAME = "tables/leads.xlsx"
MOST_KEPT = 8
log = logging.getLogger(__name__)


def quieting(on: date) -> Quieting | None:
    """The table of a day; None where none is in force, or while its file is lost (see /health)."""
    published = public_in_force(NAME, on=on)
    if published is None:
        return None
    try:
        return _compiled(published, on)
    except FileMissing as missing:
        log.error("no leads called quiet: %s", missing)  # noqa: TRY400  # the place says it all
        return None


@lru_cache(maxsize=MOST_KEPT)
def _compiled(published: InForce, on: date) -> Quieting:
    data = public_data(published, store=FileStore(settings.YINUO_FILES))
    return Quieting(check_bytes(data, file=NAME).sound(), on)
