"""From rows to what a light depends on, and to lights: few questions for many commitments."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from functools import lru_cache

from django.db.models.functions import Length
from django.utils.translation import get_language

from yinuo.commitments.curve import Curve, Point, Shape, Step, curve_text
from yinuo.commitments.life import Status
from yinuo.commitments.lights.deciding import Deciding
from yinuo.commitments.lights.facts import Facts, Promise, Quantity, Reported, facts
from yinuo.commitments.lights.table import available
from yinuo.commitments.lights.words import LightMark, light_mark
from yinuo.commitments.listed import Listed
from yinuo.commitments.models import Commitment, PlanCurve, Report
from yinuo.commitments.registry import Promisor, promisor_of
from yinuo.kernel.amounts import Operator

DAY, DONE = "lights", "lights.done"
"""Two marks: the day and table that lights are stored for, and those of the last full pass."""
ASK = 500
"""Keys in one statement."""


@dataclass(frozen=True)
class Terms:
    """The columns of a commitment that its light depends on."""

    code: str
    due: date | None
    operator: str
    value: str
    baseline: str
    tolerance: str

    @classmethod
    def of(cls, row: Commitment | Listed) -> "Terms":
        """Those of a row."""
        return cls(row.code, row.due, row.operator, row.value, row.baseline, row.tolerance)

    @property
    def quantity(self) -> Quantity | None:
        """What was promised, if it was a number."""
        if self.operator == Commitment.Operator.DONE:
            return None
        sign = Operator(Commitment.Operator(self.operator).label)
        return Quantity(sign, self.value, self.baseline, self.tolerance)


def curve_of(row: PlanCurve) -> Curve:
    """The curve that a row holds."""
    return Curve(Shape(row.shape), tuple(Point(*pair) for pair in row.points))


def written_curve(commitment: str) -> str:
    """The curve of a commitment as text; empty where it has none."""
    held = PlanCurve.objects.filter(pk=commitment).first()
    return curve_text(curve_of(held)) if held else ""


def promises(some: Sequence[Terms]) -> dict[str, Promise]:
    """What the lights of these commitments depend on, by code."""
    curves = _curves([terms.code for terms in some])
    series = [code for code, curve in curves.items() if curve.shape is not Shape.MILESTONES]
    reports = _reports(series)
    steps = _steps(curves)
    return {
        terms.code: Promise(
            due=terms.due,
            quantity=terms.quantity,
            curve=curves.get(terms.code),
            steps=steps.get(terms.code, ()),
            reports=tuple(reports.get(terms.code, ())),
        )
        for terms in some
    }


def _curves(codes: Sequence[str]) -> dict[str, Curve]:
    found = {}
    for some in _parts(codes):
        for row in PlanCurve.objects.filter(commitment__in=some):
            found[row.commitment_id] = curve_of(row)
    return found


def _reports(codes: Sequence[str]) -> dict[str, list[Reported]]:
    """The reports with a figure, oldest first; of one day in the order they were made."""
    found: defaultdict[str, list[Reported]] = defaultdict(list)
    for some in _parts(codes):
        rows = Report.objects.filter(commitment__in=some).exclude(value="")
        ordered = rows.order_by("as_of_date", Length("code"), "code")
        for code, as_of, value in ordered.values_list("commitment_id", "as_of_date", "value"):
            found[code].append(Reported(as_of, value))
    return found


def _steps(curves: Mapping[str, Curve]) -> dict[str, tuple[Step, ...]]:
    lumpy = {code: c for code, c in curves.items() if c.shape is Shape.MILESTONES}
    wanted = sorted({point.key for curve in lumpy.values() for point in curve.points})
    known: dict[str, tuple[date | None, date | None]] = {}
    for some in _parts(wanted):
        rows = Commitment.objects.filter(pk__in=some)
        for code, due, done in rows.values_list("code", "due", "delivered_date"):
            known[code] = (due, done)
    return {
        code: tuple(Step(known[p.key][0], Fraction(p.amount), known[p.key][1]) for p in c.points)
        for code, c in lumpy.items()
    }


def _parts(codes: Sequence[str]) -> Iterable[Sequence[str]]:
    return (codes[start : start + ASK] for start in range(0, len(codes), ASK))


def is_lit(row: Commitment | Listed) -> bool:
    """Whether a commitment has a light: an open one of the city."""
    return row.status == Status.OPEN and promisor_of(row.kind) is Promisor.CITY


def lights_of(rows: Iterable[Commitment | Listed], today: date) -> dict[str, LightMark]:
    """The lights of these commitments as of a day, by code; what has none is left out.

    Worked out anew from what stands in the rows. What firms and people promised has none: lights
    are for the units that are supervised. The caller has checked who may see them.
    """
    some = [Terms.of(row) for row in rows if is_lit(row)]
    if not some:
        return {}
    table, language = available(today), get_language()
    if table is None:
        return {}
    found: dict[str, LightMark] = {}
    for code, promise in promises(some).items():
        mark = _mark(language, table.deciding, facts(promise, today))
        if mark is not None:
            found[code] = mark
    return found


@lru_cache(maxsize=10_000)
def _mark(_language: str | None, deciding: Deciding, known: Facts) -> LightMark | None:
    """Without a plan, all of one deadline are alike."""
    return light_mark(known, deciding)
