"""Following one's own case with the 查询码 of the receipt, and what the applicant can do."""

from collections.abc import Callable
from dataclasses import dataclass

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from yinuo.cases.commands import accept, correct
from yinuo.cases.errors.cases import UnknownTrack
from yinuo.cases.queries.tracking import TrackedCase
from yinuo.kernel.errors import YinuoError
from yinuo.web import clock, guessing, track_session
from yinuo.web.case_clocks import lamps
from yinuo.web.case_items import pinned
from yinuo.web.files import store
from yinuo.web.forms.applying import AnswerForm
from yinuo.web.forms.base import PlainForm
from yinuo.web.forms.cases import TrackForm, WithdrawForm
from yinuo.web.request import Request, public
from yinuo.web.views.steps import INVALID, OK, attempt

NOT_FOUND = 404


@public
def track(request: Request) -> HttpResponseBase:
    """Where a 查询码 is typed; then, in that browser for half an hour, the case itself."""
    if request.method == "POST":
        return _typed(request)
    code = track_session.tracked(request)
    if code:
        try:
            return _show(request, track_session.case_of(code))
        except UnknownTrack:
            pass  # the cookie outlived its case, as after a restore
    return _ask(request, TrackForm(), OK)


def _typed(request: Request) -> HttpResponseBase:
    """A code that was typed: every wrong one gets the same answer."""
    guessing.check_may_try(request)
    form = TrackForm(request.POST)
    form.is_valid()
    typed = form.cleaned_data.get("track", "")
    if not typed:
        form.add_error("track", gettext("请输入查询码"))
        return _ask(request, form, INVALID)
    try:
        track_session.case_of(typed)
    except UnknownTrack:
        guessing.note_wrong(request)
        form.add_error("track", gettext("没有找到这个查询码。请照回执核对，16 位，不分大小写"))
        return _ask(request, form, NOT_FOUND)
    guessing.note_right(request)
    answer = redirect("track")
    track_session.open_track(answer, typed)
    return answer


def _ask(request: Request, form: TrackForm, status: int) -> HttpResponse:
    # What was typed is a secret, or nearly one: it does not come back on the page.
    context = {"form": form, "fault": "；".join(map(str, form.errors.get("track", [])))}
    answer = render(request, "web/track_ask.html", context, status=status)
    return track_session.private(answer)


def _show(request: Request, it: TrackedCase) -> HttpResponse:
    waiting = [m for m in it.materials if m.state == "deferred"]
    context = {"it": it, "lamps": lamps(it.promised, it.legal), "deferred": waiting}
    return track_session.private(render(request, "web/track.html", context))


@public
@require_POST
def leave(request: Request) -> HttpResponseBase:
    """End following, as on a computer that others use."""
    del request
    answer = redirect("track")
    track_session.close_track(answer)
    return answer


@dataclass(frozen=True)
class ApplicantStep:
    """One thing that the applicant can do."""

    template: str
    open: Callable[[TrackedCase], bool]
    form: Callable[[Request, TrackedCase], PlainForm]
    run: Callable[[str, TrackedCase, PlainForm], str]


def _answer_form(request: Request, it: TrackedCase) -> PlainForm:
    assert it.correction is not None  # noqa: S101  # the step is open
    definition = pinned(it.item, it.item_number)
    given = {**definition.for_form(clock.now()), "only": it.correction.keys}
    if request.method == "POST":
        return AnswerForm(request.POST, request.FILES, **given)
    return AnswerForm(**given)


def _answer(code: str, it: TrackedCase, form: PlainForm) -> str:
    assert isinstance(form, AnswerForm)  # noqa: S101  # as the table says
    correct.answer(case=it.code, choices=form.choices(), store=store(), at=clock.now(), track=code)
    return gettext("补正材料已收到，等办理单位决定是否受理。")


def _withdraw_form(request: Request, it: TrackedCase) -> PlainForm:
    del it
    return WithdrawForm(request.POST if request.method == "POST" else None)


def _withdraw(code: str, it: TrackedCase, form: PlainForm) -> str:
    accept.withdraw(case=it.code, reason=form.cleaned_data["reason"], at=clock.now(), track=code)
    return gettext("申请已撤回，以后可以重新申请。")


STEPS = {
    "answer": ApplicantStep(
        "web/track_answer.html", lambda it: it.correction is not None, _answer_form, _answer
    ),
    "withdraw": ApplicantStep(
        "web/track_withdraw.html", lambda it: it.can_withdraw, _withdraw_form, _withdraw
    ),
}


@public
def step(request: Request, step: str) -> HttpResponseBase:
    """One of the applicant's steps; without a code in this browser, the way to typing it."""
    chosen = STEPS.get(step)
    if chosen is None:
        raise Http404
    code = track_session.tracked(request)
    if not code:
        return redirect("track")
    it = track_session.case_of(code)
    if not chosen.open(it):
        return redirect("track")
    form = chosen.form(request, it)
    error: YinuoError | None = None
    status = OK
    if request.method == "POST":
        status = INVALID
        if form.is_valid():
            done, error, status = attempt(form, lambda: chosen.run(code, it, form))
            if done:
                messages.success(request, done)
                return redirect("track")
    context = {"it": it, "form": form, "error": error}
    answer = render(request, chosen.template, context, status=status)
    return track_session.private(answer)
