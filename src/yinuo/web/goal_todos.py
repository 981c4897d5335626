"""What leads, figures and projects ask of a person, as lines of the inbox."""

from datetime import date

from yinuo.goals.queries.lead_work import lead_work
from yinuo.goals.queries.loads import to_do
from yinuo.goals.queries.project_waits import project_waits
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


def of_projects(*, viewer: Viewer, today: date) -> tuple[ToDo, ...]:
    """Figures and entries to be confirmed, each in one line; batches to be reviewed."""
    del today  # none of it has a day of its own
    waits = project_waits(viewer=viewer)
    counted = (
        (waits.figures, "核实项目进度", f"{waits.figures:,} 条已报送的进度等待核实"),
        (waits.entries, "确认登记", f"{waits.entries:,} 个单位报来的项目等待确认"),
    )
    many = [
        ToDo(due=None, what=what, title=title, page="project_confirm", args=())
        for number, what, title in counted
        if number
    ]
    batches = [
        ToDo(due=None, what="公开审查", title=title, page="project_batch", args=(code,))
        for code, title in waits.batches
    ]
    return (*many, *batches)
