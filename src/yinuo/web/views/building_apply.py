"""A developer applies for a stage on the page, in the browser that follows the project."""

import secrets

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from yinuo.cases.commands.joint import Started, apply_stage
from yinuo.cases.queries.building import public_building
from yinuo.cases.queries.building_apply import public_stage_application
from yinuo.kernel.media.formats import IN_WORDS
from yinuo.web import building_session, clock
from yinuo.web.building_session import StageReceipt
from yinuo.web.files import store
from yinuo.web.forms.construction import StageForm
from yinuo.web.request import Request, public
from yinuo.web.track_session import private
from yinuo.web.views.steps import INVALID, OK, attempt


@public
def building_apply(request: Request, stage: str) -> HttpResponseBase:
    """What the stage wants, each document once; ends with the receipt of its branches."""
    track = building_session.followed(request)
    if not track:
        return redirect("building_project")
    if request.method == "POST" and _sent_before(request):
        return redirect("building_applied")
    asked = public_stage_application(track=track, stage=stage, at=clock.now())
    typed = (request.POST, request.FILES) if request.method == "POST" else ()
    form = StageForm(*typed, asked=asked, initial={"once": secrets.token_hex(8)})
    error, status = None, OK
    if request.method == "POST":
        status = INVALID
        if form.is_valid():
            begun: list[Started] = []
            done, error, status = attempt(form, lambda: _apply(track, stage, form, begun))
            if done:
                answer = redirect("building_applied")
                building_session.hand_receipt(answer, _receipt(begun[0], stage, form))
                return answer
    context = {"it": asked, "form": form, "error": error, "limits": IN_WORDS}
    return private(render(request, "web/building_apply.html", context, status=status))


def _sent_before(request: Request) -> bool:
    held, once = building_session.receipt(request), request.POST.get("once", "")
    return held is not None and bool(once) and held.once == once


def _apply(track: str, stage: str, form: StageForm, begun: list[Started]) -> str:
    made = apply_stage(
        track=track, stage=stage, choices=form.choices(), store=store(), at=clock.now()
    )
    begun.append(made)
    return made.code


def _receipt(begun: Started, stage: str, form: StageForm) -> StageReceipt:
    branches = tuple((one.item, one.code, one.track) for one in begun.branches)
    return StageReceipt(begun.code, stage, form.cleaned_data["once"], branches)


@public
@require_safe
def building_applied(request: Request) -> HttpResponseBase:
    """The codes of the branches, for half an hour in the browser that applied."""
    held, track = building_session.receipt(request), building_session.followed(request)
    if held is None or not track:
        return redirect("building_project")
    it = public_building(track=track, at=clock.now())
    stage = next((one for one in it.stages if one.code == held.stage), None)
    if stage is None:
        return redirect("building_project")
    names = {code: name for code, name, _how in stage.items}
    context = {
        "it": it,
        "stage": stage,
        "joint": held.joint,
        "branches": [(names.get(item, item), code, own) for item, code, own in held.branches],
    }
    answer: HttpResponse = render(request, "web/building_applied.html", context)
    return private(answer)
