"""Doubts (疑点): the list, and one doubt with its evidence side by side and the next step."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from yinuo.kernel.errors import YinuoError
from yinuo.parties.viewer import NotAllowed, Viewer
from yinuo.supervision.commands import doubts as commands
from yinuo.supervision.doubt_life import DoubtResult
from yinuo.supervision.queries.doubts import DoubtDetail, doubt_page
from yinuo.supervision.queries.doubts import doubt as query
from yinuo.web import clock
from yinuo.web.doubt_charts import digit_bars, series_drawing
from yinuo.web.forms.doubts import AnswerDoubtForm, CloseDoubtForm, DoubtForm, ReopenDoubtForm
from yinuo.web.request import Request, signed_in
from yinuo.web.views.steps import INVALID, OK, attempt

LONGEST = 40


@dataclass(frozen=True, kw_only=True)
class DoubtStep:
    """One thing to do about a doubt, with the words around its form."""

    name: str
    """As in `DoubtDetail.steps`, and in the address."""
    title: str
    button: str
    after: str
    form: type[DoubtForm]
    run: Callable[[str, DoubtForm, Viewer, datetime], str]


def _answer(code: str, form: DoubtForm, by: Viewer, at: datetime) -> str:
    values = form.cleaned_data
    commands.answer(doubt=code, note=values["note"], version=values["version"], by=by, at=at)
    return "答复已提交，由督查人核对。"


def _close(code: str, form: DoubtForm, by: Viewer, at: datetime) -> str:
    values = form.cleaned_data
    commands.close(
        doubt=code,
        result=DoubtResult(values["result"]),
        note=values["note"],
        version=values["version"],
        by=by,
        at=at,
    )
    return "疑点已关闭，结果和理由已告知责任单位。"


def _reopen(code: str, form: DoubtForm, by: Viewer, at: datetime) -> str:
    values = form.cleaned_data
    commands.reopen(doubt=code, note=values["note"], version=values["version"], by=by, at=at)
    return "疑点已重新打开，请责任单位再次答复。"


STEPS = {
    step.name: step
    for step in (
        DoubtStep(
            name="answer",
            title="答复这个疑点",
            button="提交答复",
            after="督查人核对后关闭，并写明结果和理由；答复记入账本，提交后不能改",
            form=AnswerDoubtForm,
            run=_answer,
        ),
        DoubtStep(
            name="close",
            title="核对后关闭",
            button="关闭疑点",
            after="结果和理由记入账本，责任单位能看到；有新情况可以重新打开",
            form=CloseDoubtForm,
            run=_close,
        ),
        DoubtStep(
            name="reopen",
            title="重新打开",
            button="重新打开",
            after="回到“待答复”，责任单位要再次答复；原来的结果留在经过里",
            form=ReopenDoubtForm,
            run=_reopen,
        ),
    )
}


def _chosen(request: Request, found: DoubtDetail) -> DoubtStep | None:
    """The step that the address names, else the first one to take now.

    What is submitted goes to the command, which says why it cannot be done any more.
    """
    asked = request.GET.get("do", "")
    if asked in found.steps or (request.method == "POST" and asked in STEPS):
        return STEPS[asked]
    if request.method == "POST" and not found.steps:
        raise NotAllowed("这个疑点现在没有您要做的事", place=found.row.code)
    # A closed doubt is opened again on purpose only.
    first = next((name for name in found.steps if name != "reopen"), "")
    return STEPS[first] if first else None


@signed_in
def doubt(request: Request, code: str) -> HttpResponseBase:
    """One doubt with its evidence and the form of the viewer's next step."""
    found = query(code=code, viewer=request.viewer)
    step = _chosen(request, found)
    form: DoubtForm | None = None
    error: YinuoError | None = None
    status = OK
    if step is not None:
        typed = request.POST if request.method == "POST" else None
        form = filled = step.form(typed, initial={"version": found.version})
        if typed is not None:
            status = INVALID
            if form.is_valid():
                run = step.run
                done, error, status = attempt(
                    form, lambda: run(code, filled, request.viewer, clock.now())
                )
                if done:
                    messages.success(request, done)
                    return redirect("doubt", code=code)
    context = {
        "it": found,
        "row": found.row,
        "picture": series_drawing(found.series, found.target),
        "bars": digit_bars(found.digits),
        "step": step,
        "others": [STEPS[name] for name in found.steps if step is None or name != step.name],
        "form": form,
        "error": error,
    }
    return render(request, "web/doubt.html", context, status=status)


@signed_in
@require_safe
def doubts(request: Request) -> HttpResponse:
    """The doubts that the viewer may see, with filters in the address."""
    asked = {
        name: request.GET.get(name, "").strip()[:LONGEST].replace("\0", "")
        for name in ("state", "kind", "unit")
    }
    cursor = request.GET.get("after", "")
    found = doubt_page(viewer=request.viewer, cursor=cursor, **asked)
    context = {
        "page": found,
        "asked": asked,
        "later": bool(cursor),
        "filtered": any(asked.values()),
    }
    return render(request, "web/doubts.html", context)
