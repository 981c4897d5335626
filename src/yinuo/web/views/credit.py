"""Sources, batches and releases of credit data, for those who keep, publish and audit them."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from yinuo.credit.commands import batches as commands
from yinuo.credit.life import BatchStatus
from yinuo.credit.queries import batches as batch_queries
from yinuo.credit.queries import quarantine as row_queries
from yinuo.credit.queries import releases as release_queries
from yinuo.credit.queries import sources as source_queries
from yinuo.credit.queries.batches import BatchView
from yinuo.credit.queries.catalogue import catalogue as catalogue_of
from yinuo.credit.regimes.terms_of import said_of
from yinuo.parties.queries import names
from yinuo.parties.viewer import NotAllowed
from yinuo.web import clock
from yinuo.web.credit import means, regime
from yinuo.web.credit_asked import posted
from yinuo.web.credit_words import Counted, counted, release_line
from yinuo.web.forms.base import PlainForm
from yinuo.web.forms.credit import GateForm, ReasonForm
from yinuo.web.media_types import XLSX
from yinuo.web.request import Request, signed_in
from yinuo.web.views.steps import INVALID, OK, attempt

SAMPLES = 5
"""Rows put aside that the page of a source shows of each reason."""
SHOWN_BATCHES = 30
ASK, DECIDE, WITHDRAW = "ask", "decide", "withdraw"


@signed_in
@require_safe
def sources(request: Request) -> HttpResponse:
    """Every source the viewer has to do with: how fresh, how much, what waits."""
    found = source_queries.sources(means=means(), on=clock.today(), viewer=request.viewer)
    if not found:
        raise NotAllowed("只有数据源单位、信用中心的经办人和审计人可以看信用数据")
    silent = [row for row in found if row.last is None]
    context = {
        "came": [row for row in found if row.last is not None],
        "late": sum(row.late_days > 0 for row in found),
        "silent": silent,
        "silent_count": len(silent),
        "held": sum(row.held for row in found),
        "open_rows": sum(row.open_rows for row in found),
    }
    return render(request, "web/credit_sources.html", context)


@signed_in
@require_safe
def catalogue(request: Request) -> HttpResponse:
    """The catalogue of the same sources as a workbook."""
    data = catalogue_of(means=means(), on=clock.today(), at=clock.now(), viewer=request.viewer)
    answer = HttpResponse(data, content_type=XLSX)
    answer.headers["Content-Disposition"] = 'attachment; filename="credit-catalogue.xlsx"'
    return answer


@signed_in
@require_safe
def source(request: Request, name: str) -> HttpResponse:
    """One source: its batches, fill rates, rows put aside by reason with samples, headings."""
    given = means()
    found = source_queries.source(id=name, means=given, on=clock.today(), viewer=request.viewer)
    context = {
        "it": found,
        "batches": batch_queries.batches(
            means=given, viewer=request.viewer, source=name, limit=SHOWN_BATCHES
        ),
        "samples": _samples(request, name),
        "publicity": said_of(given.sources[name], regime().kinds, on=clock.today()),
    }
    return render(request, "web/credit_source.html", context)


def _samples(request: Request, name: str) -> list[tuple[Counted, row_queries.QuarantinePage]]:
    """Reasons with the first of their open rows, the most frequent first."""
    given = means()
    first = row_queries.quarantine(source=name, means=given, viewer=request.viewer, size=1)
    return [
        (
            one,
            row_queries.quarantine(
                source=name,
                means=given,
                viewer=request.viewer,
                reason=one.code,
                size=SAMPLES,
            ),
        )
        for one in counted(first.by_reason, first.reason_words)
    ]


@signed_in
def batch(request: Request, code: str) -> HttpResponseBase:
    """One batch: its receipt, what the gates found, and what can be done about it."""
    given = means()
    found = batch_queries.batch(code=code, means=given, viewer=request.viewer)
    steps = _steps(found)
    step = request.POST.get("do", "") if request.method == "POST" else ""
    forms = {name: STEPS[name].form(posted(request, name), prefix=name) for name in steps}
    status, error, form = OK, None, forms.get(step)
    if step and form is None:
        raise NotAllowed("批次现在的状态下您不能这样做", place=code)
    if form is not None:
        status = INVALID
        if form.is_valid():
            done, error, status = attempt(form, lambda: _act(request, found, step, form))
            if done:
                messages.success(request, done)
                return redirect("credit_batch", code)
    context = {
        "it": found,
        "steps": [(name, STEPS[name], forms[name]) for name in steps],
        "form": form,
        "error": error,
        "reasons": counted(found.reasons),
        "decisions": row_queries.decisions(batch=code, means=given, viewer=request.viewer),
        "asked_by": names(actors=[found.asked_by], viewer=request.viewer).get(found.asked_by, ""),
    }
    return render(request, "web/credit_batch.html", context, status=status)


@dataclass(frozen=True)
class Step:
    """Something that can be done about a batch."""

    form: type[PlainForm]
    title: str
    after: str
    """What happens next."""


STEPS: Mapping[str, Step] = {
    ASK: Step(ReasonForm, "申请放行", "由信用中心另一人决定；同意后，这一批次进入下一个数据版本"),
    DECIDE: Step(
        GateForm, "决定是否放行", "同意后，这一批次进入下一个数据版本；不同意的，保持原状"
    ),
    WITHDRAW: Step(ReasonForm, "撤回这一批次", "以后的数据版本不再含它；文件和账本记录保留"),
}


def _steps(found: BatchView) -> tuple[str, ...]:
    steps = []
    if found.status is BatchStatus.REFUSED and found.may_handle:
        steps.append(ASK)
    if found.status is BatchStatus.ASKED and found.may_decide:
        steps.append(DECIDE)
    if found.status is not BatchStatus.WITHDRAWN and found.may_handle:
        steps.append(WITHDRAW)
    return tuple(steps)


def _act(request: Request, found: BatchView, step: str, form: PlainForm) -> str:
    reason = form.cleaned_data["reason"]
    by, at, given = request.viewer, clock.now(), means()
    if step == ASK:
        commands.ask_waiver(batch=found.code, reason=reason, means=given, by=by, at=at)
        return "已申请放行，等信用中心另一人决定。"
    if step == DECIDE:
        approve = form.cleaned_data["decision"] == "approve"
        commands.decide_waiver(
            batch=found.code, approve=approve, reason=reason, means=given, by=by, at=at
        )
        return "已放行，下一个数据版本含这一批次。" if approve else "不予放行，批次保持原状。"
    commands.withdraw(batch=found.code, reason=reason, means=given, by=by, at=at)
    return "已撤回，下一个数据版本不再含这一批次。"


@signed_in
@require_safe
def releases(request: Request) -> HttpResponse:
    """Every release: counts, digest, layers, what changed with it."""
    given = means()
    found = release_queries.releases(means=given, viewer=request.viewer)
    labels = {each.id: each.name for each in given.sources.values()}
    context = {"lines": [release_line(each, labels) for each in found]}
    return render(request, "web/credit_releases.html", context)
