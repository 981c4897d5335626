"""S-curves: cumulative investment planned against done, by month, of any number of projects. Pure.

Null rather than partial: a month has a sum only where every project has a figure for it, and says
how many have.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction

from yinuo.commitments.curve import Point as PlanPoint
from yinuo.commitments.curve import planned_amount

LAST_MONTH = 12


@dataclass(frozen=True, slots=True)
class Done:
    """What a project had invested this year by a day."""

    as_of: date
    invested: int
    """分 since 1 January."""
    is_confirmed: bool


@dataclass(frozen=True, slots=True)
class Series:
    """One project in one year."""

    code: str
    planned: int | None
    """分 for the whole year; None where nothing was planned."""
    points: tuple[PlanPoint, ...] = ()
    """Its planned curve, in percent of `planned` and cumulative; empty where it has none."""
    done: tuple[Done, ...] = ()
    """In the order in which they were reported; the newest of a day prevails."""


@dataclass(frozen=True, slots=True)
class Cumulated:
    """A sum over projects: null where one is missing."""

    value: int | None
    """分."""
    known: int
    expected: int


@dataclass(frozen=True, slots=True)
class MonthPoint:
    """The end of one month."""

    last: date
    planned: Cumulated
    reported: Cumulated
    """Confirmed figures among them."""
    confirmed: Cumulated


def month_end(year: int, month: int) -> date:
    """The last day of a month.

    >>> month_end(2024, 2), month_end(2024, 12)
    (datetime.date(2024, 2, 29), datetime.date(2024, 12, 31))
    """
    following = date(year + month // LAST_MONTH, month % LAST_MONTH + 1, 1)
    return following - timedelta(days=1)


def planned_by(series: Series, day: date) -> int | None:
    """What a project planned to have invested by a day, in 分; only the year's end without a curve.

    A curve never shrinks below what it says, and ends at the whole.
    """
    if series.planned is None:
        return None
    if day.month == LAST_MONTH and day == month_end(day.year, LAST_MONTH):
        return series.planned
    share = planned_amount(series.points, day) if series.points else None
    return None if share is None else int(Fraction(series.planned) * share / 100)


def done_by_month(series: Series, year: int, *, confirmed: bool) -> list[int | None]:
    """The newest figure of each month, None where there is none: an older one is not carried on."""
    newest: list[Done | None] = [None] * LAST_MONTH
    for each in series.done:
        if each.as_of.year == year and (each.is_confirmed or not confirmed):
            held = newest[each.as_of.month - 1]
            if held is None or held.as_of <= each.as_of:
                newest[each.as_of.month - 1] = each
    return [each.invested if each else None for each in newest]


def cumulated(values: Iterable[int | None]) -> Cumulated:
    """The sum, or null with how many are known.

    >>> cumulated([1, 2]).value, cumulated([1, None])
    (3, Cumulated(value=None, known=1, expected=2))
    """
    found = list(values)
    known = [value for value in found if value is not None]
    whole = found and len(known) == len(found)
    return Cumulated(sum(known) if whole else None, len(known), len(found))


def monthly(some: Sequence[Series], *, year: int, until: date) -> tuple[MonthPoint, ...]:
    """The months of a year; what was done only for those that have begun on the day `until`.

    `expected` of what was planned and done counts every project of the selection.
    """
    ends = [month_end(year, month) for month in range(1, LAST_MONTH + 1)]
    planned = [[planned_by(each, last) for last in ends] for each in some]
    reported, confirmed = (
        [done_by_month(each, year, confirmed=which) for each in some] for which in (False, True)
    )
    found = []
    for place, last in enumerate(ends):
        begun = last.replace(day=1) <= until
        sums = [
            cumulated(months[place] if begun else None for months in done)
            for done in (reported, confirmed)
        ]
        found.append(MonthPoint(last, cumulated(months[place] for months in planned), *sums))
    return tuple(found)
