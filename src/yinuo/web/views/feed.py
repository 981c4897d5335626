"""Window systems at the office: how they do, rows put aside, what they told of a case."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from yinuo.cases.commands.deferrals import Gap
from yinuo.cases.commands.feed import asides as commands
from yinuo.cases.commands.feed.deferring import declare_on_fed, defer_on_fed
from yinuo.cases.queries import feed as queries
from yinuo.web import clock
from yinuo.web.forms.feed import CorrectForm, DeclareForm, DropForm, GapsForm
from yinuo.web.request import Request, signed_in
from yinuo.web.views.steps import OK, attempt


@signed_in
@require_safe
def feeds(request: Request) -> HttpResponse:
    """Every window system: last event, lag, volumes, what waits."""
    rows = queries.sources(viewer=request.viewer)
    return render(request, "web/feeds.html", {"sources": rows, "now": clock.now()})


@signed_in
@require_safe
def feed(request: Request, source: str) -> HttpResponse:
    """One of them: what waits by reason with samples, cases that do not fit, batches."""
    reason = request.GET.get("reason", "")[:20]
    found = queries.source(code=source, reason=reason, viewer=request.viewer)
    return render(request, "web/feed.html", {"it": found, "reason": reason})


@signed_in
@require_POST
def replay(request: Request, source: str) -> HttpResponse:
    """Replay as they are the rows put aside for one reason."""
    reason = request.POST.get("reason", "")[:20]
    done = commands.replay(source=source, reason=reason, by=request.viewer, at=clock.now())
    messages.success(request, f"已重放：收 {done.accepted:,} 行，仍有问题 {done.still:,} 行。")
    return redirect("feed", source)


@signed_in
def aside(request: Request, code: str) -> HttpResponseBase:
    """One row put aside: corrected and replayed, or let go."""
    row = queries.aside(code=code, viewer=request.viewer)
    form = CorrectForm(row, request.POST if _posts(request, "correct") else None)
    drop = DropForm(request.POST if _posts(request, "drop") else None, prefix="drop")
    status, error = OK, None
    if _posts(request, "correct") and form.is_valid():
        done, error, status = attempt(form, lambda: _correct(request, code, form))
        if done:
            messages.success(request, done)
            return redirect("feed", row.source)
    if _posts(request, "drop") and drop.is_valid():
        done, error, status = attempt(drop, lambda: _drop(request, code, drop))
        if done:
            messages.success(request, done)
            return redirect("feed", row.source)
    if form.errors or drop.errors:
        status = 422
    context = {"it": row, "form": form, "drop": drop, "error": error}
    return render(request, "web/feed_aside.html", context, status=status)


def _posts(request: Request, what: str) -> bool:
    return request.method == "POST" and request.POST.get("do") == what


def _correct(request: Request, code: str, form: CorrectForm) -> str:
    batch = commands.correct(
        aside=code,
        changes=form.changes,
        reason=form.cleaned_data["reason"],
        by=request.viewer,
        at=clock.now(),
    )
    return f"已改正并重放，批次 {batch}。"


def _drop(request: Request, code: str, form: DropForm) -> str:
    commands.drop(aside=code, reason=form.cleaned_data["reason"], by=request.viewer, at=clock.now())
    return "已记下不再处理。"


@signed_in
def told(request: Request, code: str) -> HttpResponseBase:
    """What the window's system told of a case; deferrals and declarations are typed here."""
    it = queries.fed_case(code=code, viewer=request.viewer)
    start = {"version": it.version}
    gaps = GapsForm(it.gaps, request.POST if _posts(request, "defer") else None, initial=start)
    declare = DeclareForm(
        it.proofs,
        request.POST if _posts(request, "declare") else None,
        initial=start,
        auto_id="declare-%s",
    )
    status, error = OK, None
    form, run = (declare, _declare) if declare.is_bound else (gaps, _defer)
    if form.is_bound:
        status = 422
        if form.is_valid():
            done, error, status = attempt(form, lambda: run(request, code, form.cleaned_data))
            if done:
                messages.success(request, done)
                return redirect("feed_case", code)
    context = {
        "it": it,
        "gaps": gaps if it.gaps else None,
        "declare": declare if it.proofs else None,
        "form": form,
        "error": error,
    }
    return render(request, "web/feed_case.html", context, status=status)


def _defer(request: Request, code: str, values: dict[str, Any]) -> str:
    made = defer_on_fed(
        case=code,
        gaps=[Gap(key=key) for key in values["gaps"]],
        version=values["version"],
        by=request.viewer,
        at=clock.now(),
    )
    return f"已登记容缺后补 {len(made)} 项，承诺书编号 {'、'.join(made)}。"


def _declare(request: Request, code: str, values: dict[str, Any]) -> str:
    made = declare_on_fed(
        case=code,
        keys=values["proofs"],
        version=values["version"],
        by=request.viewer,
        at=clock.now(),
    )
    return f"已登记告知承诺，承诺书编号 {made}。"
