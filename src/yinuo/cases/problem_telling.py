"""Who is told what about a problem; never with a name of who raised it."""

from datetime import datetime

from yinuo.cases.access.problems import owner_of
from yinuo.cases.models import Problem
from yinuo.notices.commands.tell import Telling, settle, tell


def _telling(row: Problem, topic: str, title: str, **more: object) -> Telling:
    plain: dict[str, object] = {
        "topic": topic,
        "title": title,
        "page": "problem",
        "args": (row.code,),
        "about": row.subject,
    }
    return Telling(**{**plain, **more})  # type: ignore[arg-type]


def _to_owner(row: Problem, topic: str, title: str, **more: object) -> Telling | None:
    unit = owner_of(row)
    if unit is None:
        return None
    return _telling(row, topic, title, to_unit=unit, role="officer", **more)


def _to_desk(row: Problem, topic: str, title: str, **more: object) -> Telling:
    return _telling(row, topic, title, to_unit=row.office_id, role="supervisor", **more)


def _send(at: datetime, *tellings: Telling | None) -> None:
    tell(tellings=[one for one in tellings if one is not None], at=at)


def raised(row: Problem, *, at: datetime) -> None:
    """The unit asked, who has a working day; the office where none is."""
    title = f"新问题 {row.code}（{row.area_name}）待认领"
    due = {"due": row.own_due, "urgent": True}
    asked = _to_owner(row, "problem.raised", title, **due)
    _send(at, asked or _to_desk(row, "problem.raised", f"{title}，请指定单位", **due))


def handed(row: Problem, *, at: datetime, why: str) -> None:
    """Whoever has it now."""
    settle(about=[row.subject], at=at)
    title = f"问题 {row.code}（{row.area_name}）转来，待认领；时间从提出之日算"
    to = _to_owner(row, "problem.handed", title, body=why, due=row.own_due, urgent=True)
    back = _to_desk(row, "problem.handed", f"问题 {row.code} 被退回，请指定单位", body=why)
    _send(at, to or back)


def unowned(row: Problem, *, at: datetime) -> None:
    """The supervisor of the office, once."""
    title = f"问题 {row.code}（{row.area_name}）一个工作日内无人认领"
    _send(at, _to_desk(row, "problem.unowned", title, urgent=True, key=f"{row.subject}:unowned"))


def answered(row: Problem, *, at: datetime) -> None:
    """Nobody has to act but who raised it."""
    settle(about=[row.subject], at=at)


def not_solved(row: Problem, *, at: datetime, why: str) -> None:
    """The owner and the office."""
    title = f"问题 {row.code}：提出人认为没有解决"
    due = row.commitment.due if row.commitment else None
    _send(
        at,
        _to_owner(row, "problem.not_solved", title, body=why, due=due, urgent=True),
        _to_desk(row, "problem.not_solved", title, body=why),
    )


def went_up(row: Problem, *, at: datetime) -> None:
    """The owner and the office."""
    title = f"问题 {row.code}（{row.area_name}）提交{row.up_where}：{row.up_rule}"
    _send(at, _to_owner(row, "problem.up", title), _to_desk(row, "problem.up", title))


def due_soon(row: Problem, *, at: datetime, late: bool) -> None:
    """The owner, before and after the day, once each."""
    due = row.commitment.due if row.commitment else None
    if due is None:
        return
    word = "已逾期未答复" if late else "快到答复期限"
    key = f"{row.subject}:{'late' if late else 'soon'}:{due}"
    title = f"问题 {row.code}（{row.area_name}）{word}"
    _send(at, _to_owner(row, "problem.due", title, due=due, key=key))
    if late:
        _send(at, _to_desk(row, "problem.due", title, due=due, key=key))
