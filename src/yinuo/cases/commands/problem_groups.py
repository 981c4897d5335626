"""Problems that are one coming again, and task forces (专班) that clear what one unit cannot."""

from collections.abc import Sequence
from datetime import datetime

from yinuo.cases.access.problems import act_at_desk
from yinuo.cases.commands.problem_rows import fetch, next_code
from yinuo.cases.commands.problems import text_faults
from yinuo.cases.errors.problems import UnknownGroup
from yinuo.cases.models import Problem, ProblemGroup, TaskForce, TaskForceUnit
from yinuo.commitments.errors import Invalid
from yinuo.kernel.instants import civil_date
from yinuo.ledger.commands.recording import By, command, record, record_new
from yinuo.notices.commands.tell import Telling, tell
from yinuo.parties.queries import public_units
from yinuo.parties.viewer import Viewer

LONGEST = 120
FEWEST = 2


def _all_of(problems: Sequence[str], by: Viewer) -> tuple[list[Problem], By]:
    """The problems, locked, all of one office for which the viewer acts."""
    rows = [fetch(code, by, None) for code in sorted(set(problems))]
    acting = [act_at_desk(row, by) for row in rows]
    if len({row.office_id for row in rows}) > 1:
        raise Invalid(rows[0].code, [("problems", "这些问题不属于同一个主管单位")])
    return rows, acting[0]


@command("problem_group.confirm")
def confirm_group(*, problems: Sequence[str], title: str, by: Viewer, at: datetime) -> str:
    """Say that these problems are one coming again; those that had a group bring it along.

    Returns the group's code. Raises `UnknownProblem`, `NotAllowed`, `Invalid`.
    """
    if len(set(problems)) < FEWEST:
        raise Invalid("同类问题", [("problems", "至少选两个问题")])
    rows, acting = _all_of(problems, by)
    faults = text_faults("title", "共同之处", title, LONGEST)
    if len({row.area for row in rows}) > 1:
        faults.append(("problems", "这些问题不属于同一个领域"))
    held = sorted({row.group_id for row in rows if row.group_id})
    if len(held) > 1:
        faults.append(("problems", f"已经归入不同的同类问题：{'、'.join(held)}"))
    if faults:
        raise Invalid(rows[0].code, faults)
    group = ProblemGroup.objects.filter(code__in=held).first()
    if group is None:
        group = ProblemGroup(
            code=next_code("TL", at), office_id=rows[0].office_id, area=rows[0].area
        )
    group.title = title.strip()
    record(group, verb="problem_group.confirmed", by=acting, at=at)
    for row in rows:
        if row.group_id != group.code:
            row.group = group
            record(row, verb="problem.grouped", by=acting, at=at)
    return group.code


@command("task_force.form")
def form_task_force(
    *,
    problems: Sequence[str],
    title: str,
    lead: str,
    units: Sequence[str],
    by: Viewer,
    at: datetime,
) -> str:
    """Name a lead and units to clear some problems together; they may read them from now on.

    Who owns a problem owns it still. Returns the code of the task force. Raises `UnknownProblem`,
    `NotAllowed`, `Invalid`.
    """
    if not problems:
        raise Invalid("专班", [("problems", "请选择问题")])
    rows, acting = _all_of(problems, by)
    today = civil_date(at)
    there = {u.code for u in public_units() if u.valid_to is None or u.valid_to > today}
    faults = text_faults("title", "专班名称", title, LONGEST)
    if lead not in there:
        faults.append(("lead", f"没有代码为 {lead} 的单位，或它已经撤销"))
    wrong = sorted(set(units) - there)
    if wrong:
        faults.append(("units", f"没有这些单位，或它们已经撤销：{'、'.join(wrong)}"))
    if faults:
        raise Invalid(rows[0].code, faults)
    force = TaskForce(
        code=next_code("ZB", at),
        office_id=rows[0].office_id,
        title=title.strip(),
        lead_id=lead,
        formed_at=at,
    )
    record(force, verb="task_force.formed", by=acting, at=at)
    others = [
        TaskForceUnit(code=f"{force.code}/{unit}", force=force, unit_id=unit)
        for unit in sorted(set(units) - {lead})
    ]
    record_new(others, verb="task_force_unit.named", by=acting, at=at)
    _put_under(rows, force, acting, at)
    return force.code


@command("task_force.take")
def give_to_task_force(*, problems: Sequence[str], force: str, by: Viewer, at: datetime) -> None:
    """Put more problems under a task force of the same office. Raises `UnknownGroup` besides."""
    rows, acting = _all_of(problems, by)
    found = TaskForce.objects.filter(code=force, office=rows[0].office_id).first()
    if found is None:
        raise UnknownGroup(force)
    _put_under(rows, found, acting, at)


def _put_under(rows: Sequence[Problem], force: TaskForce, by: By, at: datetime) -> None:
    for row in rows:
        row.force = force
        record(row, verb="problem.forced", by=by, at=at)
    units = {force.lead_id, *force.units.values_list("unit_id", flat=True)}
    title = f"{force.title}：{len(rows)} 个问题列入专班"
    tell(
        tellings=[
            Telling(
                to_unit=unit,
                role="officer",
                topic="problem.forced",
                title=title,
                page="problem",
                args=(rows[0].code,),
                about=rows[0].subject,
            )
            for unit in sorted(units)
        ],
        at=at,
    )
