"""How far projects have come: reported by their unit, confirmed or sent back by the office."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal

from yinuo.commitments.commands import deliver
from yinuo.commitments.commands.deliver import LONGEST_NOTE, note_faults
from yinuo.commitments.errors import Invalid
from yinuo.commitments.life import Status
from yinuo.goals.access.projects import act_as_confirming, act_as_entering, fetch_project
from yinuo.goals.commands.project_rows import Entering, figure_row
from yinuo.goals.commands.recount import recount
from yinuo.goals.errors.projects import AlreadyJudged, UnknownFigure
from yinuo.goals.models import Project, ProjectFigure, ProjectYear
from yinuo.goals.projects.compare import OWED_IN, owed_value
from yinuo.goals.projects.content import NewFigure
from yinuo.kernel.decimals import canonical_decimal
from yinuo.kernel.errors import YinuoError
from yinuo.kernel.instants import civil_date
from yinuo.ledger.commands.recording import By, command, put_text, record
from yinuo.parties.viewer import NotAllowed, Viewer

Standing = ProjectFigure.Standing
INVESTED = ("projects.invested",)
PERCENT = 100
AMOUNTS = {
    "invested_year": "本年完成投资",
    "invested_total": "累计完成投资",
    "payable": "应付",
    "paid": "已付",
    "workers": "在场人数",
}


def figure_faults(figure: NewFigure, at: datetime) -> list[tuple[str, str]]:
    """What is wrong with one report, field by field."""
    today = civil_date(at)
    faults = []
    if figure.as_of > today:
        faults.append(("as_of", f"截至日期 {figure.as_of} 还没有到（今天 {today}）"))
    for name, label in AMOUNTS.items():
        value = getattr(figure, name)
        if value is not None and value < 0:
            faults.append((name, f"{label}不能是负数"))
    if figure.progress:
        try:
            if not 0 <= Decimal(canonical_decimal(figure.progress)) <= PERCENT:
                faults.append(("progress", f"形象进度 {figure.progress}% 不在 0% 到 100% 之间"))
        except YinuoError as error:
            faults.append(("progress", f"{error.what}（单位：%）"))
    year, total = figure.invested_year, figure.invested_total
    if year is not None and total is not None and year > total:
        faults.append(("invested_total", "累计完成投资小于本年完成投资"))
    if figure.says_nothing:
        faults.append(("invested_year", "没有填任何数；没有进展也请照实填写"))
    if len(figure.note) > LONGEST_NOTE:
        faults.append(("note", f"说明最多 {LONGEST_NOTE:,} 字，现有 {len(figure.note):,} 字"))
    return faults


@command("project.report_figures")
def report_figures(*, project: str, figure: NewFigure, by: Viewer, at: datetime) -> str:
    """Report how far a project had come by a day, and return the report's code.

    Nothing is overwritten: a second report of the same day stands beside the first and prevails.
    The investment of the year is also reported on the promise to invest it, so that its light
    follows. Raises `UnknownProject`, `NotAllowed`, `Invalid`.
    """
    row = fetch_project(project, by)
    acting = act_as_entering(row, by)
    faults = figure_faults(figure, at)
    if faults:
        raise Invalid(row.code, faults)
    number = ProjectFigure.objects.filter(project=row).count() + 1
    entering = Entering(by.actor, at, civil_date(at), for_office=False)
    made = figure_row(row.code, number, figure, entering)
    made.progress = canonical_decimal(figure.progress) if figure.progress else ""
    made.note_text = put_text(figure.note)
    record(made, verb="project_figure.reported", by=acting, at=at)
    _report_owed(row, figure, made.code, by, at)
    return made.code


def _report_owed(row: Project, figure: NewFigure, code: str, by: Viewer, at: datetime) -> None:
    """Report the investment on the year's promise, where that is open and the unit's own."""
    if figure.invested_year is None:
        return
    plan = (
        ProjectYear.objects.filter(project=row, year=figure.as_of.year)
        .select_related("commitment")
        .first()
    )
    promise = plan.commitment if plan else None
    if promise is None or promise.status != Status.OPEN or promise.lead_id not in by.officer_of:
        return
    value = owed_value(figure.invested_year)
    deliver.report(
        commitment=promise.code,
        as_of_date=figure.as_of,
        value=value,
        note=f"项目进度 {code}：本年完成投资 {value} {OWED_IN}",
        by=by,
        at=at,
    )


def _figure(code: str, by: Viewer) -> tuple[ProjectFigure, By]:
    """A report that waits, and the actor as somebody who may judge it."""
    project = ProjectFigure.objects.filter(pk=code).values_list("project", flat=True).first()
    if project is None:
        raise UnknownFigure(code)
    row = fetch_project(project, by)
    acting = act_as_confirming(row, by)
    figure = ProjectFigure.objects.select_for_update(of=("self",)).get(pk=code)
    if figure.standing != Standing.REPORTED:
        raise AlreadyJudged(code, Standing(figure.standing).label)
    if figure.entered_by == by.actor:
        raise NotAllowed("报送的人不能核实自己报送的数", place=code)
    return figure, acting


@command("project.confirm_figures")
def confirm_figures(*, figures: Sequence[str], by: Viewer, at: datetime, note: str = "") -> None:
    """Confirm reports as found, all or nothing; what is counted from them is counted anew.

    The confirmer is not the person who reported. Raises `UnknownFigure`, `NotAllowed`,
    `AlreadyJudged`.
    """
    for code in figures:
        row, acting = _figure(code, by)
        row.standing, row.judged_by, row.judged_at = Standing.CONFIRMED, by.actor, at
        row.remark_text = put_text(note)
        record(row, verb="project_figure.confirmed", by=acting, at=at)
    if figures:
        recount(names=INVESTED, at=at, by=by)


@command("project.return_figure")
def return_figure(*, figure: str, reason: str, by: Viewer, at: datetime) -> None:
    """Send a report back with a reason; the unit reports again, and the old one stays on record.

    Raises `UnknownFigure`, `NotAllowed`, `AlreadyJudged`, `Invalid`.
    """
    row, acting = _figure(figure, by)
    faults = note_faults("reason", "理由", reason)
    if faults:
        raise Invalid(figure, faults)
    row.standing, row.judged_by, row.judged_at = Standing.RETURNED, by.actor, at
    row.remark_text = put_text(reason)
    record(row, verb="project_figure.returned", by=acting, at=at)
