"""The thresholds in force on a day, as they were published."""

from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from django.conf import settings

from yinuo.content.queries import InForce as Published
from yinuo.content.queries import public_data, public_in_force
from yinuo.kernel.filestore import FileStore
from yinuo.rules.single import Tables
from yinuo.rules.workbook.read import check_bytes
from yinuo.supervision.doubt_limits import NAMES, Limits, read_limits
from yinuo.supervision.errors.doubts import NoThresholds, ThresholdsUnfit

NAME = "tables/doubts.xlsx"
TABLE, THRESHOLD = "疑点阈值", "阈值"
MOST_KEPT = 16


@dataclass(frozen=True)
class Thresholds:
    """The thresholds of a day, and the edition that a doubt keeps."""

    limits: Limits
    rules: str
    """`tables/doubts.xlsx#1`."""


def thresholds(on: date) -> Thresholds:
    """Those in force. Raises `NoThresholds`, `ThresholdsUnfit`, and `FileMissing`."""
    published = public_in_force(NAME, on=on)
    if published is None:
        raise NoThresholds(NAME, on)
    return _read(published, on)


@lru_cache(maxsize=MOST_KEPT)
def _read(published: Published, on: date) -> Thresholds:
    data = public_data(published, store=FileStore(settings.YINUO_FILES))
    limits, faults = limits_of(data, on=on)
    if limits is None:
        raise ThresholdsUnfit(f"{NAME} 第 {published.edition} 版", faults)
    return Thresholds(limits, f"{NAME}#{published.edition}")


def limits_of(data: bytes, *, on: date) -> tuple[Limits | None, tuple[str, ...]]:
    """What a workbook says, or why it does not serve. Raises `TablesRefused`."""
    tables = Tables(check_bytes(data, file=NAME).sound(), on)
    return read_limits(tables.numbers(TABLE, THRESHOLD, NAMES))
