"""What gaps and declarations ask of a person, as lines of the inbox."""

from datetime import date

from yinuo.cases.queries.deferrals import HANDED_IN, WAITING, checks_due, open_gaps
from yinuo.parties.viewer import Viewer
from yinuo.supervision.todo import ToDo

MOST = 30


def of_deferrals(*, viewer: Viewer, today: date) -> tuple[ToDo, ...]:
    """What came and is to be looked at, what is past its day, what is to be checked soon."""
    if not viewer.officer_of:
        return ()
    return (*_came(viewer, today), *_late(viewer, today), *_checks(viewer, today))


def _came(viewer: Viewer, today: date) -> list[ToDo]:
    page = open_gaps(viewer=viewer, today=today, group=HANDED_IN)
    return [
        ToDo(
            due=row.due,
            what="核对补交的材料",
            title=row.name,
            under=f"{row.case} · {row.applicant}",
            page="deferral_step",
            args=(row.code, "confirm"),
        )
        for row in page.rows[:MOST]
        if "judge" in row.actions
    ]


def _late(viewer: Viewer, today: date) -> list[ToDo]:
    page = open_gaps(viewer=viewer, today=today, group=WAITING)
    return [
        ToDo(
            due=row.due,
            what="补交已逾期，请联系申请人或认定",
            title=row.name,
            under=f"{row.case} · {row.applicant}",
            page="case",
            args=(row.case,),
        )
        for row in page.rows[:MOST]
        if "default" in row.actions
    ]


def _checks(viewer: Viewer, today: date) -> list[ToDo]:
    return [
        ToDo(
            due=row.rectify_due or row.check_due or today,
            what="复查整改" if row.rectify_due else "核查告知承诺",
            title=row.title,
            under=f"{row.case} · {row.applicant}",
            page="declaration_step",
            args=(row.code, "check"),
        )
        for row in checks_due(viewer=viewer, today=today)[:MOST]
        if "check" in row.actions
    ]
