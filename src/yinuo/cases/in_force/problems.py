"""The areas and the table of problems as they are in force on a day."""

from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path

from django.conf import settings

from yinuo.cases.errors.problems import NoTerms
from yinuo.cases.problems.areas import FILE, Areas, load
from yinuo.cases.problems.deciding import Deciding, Terms
from yinuo.content.queries import InForce, public_book, public_in_force
from yinuo.kernel.content import content_file
from yinuo.parties.queries import public_units

NAME = "tables/problems.xlsx"
MOST_KEPT = 8


@lru_cache(maxsize=MOST_KEPT)
def _areas(path: Path, _age: int) -> Areas:
    return load(path)


def areas(on: date) -> Areas:
    """The areas whose units exist on a day: the city's own file before the shipped one.

    Raises `BadAreas`.
    """
    path = content_file(*FILE, own=settings.YINUO_CONTENT)
    found = _areas(path, path.stat().st_mtime_ns if path.is_file() else 0)
    there = {u.code for u in public_units() if u.valid_to is None or u.valid_to > on}
    return found.within(there)


@lru_cache(maxsize=MOST_KEPT)
def _deciding(table: InForce, on: date) -> Deciding:
    return Deciding(public_book(table), on)


def deciding(on: date) -> Deciding | None:
    """The table of a day; None where none was published. Raises `FileMissing`."""
    table = public_in_force(NAME, on=on)
    return _deciding(table, on) if table else None


@dataclass(frozen=True)
class TermsInForce:
    """The days of an area, and by which edition."""

    terms: Terms
    edition: int


def terms_of(area: str, *, on: date) -> TermsInForce:
    """How long problems of an area, by its name, may take. Raises `NoTerms`."""
    table = public_in_force(NAME, on=on)
    found = _deciding(table, on).terms(area) if table else None
    if table is None or found is None:
        raise NoTerms(area)
    return TermsInForce(found, table.edition)
