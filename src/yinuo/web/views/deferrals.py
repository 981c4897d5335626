"""容缺和告知承诺 for the office: the gaps by their day, the checks, and one form for each step."""

from collections.abc import Callable, Sequence
from datetime import date

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from yinuo.cases.errors.deferrals import UnknownDeferral
from yinuo.cases.queries.deferrals import (
    GROUPS,
    WAITING,
    DeclarationView,
    DeferralView,
    checks_due,
    declaration,
    deferral,
    open_gaps,
)
from yinuo.kernel.errors import YinuoError
from yinuo.parties.viewer import Viewer
from yinuo.web import clock
from yinuo.web.deferral_steps import Filled, PromiseStep
from yinuo.web.request import Request, View, signed_in
from yinuo.web.views.steps import CONFLICT, INVALID, OK, attempt

LONGEST = 40


class NotNow(YinuoError):
    """The step is not open to the viewer in the present state."""

    code = "CASE-E510"
    status = CONFLICT

    def __init__(self, code: str, title: str) -> None:
        super().__init__(
            f"您现在不能“{title}”：状态或您的职责不允许",
            place=code,
            next_step="请回到办件页面，看清最新状态和您能做的事",
        )


@signed_in
@require_safe
def deferrals(request: Request) -> HttpResponse:
    """The gaps that wait, those past their day first; and the declarations to be looked at."""
    group = request.GET.get("show", WAITING)
    group = group if group in GROUPS else WAITING
    after = request.GET.get("after", "").replace("\0", "")[:LONGEST]
    today = clock.today()
    page = open_gaps(viewer=request.viewer, today=today, group=group, after=after)
    context = {
        "page": page,
        "groups": [(name, label, page.counts[name]) for name, label in GROUPS.items()],
        "group": group,
        "group_label": GROUPS[group],
        "checks": checks_due(viewer=request.viewer, today=today),
        "later": bool(after),
    }
    return render(request, "web/deferrals.html", context)


def look_at_deferral(code: str, viewer: Viewer, today: date) -> DeferralView:
    """What the steps of gaps are about."""
    return deferral(code=code, viewer=viewer, today=today)


def look_at_declaration(code: str, viewer: Viewer, today: date) -> DeclarationView:
    """What the steps of declarations are about."""
    return declaration(code=code, viewer=viewer, today=today)


Look = Callable[[str, Viewer, date], DeferralView | DeclarationView]


def step_view(steps: Sequence[PromiseStep], look: Look) -> View:
    """The view of the steps of a table: GET shows the form, POST calls the command."""

    def view(request: Request, code: str, path: str) -> HttpResponseBase:
        it = look(code, request.viewer, clock.today())
        step = next((one for one in steps if one.name == path), None)
        if step is None:
            raise UnknownDeferral(code)
        closed = None if step.action in it.actions else NotNow(code, step.title)
        if closed and request.method != "POST":
            raise closed
        typed = (request.POST, request.FILES) if request.method == "POST" else ()
        form = step.form(*typed)
        error: YinuoError | None = closed
        status = CONFLICT if closed else OK
        if request.method == "POST" and not closed:
            status = INVALID
            if form.is_valid():
                filled = Filled(code, form, request.viewer, clock.now())
                done, error, status = attempt(form, lambda: step.run(filled))
                if done:
                    messages.success(request, done)
                    return redirect("case", code=it.case)
        context = {
            "step": step,
            "it": it,
            "form": form,
            "error": error,
            "is_deferral": isinstance(it, DeferralView),
        }
        return render(request, "web/deferral_step.html", context, status=status)

    return signed_in(view)
