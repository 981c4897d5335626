"""Figures of clearance ready to be read: hours, comparisons, shares. Pure.

A series knows what it is of, and `against` compares nothing but two of the same; see `scope`.
"""

from calendar import monthrange
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

from yinuo.goals.port.directions import Direction
from yinuo.goals.port.log import BY_MONTH, BY_PORT, measure_name
from yinuo.goals.port.scope import ScopeKind, Subject, require_alike
from yinuo.goals.port.stored import Official
from yinuo.lake.durations.results import Group, Open, Stats, hours
from yinuo.lake.working import MICROSECONDS_PER_MINUTE as PER_MINUTE

ONE = Decimal("0.1")
PLACES = 2
HUNDRED = 100
YEARS = 4
"""Digits of a year in the key of a month."""


@dataclass(frozen=True)
class Line:
    """The figures of one group: a month, or one port in a month."""

    key: str
    """`2024-11`, or the name of a mode, port or class; "" where the log says none."""
    stats: Stats
    still: Open
    small: bool

    @property
    def mean(self) -> str | None:
        """The official mean in hours, extremes left out."""
        return _hours(self.stats.mean)

    @property
    def full_mean(self) -> str | None:
        """The mean of all, in hours."""
        return _hours(self.stats.full_mean)

    @property
    def median(self) -> str | None:
        """In hours."""
        return _hours(self.stats.median)

    @property
    def p90(self) -> str | None:
        """The 90th percentile, in hours."""
        return _hours(self.stats.p90)


@dataclass(frozen=True)
class Change:
    """One mean against another."""

    hours: Decimal
    """More is positive."""
    percent: Decimal

    @property
    def less(self) -> bool:
        """Whether it is shorter."""
        return self.hours < 0


@dataclass(frozen=True)
class Series:
    """One measure of one direction in one scope, month by month."""

    subject: Subject
    direction: Direction
    lines: tuple[Line, ...]

    @property
    def name(self) -> str:
        """`进口整体通关时间`."""
        return measure_name(self.subject.measure, self.direction)

    def at(self, month: str) -> Line | None:
        """The figures of one month, if anything was released in it."""
        return next((line for line in self.lines if line.key == month), None)

    def before(self, month: str) -> Line | None:
        """The same month of the year before."""
        return self.at(year_before(month))

    def year(self, year: int) -> Fraction | None:
        """The mean of a year in microseconds: over its declarations, never over its months.

        None unless something was released in every month of it.
        """
        months = [line.stats for line in self.lines if line.key.startswith(f"{year:04d}-")]
        kept = sum(stats.kept for stats in months)
        whole = len([stats for stats in months if stats.kept]) == len(MONTHS)
        return Fraction(sum(stats.kept_total for stats in months), kept) if whole else None

    @property
    def years(self) -> tuple[int, ...]:
        """The years with any month."""
        return tuple(sorted({int(line.key[:YEARS]) for line in self.lines}))


MONTHS = range(1, 13)


def _hours(micros: Fraction | int | None) -> str | None:
    return None if micros is None else hours(micros, PLACES)


def year_before(month: str) -> str:
    """The same month a year earlier.

    >>> year_before("2024-02")
    '2023-02'
    """
    return f"{int(month[:YEARS]) - 1:04d}{month[YEARS:]}"


def line(group: Group, key: str) -> Line:
    """The figures of a group under the part of its keys that is shown."""
    return Line(key, group.stats, group.open, group.small)


def series(official: Official, *, subject: Subject, direction: Direction) -> Series:
    """One series out of a result: the whole district, or one port, never both."""
    if subject.scope.kind is ScopeKind.DISTRICT:
        groups = official.groups[BY_MONTH]
    else:
        groups = tuple(g for g in official.groups[BY_PORT] if g.keys[1] == subject.scope.name)
    lines = sorted((line(group, group.keys[0]) for group in groups), key=lambda each: each.key)
    return Series(subject, direction, tuple(each for each in lines if each.key))


def split(official: Official, grouping: tuple[str, ...], month: str) -> tuple[Line, ...]:
    """One month by mode, port or class, the most declarations first."""
    groups = official.groups.get(grouping, ())
    found = [line(group, group.keys[1]) for group in groups if group.keys[0] == month]
    return tuple(sorted(found, key=lambda each: (-each.stats.count, each.key)))


def change(now: Fraction | int | None, before: Fraction | int | None) -> Change | None:
    """How much longer or shorter; None where either is missing or nothing was before."""
    if now is None or before is None or not before:
        return None
    shown = Decimal(hours(now, PLACES)) - Decimal(hours(before, PLACES))
    share = (Fraction(now) - before) * HUNDRED / before
    percent = Decimal(share.numerator) / Decimal(share.denominator)
    return Change(shown, percent.quantize(ONE, ROUND_HALF_UP))


def against(one: Series, other: Series, month: str) -> Change | None:
    """One series against another of the same subject. Raises `NotComparable`."""
    require_alike(one.subject, other.subject)
    left, right = one.at(month), other.at(month)
    return change(left.stats.mean if left else None, right.stats.mean if right else None)


def complete(months: Iterable[str], *, until: date) -> str:
    """The latest of the months that had ended by that day; empty for none.

    >>> complete(["2024-10", "2024-11"], until=date(2024, 11, 29))
    '2024-10'
    """
    ended = [month for month in months if last_day(month) <= until]
    return max(ended, default="")


def last_day(month: str) -> date:
    """The last day of a month such as `2024-02`."""
    year, number = int(month[:YEARS]), int(month[YEARS + 1 :])
    return date(year, number, monthrange(year, number)[1])


@dataclass(frozen=True)
class Bin:
    """How many declarations took at least `first` and less than `last` minutes."""

    first: int
    last: int
    count: int


def bins(stats: Stats, edges: Sequence[int]) -> tuple[tuple[Bin, ...], int]:
    """The distribution in bins of one width up to where 99 % lie, and how many lie beyond.

    `edges`, in minutes, are multiples of a narrow width, then of a wide one.
    """
    if not edges or not stats.distribution or stats.median is None:
        return (), 0
    ends = [0, *edges]
    counted = list(zip(ends, stats.distribution, strict=True))
    narrow = edges[0]
    wide = edges[-1] - edges[-2]
    turn = max(edge for edge in edges if edge < wide) if narrow != wide else edges[-1]
    width, most = (narrow, turn) if stats.median < turn * PER_MINUTE else (wide, edges[-1])
    found, seen = list[Bin](), 0
    for start in range(0, most, width):
        count = sum(number for at, number in counted if start <= at < start + width)
        found.append(Bin(start, start + width, count))
        seen += count
        if seen * HUNDRED >= stats.count * (HUNDRED - 1):
            break
    return tuple(found), stats.count - seen


def names_of(aside: Mapping[str, int]) -> tuple[tuple[str, int], ...]:
    """Reasons with their counts, the most frequent first."""
    return tuple(sorted(aside.items(), key=lambda each: (-each[1], each[0])))
