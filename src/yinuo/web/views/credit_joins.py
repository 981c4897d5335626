"""Joins: what a model proposes and a person decides, and everything people decided so far."""

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from yinuo.credit.commands import judging as commands
from yinuo.credit.queries import judgements as judgement_queries
from yinuo.credit.queries import proposals as queries
from yinuo.credit.queries import releases
from yinuo.parties.viewer import NotAllowed
from yinuo.web import clock
from yinuo.web.credit import means
from yinuo.web.credit_asked import page_number
from yinuo.web.credit_words import judgement_lines
from yinuo.web.forms.credit import ProposalForm
from yinuo.web.request import Request, signed_in
from yinuo.web.views.steps import handed_in

MOST = 200
"""Judgements on one page."""


@signed_in
@require_safe
def proposals(request: Request) -> HttpResponse:
    """What waits for a person, the surest first."""
    page = queries.proposals(
        means=means(), viewer=request.viewer, at=clock.now(), page=page_number(request)
    )
    context = {"page": page, "simulated": _simulated(request)}
    return render(request, "web/credit_proposals.html", context)


def _simulated(request: Request) -> bool:
    """Whether what readers see now is made up, wholly or in part."""
    found = releases.current(means=means(), viewer=request.viewer)
    return found is not None and found.simulated


@signed_in
def proposal(request: Request, record: str) -> HttpResponseBase:
    """One of them: record and entity side by side, to be confirmed or rejected."""
    found = queries.proposal(record=record, means=means(), viewer=request.viewer, at=clock.now())
    form = ProposalForm(request.POST if request.method == "POST" else None)
    if form.is_bound and not found.may_decide:
        raise NotAllowed("只有信用中心的经办人可以确认关联", place=record)
    done, error, status = handed_in(request, form, lambda: _decide(request, record, form))
    if done:
        return redirect("credit_proposals")
    context = {"it": found, "form": form, "error": error, "simulated": _simulated(request)}
    return render(request, "web/credit_proposal.html", context, status=status)


def _decide(request: Request, record: str, form: ProposalForm) -> str:
    confirm = form.cleaned_data["decision"] == "confirm"
    number = commands.decide_proposal(
        record=record,
        confirm=confirm,
        reason=form.cleaned_data["reason"],
        case=form.cleaned_data["case"],
        means=means(),
        by=request.viewer,
        at=clock.now(),
    )
    done = "已确认，下一个数据版本起记到这个主体名下" if confirm else "已否定，以后不再提示"
    return f"第 {number} 号判断：{done}。"


@signed_in
@require_safe
def judgements(request: Request) -> HttpResponse:
    """Everything people decided about joins, the newest first."""
    rows = judgement_queries.judgements(means=means(), viewer=request.viewer, limit=MOST)
    context = {
        "rows": judgement_lines(rows, request.viewer),
        "more": len(rows) == MOST,
        "simulated": _simulated(request),
    }
    return render(request, "web/credit_judgements.html", context)
