"""Following one's own case with the 查询码 of the receipt, and what the applicant can do."""

from collections.abc import Callable
from dataclasses import dataclass

from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from yinuo.cases.commands import accept, consents, correct, declarations, deferrals
from yinuo.cases.errors.cases import UnknownTrack
from yinuo.cases.life import OPEN
from yinuo.cases.queries.deferrals import (
    CasePromises,
    ConsentView,
    DeclarationView,
    DeferralView,
    public_of_track,
)
from yinuo.cases.queries.ratings import public_ratable
from yinuo.cases.queries.tracking import TrackedCase
from yinuo.web import clock, guessing, track_session
from yinuo.web.case_clocks import lamps
from yinuo.web.case_items import pinned
from yinuo.web.files import store
from yinuo.web.forms.applying import AnswerForm, HandInForm
from yinuo.web.forms.base import PlainForm
from yinuo.web.forms.cases import TrackForm, WithdrawForm
from yinuo.web.request import Request, public
from yinuo.web.views.steps import INVALID, OK, handed_in

NOT_FOUND = 404


@public
def track(request: Request) -> HttpResponseBase:
    """Where a 查询码 is typed; then, in that browser for half an hour, the case itself."""
    if request.method == "POST":
        return _typed(request)
    code = track_session.tracked(request)
    if code:
        try:
            return _show(request, track_session.case_of(code), code)
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
    context = {"form": form, "fault": gettext("；").join(map(str, form.errors.get("track", [])))}
    answer = render(request, "web/track_ask.html", context, status=status)
    return track_session.private(answer)


def _show(request: Request, it: TrackedCase, code: str) -> HttpResponse:
    context = {
        "it": it,
        "lamps": lamps(it.promised, it.legal),
        "promises": public_of_track(track=code, today=clock.today()),
        "ratable": public_ratable(case=it.code),
        "running": it.status in OPEN,
    }
    answer = render(request, "web/track.html", context)
    track_session.open_track(answer, code)  # half an hour from the last look
    return track_session.private(answer)


@public
@require_POST
def leave(request: Request) -> HttpResponseBase:
    """End following, as on a computer that others use."""
    del request
    answer = redirect("track")
    track_session.close_track(answer)
    return answer


@dataclass(frozen=True)
class Proof:
    """A proof to be brought in place of a declaration that was taken back."""

    declaration: str
    key: str
    name: str

    @property
    def which(self) -> str:
        """How an address names it."""
        return f"{self.declaration}~{self.key}"


@dataclass(frozen=True)
class Step:
    """One thing that the applicant does: who, about what, with which form."""

    track: str
    """查询码."""
    it: TrackedCase
    promises: CasePromises
    which: str
    """Code of the promise or consent it is about; empty where there is only the case."""

    def deferral(self) -> DeferralView | None:
        """The gap it is about, where it can be filled."""
        some = self.promises.deferrals
        return next((d for d in some if d.code == self.which and "hand_in" in d.actions), None)

    def declaration(self) -> DeclarationView | None:
        """The declaration it is about, where it can be taken back."""
        some = self.promises.declarations
        return next((d for d in some if d.code == self.which and "withdraw" in d.actions), None)

    def proof(self) -> Proof | None:
        """The proof it is about, still to be brought after a declaration was taken back."""
        some = (
            Proof(d.code, key, name)
            for d in self.promises.declarations
            if "bring_proof" in d.actions
            for key, name in d.missing
        )
        return next((one for one in some if one.which == self.which), None)

    def consent(self) -> ConsentView | None:
        """The consent it is about, where it can be taken back."""
        may = self.it.status in OPEN
        some = self.promises.consents
        return next(
            (c for c in some if may and c.code == self.which and c.withdrawn_at is None), None
        )


@dataclass(frozen=True)
class ApplicantStep:
    """One thing that the applicant can do."""

    template: str
    open: Callable[[Step], object]
    """What it is about; nothing where it is not open."""
    form: Callable[[Request, Step], PlainForm]
    run: Callable[[Step, PlainForm], str]


def _answer_form(request: Request, step: Step) -> PlainForm:
    asked = step.it.correction
    assert asked is not None  # noqa: S101  # the step is open
    item = pinned(step.it.item, step.it.item_number)
    given = {**item.for_form(clock.now()), "only": asked.keys}
    if request.method == "POST":
        return AnswerForm(request.POST, request.FILES, **given)
    return AnswerForm(**given)


def _answer(step: Step, form: PlainForm) -> str:
    assert isinstance(form, AnswerForm)  # noqa: S101  # as the table says
    case, at = step.it.code, clock.now()
    correct.answer(case=case, choices=form.choices(), store=store(), at=at, track=step.track)
    done = gettext("补正材料已收到，等办理单位决定是否受理。")
    if not form.held():
        return done
    return f"{done} {gettext('您同意由政府共享取得的材料，窗口核对身份后取用。')}"


def _hand_in_form(request: Request, step: Step) -> PlainForm:
    del step
    return HandInForm(request.POST, request.FILES) if request.method == "POST" else HandInForm()


def _hand_in(step: Step, form: PlainForm) -> str:
    file = form.cleaned_data["file"]
    deferrals.hand_in(
        deferral=step.which,
        store=store(),
        at=clock.now(),
        name=file.name,
        file=file.file,
        track=step.track,
    )
    return gettext("材料已补交，等办理单位核对。")


def _bring_proof(step: Step, form: PlainForm) -> str:
    declaration, _, key = step.which.partition("~")
    file = form.cleaned_data["file"]
    declarations.bring_proof(
        declaration=declaration,
        key=key,
        store=store(),
        at=clock.now(),
        name=file.name,
        file=file.file,
        track=step.track,
    )
    return gettext("材料已收到。")


def _reason_form(request: Request, step: Step) -> PlainForm:
    del step
    return WithdrawForm(request.POST if request.method == "POST" else None)


def _blank_form(request: Request, step: Step) -> PlainForm:
    del step
    return PlainForm(request.POST if request.method == "POST" else None)


def _withdraw(step: Step, form: PlainForm) -> str:
    reason = form.cleaned_data["reason"]
    accept.withdraw(case=step.it.code, reason=reason, at=clock.now(), track=step.track)
    return gettext("申请已撤回，以后可以重新申请。")


def _take_back(step: Step, form: PlainForm) -> str:
    reason = form.cleaned_data["reason"]
    declarations.withdraw(declaration=step.which, reason=reason, at=clock.now(), track=step.track)
    return gettext("告知承诺已撤回，按普通程序办理；所代替的材料请补交。")


def _end_consent(step: Step, form: PlainForm) -> str:
    del form
    consents.withdraw(consent=step.which, at=clock.now(), track=step.track)
    return gettext("同意已撤回，这份材料请自己提交。")


STEPS = {
    "answer": ApplicantStep(
        "web/track_answer.html", lambda step: step.it.correction, _answer_form, _answer
    ),
    "hand-in": ApplicantStep("web/track_hand_in.html", Step.deferral, _hand_in_form, _hand_in),
    "withdraw": ApplicantStep(
        "web/track_withdraw.html", lambda step: step.it.can_withdraw, _reason_form, _withdraw
    ),
    "take-back": ApplicantStep(
        "web/track_take_back.html", Step.declaration, _reason_form, _take_back
    ),
    "proof": ApplicantStep("web/track_proof.html", Step.proof, _hand_in_form, _bring_proof),
    "end-consent": ApplicantStep(
        "web/track_end_consent.html", Step.consent, _blank_form, _end_consent
    ),
}


@public
def step(request: Request, step: str, which: str = "") -> HttpResponseBase:
    """One of the applicant's steps; without a code in this browser, the way to typing it."""
    chosen = STEPS.get(step)
    if chosen is None:
        raise Http404
    code = track_session.tracked(request)
    if not code:
        return redirect("track")
    doing = _doing(code, which)
    about = chosen.open(doing)
    if not about:
        return redirect("track")
    form = chosen.form(request, doing)
    done, error, status = handed_in(request, form, lambda: chosen.run(doing, form))
    if done:
        return redirect("track")
    context = {"it": doing.it, "about": about, "form": form, "error": error}
    answer = render(request, chosen.template, context, status=status)
    return track_session.private(answer)


def _doing(code: str, which: str) -> Step:
    promises = public_of_track(track=code, today=clock.today())
    return Step(code, track_session.case_of(code), promises, which)
