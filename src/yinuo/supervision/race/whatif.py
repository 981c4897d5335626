"""What would have lifted a unit a tier: the smallest change of one indicator alone. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from yinuo.kernel.decimals import canonical_decimal
from yinuo.supervision.race.scheme import GAIN, MOVES, PROGRESS, Group, Terms
from yinuo.supervision.race.scoring import (
    Counted,
    Input,
    Result,
    Unit,
    points,
    rounded,
    total,
    value,
)

SUMS = frozenset({PROGRESS, GAIN})
"""Indicators whose numerator is a sum of shares, not a count."""
STEP = Fraction(1, 100)
"""Of such a sum."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """The smallest change of one indicator that reaches the next tier."""

    indicator: str
    now: str
    needed: str
    """Numerator that would have been enough; empty where even the best would not."""
    denominator: str
    score: int | None
    """The score it would have given, in hundredths."""

    @property
    def enough(self) -> bool:
        """Whether this indicator alone could have done it."""
        return self.score is not None


@dataclass(frozen=True, slots=True)
class NextTier:
    """What separates a unit from the tier above."""

    score: int
    """The least score in that tier, in hundredths, the others staying as they are."""
    changes: tuple[Change, ...]


def next_tier(group: Group, unit: Unit, results: Sequence[Result]) -> NextTier | None:
    """What would have lifted a unit a tier; None in the first one and without a tier.

    `results` are those of its group. The others are taken as they are, also where they count like
    the lowest of those who reported.
    """
    own = next((each for each in results if each.unit == unit.code), None)
    if own is None or own.tier is None or own.tier == 1:
        return None
    # The tier above begins at its best score; all within the tolerance are in it.
    best = max(r.score for r in results if r.tier == own.tier - 1 and r.score is not None)
    least = best - rounded(Fraction(group.ranking.tolerance))
    given = {each.indicator: each for each in unit.inputs}
    scored = _scored(group, given, own)
    changes = []
    for terms in group.terms:
        part = next(p for p in own.parts if p.indicator == terms.indicator)
        if part.counted is Counted.SCORED:
            changes.append(_change(group, terms, given[terms.indicator], scored, least))
    return NextTier(least, tuple(changes))


def _scored(group: Group, given: Mapping[str, Input], own: Result) -> dict[str, Fraction]:
    """The points that count, exact where they are the unit's own."""
    found = {}
    for part in own.parts:
        terms = next(t for t in group.terms if t.indicator == part.indicator)
        if part.counted is Counted.SCORED:
            known = value(given[part.indicator])
            if known is not None:
                found[part.indicator] = points(terms, known)
        elif part.points:
            found[part.indicator] = Fraction(part.points)
    return found


def _change(
    group: Group, terms: Terms, given: Input, scored: Mapping[str, Fraction], least: int
) -> Change:
    weights = {each.indicator: Fraction(each.weight) for each in group.terms}
    start, step = Fraction(given.numerator), STEP if given.indicator in SUMS else Fraction(1)
    end = Fraction(0) if given.indicator == MOVES else Fraction(given.denominator)
    better = -step if end < start else step
    steps = int((end - start) / better) if better else 0

    def outcome(count: int) -> int:
        changed = _with(given, start + count * better)
        known = value(changed)
        gained = scored[given.indicator] if known is None else points(terms, known)
        return total(weights, {**scored, given.indicator: gained})

    low, high = 0, steps
    if steps < 1 or outcome(steps) < least:
        return _told(given, None, None)
    while low + 1 < high:
        middle = (low + high) // 2
        low, high = (low, middle) if outcome(middle) >= least else (middle, high)
    return _told(given, start + high * better, outcome(high))


def _with(given: Input, numerator: Fraction) -> Input:
    return replace(given, numerator=_text(numerator))


def _text(number: Fraction) -> str:
    """A number of hundredths or of the six places of sums, as a decimal."""
    millionths = number * 10**6
    sign = "-" if millionths < 0 else ""
    whole, rest = divmod(abs(int(millionths)), 10**6)
    return canonical_decimal(f"{sign}{whole}.{rest:06}")


def _told(given: Input, needed: Fraction | None, score: int | None) -> Change:
    return Change(
        indicator=given.indicator,
        now=given.numerator,
        needed="" if needed is None else _text(needed),
        denominator=given.denominator,
        score=score,
    )
