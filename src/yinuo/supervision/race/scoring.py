"""From the inputs of units and a scheme to scores, tiers and awards: one exact function. Pure.

    points of an indicator   (value - floor) / (target - floor) × 100, held between 0 and the cap
    score of a unit          Σ weight × points ÷ Σ weight, over the indicators that count for it,
                             rounded half up to a hundredth of a point
    tier                     begins at the best score left and takes in all within the tolerance

All else follows from the rounded scores, so that anybody can check them by hand. Equal scores are
always in one tier; nothing depends on the order in which units are given.
"""

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from fractions import Fraction
from math import floor, isqrt
from typing import NamedTuple

from yinuo.supervision.race.scheme import (
    GAIN,
    KEPT,
    LOWEST,
    ORDERS,
    REPORTED,
    UNRANKED,
    Group,
    Ranking,
    Terms,
)

HUNDRED = 100
RATES = frozenset({KEPT, REPORTED, ORDERS})
"""Indicators that are a share of counted cases, for which an interval can be given."""
FIRST_AWARD, RISE_AWARD, RED, BLACK = "突出贡献", "争先进位", "红榜", "黑榜"
ROOT = 10**12
"""Square of the fineness of square roots."""


class Counted(StrEnum):
    """How an indicator counts for a unit."""

    SCORED = "scored"
    EXEMPT = "exempt"
    """免考."""
    FEW = "few"
    """样本不足."""
    MISSING = "missing"
    """未报送."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Input:
    """What is known of a unit for one indicator. Figures are canonical decimals."""

    indicator: str
    numerator: str = "0"
    denominator: str = "0"
    missing: int = 0
    """Cases that should have been reported and were not; in neither figure."""
    waiting: int = 0
    """Cases declared done in time that nobody has verified yet; in neither figure."""
    before_numerator: str = "0"
    """Of the period before, for what is compared with oneself."""
    before_denominator: str = "0"
    exempt: str = ""
    """Code of the exemption; empty for none."""


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit with its inputs."""

    code: str
    name: str
    group: str
    """Empty for one in no peer group."""
    inputs: tuple[Input, ...]
    absent: str = ""
    """Why it takes no part though it has a group; empty if it does."""


@dataclass(frozen=True, slots=True)
class Before:
    """How a unit stood in the last published race of the series."""

    group: str
    score: int
    """In hundredths of a point."""
    rank: int
    """The best place of its tier."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """What one indicator gave a unit. Texts are decimals with two places, empty for none."""

    indicator: str
    counted: Counted
    value: str
    low: str
    """The interval of the rate, as the scheme asks."""
    high: str
    points: str
    share: str
    """Of the score, in percent, after the weights of what does not count were given to the rest."""
    lost: str
    """Points of the score that a full mark here would have added."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """How a unit stands."""

    unit: str
    group: str
    why: str = ""
    """Why it is not ranked; empty if it is."""
    score: int | None = None
    """In hundredths of a point."""
    tier: int | None = None
    """From 1."""
    first: int | None = None
    """The places that its tier takes up: nobody in it is before another."""
    last: int | None = None
    swing_first: int | None = None
    """The best and worst place if each weight is varied."""
    swing_last: int | None = None
    change: int | None = None
    """Hundredths of a point since the race before; None where there is none to compare with."""
    rise: int | None = None
    """Places gained since then, between the best places of the tiers."""
    awards: tuple[str, ...] = ()
    parts: tuple[Part, ...] = ()


@dataclass(slots=True)
class _Case:
    """A unit while its group is worked out."""

    unit: Unit
    values: dict[str, Fraction]
    counted: dict[str, Counted]
    points: dict[str, Fraction]
    why: str = ""
    score: int = 0

    @property
    def ranked(self) -> bool:
        return not self.why


class _Place(NamedTuple):
    """What of a result depends on the others, in the order of its columns."""

    tier: int
    first: int
    last: int
    swing_first: int
    swing_last: int


def score(
    groups: Mapping[str, Group], units: Sequence[Unit], before: Mapping[str, Before]
) -> tuple[Result, ...]:
    """How every unit stands, by group in the order of the scheme, the best first, then by code."""
    by_group: defaultdict[str, list[Unit]] = defaultdict(list)
    for unit in sorted(units, key=lambda each: each.code):
        by_group[unit.group if unit.group in groups else ""].append(unit)
    found: list[Result] = []
    for name, group in groups.items():
        found += _in_group(group, by_group.get(name, []), before)
    found += [
        Result(unit=each.code, group="", why="不在任何赛马组别") for each in by_group.get("", [])
    ]
    return tuple(found)


def _in_group(group: Group, units: Sequence[Unit], before: Mapping[str, Before]) -> list[Result]:
    cases = [_case(group, unit) for unit in units]
    _fill_missing(group, cases)
    for case in cases:
        _judge(group, case)
    ranked = [case for case in cases if case.ranked]
    least = group.ranking.least_units
    if len(ranked) < least:
        for case in ranked:
            case.why = f"本组可比的单位不足 {least} 个，不分档"
        results = [_result(group, case) for case in cases]
    else:
        places = _places(group, ranked)
        results = [_placed(_result(group, case), places.get(case.unit.code)) for case in cases]
        results = _awarded(group, _compared(results, before))
    return sorted(results, key=lambda r: (r.tier is None, -(r.score or 0), r.unit))


def _placed(result: Result, place: _Place | None) -> Result:
    if place is None:
        return result
    return replace(
        result,
        tier=place.tier,
        first=place.first,
        last=place.last,
        swing_first=place.swing_first,
        swing_last=place.swing_last,
    )


# ── one unit ─────────────────────────────────────────────────────────────────────────────────────


def value(given: Input) -> Fraction | None:
    """The value of an indicator, per hundred; None without any case."""
    denominator = Fraction(given.denominator)
    if denominator == 0:
        return None
    found = Fraction(given.numerator) / denominator * HUNDRED
    if given.indicator != GAIN:
        return found
    past = Fraction(given.before_denominator)
    return None if past == 0 else found - Fraction(given.before_numerator) / past * HUNDRED


def points(terms: Terms, found: Fraction) -> Fraction:
    """The points of a value: 0 at the floor, 100 at the target, no more than the cap."""
    start, aim = Fraction(terms.floor), Fraction(terms.target)
    reached = (found - start) / (aim - start) * HUNDRED
    return min(max(reached, Fraction(0)), Fraction(terms.cap))


def counted(terms: Terms, given: Input) -> Counted:
    """How an indicator counts: exempt first, then too few to say anything, then not reported."""
    if given.exempt:
        return Counted.EXEMPT
    known = Fraction(given.denominator)
    asked = known + given.missing
    if asked < terms.least:
        return Counted.FEW
    if given.missing > asked * Fraction(terms.most_missing) / HUNDRED:
        return Counted.MISSING
    few_before = given.indicator == GAIN and Fraction(given.before_denominator) < terms.least
    return Counted.FEW if known < terms.least or few_before else Counted.SCORED


def _case(group: Group, unit: Unit) -> _Case:
    case = _Case(unit, {}, {}, {}, why=unit.absent)
    given = {each.indicator: each for each in unit.inputs}
    for terms in group.terms:
        name = terms.indicator
        one = given.get(name, Input(indicator=name))
        case.counted[name] = counted(terms, one)
        found = value(one)
        if found is not None:
            case.values[name] = found
        if case.counted[name] is Counted.SCORED and found is not None:
            case.points[name] = points(terms, found)
    return case


def _fill_missing(group: Group, cases: Sequence[_Case]) -> None:
    """What was not reported counts like the lowest of those in the group that did report."""
    for terms in group.terms:
        name = terms.indicator
        known = [
            case.points[name] for case in cases if name in case.points and not case.unit.absent
        ]
        for case in cases:
            if case.counted[name] is not Counted.MISSING:
                continue
            if terms.missing == UNRANKED:
                case.why = case.why or f"{name}未报送"
            elif terms.missing == LOWEST and known:
                case.points[name] = min(known)


def _judge(group: Group, case: _Case) -> None:
    """Score a unit, or say why it has no rank."""
    weights = {terms.indicator: Fraction(terms.weight) for terms in group.terms}
    whole = sum(weights.values(), Fraction(0))
    comparable = sum((weights[name] for name in case.points), Fraction(0))
    share = Fraction(group.ranking.least_weight) / HUNDRED
    if not case.points:
        case.why = case.why or "没有可比的指标"
    elif comparable < share * whole:
        case.why = case.why or f"可比的指标不足权重的 {group.ranking.least_weight}%"
    case.score = total(weights, case.points)


def total(weights: Mapping[str, Fraction], scored: Mapping[str, Fraction]) -> int:
    """The score in hundredths of a point, rounded half up; 0 without any indicator."""
    whole = sum((weights[name] for name in scored), Fraction(0))
    if whole == 0:
        return 0
    mean = sum((weights[name] * scored[name] for name in scored), Fraction(0)) / whole
    return rounded(mean)


def rounded(number: Fraction) -> int:
    """A number in hundredths, rounded half up.

    >>> rounded(Fraction(1, 8)), rounded(Fraction(-1, 8))
    (13, -12)
    """
    return floor(number * HUNDRED + Fraction(1, 2))


def two_places(hundredths: int) -> str:
    """Hundredths as a decimal with two places.

    >>> two_places(9050), two_places(-5)
    ('90.50', '-0.05')
    """
    sign, number = "-" if hundredths < 0 else "", abs(hundredths)
    return f"{sign}{number // HUNDRED}.{number % HUNDRED:02}"


# ── places ───────────────────────────────────────────────────────────────────────────────────────


def tiers(scores: Sequence[int], tolerance: int) -> dict[int, int]:
    """Score → tier, from 1; `tolerance` in hundredths of a point.

    >>> tiers([9000, 8800, 8690, 8000], 300)
    {9000: 1, 8800: 1, 8690: 2, 8000: 3}
    """
    found: dict[int, int] = {}
    tier, best = 0, 0
    for each in sorted(set(scores), reverse=True):
        if not tier or best - each > tolerance:
            tier, best = tier + 1, each
        found[each] = tier
    return found


def _places(group: Group, ranked: Sequence[_Case]) -> dict[str, _Place]:
    tolerance = rounded(Fraction(group.ranking.tolerance))
    tier_of = tiers([case.score for case in ranked], tolerance)
    in_tier = sorted(tier_of[case.score] for case in ranked)
    swings = _swings(group, ranked)
    found = {}
    for case in ranked:
        tier = tier_of[case.score]
        first, last = bisect_left(in_tier, tier) + 1, bisect_right(in_tier, tier)
        found[case.unit.code] = _Place(tier, first, last, *swings[case.unit.code])
    return found


def _swings(group: Group, ranked: Sequence[_Case]) -> dict[str, tuple[int, int]]:
    """The best and worst place of each, with every weight in turn a little more and a little less.

    A place is one more than the number of units with a higher score.
    """
    plain = {terms.indicator: Fraction(terms.weight) for terms in group.terms}
    part = Fraction(group.ranking.swing) / HUNDRED
    ways = [plain]
    for name, weight in plain.items():
        ways += [plain | {name: max(weight * (1 + way), Fraction(0))} for way in (part, -part)]
    found: dict[str, tuple[int, int]] = {}
    for weights in ways:
        scores = [total(weights, case.points) for case in ranked]
        ordered = sorted(scores)
        for case, each in zip(ranked, scores, strict=True):
            place = len(ordered) - bisect_right(ordered, each) + 1
            low, high = found.get(case.unit.code, (place, place))
            found[case.unit.code] = (min(low, place), max(high, place))
    return found


def _result(group: Group, case: _Case) -> Result:
    weights = {terms.indicator: Fraction(terms.weight) for terms in group.terms}
    whole = sum((weights[name] for name in case.points), Fraction(0))
    given = {each.indicator: each for each in case.unit.inputs}
    parts = []
    for terms in group.terms:
        name = terms.indicator
        share = weights[name] / whole if name in case.points and whole else None
        parts.append(_part(group.ranking, case, given.get(name), name, share))
    return Result(
        unit=case.unit.code,
        group=group.name,
        why=case.why,
        score=case.score if case.points and not case.unit.absent else None,
        parts=tuple(parts),
    )


def _part(
    ranking: Ranking, case: _Case, given: Input | None, name: str, share: Fraction | None
) -> Part:
    found, gained = case.values.get(name), case.points.get(name)
    low, high = interval(given, ranking.factor) if given and name in RATES else ("", "")
    lost = None
    if share is not None and gained is not None:
        lost = max(HUNDRED - gained, Fraction(0)) * share
    return Part(
        indicator=name,
        counted=case.counted[name],
        value=_said(found),
        low=low,
        high=high,
        points=_said(gained),
        share=_said(None if share is None else share * HUNDRED),
        lost=_said(lost),
    )


def _said(number: Fraction | None) -> str:
    return "" if number is None else two_places(rounded(number))


def interval(given: Input, factor: str) -> tuple[str, str]:
    """The Wilson interval of a rate in percent, outward to a tenth; empty without any case.

    Source: E. B. Wilson, Probable inference, JASA 22 (1927).

    >>> interval(Input(indicator=KEPT, numerator="8", denominator="10"), "1.96")
    ('49.0', '94.4')
    """
    cases = Fraction(given.denominator)
    if cases == 0:
        return "", ""
    rate, z = min(Fraction(given.numerator) / cases, Fraction(1)), Fraction(factor)
    square = z * z / cases
    spread = z * _root(rate * (1 - rate) / cases + square / cases / 4)
    middle, whole = rate + square / 2, 1 + square
    low = max((middle - spread) / whole, Fraction(0))
    high = min((middle + spread) / whole, Fraction(1))
    down, up = floor(low * 1000), -floor(-high * 1000)
    return f"{down // 10}.{down % 10}", f"{up // 10}.{up % 10}"


def _root(number: Fraction) -> Fraction:
    """The square root, to a millionth."""
    return Fraction(isqrt(int(number * ROOT)), isqrt(ROOT))


# ── against the others and the race before ───────────────────────────────────────────────────────


def _compared(results: Sequence[Result], before: Mapping[str, Before]) -> list[Result]:
    found = []
    for each in results:
        past = before.get(each.unit)
        # Who changed its group has nobody to be compared with.
        if past is None or past.group != each.group or each.score is None or each.first is None:
            found.append(each)
            continue
        change, rise = each.score - past.score, past.rank - each.first
        found.append(replace(each, change=change, rise=rise))
    return found


def _reported(result: Result) -> bool:
    """Whether nothing is 未报送: what counts like the lowest is never praised."""
    return all(part.counted is not Counted.MISSING for part in result.parts)


def _awarded(group: Group, results: Sequence[Result]) -> list[Result]:
    ranking = group.ranking
    last_tier = max((each.tier for each in results if each.tier is not None), default=0)
    gained = rounded(Fraction(ranking.rise_award))
    risen = [
        each.change
        for each in results
        if _reported(each)
        and each.change is not None
        and (each.rise or 0) > 0
        and each.change >= gained
    ]
    most = max(risen, default=None)
    found = []
    for each in results:
        if each.tier is None or each.score is None:
            found.append(each)
            continue
        awards, praised = [], _reported(each)
        leads = praised and each.tier == 1
        if leads and each.score >= rounded(Fraction(ranking.first_award)):
            awards.append(FIRST_AWARD)
        if praised and most is not None and (each.rise or 0) > 0 and each.change == most:
            awards.append(RISE_AWARD)
        if ranking.lists and leads and each.score >= rounded(Fraction(ranking.red)):
            awards.append(RED)
        below = each.score < rounded(Fraction(ranking.black))
        if ranking.lists and 1 < last_tier == each.tier and below:
            awards.append(BLACK)
        found.append(replace(each, awards=tuple(awards)))
    return found
