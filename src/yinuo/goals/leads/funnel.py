"""How many of a group of leads got how far, and how long it took. Pure.

A step counts the leads that have reached it themselves. Its share is taken of the leads of the
step before, so a lead that skipped a step (money before the start of building) is counted apart
and makes no share greater than 100 %.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from statistics import median

from yinuo.goals.leads.stages import STAGE_LABELS, Stage
from yinuo.kernel.decimals import canonical_decimal

_TENTH = Decimal("0.1")
WHOLE = 100


@dataclass(frozen=True)
class Case:
    """One lead: which stages it has reached, and when where that is known."""

    code: str
    days: Mapping[Stage, date | None]


@dataclass(frozen=True)
class Step:
    """One step of a funnel."""

    stage: Stage
    codes: tuple[str, ...]
    """Those that have reached it, in the order given."""
    before: int | None
    """How many have reached the step before; None for the first."""
    both: int
    """How many of those have reached this one as well."""
    days: str
    """Median of the days between the two, a canonical decimal; empty where no pair is known."""
    timed: int
    """How many pairs of days it rests on."""
    reversed: int
    """Pairs in which this step is dated before the one before: named, not averaged in."""

    @property
    def label(self) -> str:
        """The word for its stage."""
        return STAGE_LABELS[self.stage]

    @property
    def count(self) -> int:
        """How many have reached it."""
        return len(self.codes)

    @property
    def skipped(self) -> int:
        """How many have reached it without the step before."""
        return self.count - self.both if self.before is not None else 0

    @property
    def share(self) -> str:
        """In percent of the step before, to one place; empty where nothing stands before."""
        if not self.before:
            return ""
        share = Decimal(self.both * WHOLE) / self.before
        return canonical_decimal(share.quantize(_TENTH, ROUND_HALF_UP))


def funnel(cases: Iterable[Case], stages: Sequence[Stage]) -> tuple[Step, ...]:
    """The steps for a group of leads.

    >>> case = Case("A", {Stage.SIGNED: date(2024, 2, 1), Stage.STARTED: date(2024, 6, 1)})
    >>> [(s.count, s.share, s.skipped) for s in funnel([case], list(Stage)[1:4])]
    [(1, '', 0), (0, '0', 0), (1, '', 1)]
    """
    given = tuple(cases)
    steps: list[Step] = []
    last: Stage | None = None
    for stage in stages:
        reached = [case for case in given if stage in case.days]
        pairs = [case for case in reached if last is not None and last in case.days]
        spans = [_span(case, last, stage) for case in pairs if last is not None]
        known = [span for span in spans if span is not None]
        good = [span for span in known if span >= 0]
        steps.append(
            Step(
                stage=stage,
                codes=tuple(case.code for case in reached),
                before=None if last is None else sum(last in case.days for case in given),
                both=len(pairs),
                days=canonical_decimal(str(median(good))) if good else "",
                timed=len(good),
                reversed=len(known) - len(good),
            )
        )
        last = stage
    return tuple(steps)


def _span(case: Case, start: Stage, end: Stage) -> int | None:
    first, second = case.days[start], case.days[end]
    return None if first is None or second is None else (second - first).days
