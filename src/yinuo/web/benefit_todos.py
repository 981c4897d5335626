"""What the money of policies asks of an officer, as lines of the inbox."""

from datetime import date

from yinuo.benefits.queries.to_do import to_do
from yinuo.parties.viewer import Viewer
from yinuo.supervision.todo import ToDo


def of_benefits(*, viewer: Viewer, today: date) -> tuple[ToDo, ...]:
    """Drafts to publish, awards to look at, lists to approve, files to send, answers to take."""
    return tuple(
        ToDo(
            due=each.due,
            what=each.what,
            title=each.title,
            under=each.under,
            page=each.page,
            args=each.args,
        )
        for each in to_do(viewer=viewer, today=today)
    )
