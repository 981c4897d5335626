"""Problems for everybody: counts to zero, raising one, following one's own by its 查询码."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from yinuo.cases.commands import problem_words as commands
from yinuo.cases.commands.problems import raise_problem
from yinuo.cases.errors.problems import UnknownProblemTrack
from yinuo.cases.in_force.problems import areas
from yinuo.cases.problems.areas import Area
from yinuo.cases.queries.problem_counts import (
    TrackedProblem,
    public_problems,
    public_tracked_problem,
)
from yinuo.content.calendars import working_calendar
from yinuo.web import clock, guessing, problem_session
from yinuo.web.forms.base import PlainForm
from yinuo.web.forms.problems import ConfirmForm, ProblemTrackForm, RaiseForm, WhyForm
from yinuo.web.language import ENGLISH, current
from yinuo.web.request import Request, public
from yinuo.web.track_session import private
from yinuo.web.views.steps import INVALID, OK, attempt

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

NOT_FOUND = 404
LONGEST_ABOUT = 80


def _year(request: Request, years: tuple[int, ...]) -> int | None:
    asked = request.GET.get("year", "")
    return int(asked) if asked.isdecimal() and int(asked[:4]) in years else None


@public
@require_safe
def problems_public(request: Request) -> HttpResponse:
    """How many were raised, owned in a day, confirmed, sent up, and are not at zero."""
    today = clock.today()
    found = public_problems(today=today)
    year = _year(request, found.years)
    if year is not None:
        found = public_problems(today=today, year=year)
    context = {"it": found, "year": year, "today": today}
    return render(request, "web/problems_public.html", context)


@public
def problem_raise(request: Request) -> HttpResponseBase:
    """The page on which anyone raises a problem; what it is about may come with the address."""
    known = areas(clock.today())
    english = current() == ENGLISH
    offered = [(a.code, (a.english or a.name) if english else _said(a)) for a in known]
    typed = (request.POST,) if request.method == "POST" else ()
    form = RaiseForm(*typed, areas=offered, initial={"area": request.GET.get("area", "")})
    about = request.GET.get("about", "")[:LONGEST_ABOUT].replace("\0", "")
    error, status = None, OK
    if request.method == "POST":
        status = INVALID
        if form.is_valid():
            track: list[str] = []

            def change() -> str:
                raised = raise_problem(
                    new=form.new(about),
                    areas=known,
                    calendar=working_calendar(),
                    at=clock.now(),
                    simulated=bool(settings.YINUO_DEMO_DATE),
                )
                track.append(raised.track)
                return raised.code

            done, error, status = attempt(form, change)
            if done:
                answer = redirect("problem_raised")
                problem_session.hand_receipt(answer, track[0])
                return answer
    context = {"form": form, "error": error, "areas": known, "about": about}
    return render(request, "web/problem_raise.html", context, status=status)


def _said(area: Area) -> str:
    """The area with what belongs to it."""
    return f"{area.name}（{area.hint}）" if area.hint else area.name


@public
@require_safe
def problem_raised(request: Request) -> HttpResponseBase:
    """The receipt of what was just raised in this browser: number, 查询码, what happens next."""
    track = problem_session.receipt(request)
    try:
        it = public_tracked_problem(track=track) if track else None
    except UnknownProblemTrack:
        it = None
    if it is None:
        return redirect("problem_raise")
    answer = render(request, "web/problem_raised.html", {"it": it, "track": track})
    return private(answer)


@public
def problem_track(request: Request) -> HttpResponseBase:
    """Where a 查询码 is typed; then, in that browser for half an hour, the problem itself."""
    if request.method == "POST":
        return _typed(request)
    track = problem_session.followed(request)
    if track:
        try:
            return _show(request, public_tracked_problem(track=track))
        except UnknownProblemTrack:
            pass  # the cookie outlived its problem, as after a restore
    return _ask(request, ProblemTrackForm(), OK)


def _typed(request: Request) -> HttpResponseBase:
    guessing.check_may_try(request)
    form = ProblemTrackForm(request.POST)
    if not form.is_valid():
        return _ask(request, form, INVALID)
    typed = form.cleaned_data["track"]
    try:
        public_tracked_problem(track=typed)
    except UnknownProblemTrack:
        guessing.note_wrong(request)
        form.add_error("track", gettext("没有找到这个查询码，请核对 16 位，不分大小写"))
        return _ask(request, form, NOT_FOUND)
    guessing.note_right(request)
    answer = redirect("problem_track")
    problem_session.follow(answer, typed)
    return answer


def _ask(request: Request, form: ProblemTrackForm, status: int) -> HttpResponse:
    # What was typed is a secret, or nearly one: it does not come back on the page.
    fault = gettext("；").join(map(str, form.errors.get("track", [])))
    answer = render(request, "web/problem_track.html", {"fault": fault}, status=status)
    return private(answer)


@public
@require_POST
def problem_leave(request: Request) -> HttpResponseBase:
    """End following."""
    del request
    answer = redirect("problem_track")
    problem_session.forget(answer)
    return answer


# ── what who raised it says ──────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, kw_only=True)
class Saying:
    """One thing that who raised a problem can say."""

    name: str
    title: "StrOrPromise"
    button: "StrOrPromise"
    after: "StrOrPromise"
    form: type[PlainForm]
    run: Callable[[str, PlainForm], str]


def _confirm(track: str, form: PlainForm) -> str:
    commands.confirm(track=track, note=form.cleaned_data["note"], at=clock.now())
    return gettext("问题清零，谢谢您的确认。")


def _not_solved(track: str, form: PlainForm) -> str:
    reason = form.cleaned_data["reason"]
    commands.not_solved(track=track, reason=reason, calendar=working_calendar(), at=clock.now())
    return gettext("已退回认领单位继续办理，时限不变。")


def _reopen(track: str, form: PlainForm) -> str:
    reason = form.cleaned_data["reason"]
    commands.reopen(track=track, reason=reason, calendar=working_calendar(), at=clock.now())
    return gettext("问题已重新提出，公开的统计里算一次重提。")


def _withdraw(track: str, form: PlainForm) -> str:
    commands.withdraw(track=track, reason=form.cleaned_data["reason"], at=clock.now())
    return gettext("问题已撤回。")


SAYINGS = {
    one.name: one
    for one in (
        Saying(
            name="confirm",
            title=_("已经解决"),
            button=_("确认解决"),
            after=_("问题清零；90 天内又出现的，还可以用同一个查询码重新提出"),
            form=ConfirmForm,
            run=_confirm,
        ),
        Saying(
            name="not_solved",
            title=_("没有解决"),
            button=_("退回继续办理"),
            after=_("退回认领单位，时限不变；第二次没有解决的，提交联席会议"),
            form=WhyForm,
            run=_not_solved,
        ),
        Saying(
            name="reopen",
            title=_("重新提出"),
            button=_("重新提出"),
            after=_("由原来的认领单位继续办理，并算作一次重提"),
            form=WhyForm,
            run=_reopen,
        ),
        Saying(
            name="withdraw",
            title=_("撤回问题"),
            button=_("撤回"),
            after=_("撤回以后不再办理，也不算清零"),
            form=WhyForm,
            run=_withdraw,
        ),
    )
}


@public
def problem_say(request: Request, step: str) -> HttpResponseBase:
    """One step of who raised it, in the browser that follows the problem."""
    track = problem_session.followed(request)
    if step not in SAYINGS:
        raise Http404
    if not track:
        return redirect("problem_track")
    it, saying = public_tracked_problem(track=track), SAYINGS[step]
    form = saying.form(request.POST if request.method == "POST" else None)
    error, status = None, OK
    if request.method == "POST":
        status = INVALID
        if form.is_valid():
            done, error, status = attempt(form, lambda: saying.run(track, form))
            if done:
                messages.success(request, done)
                return redirect("problem_track")
    elif step not in it.steps:
        return redirect("problem_track")
    context = {"it": it, "saying": saying, "form": form, "error": error}
    return private(render(request, "web/problem_say.html", context, status=status))


def _show(request: Request, it: TrackedProblem) -> HttpResponse:
    context = {"it": it, "sayings": [SAYINGS[name] for name in it.steps]}
    return private(render(request, "web/problem_tracked.html", context))
