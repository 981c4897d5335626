"""What people do about a lead, as data: one line of the table below is one form."""

from collections.abc import Callable
from datetime import datetime
from typing import TypeAlias

from yinuo.commitments.life import Visibility
from yinuo.goals.commands import lead_landing, lead_projects
from yinuo.goals.commands import leads as commands
from yinuo.goals.leads.stages import FactKind, Standing
from yinuo.parties.viewer import Viewer
from yinuo.web.forms.leads import (
    ConfirmLeadForm,
    ContactForm,
    FactForm,
    LeadStepForm,
    ProjectForm,
    PublishLeadForm,
    StandingForm,
    UndertakeForm,
)
from yinuo.web.offered import Offered, by_name

LeadStep: TypeAlias = Offered[LeadStepForm, Callable[[str, LeadStepForm, Viewer, datetime], str]]
"""One thing to do about a lead."""


def _contact(code: str, form: LeadStepForm, by: Viewer, at: datetime) -> str:
    values = {k: v for k, v in form.cleaned_data.items() if k != "version"}
    commands.note_contact(lead=code, **values, by=by, at=at)
    return "接触已记下。"


def _fact(code: str, form: LeadStepForm, by: Viewer, at: datetime) -> str:
    values = {k: v for k, v in form.cleaned_data.items() if k not in ("version", "kind")}
    made = lead_landing.NewFact(kind=FactKind(form.cleaned_data["kind"]), **values)
    lead_landing.report_fact(lead=code, new=made, by=by, at=at)
    return "进展已填报，由登记单位的督查人确认以后计入。"


def _undertake(code: str, form: LeadStepForm, by: Viewer, at: datetime) -> str:
    made = lead_landing.undertake(lead=code, **form.cleaned_data, by=by, at=at)
    return f"已登记为承诺 {made}，正请跟进单位签收。"


def _project(code: str, form: LeadStepForm, by: Viewer, at: datetime) -> str:
    values = form.cleaned_data
    asked = lead_projects.Asked(
        name=values["name"],
        region=values["region"] or None,
        address=values["address"],
        total_investment=values["total_value"],
        start_by=values["start_by"],
        landing_is_start=values.get("landing_is_start", False),
        complete_by=values["complete_by"],
        produce_by=values["produce_by"],
    )
    made = lead_projects.to_project(lead=code, asked=asked, by=by, at=at, version=values["version"])
    return f"已转为项目 {made}，以后的建设进度从项目读取。"


def _standing(code: str, form: LeadStepForm, by: Viewer, at: datetime) -> str:
    values = form.cleaned_data
    commands.set_standing(
        lead=code,
        standing=Standing(values["standing"]),
        reason=values["reason"],
        by=by,
        at=at,
        version=values["version"],
    )
    return "已改，理由留在账本上。"


def _confirm(code: str, form: LeadStepForm, by: Viewer, at: datetime) -> str:
    commands.confirm_lead(lead=code, by=by, at=at, version=form.cleaned_data["version"])
    return "登记已核对，从现在起计入统计。"


def _publish(code: str, form: LeadStepForm, by: Viewer, at: datetime) -> str:
    values = form.cleaned_data
    commands.publish_lead(
        lead=code,
        visibility=Visibility(values["visibility"]),
        by=by,
        at=at,
        version=values["version"],
    )
    return "公开类型已改。"


STEPS = by_name(
    LeadStep(
        name="confirm",
        title="核对登记",
        button="核对无误",
        after="跟进单位填的拜访和签约从此计入统计",
        form=ConfirmLeadForm,
        run=_confirm,
    ),
    LeadStep(
        name="contact",
        title="记接触",
        button="记下",
        after="记下以后不能改，写错了再记一条；长期没有接触会列为静默",
        form=ContactForm,
        run=_contact,
    ),
    LeadStep(
        name="undertake",
        title="登记为签约待落地的承诺",
        button="登记，请单位签收",
        after="跟进单位会收到签收的请求；承诺不公开，由登记单位核实",
        form=UndertakeForm,
        run=_undertake,
    ),
    LeadStep(
        name="project",
        title="转为项目",
        button="转为项目",
        after="单位、企业、行业、投资、签约日期都带过去，不用重填",
        form=ProjectForm,
        run=_project,
    ),
    LeadStep(
        name="fact",
        title="填进展",
        button="填报",
        after="由登记单位另一名督查人确认，确认以后才计入漏斗和统计",
        form=FactForm,
        run=_fact,
    ),
    LeadStep(
        name="standing",
        title="搁置、终止或恢复",
        button="确定",
        after="线索留在登记簿里；单位的承诺不因此免除，要在承诺页面上另行申请",
        form=StandingForm,
        run=_standing,
    ),
    LeadStep(
        name="publish",
        title="公开前保密审查",
        button="确定公开类型",
        after="登记人不能自己审查；收回公开本身也留在账本上",
        form=PublishLeadForm,
        run=_publish,
    ),
)
