"""序时进度 of many commitments at once, in percent: what sums over them are made of."""

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction

from yinuo.commitments.curve import Point, Shape
from yinuo.commitments.light_rows import curve_of
from yinuo.commitments.models import Commitment, PlanCurve
from yinuo.commitments.permission import visible
from yinuo.kernel.decimals import canonical_decimal
from yinuo.parties.viewer import Viewer

ASK = 500
WHOLE = 100
PLACES = 12


def planned_curves(*, commitments: Sequence[str], viewer: Viewer) -> dict[str, tuple[Point, ...]]:
    """Code → its planned series in percent of what was promised, of those the viewer may see.

    A commitment without a series is missing: milestones are none.
    """
    found: dict[str, tuple[Point, ...]] = {}
    for start in range(0, len(commitments), ASK):
        some = commitments[start : start + ASK]
        values = dict(
            Commitment.objects.filter(visible(viewer), pk__in=some).values_list("code", "value")
        )
        for row in PlanCurve.objects.filter(commitment__in=list(values)):
            curve = curve_of(row)
            if curve.shape is Shape.PERCENT:
                found[row.commitment_id] = curve.points
            elif curve.shape is Shape.VALUE:
                points = _in_percent(curve.points, values[row.commitment_id])
                if points is not None:
                    found[row.commitment_id] = points
    return found


def _in_percent(points: Sequence[Point], value: str) -> tuple[Point, ...] | None:
    if not value or not Fraction(value):
        return None
    shares = [Fraction(point.amount) * WHOLE / Fraction(value) for point in points]
    return tuple(
        Point(point.key, canonical_decimal(_cut(share)))
        for point, share in zip(points, shares, strict=True)
    )


def _cut(share: Fraction) -> str:
    """A share as a decimal, cut after twelve places: a third is 33.333333333333 %.

    >>> _cut(Fraction(100, 3)), _cut(Fraction(25))
    ('33.333333333333', '25')
    """
    return f"{Decimal(int(share * 10**PLACES)).scaleb(-PLACES):f}".rstrip("0").rstrip(".") or "0"
