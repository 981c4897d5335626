"""Counts the verdicts by department. Rates are never averaged: each is counted from cases."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from fractions import Fraction

from yinuo.cases.audit.gathering import Aside
from yinuo.cases.audit.judging import Judged, Verdict
from yinuo.kernel.limits import DayType

BEYOND = "日期超出工作日历"


@dataclass
class Tally:
    """What came of the cases of one department, or of all."""

    name: str
    verdicts: Counter[Verdict] = field(default_factory=Counter)
    late: list[int] = field(default_factory=list)
    """Of each case that ended late, by how much."""
    used: list[int] = field(default_factory=list)
    """Of each case that ended, the units counted."""
    units: set[DayType] = field(default_factory=set)
    reopened: int = 0
    stopped: int = 0
    """Cases with time that did not count."""
    stopped_near_end: int = 0
    refused_stops: int = 0
    """Cases with a stop whose ground may not stop the clock."""
    provisional: int = 0
    aside: Counter[str] = field(default_factory=Counter)
    """Reason → cases that could not be judged."""

    @property
    def judged(self) -> int:
        """Cases with a verdict."""
        return self.verdicts.total()

    @property
    def ended(self) -> int:
        """Cases that ended."""
        return self.verdicts[Verdict.ON_TIME] + self.verdicts[Verdict.LATE]

    @property
    def rate(self) -> Fraction | None:
        """In time ÷ ended; None where nothing ended."""
        return Fraction(self.verdicts[Verdict.ON_TIME], self.ended) if self.ended else None

    @property
    def unit(self) -> DayType | None:
        """What late and used are counted in; None where cases count in different units."""
        return next(iter(self.units)) if len(self.units) == 1 else None

    def lateness(self, share: Fraction) -> int | None:
        """A percentile of `late`; None where there is none or the units differ."""
        return percentile(self.late, share) if self.unit else None

    def usage(self, share: Fraction) -> int | None:
        """A percentile of `used`, as `lateness`."""
        return percentile(self.used, share) if self.unit else None

    def take(self, judged: Judged) -> None:
        """Count one case."""
        self.units.add(judged.unit)
        self.verdicts[judged.verdict] += 1
        if judged.verdict is Verdict.LATE:
            self.late.append(judged.late)
        if judged.case.done is not None and judged.used is not None:
            self.used.append(judged.used)
        self.reopened += judged.case.reopened
        self.stopped += judged.stopped > 0
        self.stopped_near_end += judged.stopped_near_end
        self.refused_stops += judged.case.refused_stops > 0
        self.provisional += judged.provisional


class Audit:
    """The tallies of a log: all, and by department."""

    def __init__(self) -> None:
        self.all = Tally("合计")
        self.departments: dict[str, Tally] = {}

    def _tallies(self, department: str) -> tuple[Tally, Tally]:
        return self.all, self.departments.setdefault(department, Tally(department))

    def take(self, judged: Judged) -> None:
        """Count a case."""
        for tally in self._tallies(judged.case.department):
            tally.take(judged)

    def put_aside(self, aside: Aside) -> None:
        """Count a case that could not be judged."""
        for tally in self._tallies(aside.department):
            tally.aside[aside.reason] += 1

    @property
    def worst_first(self) -> list[Tally]:
        """The departments, those with most late cases first."""
        return sorted(
            self.departments.values(),
            key=lambda tally: (
                -tally.verdicts[Verdict.LATE] - tally.verdicts[Verdict.OPEN_LATE],
                tally.name,
            ),
        )


def percentile(values: Iterable[int], share: Fraction) -> int | None:
    """The nearest-rank percentile: the smallest value with at least that share at or below it.

    >>> percentile([5, 1, 3, 2], Fraction(1, 2)), percentile([], Fraction(1, 2))
    (2, None)
    """
    ordered = sorted(values)
    if not ordered:
        return None
    rank = -(-share.numerator * len(ordered) // share.denominator)
    return ordered[max(rank, 1) - 1]
