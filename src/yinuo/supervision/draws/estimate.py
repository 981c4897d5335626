"""The share of false reports with an interval that holds for small samples as well. Pure.

The strata are drawn without replacement, so the number X of false ones among the n drawn of a
stratum of N, K of them false, is hypergeometric. With T = Σ N·X/n, the usual stratified estimate,
a number of false reports in all is inside the interval unless, however they are spread over the
strata, so small (or so large) a T had a probability of at most 2.5 % on each side: the exact test
turned around, as Wendell and Schmee (1996, JASA 91, 825–830) do it for stratified finite
populations. Their tail probability is replaced by Chernoff's bound, which is never smaller,
P(T ≤ t) ≤ exp(λt) Π E exp(-λNX/n), because it falls apart into strata, so that the worst spread
can be found exactly; of one stratum alone the exact probability is used. Each replacement makes the
interval wider and none makes it narrower: it covers the truth at least as often as it says.

What could not be checked (未能核查) counts as true in the lower limit and as false in the upper.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

METHOD = "yinuo.estimate/1"
CONFIDENCE = Fraction(95, 100)
TILTS = np.geomspace(0.02, 60.0, 56)
"""Values of λ, in units of the mean weight; any set is valid, more of them narrow the interval."""
EPSILON = 1e-9
Floats: TypeAlias = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Counted:
    """What was found in one stratum."""

    name: str
    size: int
    drawn: int
    false: int
    unchecked: int = 0


@dataclass(frozen=True)
class Estimate:
    """How many of all reports are false."""

    size: int
    drawn: int
    false: int
    unchecked: int
    about: Fraction
    """The stratified estimate of the share, taking what could not be checked as true."""
    about_worst: Fraction
    """The same, taking it as false; equal where everything was checked."""
    least: int
    most: int
    """How many of all are false at least and at most, at the confidence level."""

    @property
    def low(self) -> Fraction:
        """Lower limit of the share."""
        return Fraction(self.least, self.size)

    @property
    def high(self) -> Fraction:
        """Upper limit of the share."""
        return Fraction(self.most, self.size)


@dataclass(frozen=True)
class _Seen:
    size: int
    drawn: int
    false: int


def estimate(strata: Sequence[Counted]) -> Estimate:
    """The estimate and its interval; at least one of each stratum was drawn.

    >>> found = estimate([Counted("高", 4, 4, 1), Counted("低", 40, 10, 0)])
    >>> found.least, found.most, str(found.about)
    (1, 11, '1/44')
    """
    size = sum(each.size for each in strata)
    best = [_Seen(s.size, s.drawn, s.false) for s in strata]
    worst = [_Seen(s.size, s.drawn, s.false + s.unchecked) for s in strata]
    turned = [_Seen(s.size, s.drawn, s.drawn - s.false) for s in best]
    return Estimate(
        size=size,
        drawn=sum(each.drawn for each in strata),
        false=sum(each.false for each in strata),
        unchecked=sum(each.unchecked for each in strata),
        about=_share(best, size),
        about_worst=_share(worst, size),
        least=size - _most(turned),
        most=_most(worst),
    )


def _share(strata: Sequence[_Seen], size: int) -> Fraction:
    return sum((Fraction(s.size * s.false, s.drawn) for s in strata), Fraction()) / size


def _most(strata: Sequence[_Seen]) -> int:
    """The largest number in all that the sample does not speak against."""
    tail = float((1 - CONFIDENCE) / 2)
    known = sum(s.false for s in strata if s.drawn == s.size)
    open_ = [s for s in strata if s.drawn < s.size]
    if not open_:
        return known
    if len(open_) == 1:
        return known + _exact(open_[0], tail)
    laid_out = [(seen, *_log_chances(seen)) for seen in open_]
    return known + min(_tilted(laid_out, float(tilt), tail) for tilt in (*TILTS, math.inf))


def _log_choose(n: Floats, k: Floats) -> Floats:
    """The logarithm of C(n, k); minus infinity where there is no way."""
    possible = (k >= 0) & (k <= n)
    top, low = np.where(possible, n, 0.0), np.where(possible, k, 0.0)
    found = _log_factorial(top) - _log_factorial(low) - _log_factorial(top - low)
    return np.where(possible, found, -np.inf)


def _log_factorial(n: Floats) -> Floats:
    table = np.concatenate([[0.0], np.cumsum(np.log(np.arange(1, int(n.max(initial=0)) + 1)))])
    found: Floats = table[n.astype(np.int64)]
    return found


def _log_chances(seen: _Seen) -> tuple[Floats, Floats]:
    """The numbers K that the sample allows, and ln P(X = x) with a row a K, a column an x."""
    highest = seen.size - (seen.drawn - seen.false)
    wrong = np.arange(seen.false, highest + 1, dtype=np.float64)
    hits = np.arange(seen.drawn + 1, dtype=np.float64)
    k, x = wrong[:, None], hits[None, :]
    ways = _log_choose(np.broadcast_to(k, (len(wrong), len(hits))), x + 0 * k)
    rest = _log_choose(seen.size - k + 0 * x, seen.drawn - x + 0 * k)
    whole = _log_choose(np.array([float(seen.size)]), np.array([float(seen.drawn)]))
    return wrong, ways + rest - whole


def _log_sum(terms: Floats) -> Floats:
    """The logarithm of a sum, row by row, from logarithms of its terms."""
    top = terms.max(axis=1)
    found: Floats = top + np.log(np.exp(terms - top[:, None]).sum(axis=1))
    return found


def _exact(seen: _Seen, tail: float) -> int:
    """Of one stratum alone: the largest K with P(X ≤ x) above the tail."""
    wrong, chances = _log_chances(seen)
    below = np.exp(_log_sum(chances[:, : seen.false + 1]))
    return int(wrong[below > tail - EPSILON].max())


def _tilted(strata: Sequence[tuple[_Seen, Floats, Floats]], tilt: float, tail: float) -> int:
    """By one λ: the largest sum of K over all spreads that the bound does not exclude.

    The costs -ln E exp(-λNX/n) are replaced by their lower convex envelopes and the last step may
    be a fraction, so the answer is the true maximum or a little more.
    """
    if math.isinf(tilt) and any(seen.false for seen, *_ in strata):
        return sum(int(wrong[-1]) for _, wrong, _ in strata)
    unit = len(strata) / sum(seen.size / seen.drawn for seen, *_ in strata)
    budget, start, slopes = -math.log(tail), 0, []
    for seen, wrong, chances in strata:
        if math.isinf(tilt):
            costs = -chances[:, 0]
        else:
            step = tilt * unit * seen.size / seen.drawn
            costs = -_log_sum(chances - step * np.arange(seen.drawn + 1)[None, :])
            budget += step * seen.false
        budget -= float(costs[0])
        start += int(wrong[0])
        slopes.append(_envelope(costs))
    steps = np.sort(np.concatenate(slopes))
    spent = np.cumsum(steps)
    whole = int(np.searchsorted(spent, budget + EPSILON, side="right"))
    return start + whole


def _envelope(costs: Floats) -> Floats:
    """The slopes of the lower convex envelope of costs at 0, 1, 2 …; one a step."""
    slopes = np.diff(costs)
    if (np.diff(slopes) >= -EPSILON).all():
        return slopes
    blocks: list[tuple[float, int]] = []
    for slope in slopes.tolist():
        total, count = float(slope), 1
        while blocks and blocks[-1][0] / blocks[-1][1] > total / count:
            before, many = blocks.pop()
            total, count = total + before, count + many
        blocks.append((total, count))
    return np.concatenate([np.full(count, total / count) for total, count in blocks])


def percent(share: Fraction, *, up: bool | None = None) -> str:
    """A share in percent with one decimal: rounded up, down, or to the nearest.

    >>> percent(Fraction(1, 3)), percent(Fraction(1, 3), up=True)
    ('33.3', '33.4')
    """
    tenths = share * 1000
    if up is None:
        number = math.floor(tenths + Fraction(1, 2))
    else:
        number = math.ceil(tenths) if up else math.floor(tenths)
    return f"{number // 10}.{number % 10}"
