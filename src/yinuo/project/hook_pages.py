"""事件订阅 for administrators: who is sent events, how far they are, what was given up.

It stands here because a page of `web` may not know the package `api`, and the other way round.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import URLPattern, path
from django.views.decorators.http import require_safe

from yinuo.api.commands import subscriptions as commands
from yinuo.api.commands.subscriptions import Opened
from yinuo.api.queries.hooks import (
    SubscriptionView,
    deliveries,
    delivery_counts,
    subscription,
    subscriptions,
)
from yinuo.kernel.errors import YinuoError
from yinuo.notices.permission import require_administrator
from yinuo.parties.queries import public_unit_names
from yinuo.parties.viewer import NotAllowed, Viewer
from yinuo.project.hooks import keys
from yinuo.web import clock
from yinuo.web.forms.base import PlainForm
from yinuo.web.forms.hooks import HookForm
from yinuo.web.request import Request, signed_in
from yinuo.web.track_session import private
from yinuo.web.views.steps import INVALID, OK, attempt


@signed_in
@require_safe
def hooks(request: Request) -> HttpResponse:
    """Every outlet with what waits and why."""
    rows = subscriptions(viewer=request.viewer)
    context = {
        "rows": rows,
        "asked": sum(row.state == "asked" for row in rows),
        "waiting": sum(row.waiting for row in rows),
        "dead": sum(row.dead for row in rows),
    }
    return render(request, "web/hooks.html", context)


@signed_in
def hook_new(request: Request) -> HttpResponseBase:
    """Ask for an outlet; another administrator approves. Ends with its secret, shown once."""
    require_administrator(request.viewer)
    typed = (request.POST,) if request.method == "POST" else ()
    form = HookForm(*typed, all_units=sorted(public_unit_names().items()))
    error: YinuoError | None = None
    status = OK
    if request.method == "POST":
        status = INVALID
        if form.is_valid():
            made: list[Opened] = []
            done, error, status = attempt(form, lambda: _ask(request, form, made))
            if done:
                return _secrets(request, made[0], again=False)
    context = {"form": form, "error": error}
    return render(request, "web/hook_new.html", context, status=status)


def _ask(request: Request, form: HookForm, made: list[Opened]) -> str:
    made.append(commands.ask(**form.cleaned_data, keys=keys(), by=request.viewer, at=clock.now()))
    return made[0].code


def _secrets(request: Request, made: Opened, *, again: bool) -> HttpResponse:
    return private(render(request, "web/hook_secret.html", {"made": made, "again": again}))


@dataclass(frozen=True, kw_only=True)
class HookStep:
    """One thing to do about an outlet."""

    name: str
    button: str
    allowed: Callable[[SubscriptionView], bool]
    run: Callable[[str, Viewer, datetime], str]
    main: bool = False


def _approve(code: str, by: Viewer, at: datetime) -> str:
    commands.approve(code=code, by=by, at=at)
    return "已批准，从现在起推送。"


def _pause(code: str, by: Viewer, at: datetime) -> str:
    commands.pause(code=code, by=by, at=at)
    return "已暂停；其间的事件恢复后补送。"


def _resume(code: str, by: Viewer, at: datetime) -> str:
    commands.resume(code=code, by=by, at=at)
    return "已恢复，从暂停处继续。"


def _end(code: str, by: Viewer, at: datetime) -> str:
    commands.end(code=code, by=by, at=at)
    return "已停用，不再推送。"


def _redrive(code: str, by: Viewer, at: datetime) -> str:
    return f"重推 {commands.redrive(code=code, by=by, at=at):,} 个事件。"


def _drop(code: str, by: Viewer, at: datetime) -> str:
    return f"放手 {commands.drop_dead(code=code, by=by, at=at):,} 个事件，同一办件之后的事件先走。"


STEPS = (
    HookStep(
        name="approve",
        button="批准，开始推送",
        allowed=lambda it: it.may_approve,
        run=_approve,
        main=True,
    ),
    HookStep(
        name="redrive",
        button="全部重推",
        allowed=lambda it: it.dead > 0 and it.state in ("active", "paused"),
        run=_redrive,
        main=True,
    ),
    HookStep(name="drop", button="放手，不再重推", allowed=lambda it: it.dead > 0, run=_drop),
    HookStep(name="pause", button="暂停", allowed=lambda it: it.state == "active", run=_pause),
    HookStep(
        name="resume",
        button="恢复",
        allowed=lambda it: it.state == "paused",
        run=_resume,
        main=True,
    ),
    HookStep(name="end", button="停用", allowed=lambda it: it.state != "ended", run=_end),
)


@signed_in
def hook(request: Request, code: str) -> HttpResponseBase:
    """One outlet: its terms, its last events, what can be done."""
    viewer = request.viewer
    it = subscription(code=code, viewer=viewer)
    error: YinuoError | None = None
    status = OK
    if request.method == "POST":
        wanted = request.POST.get("do", "")
        if wanted == "renew":
            made = commands.renew(code=code, keys=keys(), by=viewer, at=clock.now())
            return _secrets(request, made, again=True)
        step = next((one for one in STEPS if one.name == wanted), None)
        if step is None:
            raise NotAllowed("没有这一步", place=code)
        run = step.run
        done, error, status = attempt(PlainForm(), lambda: run(code, viewer, clock.now()))
        if done:
            messages.success(request, done)
            return redirect("hook", code)
        it = subscription(code=code, viewer=viewer)
    state = request.GET.get("state", "")[:8]
    unit_names = public_unit_names()
    context = {
        "it": it,
        "units": [unit_names.get(unit, unit) for unit in it.units],
        "steps": [one for one in STEPS if one.allowed(it)],
        "counts": delivery_counts(code=code, viewer=viewer),
        "rows": deliveries(code=code, viewer=viewer, state=state),
        "state": state,
        "error": error,
    }
    return render(request, "web/hook.html", context, status=status)


urlpatterns: list[URLPattern] = [
    path("work/hooks/", hooks, name="hooks"),
    path("work/hooks/new/", hook_new, name="hook_new"),
    path("work/hooks/of/<str:code>/", hook, name="hook"),
]
