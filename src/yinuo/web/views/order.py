"""One order: its page, its letter, and what is done about it."""

from datetime import date
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from yinuo.commitments.queries.evidence import evidence_of
from yinuo.content.calendars import working_calendar
from yinuo.ledger.printed import public_printed
from yinuo.parties.viewer import NotAllowed
from yinuo.supervision.errors.orders import WrongOrderState
from yinuo.supervision.papers.paper import (
    Block,
    Heading,
    Note,
    Paper,
    Table,
    numbered,
)
from yinuo.supervision.printing import as_pdf, as_word
from yinuo.supervision.queries.letter import order_letter
from yinuo.supervision.queries.order import OrderView
from yinuo.supervision.queries.order import order as query
from yinuo.web import clock
from yinuo.web.order_acts import ACT_NAMED, Act, Filled, order_sentence
from yinuo.web.request import Request, View, signed_in
from yinuo.web.views.steps import handed_in

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
SECONDARY = frozenset({"extend", "withdraw", "reopen", "return"})
"""Acts that are never the one filled button."""


def _view(request: Request, code: str) -> OrderView:
    return query(code=code, viewer=request.viewer, today=clock.today())


@signed_in
@require_safe
def order(request: Request, code: str) -> HttpResponse:
    """The page of one order. 404 for one that the viewer may not see."""
    view = _view(request, code)
    acts = [ACT_NAMED[name] for name in view.acts if name in ACT_NAMED]
    deciding = any(each.may_decide for each in view.requests)
    first = next((act for act in acts if act.name not in SECONDARY), None)
    context = {
        "it": view,
        "row": view.row,
        "sentence": order_sentence(view),
        "acts": acts,
        "first": None if deciding else first,
        "evidence": evidence_of(commitment=code, viewer=request.viewer),
        "may_give_back": "give_back" in view.acts,
        "may_ask_again": view.signing is not None and view.signing.may_ask_again,
    }
    return render(request, "web/order.html", context)


def _paper(request: Request, code: str) -> Paper:
    printed = public_printed()
    check = printed.code if printed else ""
    path = f"{reverse('ledger_check')}?{urlencode({'code': check})}"
    return order_letter(
        code=code,
        viewer=request.viewer,
        today=clock.today(),
        check_code=check,
        check_address=request.build_absolute_uri(path) if check else "",
        simulated=bool(settings.YINUO_DEMO_DATE),
    )


def _sort(block: Block) -> str:
    """How the page tells a block from the others."""
    match block:
        case Heading():
            return "heading"
        case Note():
            return "note"
        case Table():
            return "table"
    return "text"


@signed_in
@require_safe
def letter(request: Request, code: str) -> HttpResponse:
    """The letter as a page that prints."""
    view = _view(request, code)
    paper = _paper(request, code)
    blocks = [(_sort(block), block) for block in numbered(paper.blocks)]
    context = {"it": view, "row": view.row, "paper": paper, "blocks": blocks}
    return render(request, "web/order_letter.html", context)


@signed_in
@require_safe
def letter_pdf(request: Request, code: str) -> HttpResponse:
    """The letter as PDF."""
    answer = HttpResponse(as_pdf(_paper(request, code)), content_type="application/pdf")
    answer.headers["Content-Disposition"] = f'attachment; filename="{code}.pdf"'
    return answer


@signed_in
@require_safe
def letter_docx(request: Request, code: str) -> HttpResponse:
    """The letter as a Word file."""
    answer = HttpResponse(as_word(_paper(request, code)), content_type=WORD)
    answer.headers["Content-Disposition"] = f'attachment; filename="{code}.docx"'
    return answer


def _again_by(view: OrderView) -> date:
    return working_calendar().add_working_days(clock.today(), view.again_days)


def _check_side(act: Act, view: OrderView) -> None:
    if act.side == "unit" and not view.owes:
        raise NotAllowed("只有责任单位的填报人可以这样做", place=view.row.code)
    if act.side == "office" and not view.supervises:
        raise NotAllowed(
            "只有发出单位的督查人可以这样做，且不得在责任单位或其上级单位任职",
            place=view.row.code,
        )


def act_view(act: Act) -> View:
    """The view of one act: GET shows the form, POST calls the command."""

    def view(request: Request, code: str) -> HttpResponseBase:
        shown = _view(request, code)
        _check_side(act, shown)
        if request.method != "POST" and act.name not in shown.acts:
            raise WrongOrderState(code, shown.row.state_label, act.title)
        given = (request.POST, request.FILES) if request.method == "POST" else ()
        form = act.form(*given, view=shown, today=clock.today(), again_by=_again_by(shown))
        viewer, at = request.viewer, clock.now()
        done, error, status = handed_in(
            request, form, lambda: act.run(Filled(shown, form.cleaned_data, viewer, at))
        )
        if done:
            return redirect("order", code=code)
        context = {"act": act, "it": shown, "row": shown.row, "form": form, "error": error}
        if act.side == "office":
            context["evidence"] = evidence_of(commitment=code, viewer=request.viewer)
        return render(request, "web/order_act.html", context, status=status)

    return signed_in(view)
