"""One case for those who work on it, its files, and the forms of its steps."""

from django.contrib import messages
from django.http import FileResponse, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from yinuo.cases.commands import correct
from yinuo.cases.errors.cases import UnknownCase
from yinuo.cases.queries.case import CaseView
from yinuo.cases.queries.case import case as case_query
from yinuo.cases.queries.case_files import case_file
from yinuo.cases.queries.deferrals import of_case
from yinuo.kernel.errors import YinuoError
from yinuo.web import clock
from yinuo.web.case_clocks import lamps
from yinuo.web.case_items import pinned
from yinuo.web.case_steps import CaseStep, Filled, offered
from yinuo.web.files import store
from yinuo.web.forms.applying import AnswerForm
from yinuo.web.forms.cases import CaseForm
from yinuo.web.request import Request, View, signed_in
from yinuo.web.views.saved import to_save
from yinuo.web.views.steps import CONFLICT, INVALID, OK, attempt, handed_in


class NotNow(YinuoError):
    """The step is not open to the viewer in the present state of the case."""

    code = "WEB-E081"
    status = CONFLICT

    def __init__(self, case: str, title: str) -> None:
        super().__init__(
            f"您现在不能“{title}”：办件的状态或您的职责不允许",
            place=case,
            next_step="请回到办件页面，看清最新状态和您能做的事",
        )


def seen(request: Request, code: str) -> CaseView:
    """The case as it is now. Raises `UnknownCase`."""
    return case_query(code=code, viewer=request.viewer, at=clock.now())


@signed_in
@require_safe
def case(request: Request, code: str) -> HttpResponse:
    """Where it stands, both limits, documents, what happened; and the next step."""
    it = seen(request, code)
    steps = offered(it)
    main = next((step for step in steps if step.leading), None)
    context = {
        "it": it,
        "main": main,
        "others": [step for step in steps if step is not main],
        "answers": "answer_correction" in it.actions,
        "lamps": lamps(it.promised, it.legal),
        "promises": of_case(case=code, viewer=request.viewer, today=clock.today()),
    }
    return render(request, "web/case.html", context)


@signed_in
@require_safe
def file(request: Request, code: str, key: str) -> FileResponse:
    """The file of one document, to be saved."""
    return to_save(case_file(case=code, key=key, viewer=request.viewer))


@signed_in
def answer(request: Request, code: str) -> HttpResponseBase:
    """What answers a 补正, brought to the window."""
    it = seen(request, code)
    asked = next((c for c in it.corrections if c.answered_at is None), None)
    if asked is None or "answer_correction" not in it.actions:
        raise NotNow(code, "收补正材料")
    given = {**pinned(it.item, it.item_number).for_form(clock.now()), "only": asked.keys}
    typed = (request.POST, request.FILES) if request.method == "POST" else ()
    form = AnswerForm(*typed, window=True, **given)
    done, error, status = handed_in(request, form, lambda: _answer(request, code, form))
    if done:
        return redirect("case", code=code)
    context = {"it": it, "asked": asked, "form": form, "item": form.item, "error": error}
    return render(request, "web/case_answer.html", context, status=status)


def _answer(request: Request, code: str, form: AnswerForm) -> str:
    correct.answer(
        case=code, choices=form.choices(), store=store(), by=request.viewer, at=clock.now()
    )
    return "补正材料已收下，现在可以决定是否受理。"


def step_view(step: CaseStep) -> View:
    """The view of one step: GET shows the form, POST calls the command."""

    def view(request: Request, code: str) -> HttpResponseBase:
        it = seen(request, code)
        closed = None if step in offered(it) else NotNow(code, step.title)
        if request.method != "POST":
            if closed:
                raise closed
            return _show(request, step, step.form(it=it, now=clock.now()), None, OK)
        typed = request.POST.copy()
        form = step.form(typed, it=it, now=clock.now())
        if closed:
            return _show(request, step, form, closed, CONFLICT)
        if not form.is_valid():
            return _show(request, step, form, None, INVALID)
        filled = Filled(it, form, request.viewer, clock.now())
        done, error, status = attempt(form, lambda: step.run(filled))
        if done:
            messages.success(request, done)
            return redirect("case", code=code)
        if isinstance(error, UnknownCase):
            raise error
        # Whoever submits once more has seen what changed meanwhile.
        form.it = seen(request, code)
        typed["version"] = str(form.it.version)
        return _show(request, step, form, error, status)

    return signed_in(view)


def _show(
    request: Request, step: CaseStep, form: CaseForm, error: YinuoError | None, status: int
) -> HttpResponse:
    context = {"it": form.it, "step": step, "form": form, "error": error}
    return render(request, "web/case_step.html", context, status=status)
