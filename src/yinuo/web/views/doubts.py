"""Doubts (疑点): the list, and one doubt with its evidence side by side and the next step."""

from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import TypeAlias

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from yinuo.kernel.errors import YinuoError
from yinuo.parties.viewer import Viewer
from yinuo.supervision.commands import doubts as commands
from yinuo.supervision.doubt_life import DoubtResult
from yinuo.supervision.queries.doubts import doubt as query
from yinuo.supervision.queries.doubts import doubt_page
from yinuo.web import clock
from yinuo.web.doubt_charts import digit_bars, series_drawing
from yinuo.web.forms.doubts import AnswerDoubtForm, CloseDoubtForm, DoubtForm, ReopenDoubtForm
from yinuo.web.offered import Offered, by_name, chosen, others
from yinuo.web.request import Request, signed_in
from yinuo.web.views.steps import OK, handed_in

LONGEST = 40


DoubtStep: TypeAlias = Offered[DoubtForm, Callable[[str, DoubtForm, Viewer, datetime], str]]
"""One thing to do about a doubt."""


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


STEPS = by_name(
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


@signed_in
def doubt(request: Request, code: str) -> HttpResponseBase:
    """One doubt with its evidence and the form of the viewer's next step."""
    found = query(code=code, viewer=request.viewer)
    # A closed doubt is opened again on purpose only.
    first = next((name for name in found.steps if name != "reopen"), "")
    refusal = "这个疑点现在没有您要做的事"
    step = chosen(request, STEPS, found.steps, first=first, refusal=refusal, place=code)
    form: DoubtForm | None = None
    error: YinuoError | None = None
    status = OK
    if step is not None:
        typed = request.POST if request.method == "POST" else None
        form = step.form(typed, initial={"version": found.version})
        change = partial(step.run, code, form, request.viewer, clock.now())
        done, error, status = handed_in(request, form, change)
        if done:
            return redirect("doubt", code=code)
    context = {
        "it": found,
        "row": found.row,
        "picture": series_drawing(found.series, found.target),
        "bars": digit_bars(found.digits),
        "step": step,
        "others": others(STEPS, found.steps, step),
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
