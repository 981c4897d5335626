"""Many projects in one go: their units report figures, the office confirms them."""

import tempfile

from django.conf import settings
from django.contrib import messages
from django.http import FileResponse, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from yinuo.commitments.errors import Invalid
from yinuo.goals.commands.project_figures import confirm_figures, report_figures, return_figure
from yinuo.goals.projects.workbook.write import write_register
from yinuo.goals.queries.project_page import (
    ToReport,
    figures_to_confirm,
    projects_to_accept,
    projects_to_report,
)
from yinuo.goals.queries.project_register import export
from yinuo.goals.queries.projects import register_offices
from yinuo.kernel.errors import YinuoError
from yinuo.parties.viewer import NotAllowed
from yinuo.web import clock
from yinuo.web.forms.projects import COLUMNS, ConfirmsForm, ReportsForm
from yinuo.web.media_types import XLSX
from yinuo.web.request import Request, signed_in
from yinuo.web.views.listing import LONGEST
from yinuo.web.views.steps import INVALID, OK

PAGE = 50
"""Projects on one page of a table to be filled in."""


def _page(request: Request, rows: tuple[ToReport, ...]) -> tuple[tuple[ToReport, ...], int, int]:
    """The rows of the page that is asked for, its number and how many there are."""
    pages = max(1, -(-len(rows) // PAGE))
    asked = request.GET.get("page", "")
    number = min(int(asked), pages) if asked.isdecimal() and int(asked) else 1
    return rows[(number - 1) * PAGE : number * PAGE], number, pages


@signed_in
def reports(request: Request) -> HttpResponseBase:
    """The figures of many projects; sound lines are taken, the others stand again as typed."""
    viewer, today = request.viewer, clock.today()
    if not viewer.officer_of:
        raise NotAllowed("只有责任单位的填报人可以填报进度")
    everything = projects_to_report(viewer=viewer, today=today)
    rows, number, pages = _page(request, everything)
    if request.method != "POST":
        form = ReportsForm(rows=rows, today=today)
        return _shown(request, form, total=len(everything), number=number, pages=pages)
    typed = request.POST.copy()
    form = ReportsForm(typed, rows=rows, today=today)
    taken, refused = _take(request, form)
    if taken:
        messages.success(request, f"已报送 {len(taken):,} 个项目的进度，现在等待核实。")
    if not refused and not form.errors:
        if not taken:
            messages.warning(request, "没有要保存的：请至少填一行。")
        return redirect(f"{request.path}?page={number}")
    for code in taken:
        for column in COLUMNS:
            typed.pop(f"{column}-{code}", None)
    fresh = projects_to_report(viewer=viewer, today=today)
    shown, number, pages = _page(request, fresh)
    form = ReportsForm(typed, rows=shown, today=today)
    form.is_valid()
    for code, faults in refused.items():
        form.refuse(code, faults)
    return _shown(request, form, total=len(fresh), number=number, pages=pages, status=INVALID)


def _take(
    request: Request, form: ReportsForm
) -> tuple[list[str], dict[str, tuple[tuple[str, str], ...]]]:
    """The projects whose figures were taken, and why those of others were not."""
    taken: list[str] = []
    refused: dict[str, tuple[tuple[str, str], ...]] = {}
    for code, figure in form.given().items():
        try:
            report_figures(project=code, figure=figure, by=request.viewer, at=clock.now())
        except Invalid as error:
            refused[code] = tuple(error.faults)
        except YinuoError as error:
            refused[code] = (("", f"{error.what}。{error.next_step}"),)
        else:
            taken.append(code)
    return taken, refused


def _shown(
    request: Request, form: ReportsForm, *, total: int, number: int, pages: int, status: int = OK
) -> HttpResponse:
    context = {
        "form": form,
        "rows": form.rows,
        "total": total,
        "number": number,
        "pages": pages,
        "before": number - 1,
        "after": number + 1 if number < pages else 0,
    }
    return render(request, "web/project_reports.html", context, status=status)


@signed_in
def confirm(request: Request) -> HttpResponseBase:
    """What was reported to the viewer's offices: each is confirmed, sent back, or left."""
    viewer, today = request.viewer, clock.today()
    if not viewer.supervisor_of:
        raise NotAllowed("只有登记单位的督查人可以核实进度")
    one = request.GET.get("project", "")[:LONGEST]
    everything = figures_to_confirm(viewer=viewer, today=today)
    rows = [row for row in everything if one in ("", row.line.code)][:PAGE]
    error: YinuoError | None = None
    status = OK
    form = ConfirmsForm(rows=rows)
    if request.method == "POST":
        form, status = ConfirmsForm(request.POST, rows=rows), INVALID
        if form.is_valid():
            error, done = _judge(request, form)
            if done:
                messages.success(request, done)
            if error is None:
                if not done:
                    messages.warning(request, "没有要保存的：请勾选核实，或写明退回的理由。")
                return redirect("project", code=one) if one else redirect("project_confirm")
            status = error.status
    context = {
        "form": form,
        "rows": form.rows,
        "total": len(everything),
        "to_accept": projects_to_accept(viewer=viewer, today=today),
        "one": one,
        "error": error,
    }
    return render(request, "web/project_confirm.html", context, status=status)


def _judge(request: Request, form: ConfirmsForm) -> tuple[YinuoError | None, str]:
    """What stood in the way, and what was done before."""
    viewer, at = request.viewer, clock.now()
    error: YinuoError | None = None
    returned = confirmed = 0
    try:
        for figure, reason in form.returned.items():
            return_figure(figure=figure, reason=reason, by=viewer, at=at)
            returned += 1
        confirm_figures(figures=form.confirmed, by=viewer, at=at)
        confirmed = len(form.confirmed)
    except YinuoError as caught:
        error = caught
    words = [f"核实 {confirmed:,} 条"] if confirmed else []
    words += [f"退回 {returned:,} 条"] if returned else []
    return error, f"已{'，'.join(words)}。" if words else ""


@signed_in
@require_safe
def register(request: Request) -> FileResponse:
    """A whole register as the workbook that can be altered and taken in again."""
    viewer, year = request.viewer, clock.today().year
    offices = register_offices(viewer=viewer)
    asked = request.GET.get("office", "")[:LONGEST]
    if not offices or (asked and asked not in offices):
        raise NotAllowed("导出整个项目册要有登记单位的职责", place=asked)
    office = asked or offices[0]
    found = export(office=office, year=year, viewer=viewer)
    file = tempfile.TemporaryFile()  # noqa: SIM115  # FileResponse closes it
    write_register(
        file,
        found.register,
        units=found.units,
        industries=found.industries,
        year=year,
        told=found.told,
        demo=bool(settings.YINUO_DEMO_DATE),
        made_at=clock.now(),
    )
    file.seek(0)
    name = f"项目册 {office} {year}.xlsx"
    return FileResponse(file, as_attachment=True, filename=name, content_type=XLSX)
