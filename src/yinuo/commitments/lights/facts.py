"""What the table of lights asks of one commitment on a day. Pure.

Lateness is against the planned curve (序时进度), as of the last report: a unit is compared with the
plan of the day it reports on. A report stands until two points of the plan have passed after it;
then the fact is missing (未报送), which is neither green nor red.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from math import floor

from yinuo.commitments.curve import (
    WHOLE,
    Curve,
    Shape,
    Step,
    planned_amount,
    planned_share,
    points_between,
    reached_share,
)
from yinuo.commitments.progress import progress
from yinuo.kernel.amounts import Operator

HAS_PLAN, BEHIND, DUE, IS_PROJECT = "有序时进度", "落后百分点", "完成时限", "是项目"
"""Names of inputs, as the table has them."""
PLACES = 6
FARTHEST = Decimal(10) ** 9
PASSED_UNREPORTED = 2
"""Points of the plan after which a report is too old: the one it is late for, and the next."""


@dataclass(frozen=True, slots=True)
class Quantity:
    """What was promised, if it was a number."""

    operator: Operator
    target: str
    baseline: str
    tolerance: str

    def share(self, value: Fraction) -> Fraction | None:
        """How far a value has come from the baseline to the target; None where undefined."""
        return progress(
            baseline=self.baseline or None,
            target=self.target,
            value=value,
            operator=self.operator,
            tolerance=self.tolerance or None,
        ).unbounded


@dataclass(frozen=True, slots=True)
class Reported:
    """A figure that the unit reported."""

    as_of: date
    value: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Promise:
    """What of a commitment a light depends on."""

    due: date | None
    is_staged: bool = False
    """Whether it is a project whose start, payments and 入库 are on record. Of none they are, until
    a register of projects keeps them: what nobody recorded is not held against anyone."""
    quantity: Quantity | None = None
    """None where what was promised is done or not."""
    curve: Curve | None = None
    steps: tuple[Step, ...] = ()
    """The milestones of its curve."""
    reports: tuple[Reported, ...] = ()
    """Those with a figure, oldest first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """One commitment on a day."""

    due: date | None
    is_project: bool
    has_plan: bool = False
    as_of: date | None = None
    """The day on which plan and progress were compared, or the last that was reported on."""
    planned: Fraction | None = None
    """Share of the promise."""
    reached: Fraction | None = None
    behind: Decimal | None = None
    """In percentage points, negative when ahead; rounded down at the sixth place."""
    unreported: bool = False
    """未报送: the plan has come to a point that nobody reported on."""

    @property
    def nothing_to_be_late_for(self) -> bool:
        """未定时限 without a plan: whatever else the table may ask, there is no light."""
        return self.due is None and not self.has_plan

    @property
    def given(self) -> Mapping[str, object]:
        """The facts by the names of the table; what is not known is left out."""
        found = {
            HAS_PLAN: self.has_plan,
            BEHIND: self.behind,
            DUE: self.due,
            IS_PROJECT: self.is_project,
        }
        return {name: value for name, value in found.items() if value is not None}


def facts(promise: Promise, on: date) -> Facts:
    """The facts of a commitment on a day."""
    plain = Facts(due=promise.due, is_project=promise.is_staged)
    if promise.curve is None:
        return plain
    if promise.curve.shape is Shape.MILESTONES:
        planned, reached = planned_share(promise.steps, on), reached_share(promise.steps, on)
        return _compared(plain, on, planned, reached)
    points = promise.curve.points
    if on < points[0].day:
        return plain
    known = [report for report in promise.reports if report.as_of <= on]
    last = known[-1] if known else None
    if last is None or last.as_of < points[0].day:
        return _unreported(plain, last)
    if points_between(points, last.as_of, on) >= PASSED_UNREPORTED:
        return _unreported(plain, last)
    planned, reached = shares(promise, last)
    return _compared(plain, last.as_of, planned, reached)


def shares(promise: Promise, report: Reported) -> tuple[Fraction | None, Fraction | None]:
    """What a series planned by the day of a report, and what was reported."""
    assert promise.curve is not None  # noqa: S101  # asked of a series
    amount = planned_amount(promise.curve.points, report.as_of)
    value, quantity = Fraction(report.value), promise.quantity
    reached = value / WHOLE if quantity is None else quantity.share(value)
    if amount is None:
        return None, reached
    if promise.curve.shape is Shape.PERCENT:
        return amount / WHOLE, reached
    # Without a quantity, because it was revised away, an amount says nothing any more.
    return (None, None) if quantity is None else (quantity.share(amount), reached)


def _unreported(plain: Facts, last: Reported | None) -> Facts:
    return Facts(
        due=plain.due,
        is_project=plain.is_project,
        has_plan=True,
        as_of=last.as_of if last else None,
        unreported=True,
    )


def _compared(
    plain: Facts, as_of: date, planned: Fraction | None, reached: Fraction | None
) -> Facts:
    behind = None if planned is None or reached is None else in_points(planned - reached)
    return Facts(
        due=plain.due,
        is_project=plain.is_project,
        has_plan=True,
        as_of=as_of,
        planned=planned,
        reached=reached,
        behind=behind,
    )


def in_points(share: Fraction) -> Decimal:
    """A share in percentage points, as a decimal that both back ends of the rules can hold.

    >>> in_points(Fraction(1, 8)), in_points(Fraction(1, 3))
    (Decimal('12.5'), Decimal('33.333333'))
    """
    number = Decimal(floor(share * WHOLE * 10**PLACES)).scaleb(-PLACES)
    number = min(max(number, -FARTHEST), FARTHEST)
    whole = number == number.to_integral_value()
    return number.quantize(Decimal(1)) if whole else number.normalize()
