"""Problems in the office: the list, one with its next step, what the joint meeting reads."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeAlias

from django.http import FileResponse, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from yinuo.cases.commands import problem_groups, problem_titles
from yinuo.cases.commands import problems as commands
from yinuo.cases.in_force.problems import areas
from yinuo.cases.problems.areas import Areas
from yinuo.cases.queries.problems import (
    ProblemDetail,
    ProblemRow,
    Wanted,
    meeting,
    task_forces,
)
from yinuo.cases.queries.problems import may_see as may_see_problems
from yinuo.cases.queries.problems import problem as query
from yinuo.cases.queries.problems import problems as list_query
from yinuo.commitments.life import Visibility
from yinuo.content.calendars import working_calendar
from yinuo.kernel.errors import YinuoError
from yinuo.parties.queries import public_unit_names, public_units
from yinuo.parties.viewer import Viewer
from yinuo.web import clock
from yinuo.web.forms.problems import (
    AnswerProblemForm,
    AskForm,
    ForceForm,
    GroupForm,
    HandOverForm,
    OwnForm,
    PassOnForm,
    ProblemForm,
    PublishTitleForm,
    TitleForm,
)
from yinuo.web.offered import Offered, by_name, chosen, others
from yinuo.web.request import Request, signed_in
from yinuo.web.views.downloads import sheet_file
from yinuo.web.views.steps import OK, handed_in
from yinuo.web.workbook import Cell, Column

LONGEST = 60
COLUMNS = (
    Column("编号", 18),
    Column("问题", 40),
    Column("领域", 14),
    Column("办理单位", 22),
    Column("状态", 18),
    Column("提出日期", 12),
    Column("已过天数", 10),
    Column("答复期限", 12),
    Column("未解决次数", 10),
    Column("上会", 12),
    Column("同类问题", 10),
    Column("专班", 30),
)


def _asked(request: Request) -> dict[str, str]:
    names = ("state", "area", "owner", "force", "group")
    return {n: request.GET.get(n, "").strip()[:LONGEST].replace("\0", "") for n in names}


@signed_in
@require_safe
def problems(request: Request) -> HttpResponse:
    """The problems that the viewer may see, with filters and their counts."""
    asked, cursor = _asked(request), request.GET.get("after", "")[:LONGEST]
    found = list_query(
        viewer=request.viewer, today=clock.today(), wanted=Wanted(**asked), cursor=cursor
    )
    context = {
        "page": found,
        "asked": asked,
        "later": bool(cursor),
        "filtered": any(asked.values()),
        "may_take_down": bool(request.viewer.officer_of or request.viewer.supervisor_of),
        "may_see": may_see_problems(viewer=request.viewer),
        "today": clock.today(),
    }
    return render(request, "web/problems.html", context)


@signed_in
@require_safe
def problems_meeting(request: Request) -> HttpResponse:
    """What is not at zero, those sent up first: to be printed for the joint meeting."""
    rows = meeting(viewer=request.viewer, today=clock.today())
    context = {"rows": rows, "up": sum(bool(row.up) for row in rows), "today": clock.today()}
    return render(request, "web/problems_meeting.html", context)


@signed_in
@require_safe
def problems_meeting_xlsx(request: Request) -> FileResponse:
    """The same as a workbook."""
    rows = meeting(viewer=request.viewer, today=clock.today())
    cells = (_cells(row) for row in rows)
    return sheet_file(
        name="problems-meeting.xlsx", title="未清零问题清单", columns=COLUMNS, rows=cells
    )


def _cells(row: ProblemRow) -> tuple[Cell, ...]:
    return (
        row.code,
        row.title,
        row.area,
        row.owner or "还没有指定单位",
        row.label,
        row.raised_date,
        row.age,
        row.due,
        row.again,
        row.up,
        row.recurrences,
        row.force,
    )


# ── one problem ──────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, kw_only=True)
class Act:
    """What was filled in, by whom, when."""

    code: str
    values: Mapping[str, Any]
    areas: Areas
    shown: ProblemDetail
    by: Viewer
    at: datetime

    @property
    def plain(self) -> dict[str, Any]:
        """What every command on one problem takes."""
        return {
            "problem": self.code,
            "by": self.by,
            "at": self.at,
            "version": self.values["version"],
        }


ProblemStep: TypeAlias = Offered[ProblemForm, Callable[[Act], str]]
"""One thing to do about a problem."""


def _own(act: Act) -> str:
    commands.own(**act.plain, unit=act.values["unit"], areas=act.areas)
    return "已认领，成为本单位的承诺。请先联系提出人。"


def _pass_on(act: Act) -> str:
    to, reason = act.values["to"] or None, act.values["reason"]
    commands.pass_on(**act.plain, to=to, reason=reason, areas=act.areas)
    return "已转出，理由提出人看得到；时间照样走。"


def _ask(act: Act) -> str:
    to, area = act.values["to"], act.values["area"]
    commands.ask(**act.plain, to=to, area=area, areas=act.areas)
    return "已请这个单位认领。"


def _hand_over(act: Act) -> str:
    to, reason = act.values["to"], act.values["reason"]
    commands.hand_over(**act.plain, to=to, reason=reason, areas=act.areas)
    return "已改由另一单位办理，原单位的承诺记为免除。"


def _answer(act: Act) -> str:
    commands.answer(**act.plain, note=act.values["note"], calendar=working_calendar())
    return "答复已提交，等提出人确认。是否清零由提出人说了算。"


def _group(act: Act) -> str:
    codes = [act.code, *act.values["problems"]]
    title = act.values["title"]
    problem_groups.confirm_group(problems=codes, title=title, by=act.by, at=act.at)
    return "已归为同类问题，公开的统计里计入反复出现的次数。"


def _force(act: Act) -> str:
    values = act.values
    codes = [act.code]
    if values["whole_group"]:
        codes += [row.code for row in act.shown.group_rows]
    if values["force"]:
        problem_groups.give_to_task_force(
            problems=codes, force=values["force"], by=act.by, at=act.at
        )
    else:
        problem_groups.form_task_force(
            problems=codes,
            title=values["title"],
            lead=values["lead"],
            units=values["units"],
            by=act.by,
            at=act.at,
        )
    return "已列入专班，专班各单位都收到通知。"


def _title(act: Act) -> str:
    problem_titles.write(problem=act.code, title=act.values["title"], by=act.by, at=act.at)
    return "标题已写下，请另一名督查人审查。"


def _publish(act: Act) -> str:
    visibility = Visibility(act.values["visibility"])
    problem_titles.publish(problem=act.code, visibility=visibility, by=act.by, at=act.at)
    return "审查结果已记下。"


STEPS = by_name(
    ProblemStep(
        name="own",
        title="认领",
        button="认领",
        after="成为本单位的承诺，从提出之日起算时限；是否解决由提出人确认",
        form=OwnForm,
        run=_own,
    ),
    ProblemStep(
        name="answer",
        title="答复提出人",
        button="提交答复",
        after="提出人凭查询码确认解决，或者退回；单位不能自己关闭问题",
        form=AnswerProblemForm,
        run=_answer,
    ),
    ProblemStep(
        name="pass_on",
        title="不属于本单位",
        button="转出",
        after="理由留在账本上，提出人看得到；时间从提出之日算，不因转出而停",
        form=PassOnForm,
        run=_pass_on,
    ),
    ProblemStep(
        name="ask",
        title="指定单位",
        button="请它认领",
        after="这个单位马上收到通知",
        form=AskForm,
        run=_ask,
    ),
    ProblemStep(
        name="hand_over",
        title="改由其他单位办理",
        button="改由它办理",
        after="原单位的承诺记为免除，新单位要重新认领；时间照样走",
        form=HandOverForm,
        run=_hand_over,
    ),
    ProblemStep(
        name="group",
        title="归为同类问题",
        button="确认是同类问题",
        after="系统只按文字提示，是不是同一个问题由您确认",
        form=GroupForm,
        run=_group,
    ),
    ProblemStep(
        name="force",
        title="列入专班",
        button="列入",
        after="专班各单位从此能看到这个问题；谁认领的还由谁负责",
        form=ForceForm,
        run=_force,
    ),
    ProblemStep(
        name="title",
        title="写公开用的标题",
        button="写下",
        after="由另一名督查人审查以后才公开；提出人写的原文永远不公开",
        form=TitleForm,
        run=_title,
    ),
    ProblemStep(
        name="publish",
        title="公开前保密审查",
        button="记下审查结果",
        after="写标题的人不能自己审查；收回公开本身也留在账本上",
        form=PublishTitleForm,
        run=_publish,
    ),
)


def _more(viewer: Viewer, it: ProblemDetail, known: Areas) -> dict[str, Any]:
    """What the choices of the forms are made of."""
    names, today = public_unit_names(), clock.today()
    area = known.get(it.area)
    owners = [(u, names.get(u, u)) for u in (area.owners if area else ()) if u != it.asked]
    allowed = {it.asked} if it.asked else set(area.owners if area else ())
    same_office = [a for a in known if area is not None and a.office == area.office]
    everyone = dict.fromkeys(unit for a in same_office for unit in a.owners)
    return {
        "own": [(u, names.get(u, u)) for u in sorted(allowed & viewer.officer_of)],
        "owners": owners,
        "all_owners": [(unit, names.get(unit, unit)) for unit in everyone],
        "areas": [(a.code, a.name) for a in same_office if a.code != it.area],
        "forces": [(code, f"{code} {title}") for code, title in task_forces(viewer=viewer)],
        "units": [
            (u.code, u.name) for u in public_units() if u.valid_to is None or u.valid_to > today
        ],
    }


@signed_in
def problem(request: Request, code: str) -> HttpResponseBase:
    """One problem with its story and the form of the viewer's next step."""
    viewer, known = request.viewer, areas(clock.today())
    it = query(code=code, viewer=viewer, today=clock.today())
    moving_on = (name for name in it.steps if name in ("own", "ask", "answer"))
    refusal = "这个问题现在没有您要做的事"
    step = chosen(request, STEPS, it.steps, first=next(moving_on, ""), refusal=refusal, place=code)
    form: ProblemForm | None = None
    error: YinuoError | None = None
    status = OK
    if step is not None:
        typed = (request.POST,) if request.method == "POST" else ()
        form = step.form(*typed, shown=it, more=_more(viewer, it, known))
        by, at = viewer, clock.now()

        def change() -> str:
            act = Act(code=code, values=form.cleaned_data, areas=known, shown=it, by=by, at=at)
            return step.run(act)

        done, error, status = handed_in(request, form, change)
        if done:
            return redirect(*_after(viewer, code))
    context = {
        "it": it,
        "row": it.row,
        "step": step,
        "others": others(STEPS, it.steps, step),
        "form": form,
        "error": error,
    }
    return render(request, "web/problem.html", context, status=status)


def _after(viewer: Viewer, code: str) -> tuple[str, ...]:
    """Back to the problem, or to the list for who has passed it on and sees it no more."""
    try:
        query(code=code, viewer=viewer, today=clock.today())
    except YinuoError:
        return ("problems",)
    return ("problem", code)
