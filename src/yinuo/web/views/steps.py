"""The form of one step on one commitment."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase, QueryDict
from django.shortcuts import redirect, render

from yinuo.commitments.errors import Invalid, UnknownCommitment
from yinuo.commitments.queries.detail import Detail, detail
from yinuo.commitments.queries.evidence import evidence_of
from yinuo.commitments.queries.meanwhile import public_version
from yinuo.kernel.errors import YinuoError
from yinuo.ledger.commands.recording import StaleVersion
from yinuo.parties.viewer import NotAllowed
from yinuo.supervision.queries.order import is_order
from yinuo.web import clock
from yinuo.web.forms.base import PlainForm
from yinuo.web.forms.steps import StepForm
from yinuo.web.meanwhile import renew
from yinuo.web.request import Request, View, signed_in
from yinuo.web.steps import Filled, Step

OK = 200
INVALID = 422
CONFLICT = 409
OF_ORDERS = {
    "deliver": "order_reply",
    "ask_move": "order_extend",
    "verify": "order_close",
    "reject": "order_return",
    "overturn": "order_reopen",
}
"""Steps that an order takes on a page of its own."""


class NotNow(YinuoError):
    """The step is the viewer's to take, but not in the present state."""

    code = "WEB-E001"
    status = CONFLICT

    def __init__(self, commitment: str, title: str) -> None:
        super().__init__(
            f"现在不能“{title}”：承诺的状态不允许",
            place=commitment,
            next_step="请回到承诺页面，看清最新状态",
        )


class ChangedMeanwhile(YinuoError):
    """Somebody changed what a form is about while it was being filled in."""

    code = "WEB-E004"
    status = CONFLICT

    def __init__(self, subject: str) -> None:
        super().__init__(
            "在您填写期间，内容已有变动",
            place=subject,
            next_step="页面上方是它的最新状态；请核对后再提交一次",
        )


def check_side(step: Step, shown: Detail) -> None:
    """Raises `NotAllowed` where the step is not the viewer's."""
    if step.side == "debtor" and not shown.owes:
        raise NotAllowed("只有责任单位的填报人可以这样做", place=shown.row.code)
    if step.side == "creditor" and not shown.supervises:
        raise NotAllowed(
            "只有该承诺的督查人可以这样做，且不得在责任单位或其上级单位任职",
            place=shown.row.code,
        )


def attempt(form: PlainForm, change: Callable[[], str]) -> tuple[str, YinuoError | None, int]:
    """Run a command with a valid form: (what was done, what stood in the way, HTTP status).

    Faults of a field go to the field; whatever was typed stays in the form, which may be handed in
    once more about the version that is there now.
    """
    try:
        return change(), None, OK
    except Invalid as error:
        form.add_faults(error.faults)
        return "", None, INVALID
    except UnknownCommitment:
        raise
    except StaleVersion as error:
        renew(form, error)
        return "", ChangedMeanwhile(error.place), CONFLICT
    except YinuoError as error:
        return "", error, error.status


def handed_in(
    request: HttpRequest, form: PlainForm, change: Callable[[], str], *, about: str = ""
) -> tuple[str, YinuoError | None, int]:
    """Do as `attempt` does with a form that was sent in and is valid; else nothing was done.

    What was done is told on the page that comes next. `about` names the subject where an answer
    may be none any more once somebody else has given theirs: then that is said.
    """
    if request.method != "POST":
        return "", None, OK
    if not form.is_valid():
        return _refused(form, about)
    done, error, status = attempt(form, change)
    if done:
        messages.success(request, done)
    return done, error, status


def _refused(form: PlainForm, about: str) -> tuple[str, YinuoError | None, int]:
    seen = form.cleaned_data.get("version")
    if not about or seen is None or seen == public_version(subject=about):
        return "", None, INVALID
    renew(form, StaleVersion(about, seen))
    return "", ChangedMeanwhile(about), CONFLICT


def fresh(request: Request, typed: QueryDict, code: str) -> Detail:
    """The commitment as it is now; the form shown again with what was typed is about that version.

    Whoever submits once more has seen what changed meanwhile.
    """
    shown = detail(code=code, viewer=request.viewer, today=clock.today())
    typed["version"] = str(shown.row.version)
    return shown


def step_view(step: Step) -> View:
    """The view of one step: GET shows the form, POST calls the command."""

    def show(
        request: Request, shown: Detail, form: StepForm, error: YinuoError | None, status: int
    ) -> HttpResponse:
        # Whoever judges sees what is judged.
        last = shown.timeline[0] if step.side == "creditor" else None
        context = {"step": step, "row": shown.row, "last": last, "form": form, "error": error}
        if step.side == "creditor":
            context["evidence"] = evidence_of(commitment=shown.row.code, viewer=request.viewer)
        return render(request, "web/step.html", context, status=status)

    def view(request: Request, code: str) -> HttpResponseBase:
        today = clock.today()
        shown = detail(code=code, viewer=request.viewer, today=today)
        check_side(step, shown)
        if step.name in OF_ORDERS and is_order(code=code, viewer=request.viewer):
            return redirect(OF_ORDERS[step.name], code=code)
        if request.method != "POST":
            if step.name not in shown.actions:
                raise NotNow(shown.row.code, step.title)
            return show(request, shown, step.form(detail=shown, today=today), None, OK)
        typed = request.POST.copy()
        form = step.form(typed, request.FILES, detail=shown, today=today)
        if not form.is_valid():
            return show(request, shown, form, None, INVALID)
        filled = Filled(shown, form.cleaned_data, request.viewer, clock.now())
        done, error, status = attempt(form, lambda: step.run(filled))
        if done:
            messages.success(request, done)
            return redirect("commitment", code=code)
        return show(request, fresh(request, typed, code), form, error, status)

    return signed_in(view)
