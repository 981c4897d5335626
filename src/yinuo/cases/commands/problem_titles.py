"""What the public may read of a problem: written by one person of the office, passed by another."""

from datetime import datetime

from yinuo.cases.access.problems import act_at_desk
from yinuo.cases.commands.problem_rows import fetch
from yinuo.cases.commands.problems import text_faults
from yinuo.cases.errors.problems import NoTitle
from yinuo.cases.models import ProblemTitle
from yinuo.commitments.errors import Invalid
from yinuo.commitments.life import Visibility
from yinuo.ledger.commands.recording import command, record
from yinuo.ledger.history import last_actor
from yinuo.parties.viewer import NotAllowed, Viewer

LONGEST = 60


@command("problem_title.write")
def write(*, problem: str, title: str, by: Viewer, at: datetime) -> None:
    """Write the title, closed: what was passed before has to be passed anew.

    Raises `UnknownProblem`, `NotAllowed`, `Invalid`.
    """
    row = fetch(problem, by, None)
    acting = act_at_desk(row, by)
    faults = text_faults("title", "公开用的标题", title, LONGEST)
    if faults:
        raise Invalid(row.code, faults)
    shown = ProblemTitle.objects.select_for_update(of=("self",)).filter(code=row.code).first()
    shown = shown or ProblemTitle(code=row.code, problem=row)
    shown.title, shown.visibility = title.strip(), Visibility.CLOSED
    record(shown, verb="problem_title.written", by=acting, at=at)


@command("problem_title.publish")
def publish(*, problem: str, visibility: Visibility, by: Viewer, at: datetime) -> None:
    """Pass the title, or take it back: by another person than who wrote it (公开前保密审查).

    Raises `UnknownProblem`, `NotAllowed`, `NoTitle`, `Invalid`.
    """
    row = fetch(problem, by, None)
    acting = act_at_desk(row, by)
    shown = ProblemTitle.objects.select_for_update(of=("self",)).filter(code=row.code).first()
    if shown is None:
        raise NoTitle(row.code)
    if last_actor(shown.subject, "problem_title.written") == acting.actor:
        raise NotAllowed("写标题的人不能自己审查", place=row.code, next_step="请另一名督查人审查")
    if visibility not in (Visibility.PUBLIC, Visibility.CLOSED):
        raise Invalid(row.code, [("visibility", "只能公开或不公开")])
    verb = "published" if visibility == Visibility.PUBLIC else "withheld"
    shown.visibility = visibility
    record(shown, verb=f"problem_title.{verb}", by=acting, at=at)
