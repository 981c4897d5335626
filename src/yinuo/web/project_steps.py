"""What people do about a project, as data: one line of the table below is one form."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from yinuo.commitments.life import VISIBILITY_LABELS, Visibility
from yinuo.goals.commands import project_figures, projects
from yinuo.goals.projects.dimensions import Dimension
from yinuo.goals.projects.stages import STAGE_LABELS, Stage
from yinuo.goals.queries import project_page as query
from yinuo.parties.viewer import Viewer
from yinuo.web.forms import projects as forms
from yinuo.web.forms.projects import ProjectForm
from yinuo.web.offered import Offered, by_name


@dataclass(frozen=True)
class Filled:
    """A valid form, by whom and when."""

    form: ProjectForm
    viewer: Viewer
    at: datetime

    @property
    def project(self) -> str:
        """Code of the project."""
        return self.form.it.line.code


@dataclass(frozen=True, kw_only=True)
class ProjectStep(Offered[ProjectForm, Callable[[Filled], str]]):
    """One thing to do; its name is one of `ProjectPage.actions`."""

    @property
    def path(self) -> str:
        """Last part of its address."""
        return self.name.replace("_", "-")

    @property
    def route(self) -> str:
        """Name of its URL."""
        return f"project_{self.name}"


def _take_on(filled: Filled) -> str:
    projects.accept(
        project=filled.project,
        by=filled.viewer,
        at=filled.at,
        version=filled.form.cleaned_data["version"],
    )
    return "已确认登记。"


def _judge_stage(filled: Filled) -> str:
    values = filled.form.cleaned_data
    stage = Stage(values["stage"])
    common: dict[str, Any] = {
        "project": filled.project,
        "stage": stage,
        "by": filled.viewer,
        "at": filled.at,
    }
    if values["decision"] == forms.CONFIRM:
        projects.confirm_reached(note=values["note"], **common)
        return f"已核实：{STAGE_LABELS[stage]}。"
    projects.return_reached(reason=values["note"], **common)
    return f"已退回：{STAGE_LABELS[stage]}。"


def _report(filled: Filled) -> str:
    form = filled.form
    assert isinstance(form, forms.FigureForm)  # noqa: S101  # as the table says
    code = project_figures.report_figures(
        project=filled.project, figure=form.figure, by=filled.viewer, at=filled.at
    )
    return f"进度已报送，编号 {code}，现在等待核实。"


def _reached(filled: Filled) -> str:
    values = filled.form.cleaned_data
    stage = Stage(values["stage"])
    projects.declare_reached(
        project=filled.project,
        stage=stage,
        reached=values["reached"],
        note=values["note"],
        by=filled.viewer,
        at=filled.at,
    )
    return f"已申报到达{STAGE_LABELS[stage]}，现在等待核实。"


def _plan(filled: Filled) -> str:
    values = filled.form.cleaned_data
    stage = Stage(values["stage"])
    promise = projects.plan_stage(
        project=filled.project,
        stage=stage,
        planned=values["planned"],
        promised=values["promised"],
        by=filled.viewer,
        at=filled.at,
    )
    made = f"，承诺编号 {promise}，等待公开审查" if promise else ""
    return f"{STAGE_LABELS[stage]}的计划已写明{made}。"


def _permit(filled: Filled) -> str:
    form = filled.form
    assert isinstance(form, forms.PermitForm)  # noqa: S101  # as the table says
    code = projects.add_permit(
        project=filled.project, permit=form.permit, by=filled.viewer, at=filled.at
    )
    return f"许可已登记，编号 {code}。"


def _publish(filled: Filled) -> str:
    visibility = Visibility(filled.form.cleaned_data["visibility"])
    projects.publish_projects(
        projects=[filled.project], visibility=visibility, by=filled.viewer, at=filled.at
    )
    return f"公开类型已改为{VISIBILITY_LABELS[visibility]}。"


def _exempt(filled: Filled) -> str:
    values = filled.form.cleaned_data
    dimension = Dimension(values["dimension"])
    code = projects.exempt(
        project=filled.project,
        dimension=dimension,
        reason=values["reason"],
        from_date=values["from_date"],
        until_date=values["until_date"],
        by=filled.viewer,
        at=filled.at,
    )
    return f"已认定正当理由，编号 {code}；{dimension}到 {values['until_date']} 为止不再因此亮。"


def _edit(filled: Filled) -> str:
    form = filled.form
    assert isinstance(form, forms.FactsForm)  # noqa: S101  # as the table says
    if not form.facts:
        return "没有改动。"
    projects.revise(
        project=filled.project,
        facts=form.facts,
        by=filled.viewer,
        at=filled.at,
        version=form.cleaned_data["version"],
    )
    return "登记内容已改，原来的内容留在历史里。"


STEPS = by_name(
    ProjectStep(
        name=query.TAKE_ON,
        title="确认登记",
        button="确认登记",
        before="请先核对：名称、责任单位、地点和投资是否属实，是否与已登记的项目重复",
        after="项目从此计入项目册；公开与否另行审查",
        form=forms.AcceptForm,
        run=_take_on,
    ),
    ProjectStep(
        name=query.CONFIRM_STAGE,
        title="核实阶段",
        button="写下结论",
        after="核实的计入已核实的个数；退回的，责任单位可以重新申报",
        form=forms.JudgeStageForm,
        run=_judge_stage,
    ),
    ProjectStep(
        name=query.REPORT,
        title="填报进度",
        button="报送",
        before="请准备：截至日期、今年累计完成投资和形象进度；不知道的留空，不要填 0",
        after="由登记单位核实，核实以前公众看不到。报送后不能改，可以再报一次",
        form=forms.FigureForm,
        run=_report,
    ),
    ProjectStep(
        name=query.REACHED,
        title="申报到达阶段",
        button="申报",
        before="这里只列没有作出承诺的阶段；作了承诺的，在承诺页面申请销号",
        after="由登记单位的另一人核实，核实以前显示为“待核实”",
        form=forms.ReachedForm,
        run=_reached,
    ),
    ProjectStep(
        name=query.PLAN,
        title="写明阶段计划",
        button="写明",
        after="显示在项目页面上；作为承诺的，从此有红黄绿灯，改期要申请",
        form=forms.PlanForm,
        run=_plan,
    ),
    ProjectStep(
        name=query.PERMIT,
        title="登记许可",
        button="登记",
        after="显示在项目页面上",
        form=forms.PermitForm,
        run=_permit,
    ),
    ProjectStep(
        name=query.PUBLISH,
        title="公开前保密审查",
        button="确定公开类型",
        before="请先确认：名称、内容和历史中没有涉密和个人信息",
        after="选“主动公开”后，任何人都能看到这个项目和它的全部历史",
        form=forms.PublishForm,
        run=_publish,
    ),
    ProjectStep(
        name=query.EXEMPT,
        title="认定正当理由",
        button="认定",
        before="只有确有正当理由的滞后才认定；它只管一盏灯、一段时间，承诺的时限不变",
        after="认定的人、理由和起止日期写进项目的历史；项目公开的，公众也看得到",
        form=forms.ExemptForm,
        run=_exempt,
    ),
    ProjectStep(
        name=query.EDIT,
        title="修改登记内容",
        button="保存",
        before="阶段的日期和年度投资不在这里改：作了承诺的要申请调整",
        after="马上生效，改前改后都留在历史里",
        form=forms.FactsForm,
        run=_edit,
    ),
)
