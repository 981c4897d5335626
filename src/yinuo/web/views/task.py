"""登记任务: one task of any source, with its number, its default clock, its signatures."""

from datetime import date

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from yinuo.commitments.commands.task import register_task
from yinuo.commitments.default_clock import DefaultDue, default_due, sign_by_date
from yinuo.commitments.queries.sources import documents
from yinuo.commitments.registry import kind_named
from yinuo.commitments.sources import Source, limit_words
from yinuo.commitments.words import visibility_label
from yinuo.content.calendars import working_calendar
from yinuo.kernel.errors import YinuoError
from yinuo.kernel.instants import civil_date
from yinuo.parties.queries import public_units
from yinuo.parties.viewer import NotAllowed
from yinuo.web import clock
from yinuo.web.content import source_named, sources
from yinuo.web.forms.office import TaskForm
from yinuo.web.request import Request, signed_in
from yinuo.web.views.steps import INVALID, OK, attempt

WIDE = ("document", "document_title", "title", "cooperating", "area", "start_date")
"""Fields that take the whole width of the form."""


def _offices(request: Request) -> dict[str, str]:
    """The units for which the viewer may register, those supervised for first."""
    viewer = request.viewer
    held = viewer.supervisor_of | viewer.administrator_of
    if not held:
        raise NotAllowed("只有督查人和管理员可以登记任务")
    names = {unit.code: unit.name for unit in public_units() if unit.code in held}
    return dict(sorted(names.items(), key=lambda pair: pair[0] not in viewer.supervisor_of))


def _default(source: Source, start: date) -> DefaultDue | None:
    """The deadline by the source's own clock, or None where it has none."""
    if source.limit is None:
        return None
    return default_due(source.limit, start, working_calendar(), at=clock.now())


@signed_in
@require_safe
def choose(request: Request) -> HttpResponse:
    """The sources, each with its kind, visibility and default limit."""
    _offices(request)
    shown = [
        (
            source,
            kind_named(source.kind).label,
            visibility_label(source.visibility),
            limit_words(source.limit),
        )
        for source in sources().values()
    ]
    return render(request, "web/task_sources.html", {"sources": shown})


@signed_in
def task(request: Request, source: str) -> HttpResponseBase:
    """The form of one task of a source. Raises `UnknownSource`."""
    offices = _offices(request)
    return _task(request, source_named(source), offices)


def _task(request: Request, source: Source, offices: dict[str, str]) -> HttpResponseBase:
    today = civil_date(clock.now())
    form = _form(request, source, offices, today)
    error: YinuoError | None = None
    status = OK
    default = _default(source, today)
    if request.method == "POST":
        form.is_valid()
        default = _default(source, form.cleaned_data.get("start_date") or today)
        if request.POST.get("do") == "recount":
            return _show(request, _recounted(request, source, offices, default), default)
        status = INVALID
        if form.is_valid():
            done, error, status = attempt(form, lambda: _run(request, source, form, default))
            if done:
                return redirect("commitment", code=done)
    return _show(request, form, default, error=error, status=status)


def _form(request: Request, source: Source, offices: dict[str, str], today: date) -> TaskForm:
    default = _default(source, today)
    initial: dict[str, object] = {
        "start_date": today,
        "due": default.date if default else None,
        "sign_by": sign_by_date(source.sign_by, today, working_calendar()),
    }
    return _task_form(request, source, offices, request.POST or None, initial)


def _recounted(
    request: Request, source: Source, offices: dict[str, str], default: DefaultDue | None
) -> TaskForm:
    """What was typed, with the deadline worked out anew and without a word about faults."""
    typed: dict[str, object] = {name: request.POST.get(name, "") for name in request.POST}
    if default:
        typed["due"] = default.date
    return _task_form(request, source, offices, None, typed)


def _task_form(
    request: Request,
    source: Source,
    offices: dict[str, str],
    data: object,
    initial: dict[str, object],
) -> TaskForm:
    today = clock.today()
    exist = (u for u in public_units() if u.valid_to is None or u.valid_to > today)
    return TaskForm(
        data,
        source=source,
        documents=documents(kind=source.name, viewer=request.viewer),
        units={u.code: u.name for u in exist},
        offices=offices,
        initial=initial,
    )


def _run(request: Request, source: Source, form: TaskForm, default: DefaultDue | None) -> str:
    values = form.cleaned_data
    made = register_task(
        task=form.task(default),
        source=source,
        office=values["office"],
        sign_by=values["sign_by"],
        by=request.viewer,
        at=clock.now(),
    )
    asked = f"已请 {made.asked} 个单位签收。" if made.asked else "还没有责任单位，可以任务分解。"
    messages.success(request, f"已登记，编号 {made.code}。{asked}")
    return made.code


def _show(
    request: Request,
    form: TaskForm,
    default: DefaultDue | None,
    *,
    error: YinuoError | None = None,
    status: int = OK,
) -> HttpResponse:
    context = {
        "source": form.source,
        "example": form.source.numbering.code(clock.today().year, 1),
        "wide": WIDE,
        "limit": limit_words(form.source.limit),
        "visibility": visibility_label(form.source.visibility),
        "form": form,
        "default": default,
        "error": error,
    }
    return render(request, "web/task.html", context, status=status)
