"""What cases, items and feeds ask of a person, as lines of the inbox."""

from datetime import date

from yinuo.cases.queries import desk
from yinuo.cases.queries.extensions import to_decide
from yinuo.cases.queries.feed import waiting
from yinuo.cases.queries.item_drafts import drafts_to_publish
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


def of_extensions(*, viewer: Viewer, today: date) -> tuple[ToDo, ...]:
    """Requests for more time that this supervisor may decide."""
    del today
    return tuple(
        ToDo(
            due=each.due,
            what="批准延期",
            title=each.title,
            under=f"{each.case} · {each.asked_date} 提出",
            page="case",
            args=(each.case,),
        )
        for each in to_decide(viewer=viewer, most=MOST)
    )


def of_items(*, viewer: Viewer, today: date) -> tuple[ToDo, ...]:
    """Drafts of items that wait for this supervisor to publish them."""
    del today
    drafts = drafts_to_publish(viewer=viewer)
    if not drafts:
        return ()
    return (ToDo(due=None, what="发布事项", title=f"{drafts} 份事项草稿", page="item_drafts"),)


def of_feeds(*, viewer: Viewer, today: date) -> tuple[ToDo, ...]:
    """Rows of outside window systems that were put aside, for who may handle them."""
    del today
    handles = viewer.supervisor_of | viewer.administrator_of | viewer.officer_of
    aside = waiting(viewer=viewer) if handles else 0
    if not aside:
        return ()
    return (ToDo(due=None, what="处理问题数据", title=f"窗口系统 {aside:,} 行", page="feeds"),)
