"""What leads and figures ask of a person, as lines of the inbox."""

from datetime import date

from yinuo.goals.queries.lead_work import lead_work
from yinuo.goals.queries.loads import to_do
from yinuo.parties.viewer import Viewer
from yinuo.supervision.todo import ToDo


def of_figures(*, viewer: Viewer, today: date) -> tuple[ToDo, ...]:
    """Loads that wait to be released."""
    return tuple(ToDo(**vars(each)) for each in to_do(viewer=viewer, today=today))


def of_leads(*, viewer: Viewer, today: date) -> tuple[ToDo, ...]:
    """Agreed next steps, and what waits to be confirmed."""
    return tuple(
        ToDo(
            due=each.due if each.fact is None else None,
            what=each.what,
            title=each.title,
            under=each.under or (f"{each.due} 的进展" if each.fact else ""),
            page="lead" if each.fact is None else "lead_fact",
            args=(each.lead,) if each.fact is None else (each.lead, str(each.fact)),
        )
        for each in lead_work(viewer=viewer, today=today)
    )
