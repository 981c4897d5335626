"""What cases ask of a person, as lines of the inbox."""

from datetime import date

from yinuo.cases.queries import desk
from yinuo.parties.viewer import Viewer
from yinuo.supervision.todo import ToDo
from yinuo.web import clock

MOST = 30
VERBS = {"received": "受理", "accepted": "办结", "decided": "送达"}
"""State of a case → what is to be done next; what waits for the applicant is not ours."""


def of_cases(*, viewer: Viewer, today: date) -> tuple[ToDo, ...]:
    """The cases in which the viewer's own unit or window has to act next, soonest first."""
    del today
    if not viewer.officer_of:
        return ()
    page = desk.cases(viewer=viewer, at=clock.now(), wanted=desk.Wanted(show="open"), limit=MOST)
    return tuple(
        ToDo(
            due=row.next_due,
            what=VERBS[row.status],
            title=row.title,
            under=f"{row.code} · {row.applicant}",
            page="case",
            args=(row.code,),
        )
        for row in page.rows
        if row.status in VERBS and row.next_due and row.unit in viewer.officer_of
    )
