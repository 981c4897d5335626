"""A person forgotten by law in credit data: asked, decided by a second person, carried out.

The page orders it and the worker does it, which may take long. The number comes by POST and stands
in no address; no page shows whom it is about.
"""

from collections.abc import Iterable

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from yinuo.credit.commands import forgetting as commands
from yinuo.credit.commands.forgetting_runs import order_forgetting
from yinuo.credit.permission import reads_all
from yinuo.credit.queries import forgetting as queries
from yinuo.credit.queries.forgetting import ForgettingDetail, Gone
from yinuo.parties.queries import names
from yinuo.parties.viewer import NotAllowed
from yinuo.web import clock
from yinuo.web.credit import means
from yinuo.web.credit_asked import posted
from yinuo.web.forms.base import PlainForm
from yinuo.web.forms.forgetting import AskForgettingForm, CarryOutForm, DecideForgettingForm
from yinuo.web.request import Request, signed_in
from yinuo.web.views.steps import INVALID, OK, attempt

DECIDE, CARRY_OUT = "decide", "carry_out"
KINDS = {
    "records": "记录",
    "seen": "重复报送",
    "quarantine": "问题数据",
    "public": "可公开的承诺书",
    "closed": "不公开的承诺书",
    "aside": "不合格的承诺书",
}
SENT = "sent"


@signed_in
@require_safe
def forgettings(request: Request) -> HttpResponse:
    """Every request, the newest first; nothing tells whom it is about."""
    given = means()
    rows = queries.forgettings(means=given, viewer=request.viewer)
    called = names(
        actors=[who for row in rows for who in (row.asked_by, row.decided_by) if who],
        viewer=request.viewer,
    )
    context = {
        "lines": [(row, called.get(row.asked_by), called.get(row.decided_by)) for row in rows],
        "waiting": sum(row.may_decide or row.may_carry_out for row in rows),
        "may_ask": queries.may_ask(means=given, viewer=request.viewer),
        "reads_all": reads_all(given, request.viewer),
    }
    return render(request, "web/forgettings.html", context)


@signed_in
def ask(request: Request) -> HttpResponseBase:
    """The form of the first protector."""
    if not queries.may_ask(means=means(), viewer=request.viewer):
        raise NotAllowed("只有信用中心或其上级单位的个人信息保护负责人可以申请")
    form = AskForgettingForm(request.POST if request.method == "POST" else None)
    status, error = OK, None
    if form.is_bound:
        status = INVALID
        if form.is_valid():
            code, error, status = attempt(form, lambda: _ask(request, form))
            if code:
                messages.success(request, f"申请 {code} 已提出，还没有删除任何内容。")
                return redirect("forgetting", code)
    return render(request, "web/forgetting_ask.html", {"form": form, "error": error}, status=status)


def _ask(request: Request, form: AskForgettingForm) -> str:
    return commands.ask_forgetting(
        number=form.cleaned_data["number"],
        ground=form.cleaned_data["ground"],
        means=means(),
        by=request.viewer,
        at=clock.now(),
    )


@signed_in
def forgetting(request: Request, code: str) -> HttpResponseBase:
    """One request, and what the viewer may do about it now."""
    found = queries.forgetting(code=code, means=means(), viewer=request.viewer)
    step, form = _step(request, found)
    status, error = OK, None
    if request.method == "POST":
        if form is None or request.POST.get("do") != step:
            raise NotAllowed("申请现在的状态下您不能这样做", place=code)
        status = INVALID
        if form.is_valid():
            act = _decide if step == DECIDE else _carry_out
            done, error, status = attempt(form, lambda: act(request, code, form))
            if done:
                messages.success(request, done)
                return redirect("forgetting", code)
    context = {**_shown(request, found), "step": step, "form": form, "error": error}
    return render(request, "web/forgetting.html", context, status=status)


def _step(request: Request, found: ForgettingDetail) -> tuple[str, PlainForm | None]:
    """What the viewer may do now, and its form."""
    if found.view.may_decide:
        return DECIDE, DecideForgettingForm(posted(request, DECIDE), prefix=DECIDE)
    if found.view.may_carry_out:
        return CARRY_OUT, CarryOutForm(posted(request, CARRY_OUT), prefix=CARRY_OUT)
    return "", None


def _decide(request: Request, code: str, form: PlainForm) -> str:
    by, at, given = request.viewer, clock.now(), means()
    if form.cleaned_data["decision"] == "approve":
        commands.approve_forgetting(code=code, means=given, by=by, at=at)
        return "已批准，还没有删除任何内容；由信用中心的经办人执行。"
    reason = form.cleaned_data["reason"]
    commands.refuse_forgetting(code=code, reason=reason, means=given, by=by, at=at)
    return "不予删除，内容保持原样。请向提出请求的个人说明理由。"


def _carry_out(request: Request, code: str, form: PlainForm) -> str:
    order_forgetting(
        code=code,
        number=form.cleaned_data["number"],
        means=means(),
        by=request.viewer,
        at=clock.now(),
    )
    return "已交给后台执行，不用等在这一页。"


def _shown(request: Request, found: ForgettingDetail) -> dict[str, object]:
    view, given = found.view, means()
    ordered_by = view.run.ordered_by if view.run else ""
    people = (view.asked_by, view.decided_by, found.done_by, ordered_by)
    called = names(
        actors=[who for who in people if who],
        viewer=request.viewer,
    )
    sources = {each.id: each.name for each in given.sources.values()}
    return {
        "it": found,
        "asked_by": called.get(view.asked_by, ""),
        "decided_by": called.get(view.decided_by, ""),
        "done_by": called.get(found.done_by, ""),
        "by_source": [(sources.get(name, name), n) for name, n in sorted(found.records.items())],
        "places": [(gone, _said(gone)) for gone in found.gone],
        "ordered_by": called.get(ordered_by, ""),
        "reads_all": reads_all(given, request.viewer),
    }


def _said(gone: Gone) -> str:
    """What went, in words."""
    if SENT in gone.rows:
        return f"整个报送包，内有此人的记录 {gone.rows[SENT]:,} 条"
    return "，".join(_counted(gone.rows.items()))


def _counted(rows: Iterable[tuple[str, int]]) -> list[str]:
    return [f"{KINDS.get(kind, kind)} {count:,} 行" for kind, count in rows]
