"""What holds commitments up (卡点): the list for the office, and one claim with its next step."""

from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import TypeAlias

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from yinuo.commitments.commands import waiting as commands
from yinuo.commitments.queries.waits import STATES, WaitView, wait_page
from yinuo.commitments.queries.waits import wait as query
from yinuo.kernel.errors import YinuoError
from yinuo.parties.viewer import Viewer
from yinuo.web import clock
from yinuo.web.forms.waits import AnswerForm, EndForm, RuleForm, TakeBackForm, WaitForm
from yinuo.web.offered import Offered, by_name, chosen, others
from yinuo.web.request import Request, signed_in
from yinuo.web.views.steps import OK, handed_in

LONGEST = 100


WaitStep: TypeAlias = Offered[WaitForm, Callable[[str, WaitForm, Viewer, datetime], str]]
"""One thing to do about a claim."""


def _answer(code: str, form: WaitForm, by: Viewer, at: datetime) -> str:
    note = form.cleaned_data["note"]
    if form.cleaned_data["answer"] == "accept":
        commands.accept(wait=code, note=note, by=by, at=at)
        return "已认可，等待的天数开始计入。"
    commands.dispute(wait=code, note=note, by=by, at=at)
    return "异议已提出，由督查人裁定。裁定之前不计入。"


def _rule(code: str, form: WaitForm, by: Viewer, at: datetime) -> str:
    upheld = form.cleaned_data["ruling"] == "upheld"
    commands.rule(wait=code, upheld=upheld, note=form.cleaned_data["note"], by=by, at=at)
    return "已裁定成立，等待的天数计入。" if upheld else "已裁定不成立，不计入。"


def _end(code: str, form: WaitForm, by: Viewer, at: datetime) -> str:
    commands.end(wait=code, ended_date=form.cleaned_data["ended_date"], by=by, at=at)
    return "等待已结束。"


def _take_back(code: str, form: WaitForm, by: Viewer, at: datetime) -> str:
    commands.take_back(wait=code, note=form.cleaned_data["note"], by=by, at=at)
    return "已撤回，不再计入。"


STEPS = by_name(
    WaitStep(
        name="answer",
        title="答复这个卡点",
        button="提交答复",
        after="认可后，等待的天数计入这项承诺的延误分摊；有异议则由督查人裁定，裁定之前不计入",
        form=AnswerForm,
        run=_answer,
    ),
    WaitStep(
        name="rule",
        title="裁定这个卡点",
        button="提交裁定",
        after="裁定不能撤回；成立则计入延误分摊，不成立则不计入。两个单位都会看到理由",
        form=RuleForm,
        run=_rule,
    ),
    WaitStep(
        name="end",
        title="等到了",
        button="结束等待",
        after="等待的天数到这一天为止（这一天不计）；结束后不能改",
        form=EndForm,
        run=_end,
    ),
    WaitStep(
        name="take_back",
        title="撤回",
        button="撤回卡点",
        after="撤回后不再计入，记录仍然留在账本上",
        form=TakeBackForm,
        run=_take_back,
    ),
)


@signed_in
def wait(request: Request, code: str) -> HttpResponseBase:
    """One claim with its story and the form of the viewer's next step."""
    today = clock.today()
    found = query(code=code, viewer=request.viewer, today=today)
    now = found.view.steps
    refusal = "这个卡点现在没有您要做的事"
    step = chosen(request, STEPS, now, first=next(iter(now), ""), refusal=refusal, place=code)
    form: WaitForm | None = None
    error: YinuoError | None = None
    status = OK
    if step is not None:
        typed = request.POST if request.method == "POST" else None
        form = step.form(typed, since=found.view.since_date, today=today)
        change = partial(step.run, code, form, request.viewer, clock.now())
        done, error, status = handed_in(request, form, change)
        if done:
            return redirect(_back(request, found.view))
    context = {
        "it": found,
        "wait": found.view,
        "step": step,
        "others": others(STEPS, now, step),
        "form": form,
        "error": error,
    }
    return render(request, "web/wait.html", context, status=status)


def _back(request: Request, view: WaitView) -> str:
    """Where to go when it is done: whoever is no longer waited for may not read the claim."""
    reads = request.viewer.supervisor_of or view.claimed_by_code in request.viewer.officer_of
    return reverse("wait", args=[view.code]) if reads else reverse("work")


@signed_in
@require_safe
def waits(request: Request) -> HttpResponse:
    """Claims by unit waited for, with totals; whoever looks sees those they are inside of."""
    asked = {
        name: request.GET.get(name, "").strip()[:LONGEST].replace("\0", "")
        for name in ("unit", "state")
    }
    cursor = request.GET.get("after", "")
    found = wait_page(viewer=request.viewer, today=clock.today(), cursor=cursor, **asked)
    context = {
        "page": found,
        "asked": asked,
        "states": STATES,
        "later": bool(cursor),
        "filtered": any(asked.values()),
    }
    return render(request, "web/waits.html", context)
