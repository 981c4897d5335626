"""What forgetting a person asks of protectors and of the credit centre, as lines of the inbox."""

from datetime import date

from yinuo.credit.permission import in_centre
from yinuo.credit.queries.forgetting import forgettings, may_ask
from yinuo.parties.viewer import Viewer
from yinuo.supervision.todo import ToDo
from yinuo.web.credit import means


def of_forgettings(*, viewer: Viewer, today: date) -> tuple[ToDo, ...]:
    """Requests that wait for the viewer's decision, or to be carried out."""
    del today
    given = means()
    if not may_ask(means=given, viewer=viewer) and not in_centre(given, viewer):
        return ()
    return tuple(
        ToDo(
            due=None,
            what="决定是否依法删除" if one.may_decide else "执行依法删除",
            title="一个人的信用记录",
            under=f"{one.code} · {one.ground}",
            page="forgetting",
            args=(one.code,),
        )
        for one in forgettings(means=given, viewer=viewer)
        if one.may_decide or one.may_carry_out
    )
