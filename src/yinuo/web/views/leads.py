"""招商线索: the register with its funnels, one lead with its way, trips, what waits."""

import io
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import PurePath
from typing import Any

from django.contrib import messages
from django.http import FileResponse, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from yinuo.commitments.life import Visibility
from yinuo.goals.commands import lead_import as commands_import
from yinuo.goals.commands import lead_landing
from yinuo.goals.commands import leads as commands
from yinuo.goals.leads.book import NewContact, annotated, check_bytes, write
from yinuo.goals.leads.funnel import Step
from yinuo.goals.leads.register import NewDelegation, NewLead
from yinuo.goals.leads.stages import STAGE_LABELS
from yinuo.goals.queries.lead_detail import LeadDetail
from yinuo.goals.queries.lead_detail import delegation as delegation_query
from yinuo.goals.queries.lead_detail import fact as fact_query
from yinuo.goals.queries.lead_detail import lead as lead_query
from yinuo.goals.queries.lead_preview import known_to_books, preview
from yinuo.goals.queries.leads import (
    GROUPS,
    FunnelView,
    GroupRow,
    Wanted,
    delegations,
    exported,
    may_enter,
    offices,
    register_offices,
)
from yinuo.goals.queries.leads import leads as leads_query
from yinuo.kernel.errors import YinuoError
from yinuo.parties.queries import public_unit_kinds, public_unit_names, public_units
from yinuo.parties.viewer import NotAllowed, Viewer
from yinuo.web import clock
from yinuo.web.charts.bars import Stage, funnel
from yinuo.web.charts.chart import About, Chart
from yinuo.web.forms.leads import (
    DecideFactForm,
    DelegationForm,
    LeadForm,
    LeadsBookForm,
    LeadStepForm,
    ProjectForm,
    PublishDelegationForm,
)
from yinuo.web.lead_steps import STEPS, LeadStep
from yinuo.web.media_types import XLSX
from yinuo.web.offered import chosen
from yinuo.web.request import Request, public, signed_in
from yinuo.web.views.steps import INVALID, OK, attempt, handed_in

LONGEST = 80
FILTERS = ("origin", "state", "unit", "delegation", "section", "month", "stage", "text")
SWITCHES = ("quiet", "waiting")


def _wanted(request: Request) -> Wanted:
    """What the address asks for; odd values find nothing."""
    given = {name: request.GET.get(name, "").replace("\0", "")[:LONGEST] for name in FILTERS}
    switches = {name: request.GET.get(name) == "1" for name in SWITCHES}
    return Wanted(**given, **switches)  # type: ignore[arg-type]


@dataclass(frozen=True)
class FunnelPage:
    """A funnel with the picture of it."""

    view: FunnelView
    lines: tuple[tuple[str, Step, int], ...]
    """Label, step, and how many more have only reported it."""
    chart: Chart | None
    """None where a lead skipped a step: then its stages do not contain each other."""
    groups: tuple[GroupRow, ...] = ()


def _funnel(view: FunnelView, groups: tuple[GroupRow, ...]) -> FunnelPage:
    lines = tuple(
        (STAGE_LABELS[step.stage], step, view.waiting.get(step.stage, 0)) for step in view.steps
    )
    if any(step.skipped for step in view.steps):
        return FunnelPage(view, lines, None, groups)
    first, last = view.steps[0], view.steps[-1]
    about = About(
        id=f"funnel-{view.origin}",
        title=f"{view.label}的漏斗",
        says=f"{first.count} 条{view.label}，{last.count} 条资金到位",
        source="招商线索登记；注册、开工、到资只计已确认的",
        as_of=clock.today(),
        simulated=view.simulated,
    )
    stages = [
        Stage(STAGE_LABELS[step.stage], step.count, f"中位 {step.days} 天" if step.days else "")
        for step in view.steps
    ]
    return FunnelPage(view, lines, funnel(about, stages, unit="条"), groups)


@public
@require_safe
def leads(request: Request) -> HttpResponse:
    """The leads the viewer may see: a sentence, the funnels, those gone quiet, the list."""
    wanted = _wanted(request)
    split = request.GET.get("split", "")
    split = split if split in GROUPS else ""
    after = request.GET.get("after", "").replace("\0", "")[:LONGEST]
    found = leads_query(
        viewer=request.viewer, today=clock.today(), wanted=wanted, split=split, cursor=after
    )
    context = {
        "it": found,
        "funnels": [_funnel(view, found.groups.get(view.origin, ())) for view in found.funnels],
        "splits": GROUPS,
        "split": split,
        "split_label": GROUPS.get(split, ""),
        "asked": wanted,
        "filtered": wanted != Wanted(),
        "after": after,
        "may_enter": may_enter(viewer=request.viewer),
        "keeps": bool(request.viewer.supervisor_of | request.viewer.administrator_of),
        "stage_label": next(
            (label for stage, label in STAGE_LABELS.items() if stage == wanted.stage), ""
        ),
    }
    return render(request, "web/leads.html", context)


@signed_in
@require_safe
def workbook(request: Request) -> HttpResponse:
    """The leads that a duty opens, as a workbook that can be read back; `?template=1` empty."""
    viewer = request.viewer
    if request.GET.get("template") == "1":
        data = write(title="招商线索", made_at=clock.now())
        return _xlsx(data, "leads-template.xlsx")
    if not may_enter(viewer=viewer) and not viewer.auditor_of:
        raise NotAllowed("只有和线索有关的人可以下载")
    held = register_offices(viewer=viewer)
    office = request.GET.get("office", "")
    office = office if office in held else next(iter(held), "")
    found = exported(office=office, viewer=viewer, today=clock.today())
    data = write(
        title=f"招商线索 {held.get(office, '')}".strip(),
        delegations=found.delegations,
        leads=found.leads,
        contacts=[NewContact(*line) for line in found.contacts],
        states=found.states,
        demo=any(lead.simulated for lead in found.leads),
        made_at=clock.now(),
    )
    return _xlsx(data, f"leads-{office}.xlsx")


def _xlsx(data: bytes, name: str) -> HttpResponse:
    answer = HttpResponse(data, content_type=XLSX)
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


@signed_in
def take_in(request: Request) -> HttpResponseBase:
    """A workbook checked and looked at; taken in when the box says so."""
    viewer = request.viewer
    own = viewer.supervisor_of | viewer.administrator_of
    if not own:
        raise NotAllowed("只有登记单位的督查人或管理员可以导入线索")
    names = {code: name for code, name in offices(viewer=viewer).items() if code in own}
    typed = (request.POST, request.FILES) if request.method == "POST" else ()
    form = LeadsBookForm(*typed, offices=names)
    if request.method == "POST" and form.is_valid():
        return _took_in(request, form)
    status = INVALID if request.method == "POST" else OK
    return render(request, "web/leads_import.html", {"form": form}, status=status)


def _took_in(request: Request, form: LeadsBookForm) -> HttpResponseBase:
    """What becomes of a workbook: given back with its faults, looked at, or taken in."""
    viewer, values = request.viewer, form.cleaned_data
    office, upload = values["office"], values["book"]
    data, name = upload.read(), upload.name or "上传的文件"
    known = known_to_books(office=office, viewer=viewer, today=clock.today())
    checked = check_bytes(data, file=name, known=known)
    found = preview(file=checked.file, office=office, viewer=viewer) if checked.file else None
    refused = found.refused if found else ()
    if "annotated" in request.POST and checked.is_workbook:
        marked = annotated(data, checked, errors=(*checked.errors, *refused), file=name)
        return _given_back(marked, name)
    if values["really"] and found is not None and not refused:
        done = commands_import.take_in(
            file=checked, office=office, by=viewer, at=clock.now(), expected=found
        )
        messages.success(
            request,
            f"已导入：登记 {done.registered:,} 行，修改 {done.corrected:,} 行，"
            f"接触 {done.contacts:,} 条。",
        )
        return redirect("leads")
    context = {"form": form, "checked": checked, "preview": found}
    status = OK if found is not None and not refused else INVALID
    return render(request, "web/leads_import.html", context, status=status)


def _given_back(data: bytes, name: str) -> FileResponse:
    """A workbook with what was found written into its cells."""
    told = f"{PurePath(name).stem}（已标注）.xlsx"
    return FileResponse(io.BytesIO(data), as_attachment=True, filename=told, content_type=XLSX)


def _units(viewer: Viewer) -> dict[str, str]:
    """The units that may be named: one's own for an officer, every existing one for an office."""
    today = clock.today()
    existing = {u.code: u.name for u in public_units() if u.valid_to is None or u.valid_to > today}
    if viewer.supervisor_of | viewer.administrator_of:
        return existing
    return {code: name for code, name in existing.items() if code in viewer.officer_of}


@dataclass
class _Made:
    """What a form has brought about."""

    code: str = ""


def _entered(
    request: Request,
    form: LeadForm | DelegationForm,
    run: Callable[[], str],
    *,
    said: str,
    goes_to: str,
    page: Mapping[str, Any],
) -> HttpResponseBase:
    """The page of a form that makes something new: shown, or run and gone on from."""
    error: YinuoError | None = None
    status = OK
    if request.method == "POST":
        status = INVALID
        if form.is_valid():
            made = _Made()

            def change() -> str:
                made.code = run()
                return said.format(made.code)

            done, error, status = attempt(form, change)
            if done:
                messages.success(request, done)
                return redirect(goes_to, code=made.code)
    context = {**page, "form": form, "error": error}
    return render(request, "web/lead_form.html", context, status=status)


@signed_in
def new(request: Request) -> HttpResponseBase:
    """The form that puts a lead on the register."""
    viewer = request.viewer
    if not may_enter(viewer=viewer):
        raise NotAllowed("只有跟进单位的填报人，或登记单位的督查人、管理员，可以登记线索")
    units = _units(viewer)
    initial = {"unit": next(iter(units)) if len(units) == 1 else ""}
    form = LeadForm(
        request.POST if request.method == "POST" else None,
        offices=offices(viewer=viewer),
        units=units,
        delegations=dict(delegations(viewer=viewer)),
        initial={**initial, "delegation": request.GET.get("delegation", "")[:LONGEST]},
    )

    def run() -> str:
        again = form.cleaned_data["again"]
        made = NewLead(**form.values())
        return commands.register_lead(new=made, by=viewer, at=clock.now(), again=again)

    return _entered(
        request,
        form,
        run,
        said="线索已登记，编号 {}。",
        goes_to="lead",
        page={
            "title": "登记线索",
            "after": "得到一个编号；不公开，只有跟进单位和登记单位看得到",
            "button": "登记",
        },
    )


@signed_in
def delegation_new(request: Request) -> HttpResponseBase:
    """The form that puts a trip on the register."""
    viewer = request.viewer
    own = viewer.supervisor_of | viewer.administrator_of
    if not own:
        raise NotAllowed("只有登记单位的督查人或管理员可以登记出访团组")
    form = DelegationForm(
        request.POST if request.method == "POST" else None,
        offices={code: name for code, name in public_unit_names().items() if code in own},
        units=_units(viewer),
    )

    def run() -> str:
        made = NewDelegation(**form.values())
        return commands.register_delegation(new=made, by=viewer, at=clock.now())

    return _entered(
        request,
        form,
        run,
        said="团组已登记，编号 {}。",
        goes_to="delegation",
        page={
            "title": "登记出访团组",
            "after": "得到一个编号；公布的数和登记的数并列显示",
            "button": "登记",
        },
    )


# ── one lead ───────────────────────────────────────────────────────────────────────────────────


def _step_form(request: Request, step: LeadStep, shown: LeadDetail) -> LeadStepForm:
    typed = (request.POST,) if request.method == "POST" else ()
    more = {"units": _districts()} if step.form is ProjectForm else {}
    return step.form(*typed, shown=shown, today=clock.today(), **more)


def _districts() -> dict[str, str]:
    """Where a project may lie: districts and zones, not departments."""
    department = public_unit_kinds()["department"]
    today = clock.today()
    return {
        unit.code: unit.name
        for unit in public_units()
        if unit.kind != department and (unit.valid_to is None or unit.valid_to > today)
    }


@public
def lead(request: Request, code: str) -> HttpResponseBase:
    """One lead: its way with days, what a unit undertook, contacts; and the next step."""
    shown = lead_query(code=code, viewer=request.viewer, today=clock.today())
    refusal = "这条线索现在没有您要做的事"
    step = chosen(request, STEPS, shown.steps, refusal=refusal, place=code)
    form: LeadStepForm | None = None
    error: YinuoError | None = None
    status = OK
    if step is not None:
        form = _step_form(request, step, shown)
        change = partial(step.run, code, form, request.viewer, clock.now())
        done, error, status = handed_in(request, form, change)
        if done:
            return redirect("lead", code=code)
    offered = [STEPS[name] for name in shown.steps if name in STEPS]
    context = {
        "it": shown,
        "step": step,
        "main": next((each for each in offered if step is None), None),
        "others": [each for each in offered if each is not step],
        "may_edit": "edit" in shown.steps,
        "form": form,
        "error": error,
    }
    return render(request, "web/lead.html", context, status=status)


@signed_in
def edit(request: Request, code: str) -> HttpResponseBase:
    """The form with what is now known of a lead."""
    viewer = request.viewer
    shown = lead_query(code=code, viewer=viewer, today=clock.today())
    if request.method != "POST" and "edit" not in shown.steps:
        raise NotAllowed("只有跟进单位的填报人，或登记线索的单位，可以修改", place=code)
    form = LeadForm(
        request.POST if request.method == "POST" else None,
        offices={},
        units={**_units(viewer), **({shown.said.unit: shown.unit_name} if shown.said.unit else {})},
        delegations=dict(delegations(viewer=viewer)),
        registered=shown,
    )

    def run() -> str:
        made = NewLead(**form.values(), office=shown.said.office)
        version = form.cleaned_data["version"]
        commands.correct_lead(lead=code, new=made, by=viewer, at=clock.now(), version=version)
        return code

    return _entered(
        request,
        form,
        run,
        said="已写下；以前的写法留在账本上。",
        goes_to="lead",
        page={
            "title": f"修改线索 {code}",
            "back": code,
            "after": "改动记在账本上；跟进单位改了签约、拜访、行业的，要重新核对",
            "button": "写下",
        },
    )


@signed_in
def fact(request: Request, code: str, number: int) -> HttpResponseBase:
    """What was reported of a lead, with the form that confirms it or says why not."""
    lead_code, shown = fact_query(code=f"{code}/R{number}", viewer=request.viewer)
    if request.method != "POST" and not shown.may_decide:
        raise NotAllowed("只有登记单位的督查人可以确认，填报人不能确认自己填的", place=shown.code)
    typed = (request.POST,) if request.method == "POST" else ()
    form = DecideFactForm(*typed, version=shown.version)
    change = partial(_decide, shown.code, form, request.viewer, clock.now())
    done, error, status = handed_in(request, form, change)
    if done:
        return redirect("lead", code=lead_code)
    context = {"it": shown, "code": lead_code, "form": form, "error": error}
    return render(request, "web/lead_fact.html", context, status=status)


def _decide(code: str, form: DecideFactForm, by: Viewer, at: datetime) -> str:
    values = form.cleaned_data
    if values["decision"] == "confirm":
        lead_landing.confirm_fact(fact=code, by=by, at=at, version=values["version"])
        return "已确认，计入漏斗和统计。"
    lead_landing.refuse_fact(fact=code, why=values["why"], by=by, at=at, version=values["version"])
    return "已写明为什么不予确认。"


@public
def delegation(request: Request, code: str) -> HttpResponseBase:
    """One trip: what was announced beside what is registered, and its leads."""
    shown = delegation_query(code=code, viewer=request.viewer, today=clock.today())
    form: PublishDelegationForm | None = None
    error: YinuoError | None = None
    status = OK
    if shown.may_publish:
        typed = (request.POST,) if request.method == "POST" else ()
        form = PublishDelegationForm(*typed, shown=shown)
        change = partial(_publish_trip, code, form, request.viewer, clock.now())
        done, error, status = handed_in(request, form, change, about=f"delegation:{code}")
        if done:
            return redirect("delegation", code=code)
    elif request.method == "POST":
        raise NotAllowed("登记人不能审查自己登记的内容，要由另一名督查人审查", place=code)
    context = {"it": shown, "form": form, "error": error}
    return render(request, "web/delegation.html", context, status=status)


def _publish_trip(code: str, form: PublishDelegationForm, by: Viewer, at: datetime) -> str:
    values = form.cleaned_data
    commands.publish_delegation(
        delegation=code,
        visibility=Visibility(values["visibility"]),
        by=by,
        at=at,
        version=values["version"],
    )
    return "公开类型已改。"
