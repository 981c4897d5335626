"""The figures that the register of projects gives to indicators.

A project counts for its responsible unit. What was withdrawn counts nowhere; what was kept only in
part was not reached.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet

from yinuo.goals.counting import Count
from yinuo.goals.models import Project, ProjectFigure, ProjectStage, ProjectYear
from yinuo.goals.projects.compare import OWED_IN, owed_value
from yinuo.goals.projects.industries import INDUSTRIAL
from yinuo.goals.projects.stages import Stage
from yinuo.goals.register.reaching import reached_in

CONFIRMED, REPORTED = ProjectFigure.Standing.CONFIRMED, ProjectFigure.Standing.REPORTED


def _of_unit(unit: str | None, prefix: str = "") -> Q:
    return Q() if unit is None else Q(**{f"{prefix}unit": unit})


@dataclass(frozen=True)
class _Reached:
    """How many projects reached a stage in a period."""

    stage: Stage
    confirmed: bool
    industrial: bool = False

    def __call__(self, *, first: date, last: date, unit: str | None) -> str:
        rows = ProjectStage.objects.filter(
            reached_in(first, last, confirmed=self.confirmed),
            _of_unit(unit, "project__"),
            stage=self.stage.value,
            project__withdrawn_date=None,
        )
        if self.industrial:
            rows = rows.filter(project__section__in=INDUSTRIAL)
        return str(rows.count())


@dataclass(frozen=True)
class _OnRegister:
    """How many projects were on the register at the end of a period (谋划储备推进)."""

    confirmed: bool

    def __call__(self, *, first: date, last: date, unit: str | None) -> str:
        del first  # whatever came on the register before it counts as well
        rows = Project.objects.filter(_of_unit(unit), registered_date__lte=last)
        rows = rows.filter(Q(withdrawn_date=None) | Q(withdrawn_date__gt=last))
        if self.confirmed:
            rows = rows.filter(confirmed_at__isnull=False)
        return str(rows.count())


def _planned(last: date, unit: str | None) -> QuerySet[ProjectYear]:
    return ProjectYear.objects.filter(
        _of_unit(unit, "project__"), year=last.year, planned__gt=0, project__withdrawn_date=None
    )


def _invested(first: date, last: date, unit: str | None, *, confirmed: bool) -> dict[str, int]:
    """Project → 分 invested since 1 January, by its newest figure of the period."""
    standings = [CONFIRMED] if confirmed else [CONFIRMED, REPORTED]
    beginning = max(first, date(last.year, 1, 1))
    rows = (
        ProjectFigure.objects.filter(
            project__in=_planned(last, unit).values("project"),
            as_of_date__range=(beginning, last),
            standing__in=standings,
            invested_year__isnull=False,
        )
        .order_by("as_of_date", "number")
        .values_list("project", "invested_year")
    )
    return {project: amount for project, amount in rows if amount is not None}


@dataclass(frozen=True)
class _Invested:
    """The investment of the year by the end of a period, of all projects with a plan for it.

    Null unless each of them has a figure of that very period.
    """

    confirmed: bool

    def __call__(self, *, first: date, last: date, unit: str | None) -> str:
        found = _invested(first, last, unit, confirmed=self.confirmed)
        expected = _planned(last, unit).count()
        return owed_value(sum(found.values())) if expected and len(found) == expected else ""


def _invested_covered(*, first: date, last: date, unit: str | None) -> tuple[int, int]:
    known = _invested(first, last, unit, confirmed=True)
    return len(known), _planned(last, unit).count()


def _stage_count(label: str, stage: Stage, *, industrial: bool = False) -> Count:
    return Count(
        label=label,
        unit="个",
        confirmed=_Reached(stage, confirmed=True, industrial=industrial),
        reported=_Reached(stage, confirmed=False, industrial=industrial),
    )


COUNTS: Mapping[str, Count] = {
    "projects.reserved": Count(
        label="谋划储备推进的项目",
        unit="个",
        confirmed=_OnRegister(confirmed=True),
        reported=_OnRegister(confirmed=False),
    ),
    "projects.started": _stage_count("开工的项目", Stage.STARTED),
    "projects.started.industrial": _stage_count("开工的产业项目", Stage.STARTED, industrial=True),
    "projects.completed": _stage_count("竣工的项目", Stage.COMPLETED),
    "projects.producing": _stage_count("投产的项目", Stage.PRODUCING),
    "projects.invested": Count(
        label="项目本年完成投资",
        unit=OWED_IN,
        confirmed=_Invested(confirmed=True),
        reported=_Invested(confirmed=False),
        covered=_invested_covered,
    ),
}
NAMES: tuple[str, ...] = tuple(COUNTS)
