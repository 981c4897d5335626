"""数据异议: figures that a unit contests, beside the official ones until they are decided."""

from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import TypeAlias

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from yinuo.commitments.commands.evidence import keep
from yinuo.content.calendars import working_calendar
from yinuo.kernel.errors import YinuoError
from yinuo.parties.viewer import NotAllowed, Viewer
from yinuo.supervision.commands import contests as commands
from yinuo.supervision.queries.contestable import contestable
from yinuo.supervision.queries.contests import STATES
from yinuo.supervision.queries.contests import contest as query
from yinuo.supervision.queries.contests import contest_file as file_query
from yinuo.supervision.queries.contests import contests as list_query
from yinuo.web import clock
from yinuo.web.files import store
from yinuo.web.forms.base import VersionedForm
from yinuo.web.forms.contests import DecideContestForm, FileContestForm, WithdrawContestForm
from yinuo.web.offered import Offered, by_name, chosen
from yinuo.web.request import Request, signed_in
from yinuo.web.views.saved import to_save
from yinuo.web.views.steps import OK, handed_in

LONGEST = 160


@signed_in
@require_safe
def contests(request: Request) -> HttpResponse:
    """The contests of the viewer's units and offices."""
    state = request.GET.get("state", "")
    state = state if state in STATES else ""
    rows = list_query(viewer=request.viewer, today=clock.today(), state=state)
    context = {"rows": rows, "states": STATES, "state": state}
    return render(request, "web/contests.html", context)


def _file(request: Request, form: FileContestForm, about: str) -> str:
    values = form.cleaned_data
    code = commands.file(
        about=about,
        field=values["field"],
        own_figure=values["own_figure"],
        reason=values["reason"],
        source=values["source"],
        files=keep(files=values["evidence"], store=store()),
        store=store(),
        calendar=working_calendar(),
        by=request.viewer,
        at=clock.now(),
    )
    return f"异议已提出，编号 {code}。决定之前，两个数字并列显示。"


@signed_in
def new(request: Request) -> HttpResponseBase:
    """The form that contests a figure of `?about=`."""
    about = request.GET.get("about", "")[:LONGEST].replace("\0", "")
    held = contestable(about=about, viewer=request.viewer, today=clock.today(), store=store())
    if held.contested_by(request.viewer) is None:
        raise NotAllowed("只有这个数字所说的单位的填报人可以提出异议", place=about)
    typed = (request.POST, request.FILES) if request.method == "POST" else ()
    form = FileContestForm(*typed, held=held, chosen=request.GET.get("field", ""))
    done, error, status = handed_in(request, form, lambda: _file(request, form, about))
    if done:
        return redirect("contests")
    context = {"held": held, "form": form, "error": error}
    return render(request, "web/contest_new.html", context, status=status)


def _decide(code: str, form: VersionedForm, by: Viewer, at: datetime) -> str:
    values = form.cleaned_data
    commands.decide(
        contest=code,
        upheld=values["decision"] == "upheld",
        note=values["note"],
        correction=values["correction"],
        by=by,
        at=at,
        version=values["version"],
    )
    return "已决定，提出的单位会收到消息。"


def _withdraw(code: str, form: VersionedForm, by: Viewer, at: datetime) -> str:
    values = form.cleaned_data
    commands.withdraw(contest=code, note=values["note"], by=by, at=at, version=values["version"])
    return "异议已撤回。"


ContestStep: TypeAlias = Offered[
    VersionedForm, Callable[[str, VersionedForm, Viewer, datetime], str]
]
"""One thing to do about a contest."""
STEPS = by_name(
    ContestStep(
        name="decide",
        title="决定",
        button="提交决定",
        after="决定不能撤回；成立的，另行按写明的办法更正数字",
        form=DecideContestForm,
        run=_decide,
    ),
    ContestStep(
        name="withdraw",
        title="撤回异议",
        button="撤回异议",
        after="异议不再处理，记录仍然留在账本上",
        form=WithdrawContestForm,
        run=_withdraw,
    ),
)


@signed_in
def contest(request: Request, code: str) -> HttpResponseBase:
    """One contest with both figures, and the form of the viewer's next step."""
    shown = query(code=code, viewer=request.viewer, today=clock.today(), store=store())
    may = {"decide": shown.may_decide, "withdraw": shown.may_withdraw}
    now = [name for name, allowed in may.items() if allowed]
    refusal = "这项异议现在没有您要做的事"
    step = chosen(request, STEPS, now, first=next(iter(now), ""), refusal=refusal, place=code)
    form: VersionedForm | None = None
    error: YinuoError | None = None
    status = OK
    if step is not None:
        typed = request.POST if request.method == "POST" else None
        form = step.form(typed, initial={"version": shown.version})
        change = partial(step.run, code, form, request.viewer, clock.now())
        done, error, status = handed_in(request, form, change)
        if done:
            return redirect("contest", code=code)
    context = {"it": shown, "view": shown.view, "step": step, "form": form, "error": error}
    return render(request, "web/contest.html", context, status=status)


@signed_in
@require_safe
def file(request: Request, code: str, number: int) -> HttpResponseBase:
    """A file of a contest, to be saved."""
    return to_save(file_query(code=code, number=number, viewer=request.viewer))
