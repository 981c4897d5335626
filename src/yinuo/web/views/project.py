"""One project, whole."""

from dataclasses import dataclass
from datetime import date
from urllib.parse import quote

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from yinuo.commitments.life import Visibility
from yinuo.goals.queries import project_page as query
from yinuo.goals.queries.project_batches import batches
from yinuo.goals.queries.project_curves import project_curve
from yinuo.goals.queries.project_lights import project_lights
from yinuo.goals.queries.project_page import ProjectPage, project_page
from yinuo.kernel.errors import YinuoError
from yinuo.parties.queries import public_unit_names
from yinuo.parties.viewer import NotAllowed
from yinuo.web import clock
from yinuo.web.days import day
from yinuo.web.project_charts import investment_curve, stage_timeline
from yinuo.web.project_steps import STEPS, Filled, ProjectStep
from yinuo.web.request import Request, View, public, signed_in
from yinuo.web.views.steps import CONFLICT, INVALID, OK, attempt

MILLION = 1_000_000
PRIMARY = frozenset({query.TAKE_ON, query.CONFIRM_STAGE, query.REPORT})
"""Steps that may be the one filled button of the page."""


@dataclass(frozen=True)
class Offer:
    """A step that the page offers."""

    title: str
    address: str
    primary: bool


def offers(it: ProjectPage) -> tuple[Offer, ...]:
    """The steps open to the viewer; the first is the page's one filled button."""
    code = it.line.code
    found: list[Offer] = []
    for name in it.actions:
        if name == query.CONFIRM:
            address = f"{reverse('project_confirm')}?project={quote(code)}"
            found.append(Offer("核实进度", address, primary=not found))
        else:
            step = STEPS[name]
            # Nobody is pushed to publish what was closed on purpose, or to alter what stands.
            wanted = name in PRIMARY and not found
            if name == query.PUBLISH:
                wanted = not found and it.line.visibility == Visibility.REVIEW
            found.append(Offer(step.title, reverse(step.route, args=[code]), primary=wanted))
    return tuple(found)


def state_sentence(it: ProjectPage, today: date) -> str:
    """What stands behind the state, and what comes next."""
    reached = [stage for stage in it.stages if stage.reached]
    words = []
    if it.withdrawn_date:
        return gettext("%(day)s撤销，不再统计。") % {"day": day(it.withdrawn_date)}
    if reached:
        last = reached[-1]
        words.append(gettext("%(day)s%(stage)s") % {"day": day(last.reached), "stage": last.label})
        if not last.confirmed:
            words.append(gettext("还没有核实"))
    ahead = it.line.next
    if ahead and ahead.due:
        form = (
            gettext("%(stage)s计划在%(day)s，已逾期 %(late)s 天")
            if ahead.is_late(today)
            else gettext("下一步%(stage)s，计划在%(day)s")
        )
        late = f"{(today - ahead.due).days:,}"
        words.append(form % {"stage": ahead.label, "day": day(ahead.due), "late": late})
    elif not any(stage.due for stage in it.stages):
        words.append(gettext("各阶段都没有写明时限"))
    return gettext("%(words)s。") % {"words": gettext("，").join(words)} if words else ""


@public
@require_safe
def project(request: Request, code: str) -> HttpResponse:
    """The page of one project. Raises `UnknownProject`."""
    today, viewer = clock.today(), request.viewer
    it = project_page(code=code, viewer=viewer, today=today)
    simulated = it.line.simulated or bool(settings.YINUO_DEMO_DATE)
    found = project_curve(codes=[code], viewer=viewer, today=today)
    curve = investment_curve(found, today=today, simulated=simulated) if found.projects else None
    point = None
    if it.longitude_e6 is not None and it.latitude_e6 is not None:
        point = f"{it.longitude_e6 / MILLION:.4f}", f"{it.latitude_e6 / MILLION:.4f}"
    context = {
        "it": it,
        "row": it.line,
        "sentence": state_sentence(it, today),
        "offers": offers(it),
        "lights": project_lights(codes=[code], viewer=viewer, today=today).get(code),
        "owed": [s for s in it.stages if s.may_deliver and it.line.unit in viewer.officer_of],
        "timeline": stage_timeline(it.stages, code=code, today=today, simulated=simulated),
        "curve": curve,
        "point": point,
        "thread": f"project:{code}",
        "today": today,
    }
    return render(request, "web/project.html", context)


def step_view(step: ProjectStep) -> View:
    """The view of one step: GET shows the form, POST calls the command."""

    def view(request: Request, code: str) -> HttpResponseBase:
        today, viewer = clock.today(), request.viewer
        it = project_page(code=code, viewer=viewer, today=today)
        if request.method != "POST" and step.name not in it.actions:
            raise NotAllowed(
                f"您现在不能“{step.title}”",
                place=code,
                next_step="请回到项目页面，看清最新状态和您能做的事",
            )
        typed = request.POST.copy()
        given = (typed,) if request.method == "POST" else ()
        form = step.form(*given, it=it, offered=_offered(request, today), today=today)
        error: YinuoError | None = None
        status = OK
        if request.method == "POST":
            status = INVALID
            if form.is_valid():
                filled = Filled(form, viewer, clock.now())
                done, error, status = attempt(form, lambda: step.run(filled))
                if done:
                    messages.success(request, done)
                    return redirect("project", code=code)
                if status == CONFLICT:
                    # Whoever submits once more has seen what changed meanwhile.
                    it = project_page(code=code, viewer=viewer, today=today)
                    typed["version"] = str(it.version)
        context = {"it": it, "row": it.line, "step": step, "form": form, "error": error}
        return render(request, "web/project_step.html", context, status=status)

    return signed_in(view)


def _offered(request: Request, today: date) -> dict[str, list[tuple[str, str]]]:
    """What the form of the register data offers to choose from."""
    units = sorted(public_unit_names().items())
    known = batches(viewer=request.viewer, today=today)
    return {
        "unit": units,
        "region": units,
        "batch": [(batch.code, batch.title) for batch in known],
    }
