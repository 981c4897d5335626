"""Investment of projects by month: cumulative planned against done, of any selection."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from yinuo.commitments.curve import Point as PlanPoint
from yinuo.commitments.queries.planned import planned_curves
from yinuo.goals.errors.project_pages import TooManyForCurve
from yinuo.goals.models import Project, ProjectFigure, ProjectYear
from yinuo.goals.projects.curves import Done, MonthPoint, Series, monthly
from yinuo.goals.register.table import owing, visible, watched
from yinuo.ledger.remembered import remembered
from yinuo.parties.viewer import Viewer

MOST_CURVE = 5_000
"""Projects that are added up at once."""
ASK = 500


@dataclass(frozen=True)
class CurvePage:
    """The months of one year of a selection of projects."""

    year: int
    months: tuple[MonthPoint, ...]
    projects: int
    """So many of the selection have a plan for the year: those that are to report."""
    without_plan: int
    only_confirmed: bool
    """Whether the viewer sees confirmed figures alone of all or some of them."""


def project_curve(*, codes: Sequence[str], viewer: Viewer, today: date) -> CurvePage:
    """The investment of this year, by month, of those of these projects that the viewer may see.

    Who has no plan for the year is counted apart. Raises `TooManyForCurve`.
    """
    if len(codes) > MOST_CURVE:
        raise TooManyForCurve(len(codes), MOST_CURVE)
    return _remembered_curve(tuple(codes), viewer, today)


@remembered
def _remembered_curve(codes: tuple[str, ...], viewer: Viewer, today: date) -> CurvePage:
    series: list[Series] = []
    seen, own = 0, 0
    units, offices = owing(viewer), watched(viewer)
    for start in range(0, len(codes), ASK):
        rows = Project.objects.filter(visible(viewer), pk__in=codes[start : start + ASK])
        shown: set[str] = set()
        insiders: set[str] = set()
        for code, unit, office in rows.values_list("pk", "unit_id", "office_id"):
            shown.add(code)
            # As `inside` of the register says, of columns that are here already.
            if unit in units or office in offices:
                insiders.add(code)
        seen, own = seen + len(shown), own + len(insiders)
        series += _series(shown, insiders, viewer, today)
    months = monthly(series, year=today.year, until=today)
    return CurvePage(
        year=today.year,
        months=months,
        projects=len(series),
        without_plan=seen - len(series),
        only_confirmed=own < seen,
    )


def _series(shown: set[str], insiders: set[str], viewer: Viewer, today: date) -> list[Series]:
    years = ProjectYear.objects.filter(project__in=shown, year=today.year).order_by("project_id")
    plans = list(years.values_list("project_id", "planned", "commitment_id"))
    curves = planned_curves(commitments=[c for _, _, c in plans if c], viewer=viewer)
    done: dict[str, list[Done]] = {}
    figures = ProjectFigure.objects.filter(
        project__in=[code for code, _, _ in plans],
        as_of_date__gte=date(today.year, 1, 1),
        as_of_date__lte=today,
        invested_year__isnull=False,
    ).exclude(standing=ProjectFigure.Standing.RETURNED)
    rows = figures.order_by("project_id", "number")
    for code, day, invested, standing in rows.values_list(
        "project_id", "as_of_date", "invested_year", "standing"
    ):
        confirmed = standing == ProjectFigure.Standing.CONFIRMED
        if invested is not None and (confirmed or code in insiders):
            done.setdefault(code, []).append(Done(day, invested, confirmed))
    none: tuple[PlanPoint, ...] = ()
    return [
        Series(
            code,
            planned,
            curves.get(commitment, none) if commitment else none,
            tuple(done.get(code, ())),
        )
        for code, planned, commitment in plans
    ]
