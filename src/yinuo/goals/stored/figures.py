"""The newest figure of each project, by what the viewer may see."""

from collections.abc import Sequence
from datetime import date

from yinuo.goals.models import ProjectFigure


def newest_figures(*, codes: Sequence[str], own: set[str], today: date) -> dict[str, ProjectFigure]:
    """Code → the newest figure: of `own` any that was not sent back, else a confirmed one."""
    standing = ProjectFigure.Standing
    found = {}
    figures = ProjectFigure.objects.filter(project__in=codes, as_of_date__lte=today)
    ordered = figures.exclude(standing=standing.RETURNED).order_by("as_of_date", "number")
    for figure in ordered:
        if figure.project_id in own or figure.standing == standing.CONFIRMED:
            found[figure.project_id] = figure
    return found
