"""The scheme of races that was in force when a period began, as it was published."""

from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from yinuo.content.queries import InForce as Published
from yinuo.content.queries import public_book, public_in_force, publication
from yinuo.kernel.instants import civil_date
from yinuo.parties.viewer import ANYONE
from yinuo.supervision.errors.race import NoScheme
from yinuo.supervision.race.period import Period
from yinuo.supervision.race.scheme import Scheme

NAME = "tables/race.xlsx"
MOST_KEPT = 16


@dataclass(frozen=True)
class Chosen:
    """The scheme of one period."""

    published: Published
    approved_date: date
    scheme: Scheme
    late: bool
    """Whether it was in force and approved only after the period had begun."""


def chosen(period: Period) -> Chosen:
    """The scheme for a period: the one in force on its first day, else on its last.

    Raises `NoScheme`, `SchemeUnfit`, `TablesRefused` and `FileMissing`.
    """
    first = public_in_force(NAME, on=period.first)
    found = first or public_in_force(NAME, on=period.last)
    if found is None:
        raise NoScheme(NAME, period.code)
    decided_at = publication(number=found.number, on=period.last, viewer=ANYONE).decided_at
    assert decided_at is not None  # noqa: S101  # it is approved
    approved = civil_date(decided_at)
    late = first is None or approved >= period.first
    return Chosen(found, approved, _scheme(found, period), late)


@lru_cache(maxsize=MOST_KEPT)
def _scheme(published: Published, period: Period) -> Scheme:
    on = max(period.first, published.valid_from)
    return Scheme(public_book(published), on, period.season)
