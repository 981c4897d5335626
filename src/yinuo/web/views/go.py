"""A link in a message: one task for one person, once, on a phone."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from yinuo.kernel.errors import YinuoError
from yinuo.notices.commands.links import PASS_MINUTES, enter_code, send_code, use
from yinuo.notices.errors import DeadLink, WrongCode
from yinuo.notices.queries.links import Opened, public_link
from yinuo.notices.visits import Visit
from yinuo.parties.viewer import Viewer
from yinuo.web import clock
from yinuo.web.forms.base import PlainForm
from yinuo.web.forms.notices import CodeForm
from yinuo.web.link_visits import COOKIE, visit_of
from yinuo.web.outlets import outlets, secret
from yinuo.web.phone import Task, form_of, hand_in, sign, task_of
from yinuo.web.request import public
from yinuo.web.views import phone_sheet
from yinuo.web.views.steps import INVALID, OK, attempt


@public
def go(request: HttpRequest, token: str) -> HttpResponse:
    """Opening shows and changes nothing; the one thing done uses the link up."""
    visit = visit_of(request, token)
    try:
        answer = _answer(request, visit)
    except DeadLink as dead:
        answer = render(request, "web/go_dead.html", {"error": dead}, status=dead.status)
    answer.headers["Cache-Control"] = "private, no-store"
    answer.headers["X-Robots-Tag"] = "noindex"
    return answer


def _answer(request: HttpRequest, visit: Visit) -> HttpResponse:
    opened = public_link(visit=visit, at=clock.now())
    do = request.POST.get("do", "") if request.method == "POST" else ""
    if opened.person is None:
        return _unproven(request, visit, opened, do)
    return _proven(request, visit, opened, opened.person, pressed=request.method == "POST")


def _unproven(request: HttpRequest, visit: Visit, opened: Opened, do: str) -> HttpResponse:
    """The title, the last day, and the way to show who one is."""
    form, error, status = CodeForm(), None, OK
    if do == "send":
        try:
            send_code(visit=visit, outlets=outlets(), at=clock.now())
        except DeadLink:
            raise
        except YinuoError as refused:
            error, status = refused, refused.status
        opened = public_link(visit=visit, at=clock.now())
    elif do == "code":
        form, status = CodeForm(request.POST), INVALID
        if form.is_valid():
            try:
                return _let_in(request, visit, form.cleaned_data["code"])
            except WrongCode as wrong:
                form.add_error("code", f"{wrong.what}。{wrong.next_step}")
    context = {"opened": opened, "form": form, "error": error}
    return render(request, "web/go_code.html", context, status=status)


def _let_in(request: HttpRequest, visit: Visit, code: str) -> HttpResponse:
    """The task itself, and a cookie by which the same browser is known for a while."""
    held = enter_code(visit=visit, code=code, secret=secret(), at=clock.now())
    known = Visit(token=visit.token, viewer=visit.viewer, browser_pass=held)
    opened = public_link(visit=known, at=clock.now())
    assert opened.person is not None  # noqa: S101  # the code was right
    answer = _proven(request, known, opened, opened.person, pressed=False)
    answer.set_cookie(
        COOKIE,
        held,
        max_age=PASS_MINUTES * 60,
        path=request.path,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Strict",
    )
    return answer


def _proven(
    request: HttpRequest, visit: Visit, opened: Opened, person: Viewer, *, pressed: bool
) -> HttpResponse:
    """The sheet or the task, and what was done about it where a button was pressed."""
    sheet = phone_sheet.sheet_behind(opened, person)
    if sheet is None:
        return _task(request, visit, opened, person, request.POST.get("do", "") if pressed else "")
    answer, done = phone_sheet.answer(request, visit, opened, sheet, pressed=pressed)
    return _done(request, opened, done) if done else answer


def _task(
    request: HttpRequest, visit: Visit, opened: Opened, person: Viewer, do: str
) -> HttpResponse:
    task = task_of(opened, person, clock.today())
    if task is None or do not in ("sign", "hand_in"):
        return _show(request, opened, task)
    if do == "sign" and task.signing is not None:
        blank = PlainForm({})
        done, error, status = attempt(
            blank, lambda: _use(visit, lambda who: sign(task, who, clock.now()))
        )
        _raise_dead(error)
        if done:
            return _done(request, opened, done)
        return _show(request, opened, task, error=error, status=status)
    form = form_of(task, clock.today(), request.POST, request.FILES)
    if form is None:
        return _show(request, opened, task)
    error, status = None, INVALID
    if form.is_valid():
        values: dict[str, Any] = form.cleaned_data
        done, error, status = attempt(
            form, lambda: _use(visit, lambda who: hand_in(task, values, who, clock.now()))
        )
        if done:
            return _done(request, opened, done)
        _raise_dead(error)
    return _show(request, opened, task, error=error, status=status, form=form)


def _raise_dead(error: YinuoError | None) -> None:
    """A link that died meanwhile answers as any dead one does."""
    if isinstance(error, DeadLink):
        raise error


def _use(visit: Visit, do: Callable[[Viewer], str]) -> str:
    return use(visit=visit, do=do, at=clock.now())


def _show(
    request: HttpRequest,
    opened: Opened,
    task: Task | None,
    *,
    error: YinuoError | None = None,
    status: int = OK,
    form: PlainForm | None = None,
) -> HttpResponse:
    if form is None and task is not None:
        form = form_of(task, clock.today(), None, None)
    context = {
        "opened": opened,
        "person": opened.person,
        "task": task,
        "form": form,
        "error": error,
        "multipart": form is not None,
    }
    return render(request, "web/go.html", context, status=status)


def _done(request: HttpRequest, opened: Opened, done: str) -> HttpResponse:
    answer = render(request, "web/go_done.html", {"opened": opened, "done": done})
    answer.delete_cookie(COOKIE, path=request.path)
    return answer
