"""Construction approval for the public: the overview, and the developer's page by 查询码."""

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_POST, require_safe

from yinuo.cases.commands import utilities
from yinuo.cases.errors.construction import UnknownBuildingTrack
from yinuo.cases.queries.building import BuildingView, public_building
from yinuo.cases.queries.construction import public_overview
from yinuo.content.calendars import working_calendar
from yinuo.kernel.errors import YinuoError
from yinuo.web import building_session, clock, guessing
from yinuo.web.building_bars import bars
from yinuo.web.faults import told
from yinuo.web.forms.construction import DenyForm, ProjectTrackForm
from yinuo.web.request import Request, public
from yinuo.web.track_session import private
from yinuo.web.views.steps import INVALID, OK, attempt

NOT_FOUND = 404


@public
@require_safe
def overview(request: Request) -> HttpResponse:
    """What the stages are, how long by law and promise, how it went."""
    return render(request, "web/building_overview.html", {"flows": public_overview(at=clock.now())})


@public
def project(request: Request) -> HttpResponseBase:
    """Where a developer types the 查询码; then the project, in that browser for half an hour."""
    if request.method == "POST":
        return _typed(request)
    track = building_session.followed(request)
    if track:
        try:
            return _show(request, track, DenyForm(), None, OK)
        except UnknownBuildingTrack:
            pass  # the cookie outlived its code, as after a new one was given out
    return _ask(request, "", OK)


def _typed(request: Request) -> HttpResponseBase:
    guessing.check_may_try(request)
    form = ProjectTrackForm(request.POST)
    form.is_valid()
    track = form.cleaned_data.get("track", "")
    if not track:
        return _ask(request, gettext("请输入查询码"), INVALID)
    try:
        public_building(track=track, at=clock.now())
    except UnknownBuildingTrack as unknown:
        guessing.note_wrong(request)
        return _ask(request, told(unknown).sentences, NOT_FOUND)
    guessing.note_right(request)
    answer = redirect("building_project")
    building_session.open_project(answer, track)
    return answer


def _ask(request: Request, fault: str, status: int) -> HttpResponse:
    # What was typed is a secret, or nearly one: it does not come back on the page.
    return private(render(request, "web/building_ask.html", {"fault": fault}, status=status))


def _show(
    request: Request, track: str, form: DenyForm, error: YinuoError | None, status: int
) -> HttpResponse:
    it = public_building(track=track, at=clock.now())
    context = {**pictured(it), "form": form, "error": error, "developer": True}
    answer = render(request, "web/building.html", context, status=status)
    building_session.open_project(answer, track)  # half an hour from the last look
    return private(answer)


def pictured(it: BuildingView) -> dict[str, object]:
    """A project with the picture of each stage."""
    calendar = working_calendar()
    stages = [(stage, bars(stage.counted, calendar, limit=stage.limit_days)) for stage in it.stages]
    return {"it": it, "stages": stages}


@public
@require_POST
def leave(request: Request) -> HttpResponseBase:
    """End following, as on a computer that others use."""
    del request
    answer = redirect("building_project")
    building_session.close_project(answer)
    return answer


@public
@require_POST
def confirm(request: Request) -> HttpResponseBase:
    """The developer says whether a utility has connected."""
    track = building_session.followed(request)
    if not track:
        return redirect("building_project")
    notice = request.POST.get("notice", "").replace("\0", "")
    if request.POST.get("do") == "confirm":
        utilities.confirm(track=track, notice=notice, at=clock.now())
        messages.success(request, gettext("已确认接通。"))
        return redirect("building_project")
    form = DenyForm(request.POST)
    error, status = None, INVALID
    if form.is_valid():
        done, error, status = attempt(form, lambda: _deny(track, notice, form))
        if done:
            messages.success(request, done)
            return redirect("building_project")
    return _show(request, track, form, error, status)


def _deny(track: str, notice: str, form: DenyForm) -> str:
    utilities.deny(track=track, notice=notice, note=form.cleaned_data["note"], at=clock.now())
    return gettext("已告诉牵头单位：还没有接通，承诺重新打开。")
