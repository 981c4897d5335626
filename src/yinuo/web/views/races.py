"""赛马: the list of races, one result, why a unit stands where it does, and what to do about it."""

from io import BytesIO

from django.contrib import messages
from django.http import FileResponse, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from yinuo.kernel.errors import YinuoError
from yinuo.kernel.filestore import FileMissing
from yinuo.parties.queries import public_units
from yinuo.parties.viewer import NotAllowed
from yinuo.supervision.commands import races as commands
from yinuo.supervision.errors.race import ExemptionInvalid, NoWhy, SchemeLate
from yinuo.supervision.queries import races as queries
from yinuo.supervision.queries.contests import contests_about
from yinuo.supervision.queries.races import RaceDetail
from yinuo.supervision.race.file import RaceFile
from yinuo.web import clock
from yinuo.web.files import store
from yinuo.web.forms.base import PlainForm
from yinuo.web.forms.races import (
    AskExemptionForm,
    DecideExemptionForm,
    NewRaceForm,
    RaceStepForm,
)
from yinuo.web.media_types import XLSX
from yinuo.web.race_book import write_race
from yinuo.web.race_pages import formulas, indicator_lines
from yinuo.web.request import Request, public, signed_in
from yinuo.web.views.downloads import remark
from yinuo.web.views.steps import INVALID, OK, attempt

JSON = "application/json"


@public
@require_safe
def races(request: Request) -> HttpResponse:
    """Every race, and to those concerned the exemptions."""
    viewer = request.viewer
    context = {
        "races": queries.races(viewer=viewer),
        "offices": queries.offices(viewer=viewer),
        "exemptions": queries.exemptions(viewer=viewer) if viewer.signed_in else (),
        "may_ask": bool(viewer.officer_of or viewer.supervisor_of),
    }
    return render(request, "web/races.html", context)


def _work_out(request: Request, form: NewRaceForm) -> str:
    """Compute and keep the draft; returns its code."""
    values, here = form.cleaned_data, store()
    found = commands.work_out(
        office=values["office"],
        code=values["period"],
        title=values["title"],
        reason=values["reason"],
        late_reason=values["late_reason"],
        store=here,
        today=clock.today(),
        by=request.viewer,
    )
    return commands.draft(worked_out=found, store=here, by=request.viewer, at=clock.now())


FIELD_OF = {SchemeLate: "late_reason", NoWhy: "reason"}
"""Errors that ask for the reason in a field."""


@signed_in
def new(request: Request) -> HttpResponseBase:
    """The form that computes one period."""
    offices = queries.offices(viewer=request.viewer)
    if not offices:
        raise NotAllowed("只有督查单位的督查人可以举办赛马")
    initial = {"office": next(iter(offices)), "period": request.GET.get("period", "")}
    form = NewRaceForm(request.POST or None, initial=initial, offices=offices.items())
    error: YinuoError | None = None
    status = OK
    if request.method == "POST":
        status = INVALID
        if form.is_valid():
            done, error, status = attempt(form, lambda: _work_out(request, form))
            if isinstance(error, SchemeLate | NoWhy):
                form.add_error(FIELD_OF[type(error)], f"{error.what}。{error.next_step}")
                error, status = None, INVALID
            if done:
                messages.success(request, "已算出，现在是草稿。核对以后，由另一名督查人发布。")
                return redirect("race", code=done)
    return render(request, "web/race_form.html", {"form": form, "error": error}, status=status)


def _file(request: Request, code: str) -> tuple[RaceFile | None, FileMissing | None]:
    """What a race is made of; without it the page still shows the published rows."""
    try:
        return queries.standing_file(code=code, store=store(), viewer=request.viewer), None
    except FileMissing as error:
        return None, error


def _show(
    request: Request,
    found: RaceDetail,
    *,
    form: PlainForm | None = None,
    error: YinuoError | None = None,
    status: int = OK,
) -> HttpResponse:
    file, missing = _file(request, found.view.code)
    context = {
        "it": found.view,
        "groups": found.groups,
        "formulas": formulas(file) if file else (),
        "before": file.head.before if file else "",
        "missing": missing,
        "form": form or RaceStepForm(initial={"version": found.view.version}),
        "error": error,
    }
    return render(request, "web/race.html", context, status=status)


@public
@require_safe
def race(request: Request, code: str) -> HttpResponse:
    """One race: every group with its tiers, and how it was worked out."""
    return _show(request, queries.race_detail(code=code, store=store(), viewer=request.viewer))


def _step(request: Request, form: RaceStepForm, code: str) -> str:
    values = form.cleaned_data
    common = {"by": request.viewer, "at": clock.now(), "version": values["version"]}
    if values["do"] == "publish":
        ranked = commands.publish(race=code, store=store(), **common)
        return f"已发布，{ranked:,} 个单位分档，每个单位一条存证记录。"
    if values["do"] == "drop":
        commands.drop(race=code, **common)
        return "草稿已作废。"
    commands.open_to_all(race=code, **common)
    return "已向社会公开，任何人都能看到和重算。"


@signed_in
def step(request: Request, code: str) -> HttpResponseBase:
    """Publish, drop or open a race."""
    found = queries.race_detail(code=code, store=store(), viewer=request.viewer)
    if found.view.office not in request.viewer.supervisor_of:
        raise NotAllowed("只有举办单位的督查人可以这样做", place=code)
    if request.method != "POST":
        return redirect("race", code=code)
    form = RaceStepForm(request.POST)
    if not form.is_valid():
        return _show(request, found, form=form, status=INVALID)
    done, error, status = attempt(form, lambda: _step(request, form, code))
    if done:
        messages.success(request, done)
        gone = form.cleaned_data["do"] == "drop"
        return redirect("races") if gone else redirect("race", code=code)
    return _show(request, found, error=error, status=status)


@public
@require_safe
def race_unit(request: Request, code: str, unit: str) -> HttpResponse:
    """为什么我们在这里: formula, inputs, points lost, and what would have changed the tier."""
    found = queries.race_unit(code=code, unit=unit, store=store(), viewer=request.viewer)
    about, viewer = f"race:{code}/{unit}", request.viewer
    context = {
        "it": found,
        "lines": indicator_lines(found),
        "about": about,
        "contests": contests_about(subjects=[about], viewer=viewer, today=clock.today()),
        "contestable": {about} if found.own else (),
    }
    return render(request, "web/race_unit.html", context)


@public
@require_safe
def race_behind(request: Request, code: str, unit: str, indicator: str) -> HttpResponse:
    """The commitments behind one figure, as far as the viewer may see them."""
    viewer = request.viewer
    found = queries.race_unit(code=code, unit=unit, store=store(), viewer=viewer)
    behind = queries.behind(code=code, unit=unit, indicator=indicator, viewer=viewer)
    lines = {line.part.indicator: line for line in indicator_lines(found)}
    context = {"it": found, "behind": behind, "indicator": indicator, "line": lines.get(indicator)}
    return render(request, "web/race_behind.html", context)


@public
@require_safe
def download(request: Request, code: str) -> FileResponse:
    """The file from which anyone works the race out anew, byte by byte as published."""
    view, data = queries.download(code=code, store=store(), viewer=request.viewer)
    name = f"{view.code}.json"
    return FileResponse(BytesIO(data), as_attachment=True, filename=name, content_type=JSON)


@public
@require_safe
def download_xlsx(request: Request, code: str) -> FileResponse:
    """The same as a workbook, for reading."""
    file = queries.standing_file(code=code, store=store(), viewer=request.viewer)
    buffer = BytesIO()
    write_race(buffer, file, remark=remark())
    buffer.seek(0)
    name = f"{file.head.code}.xlsx"
    return FileResponse(buffer, as_attachment=True, filename=name, content_type=XLSX)


# ── exemptions ───────────────────────────────────────────────────────────────────────────────────


def _ask(request: Request, form: AskExemptionForm) -> str:
    values = form.cleaned_data
    code = commands.ask_exemption(
        office=values["office"],
        unit=values["unit"],
        code=values["period"],
        indicator=values["indicator"],
        reason=values["reason"],
        by=request.viewer,
        at=clock.now(),
    )
    return f"申请已提出，编号 {code}，现在等待举办单位的督查人决定。"


def _with_faults(
    form: PlainForm, done: str, error: YinuoError | None, status: int
) -> tuple[str, YinuoError | None, int]:
    if isinstance(error, ExemptionInvalid):
        form.add_faults(error.faults)
        return done, None, INVALID
    return done, error, status


@signed_in
def ask_exemption(request: Request) -> HttpResponseBase:
    """The form that asks that something not count."""
    viewer = request.viewer
    queries.require_exempting(viewer=viewer)
    every = public_units()
    known = {unit.code: unit.name for unit in every}
    own = viewer.officer_of if not viewer.supervisor_of else frozenset(known)
    offices = queries.holding_offices(viewer=viewer)
    initial = {"period": request.GET.get("period", ""), "unit": request.GET.get("unit", "")}
    form = AskExemptionForm(
        request.POST or None,
        initial=initial,
        offices=offices.items(),
        units=[(code, name) for code, name in known.items() if code in own],
    )
    error: YinuoError | None = None
    status = OK
    if request.method == "POST":
        status = INVALID
        if form.is_valid():
            outcome = attempt(form, lambda: _ask(request, form))
            done, error, status = _with_faults(form, *outcome)
            if done:
                messages.success(request, done)
                return redirect("races")
    context = {"form": form, "error": error}
    return render(request, "web/race_exempt.html", context, status=status)


def _decide(request: Request, form: DecideExemptionForm, code: str) -> str:
    values = form.cleaned_data
    granted = values["decision"] == "grant"
    commands.decide_exemption(
        exemption=code,
        granted=granted,
        reason=values["reason"],
        by=request.viewer,
        at=clock.now(),
        version=values["version"],
    )
    return "已批准，下次计算这一期时生效。" if granted else "不予批准，照常计分。"


@signed_in
def exemption(request: Request, code: str) -> HttpResponseBase:
    """One exemption, and the form for who decides."""
    found = queries.exemption(code=code, viewer=request.viewer)
    form = DecideExemptionForm(request.POST or None, initial={"version": found.version})
    error: YinuoError | None = None
    status = OK
    if request.method == "POST":
        status = INVALID
        if form.is_valid():
            outcome = attempt(form, lambda: _decide(request, form, code))
            done, error, status = _with_faults(form, *outcome)
            if done:
                messages.success(request, done)
                return redirect("races")
    context = {"it": found, "form": form, "error": error}
    return render(request, "web/race_exemption.html", context, status=status)
