"""The rules of clearance in force on a day, as they were published."""

from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from yinuo.content.queries import InForce as Published
from yinuo.content.queries import public_book, public_in_force
from yinuo.goals.errors.port import NoRules, RulesUnfit
from yinuo.goals.port.rules import Clearing, read_rules

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
    clearing, faults = read_rules(public_book(published), on)
    if clearing is None:
        raise RulesUnfit(f"{NAME} 第 {published.edition} 版", faults)
    return InForce(clearing, published.number, published.edition)
