"""What problems and bad ratings ask of a person, as lines of the inbox."""

from datetime import date

from yinuo.cases.queries.problems import to_do
from yinuo.cases.queries.ratings import bad_ratings
from yinuo.parties.viewer import Viewer
from yinuo.supervision.todo import ToDo


def of_problems(*, viewer: Viewer, today: date) -> tuple[ToDo, ...]:
    """Problems to own, to answer, and for the office to ask somebody."""
    return tuple(
        ToDo(
            due=each.due,
            what=each.what,
            title=each.row.title,
            under=f"{each.row.code} · {each.row.area}",
            page="problem",
            args=(each.row.code,),
        )
        for each in to_do(viewer=viewer, today=today)
    )


def of_ratings(*, viewer: Viewer, today: date) -> tuple[ToDo, ...]:
    """Bad ratings of the viewer's own units on which a step is due."""
    if not viewer.officer_of:
        return ()
    return tuple(
        ToDo(
            due=row.due,
            what="整改差评",
            title=row.item,
            under=f"{row.case} · {row.contact} · {row.label}",
            page="rectification",
            args=(row.code,),
        )
        for row in bad_ratings(viewer=viewer, today=today).rows
        if row.due is not None
    )
