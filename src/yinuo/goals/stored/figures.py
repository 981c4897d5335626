"""The newest figure of each project, by what the viewer may see."""

from collections.abc import Sequence
from datetime import date

from yinuo.goals.models import ProjectFigure


def newest_figures(*, codes: Sequence[str], own: set[str], today: date) -> dict[str, ProjectFigure]:
    """Code → the newest figure: of `own` any that was not sent back, else a confirmed one."""
    standing = ProjectFigure.Standing
    figures = ProjectFigure.objects.filter(project__in=codes, as_of_date__lte=today)
    ordered = figures.exclude(standing=standing.RETURNED).order_by("as_of_date", "number")
    # Which one is the newest takes three columns of each; the row is read of that one alone.
    newest = {
        project: code
        for project, code, said in ordered.values_list("project_id", "pk", "standing")
        if project in own or said == standing.CONFIRMED
    }
    rows = ProjectFigure.objects.filter(pk__in=newest.values())
    return {row.project_id: row for row in rows}
