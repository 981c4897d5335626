"""Building projects for those who work on them: list, one project, its stages, joint cases."""

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from yinuo.cases.commands import building as commands
from yinuo.cases.commands.joint import Started, start_stage
from yinuo.cases.errors.construction import UnknownFlow
from yinuo.cases.queries.building import building as building_query
from yinuo.cases.queries.buildings import buildings as buildings_query
from yinuo.cases.queries.construction import public_flows
from yinuo.cases.queries.joint import joint as joint_query
from yinuo.content.calendars import working_calendar
from yinuo.kernel.errors import YinuoError
from yinuo.parties.queries import public_unit_names
from yinuo.web import clock
from yinuo.web.building_bars import bars
from yinuo.web.files import store
from yinuo.web.forms.base import PlainForm
from yinuo.web.forms.construction import BuildingForm, ReuseForm
from yinuo.web.request import Request, signed_in
from yinuo.web.track_session import private
from yinuo.web.views.construction import pictured
from yinuo.web.views.steps import INVALID, OK, attempt

LONGEST = 80
STATES = (("", "全部"), ("running", "在办"), ("finished", "全部办结"))


@signed_in
@require_safe
def buildings(request: Request) -> HttpResponse:
    """The projects that the viewer may see."""
    text, state = (request.GET.get(n, "").replace("\0", "")[:LONGEST] for n in ("text", "state"))
    after = request.GET.get("after", "").replace("\0", "")[:LONGEST]
    page = buildings_query(
        viewer=request.viewer, at=clock.now(), text=text, state=state, cursor=after
    )
    context = {
        "page": page,
        "asked": {"text": text, "state": state},
        "states": STATES,
        "later": bool(after),
    }
    return render(request, "web/buildings.html", context)


@signed_in
@require_safe
def building(request: Request, code: str) -> HttpResponse:
    """One project on one page."""
    it = building_query(code=code, viewer=request.viewer, at=clock.now())
    return render(request, "web/building.html", {**pictured(it), "developer": False})


@signed_in
def new(request: Request) -> HttpResponseBase:
    """Put a project on the register; the 查询码 is shown once."""
    typed = (request.POST,) if request.method == "POST" else ()
    names = public_unit_names()
    held = sorted(request.viewer.officer_of | request.viewer.supervisor_of)
    every = sorted(names.items(), key=lambda pair: (pair[0] not in held, pair[1]))
    form = BuildingForm(
        *typed,
        flows=[(flow.code, flow.name) for flow in public_flows()],
        offices=every,
        windows=every,
        today=clock.today(),
    )
    error: YinuoError | None = None
    status = OK
    if request.method == "POST":
        status = INVALID
        if form.is_valid():
            track, error, status = attempt(form, lambda: _register(request, form))
            if track:
                stated = form.new()
                shown = {"code": stated.code, "title": stated.title, "track": track}
                return private(render(request, "web/building_receipt.html", shown))
    context: dict[str, object] = {"form": form, "error": error}
    return render(request, "web/building_new.html", context, status=status)


def _register(request: Request, form: BuildingForm) -> str:
    receipt = commands.register(
        new=form.new(),
        office=form.cleaned_data["office"],
        window=form.cleaned_data["window"],
        developer=form.developer(),
        by=request.viewer,
        at=clock.now(),
    )
    return receipt.track


@signed_in
def start(request: Request, code: str, stage: str) -> HttpResponseBase:
    """Take in one application for a stage: a branch for each department."""
    it = building_query(code=code, viewer=request.viewer, at=clock.now())
    found = next((one for one in it.stages if one.code == stage), None)
    if found is None:
        raise UnknownFlow(f"{it.flow}/{stage}", "审批阶段")
    form = PlainForm(request.POST or None)
    error: YinuoError | None = None
    status = OK
    if request.method == "POST":
        begun: list[Started] = []
        done, error, status = attempt(form, lambda: _start(request, code, stage, it.window, begun))
        if done:
            context = {"it": it, "stage": found, "begun": begun[0]}
            return private(render(request, "web/joint_receipt.html", context))
    context = {"it": it, "stage": found, "form": form, "error": error}
    return render(request, "web/joint_new.html", context, status=status)


def _start(request: Request, code: str, stage: str, window: str, begun: list[Started]) -> str:
    made = start_stage(
        project=code,
        stage=stage,
        window=window,
        choices={},
        store=store(),
        by=request.viewer,
        at=clock.now(),
    )
    begun.append(made)
    return made.code


@signed_in
def reuse(request: Request, code: str) -> HttpResponseBase:
    """Note a result that stands in for a document."""
    it = building_query(code=code, viewer=request.viewer, at=clock.now())
    typed = (request.POST,) if request.method == "POST" else ()
    form = ReuseForm(*typed, kinds=it.reusable)
    error: YinuoError | None = None
    status = OK
    if request.method == "POST":
        status = INVALID
        if form.is_valid():
            done, error, status = attempt(form, lambda: _reuse(request, code, form))
            if done:
                messages.success(request, "已登记，到这个阶段不再收这份材料。")
                return redirect("building", code=code)
    context = {"it": it, "form": form, "error": error}
    return render(request, "web/building_reuse.html", context, status=status)


def _reuse(request: Request, code: str, form: ReuseForm) -> str:
    return commands.reuse(project=code, new=form.new(), by=request.viewer, at=clock.now())


@signed_in
def track(request: Request, code: str) -> HttpResponseBase:
    """A new 查询码 for a developer who lost the old one."""
    it = building_query(code=code, viewer=request.viewer, at=clock.now())
    if request.method == "POST":
        fresh = commands.renew_track(project=code, by=request.viewer, at=clock.now())
        context = {"code": code, "title": it.title, "track": fresh, "again": True}
        return private(render(request, "web/building_receipt.html", context))
    return render(request, "web/building_track.html", {"it": it})


@signed_in
@require_safe
def joint(request: Request, code: str) -> HttpResponse:
    """One joint case, the viewer's branch first."""
    it = joint_query(code=code, viewer=request.viewer, at=clock.now())
    picture = bars(it.counted, working_calendar(), limit=it.promised_days)
    return render(request, "web/joint.html", {"it": it, "picture": picture})
