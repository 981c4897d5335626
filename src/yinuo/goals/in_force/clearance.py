"""The rules of clearance in force on a day, as they were published."""

from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from django.conf import settings

from yinuo.content.queries import InForce as Published
from yinuo.content.queries import public_data, public_in_force
from yinuo.goals.errors.port import NoRules, RulesUnfit
from yinuo.goals.port.rules import Clearing, read_rules
from yinuo.kernel.filestore import FileStore
from yinuo.rules.workbook.read import check_bytes

NAME = "tables/clearance.xlsx"
MOST_KEPT = 16


@dataclass(frozen=True)
class InForce:
    """The rules of a day, and the publication that a result keeps."""

    clearing: Clearing
    number: int
    edition: int


def in_force(on: date) -> InForce:
    """Those in force. Raises `NoRules`, `RulesUnfit` and `FileMissing`."""
    published = public_in_force(NAME, on=on)
    if published is None:
        raise NoRules(NAME, on)
    return _read(published, on)


@lru_cache(maxsize=MOST_KEPT)
def _read(published: Published, on: date) -> InForce:
    data = public_data(published, store=FileStore(settings.YINUO_FILES))
    clearing, faults = read_rules(check_bytes(data, file=NAME).sound(), on)
    if clearing is None:
        raise RulesUnfit(f"{NAME} 第 {published.edition} 版", faults)
    return InForce(clearing, published.number, published.edition)
