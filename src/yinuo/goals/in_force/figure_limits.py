"""The limits of a figure in force on a day, as they were published."""

from datetime import date
from functools import lru_cache

from django.conf import settings

from yinuo.content.queries import InForce as Published
from yinuo.content.queries import public_data, public_in_force
from yinuo.goals.errors.indicators import LimitsMissing, LimitsUnfit
from yinuo.goals.indicators.limits import NAMES, Limits, read_limits
from yinuo.kernel.filestore import FileStore
from yinuo.rules.single import Tables
from yinuo.rules.workbook.read import check_bytes

NAME = "tables/series-checks.xlsx"
TABLE, LIMIT = "数据检查", "界限"
MOST_KEPT = 16


def limits(on: date) -> Limits:
    """Those in force. Raises `LimitsMissing`, `LimitsUnfit`, and `FileMissing`."""
    published = public_in_force(NAME, on=on)
    if published is None:
        raise LimitsMissing(NAME, on)
    return _read(published, on)


@lru_cache(maxsize=MOST_KEPT)
def _read(published: Published, on: date) -> Limits:
    data = public_data(published, store=FileStore(settings.YINUO_FILES))
    found, faults = limits_of(data, on=on)
    if found is None:
        raise LimitsUnfit(f"{NAME} 第 {published.edition} 版", faults)
    return found


def limits_of(data: bytes, *, on: date) -> tuple[Limits | None, tuple[str, ...]]:
    """What a workbook says, or why it does not serve. Raises `TablesRefused`."""
    tables = Tables(check_bytes(data, file=NAME).sound(), on)
    return read_limits(tables.numbers(TABLE, LIMIT, NAMES))
