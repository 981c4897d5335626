"""What looks odd about the newest figure of a series. Pure.

Each check says what it compared, so that a person can judge; none says that a figure is wrong.
Their weaknesses, and how often they speak without cause, stand in docs/explanation/doubts.md.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise
from statistics import fmean, median
from typing import Any

from yinuo.kernel.decimals import canonical_decimal
from yinuo.supervision.doubt_life import DoubtKind, Spotted
from yinuo.supervision.doubt_limits import Limits
from yinuo.supervision.figures.series import DONE, Point, Terms, known_at, places

HUNDRED = Decimal(100)
MOST_SHOWN = 36
"""Points of a series that are kept as evidence, the last ones."""
NORMAL_MAD = 0.6745
NORMAL_MEAN = 1.253314
"""What makes the median, or the mean, distance from the middle a standard deviation."""
STEADY = 0.05
"""Share of the usual pace below which a difference from it is taken to be no difference."""
PACES = 2
"""Least number of paces of which one is the newest."""


def say(value: Decimal) -> str:
    """A number as it is stored."""
    return canonical_decimal(value)


def shown(points: Sequence[Point], marked: Sequence[Point]) -> list[dict[str, Any]]:
    """A series as evidence, the points that are asked about marked."""
    odd = {point.report for point in marked}
    return [
        {
            "report": point.report,
            "day": point.day.isoformat(),
            "value": say(point.value),
            "marked": point.report in odd,
        }
        for point in points[-MOST_SHOWN:]
    ]


def look_at(
    terms: Terms, points: Sequence[Point], latest: Point, limits: Limits
) -> tuple[Spotted, ...]:
    """Everything that the checks notice about one report of a series."""
    known = known_at(points, latest)
    if latest not in known:
        return ()
    found: list[Spotted] = []
    fall = falling(terms, known, latest, limits)
    found += [fall] if fall else []
    if known[-1] is latest:
        hit = target_hit(terms, known, limits)
        found += [hit] if hit else []
        # The last days before the deadline are looked at by their share; both would say the same.
        pace = rush(terms, known, limits) or jump(terms, known, limits)
        found += [pace] if pace else []
    return tuple(found)


def target_hit(terms: Terms, known: Sequence[Point], limits: Limits) -> Spotted | None:
    """The target met to the last digit, on the day or just before it.

    Seven out of seven says nothing: only where the figures could have come out at many levels, and
    where the promise was to reach a number or more, or less, and not just that number.
    """
    latest, target, due = known[-1], terms.target, terms.due
    if target is None or due is None or terms.operator not in {"ge", "gt", "le", "lt", "about"}:
        return None
    if not 0 <= (due - latest.day).days <= limits.hit_days:
        return None
    levels = abs(target).scaleb(max(places(known), 0))
    off = abs(latest.value - target)
    if levels < limits.hit_levels or off > abs(target) * limits.hit_tolerance / HUNDRED:
        return None
    if any(point.value == latest.value for point in known[:-1]):
        return None
    return Spotted(
        kind=DoubtKind.TARGET_HIT,
        key=f"target_hit:{terms.commitment}@{due.isoformat()}",
        commitment=terms.commitment,
        facts={
            "series": shown(known, [latest]),
            "unit": terms.unit,
            "target": say(target),
            "due": due.isoformat(),
            "off": say(off),
            "days": (due - latest.day).days,
        },
    )


def falling(terms: Terms, known: Sequence[Point], latest: Point, limits: Limits) -> Spotted | None:
    """A cumulative figure below that of an earlier day, or above that of a later one."""
    if not terms.adds_up:
        return None
    for before, after in pairwise(known):
        if latest not in (before, after):
            continue
        if before.value - after.value > abs(before.value) * limits.fall_tolerance / HUNDRED:
            return Spotted(
                kind=DoubtKind.FALLING,
                key=f"falling:{latest.report}",
                commitment=terms.commitment,
                facts={
                    "series": shown(known, [before, after]),
                    "unit": terms.unit if terms.operator != DONE else "%",
                    "from": say(before.value),
                    "to": say(after.value),
                },
            )
    return None


def _paces(known: Sequence[Point]) -> list[float]:
    """How fast it went between two reports, a day."""
    return [
        float(after.value - before.value) / (after.day - before.day).days
        for before, after in pairwise(known)
    ]


def rush(terms: Terms, known: Sequence[Point], limits: Limits) -> Spotted | None:
    """Much of all that was done is said to be done in the last days, faster than ever before."""
    latest = known[-1]
    if not terms.adds_up or terms.due is None or len(known) < limits.rush_reports:
        return None
    if not 0 <= (terms.due - latest.day).days <= limits.rush_days:
        return None
    total, last = latest.value - known[0].value, latest.value - known[-2].value
    paces = _paces(known)
    usual = median(paces[:-1])
    if total <= 0 or last * HUNDRED < total * limits.rush_share:
        return None
    if paces[-1] < float(limits.rush_times) * max(usual, 0.0):
        return None
    return Spotted(
        kind=DoubtKind.RUSH,
        key=f"rush:{terms.commitment}@{terms.due.isoformat()}",
        commitment=terms.commitment,
        facts={
            "series": shown(known, [known[-2], latest]),
            "unit": terms.unit if terms.operator != DONE else "%",
            "share": say((last / total * HUNDRED).quantize(Decimal("0.1"))),
            "times": _times(paces[-1], usual),
            "days": (latest.day - known[-2].day).days,
            "due": terms.due.isoformat(),
        },
    )


def _times(pace: float, usual: float) -> str:
    """How many times the usual pace, to one place; empty where there was none."""
    return say(Decimal(f"{pace / usual:.1f}")) if usual > 0 else ""


def jump(terms: Terms, known: Sequence[Point], limits: Limits) -> Spotted | None:
    """The newest pace far outside what was usual: modified z, with the median and the MAD.

    Where all paces are above zero their logarithms are compared: paces are skewed to the right,
    and on skewed numbers a z speaks too often (Iglewicz and Hoaglin 1993).
    """
    paces = _paces(known)
    if not terms.adds_up or len(paces) < max(int(limits.jump_steps), PACES):
        return None
    newest, before = paces[-1], paces[:-1]
    usual = median(before)
    if newest <= max(usual, 0.0) * float(limits.jump_times) or newest <= 0:
        return None
    logarithmic = min(paces) > 0
    score = _score(
        math.log(newest) if logarithmic else newest,
        [math.log(pace) for pace in before] if logarithmic else before,
    )
    if score < float(limits.jump_score):
        return None
    return Spotted(
        kind=DoubtKind.JUMP,
        key=f"jump:{known[-1].report}",
        commitment=terms.commitment,
        facts={
            "series": shown(known, [known[-2], known[-1]]),
            "unit": terms.unit if terms.operator != DONE else "%",
            "score": say(Decimal(f"{min(score, 999.0):.1f}")),
            "times": _times(newest, usual),
            "steps": len(paces),
        },
    )


def _score(newest: float, before: Sequence[float]) -> float:
    middle = median(before)
    off = [abs(one - middle) for one in before]
    scale = median(off) / NORMAL_MAD or fmean(off) * NORMAL_MEAN
    return (newest - middle) / max(scale, STEADY * abs(middle), 1e-9)


@dataclass(frozen=True, slots=True)
class Whole:
    """A broken-down commitment and its parts, as reported for one day."""

    commitment: str
    unit: str
    operator: str
    target: Decimal | None
    day: str
    value: Decimal
    report: str
    parts: tuple[tuple[str, str, Decimal, Decimal | None], ...]
    """Commitment, report, figure and target of each part."""


def parts_unequal(whole: Whole, limits: Limits) -> Spotted | None:
    """The parts do not add up to the whole that was reported for the same day.

    Only where the promised parts add up to the promised whole: an average of rates does not.
    """
    targets = [target for *_, target in whole.parts]
    if whole.target is None or len(whole.parts) < PACES or any(t is None for t in targets):
        return None
    promised = sum((t for t in targets if t is not None), Decimal(0))
    if (
        promised != whole.target
        or not Terms(whole.commitment, whole.operator, whole.target, None, whole.unit, None).adds_up
    ):
        return None
    together = sum((value for _, _, value, _ in whole.parts), Decimal(0))
    off = together - whole.value
    allowed = max(abs(whole.value), abs(together)) * limits.parts_tolerance / HUNDRED
    if abs(off) <= allowed:
        return None
    return Spotted(
        kind=DoubtKind.PARTS,
        key=f"parts:{whole.commitment}@{whole.day}",
        commitment=whole.commitment,
        facts={
            "day": whole.day,
            "unit": whole.unit,
            "whole": {"report": whole.report, "value": say(whole.value)},
            "parts": [
                {"commitment": code, "report": report, "value": say(value)}
                for code, report, value, _ in whole.parts
            ],
            "together": say(together),
            "off": say(off),
        },
    )


def significant(value: Decimal) -> int:
    """How many digits a figure has that tell something: 1200 has two, 0.0125 has three.

    >>> significant(Decimal("1200")), significant(Decimal("0.0125")), significant(Decimal(0))
    (2, 3, 0)
    """
    digits = "".join(map(str, value.as_tuple().digits)).strip("0")
    return len(digits)


def pasted(
    same: Sequence[tuple[str, str]],
    *,
    owner: str,
    latest: str,
    day: str,
    value: Decimal,
    limits: Limits,
) -> Spotted | None:
    """One figure under many commitments of one unit for the same day.

    `same` holds commitment and report of each, none the parent of another; `owner` names the unit
    and the office, and `latest` the commitment that is asked about.
    """
    few = len({code for code, _ in same}) < limits.pasted_commitments
    if few or significant(value) < limits.pasted_digits:
        return None
    return Spotted(
        kind=DoubtKind.PASTED,
        key=f"pasted:{owner}@{day}={say(value)}",
        commitment=latest,
        facts={
            "day": day,
            "value": say(value),
            "same": [{"commitment": code, "report": report} for code, report in same[:MOST_SHOWN]],
            "count": len(same),
        },
    )
