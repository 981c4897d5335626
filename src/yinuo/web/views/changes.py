"""Asking for a change other than a move, and deciding on any request."""

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render

from yinuo.commitments.commands import change as commands
from yinuo.commitments.errors import UnknownCommitment
from yinuo.commitments.life import CHANGE_LABELS, ChangeKind, Status
from yinuo.commitments.queries.alike import candidates
from yinuo.commitments.queries.changes import ChangeView
from yinuo.commitments.queries.changes import change as one_change
from yinuo.commitments.queries.detail import Detail, detail
from yinuo.kernel.errors import YinuoError
from yinuo.parties.viewer import NotAllowed
from yinuo.web import clock
from yinuo.web.forms.changes import FORMS, ChangeForm, MergeForm, kind_choices
from yinuo.web.forms.curves import ReplanForm
from yinuo.web.forms.decide import DecideForm
from yinuo.web.request import Request, signed_in
from yinuo.web.views.steps import INVALID, OK, NotNow, attempt, fresh

OFFICERS = (
    ChangeKind.REVISED,
    ChangeKind.RESCOPED,
    ChangeKind.TRANSFERRED,
    ChangeKind.WITHDRAWN,
)
ALL_FORMS: dict[ChangeKind, type[ChangeForm]] = {**FORMS, ReplanForm.KIND: ReplanForm}
SUPERVISORS = (*OFFICERS, ChangeKind.MERGED, ChangeKind.CORRECTED)


def kinds_open(shown: Detail) -> tuple[ChangeKind, ...]:
    """The kinds of change the viewer may ask for now. Raises `NotAllowed` and `NotNow`."""
    if not shown.may_ask_change:
        raise NotAllowed("您不能为这项承诺申请变更", place=shown.row.code)
    wide = shown.supervises or not shown.owes
    if shown.row.status == Status.OPEN:
        kinds = SUPERVISORS if wide else OFFICERS
        return (*kinds, ChangeKind.REPLANNED) if shown.curve else kinds
    if wide:
        return (ChangeKind.CORRECTED,)
    raise NotNow(shown.row.code, "申请变更")


def _ask(request: Request, form: ChangeForm, code: str) -> str:
    number = commands.ask(
        commitment=code,
        kind=form.KIND,
        new=form.new(),
        reason=form.cleaned_data["reason"],
        by=request.viewer,
        at=clock.now(),
        version=form.cleaned_data["version"],
    )
    return f"申请已提出，编号 {number}，现在等待另一人决定。"


def _offer(request: Request, form: ChangeForm, code: str) -> None:
    """Show what the commitment may be merged into."""
    if isinstance(form, MergeForm):
        into = request.GET.get("into", "")[:40].replace("\0", "")
        form.offer(candidates(commitment=code, viewer=request.viewer), into)


@signed_in
def ask(request: Request, code: str) -> HttpResponseBase:
    """First which kind of change, then its form."""
    today = clock.today()
    shown = detail(code=code, viewer=request.viewer, today=today)
    kinds = kinds_open(shown)
    kind = request.GET.get("kind", "")
    if kind not in kinds:
        context = {"it": shown, "row": shown.row, "kinds": kind_choices(kinds)}
        return render(request, "web/change_kinds.html", context)
    form_class = ALL_FORMS[ChangeKind(kind)]
    error: YinuoError | None = None
    status = OK
    if request.method == "POST":
        typed = request.POST.copy()
        form = form_class(typed, detail=shown, today=today)
        _offer(request, form, code)
        status = INVALID
        if form.is_valid():
            done, error, status = attempt(form, lambda: _ask(request, form, code))
            if done:
                messages.success(request, done)
                return redirect("commitment", code=code)
            shown = fresh(request, typed, code)
    else:
        form = form_class(detail=shown, today=today)
        _offer(request, form, code)
    context = {
        "it": shown,
        "row": shown.row,
        "form": form,
        "error": error,
        "title": f"申请{CHANGE_LABELS[ChangeKind(kind)]}",
    }
    return render(request, "web/change_form.html", context, status=status)


def _decide(request: Request, form: DecideForm, code: str) -> str:
    reason = form.cleaned_data["reason"]
    if form.cleaned_data["decision"] == "approve":
        commands.approve(change=code, reason=reason, by=request.viewer, at=clock.now())
        return "已批准，变更已生效。"
    commands.refuse(change=code, reason=reason, by=request.viewer, at=clock.now())
    return "未批准，承诺保持原样。申请和决定都留在历史里。"


def _fetch(request: Request, code: str) -> ChangeView:
    found = one_change(code=code, viewer=request.viewer)
    if found is None:
        raise UnknownCommitment(code)
    return found


@signed_in
def decide(request: Request, code: str) -> HttpResponse:
    """One request in full, with the form that decides it for whoever may."""
    found = _fetch(request, code)
    shown = detail(code=found.commitment, viewer=request.viewer, today=clock.today())
    error: YinuoError | None = None
    status = OK
    form = DecideForm()
    if request.method == "POST":
        form = DecideForm(request.POST)
        status = INVALID
        if form.is_valid():
            done, error, status = attempt(form, lambda: _decide(request, form, code))
            if done:
                messages.success(request, done)
                return redirect("commitment", code=found.commitment)
            found = _fetch(request, code)
    context = {"change": found, "it": shown, "row": shown.row, "form": form, "error": error}
    return render(request, "web/decide.html", context, status=status)
