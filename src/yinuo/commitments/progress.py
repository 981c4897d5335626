"""How far a value has come from its baseline to its target, and whether the target is met.

One function, exact fractions, so that no page computes its own. Choices that are ours:

- A target the baseline already meets is one to hold: 1 while it is held, 0 when it is not.
  A baseline equal to the target is such a case for ≥, ≤, = and ≈.
- Without a baseline, ≥, >, = and ≈ start from 0. For ≤ and < there is no place to start from,
  so progress is undefined; whether the target is met is not.
- `=` and `≈` are approached from the baseline's side; a value beyond them is more than 1, and
  `met` says that it missed.
"""

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import TypeAlias

from yinuo.kernel.amounts import Operator
from yinuo.kernel.errors import YinuoError

Quantity: TypeAlias = Decimal | Fraction | int | str
"""An exact number; a string is a canonical decimal."""

NO_VALUE = "未报送，没有可以比较的数"
NO_BASELINE = "没有基数，无法计算“不超过”类目标的进度"
NO_TOLERANCE = "“左右”没有写明允许的偏差，无法判断是否达到"
HOLDS = "基数就是目标或已经达到目标，只看现在是否达到"


class BadTolerance(YinuoError):
    """A tolerance below zero."""

    code = "PROGRESS-E001"

    def __init__(self, tolerance: Fraction) -> None:
        super().__init__(
            f"允许的偏差 {tolerance} 小于零", place="允许偏差", next_step="写成零或正数"
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """The share of the way from baseline to target, as exact fractions."""

    unbounded: Fraction | None
    """0 at the baseline, 1 at the target; below 0 and above 1 are possible. None: undefined."""
    bounded: Fraction | None
    """The same, held between 0 and 1."""
    met: bool | None
    """Whether the value stands to the target as the operator asks. None: cannot be said."""
    reason: str = ""
    """Why a result is undefined or a special one, in words for the page."""


def progress(
    *,
    baseline: Quantity | None,
    target: Quantity,
    value: Quantity | None,
    operator: Operator = Operator.AT_LEAST,
    tolerance: Quantity | None = None,
) -> Progress:
    """The progress of a value from its baseline to its target.

    All quantities have the unit of the target; `tolerance` is how far ≈ may miss either way.
    0 at the baseline, 1 at the target, monotone in between and beyond, the same for rising and
    falling targets. Raises `BadTolerance`, and `ValueError` for a string that is no number.
    """
    if value is None:
        return Progress(unbounded=None, bounded=None, met=None, reason=NO_VALUE)
    aim, now = Fraction(target), Fraction(value)
    slack = None if tolerance is None else Fraction(tolerance)
    if slack is not None and slack < 0:
        raise BadTolerance(slack)
    met = _meets(now, operator, aim, slack)
    reason = NO_TOLERANCE if met is None else ""
    if baseline is None and operator in (Operator.AT_MOST, Operator.LESS_THAN):
        return Progress(unbounded=None, bounded=None, met=met, reason=NO_BASELINE)
    start = Fraction(0 if baseline is None else baseline)
    if _is_held(start, operator, aim, slack):
        share = Fraction(_meets(now, operator, aim, slack or Fraction(0)) is True)
        return Progress(unbounded=share, bounded=share, met=met, reason=reason or HOLDS)
    share = (now - start) / (aim - start)
    return Progress(
        unbounded=share, bounded=min(max(share, Fraction(0)), Fraction(1)), met=met, reason=reason
    )


def _is_held(start: Fraction, operator: Operator, aim: Fraction, slack: Fraction | None) -> bool:
    """Whether the baseline leaves no way to go: it meets the target, or is the target itself."""
    return start == aim or _meets(start, operator, aim, slack) is True


def _meets(
    value: Fraction, operator: Operator, aim: Fraction, slack: Fraction | None
) -> bool | None:
    match operator:
        case Operator.AT_LEAST:
            return value >= aim
        case Operator.MORE_THAN:
            return value > aim
        case Operator.AT_MOST:
            return value <= aim
        case Operator.LESS_THAN:
            return value < aim
        case Operator.EQUAL:
            return value == aim
        case Operator.ABOUT:
            return None if slack is None else abs(value - aim) <= slack
