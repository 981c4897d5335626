"""督导: the steps that are due, the orders that run, and taking a step."""

import tempfile
from datetime import date

from django.contrib import messages
from django.http import FileResponse, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from yinuo.commitments.default_clock import sign_by_date
from yinuo.content.calendars import working_calendar
from yinuo.kernel.errors import YinuoError
from yinuo.kernel.limits import DayType, Limit
from yinuo.parties.viewer import NotAllowed
from yinuo.supervision.commands.orders import MOST, NewOrder, forgo, issue
from yinuo.supervision.orders.row import OrderRow
from yinuo.supervision.orders.steps import STEP_LABELS, Step
from yinuo.supervision.queries.due_steps import due_steps, lines_of
from yinuo.supervision.queries.orders import (
    FILTERS,
    Wanted,
    all_orders,
    order_page,
)
from yinuo.web import clock
from yinuo.web.forms.orders import ForgoForm, IssueForm
from yinuo.web.request import Request, signed_in
from yinuo.web.views.downloads import remark
from yinuo.web.views.steps import INVALID, OK, attempt
from yinuo.web.workbook import Cell, Column, write_sheet

COLUMNS = (
    Column("编号", 14),
    Column("步骤", 10),
    Column("发文字号", 18),
    Column("事由", 48),
    Column("责任单位", 20),
    Column("督查单位", 20),
    Column("发出", 12),
    Column("签收时限", 12),
    Column("回复时限", 12),
    Column("状态", 12),
    Column("逾期未回复", 11),
    Column("延期", 8),
)


def _wanted(request: Request) -> Wanted:
    asked = {name: request.GET.get(name, "").strip() for name in ("state", "step", "unit", "after")}
    if asked["state"] not in FILTERS:
        asked["state"] = ""
    if asked["step"] not in STEP_LABELS:
        asked["step"] = ""
    return Wanted(**asked)


@signed_in
@require_safe
def orders(request: Request) -> HttpResponse:
    """The orders that the viewer may see, newest first."""
    wanted, viewer = _wanted(request), request.viewer
    page = order_page(viewer=viewer, wanted=wanted, today=clock.today())
    context = {
        "page": page,
        "asked": wanted,
        "states": [(name, FILTERS[name], n) for name, n in page.states.items()],
        "steps": [(s.value, STEP_LABELS[s], page.steps[s]) for s in Step if page.steps.get(s)],
        "filtered": bool(wanted.state or wanted.step or wanted.unit),
        "issues": bool(viewer.supervisor_of),
        "watches": bool(viewer.supervisor_of | viewer.administrator_of | viewer.auditor_of),
    }
    return render(request, "web/orders.html", context)


def _cells(row: OrderRow) -> tuple[Cell, ...]:
    return (
        row.code,
        row.label,
        row.number,
        row.title,
        row.unit_name,
        row.office_name,
        row.issued_date,
        row.sign_by,
        row.reply_by,
        row.state_label,
        "是" if row.lapsed else "",
        "是" if row.extended else "",
    )


@signed_in
@require_safe
def orders_xlsx(request: Request) -> FileResponse:
    """The same list as a workbook."""
    rows = all_orders(viewer=request.viewer, wanted=_wanted(request), today=clock.today())
    file = tempfile.TemporaryFile()  # noqa: SIM115  # FileResponse closes it
    cells = (_cells(row) for row in rows)
    write_sheet(
        file, name="督办台账", title="督办台账", remark=remark(), columns=COLUMNS, rows=cells
    )
    file.seek(0)
    return FileResponse(file, as_attachment=True, filename="orders.xlsx")


@signed_in
@require_safe
def due(request: Request) -> HttpResponse:
    """Every step that is due now, by step and unit, with the rule that says so."""
    viewer = request.viewer
    if not viewer.supervisor_of | viewer.administrator_of | viewer.auditor_of:
        raise NotAllowed("只有督查人、管理员和审计人可以查看应采取的步骤")
    step, unit = request.GET.get("step", ""), request.GET.get("unit", "")
    found = due_steps(viewer=viewer, today=clock.today(), step=step, unit=unit)
    context = {
        "found": found,
        "filtered": bool(step or unit),
        "issues": bool(viewer.supervisor_of),
        "most": MOST,
        "all_chosen": "all" in request.GET,
    }
    return render(request, "web/orders_due.html", context)


def _chosen(request: Request) -> list[str]:
    if not request.viewer.supervisor_of:
        raise NotAllowed("只有督查人可以采取督导步骤")
    given = request.POST if request.method == "POST" else request.GET
    codes = [code.strip() for code in (*given.getlist("commitments"), *given.getlist("code"))]
    return list(dict.fromkeys(code for code in codes if code))


def _step(request: Request) -> Step:
    given = request.POST if request.method == "POST" else request.GET
    asked = given.get("step", "")
    return Step(asked) if asked in STEP_LABELS else Step.ORDER


def _days_on(days: int) -> date:
    """So many working days from today."""
    limit = Limit(number=days, day_type=DayType.WORKING_DAY, start_event="发出")
    return sign_by_date(limit, clock.today(), working_calendar())


@signed_in
def new(request: Request) -> HttpResponseBase:
    """The letter of a step on chosen commitments; `?step=` says which step to start from."""
    codes, step = _chosen(request), _step(request)
    today = clock.today()
    labels = [(each.value, STEP_LABELS[each]) for each in Step]
    form = IssueForm(request.POST or None, step=step, steps=labels, codes=codes)
    error: YinuoError | None = None
    status = OK
    # Another step was chosen than the form was made for: its own questions come first.
    switching = request.POST.get("do") == "switch"
    if switching:
        form = IssueForm(step=step, steps=labels, codes=codes)
    elif request.method == "POST":
        status = INVALID
        if form.is_valid():
            done, error, status = attempt(form, lambda: _issue(request, form))
            if done:
                return redirect("orders_due")
    lines = lines_of(viewer=request.viewer, today=today, codes=codes[:MOST])
    context = {
        "form": form,
        "lines": lines,
        "missing": [code for code in codes if code not in {line.code for line in lines}],
        "step": step,
        "label": STEP_LABELS[step],
        "error": error,
        "empty": not codes,
    }
    return render(request, "web/order_new.html", context, status=status)


def _issue(request: Request, form: IssueForm) -> str:
    values = form.cleaned_data
    step = Step(values["step"])
    made = issue(
        order=NewOrder(
            step=step,
            commitments=values["commitments"],
            together=values["together"] == "together",
            asked=values["asked"],
            reason=values["reason"],
            meeting_date=values.get("meeting_date"),
            meeting=values.get("meeting", ""),
            addressee=values.get("addressee", ""),
        ),
        calendar=working_calendar(),
        by=request.viewer,
        at=clock.now(),
    )
    said = f"已发出 {len(made)} 份{STEP_LABELS[step]}：{'、'.join(made)}。"
    messages.success(request, said)
    return said


@signed_in
def leave(request: Request) -> HttpResponseBase:
    """The form in which a step that is due is put off or not taken."""
    codes = _chosen(request)
    form = ForgoForm(request.POST or None, codes=codes)
    error: YinuoError | None = None
    status = OK
    if request.method == "POST":
        status = INVALID
        if form.is_valid():
            done, error, status = attempt(form, lambda: _forgo(request, form))
            if done:
                return redirect("orders_due")
    lines = lines_of(viewer=request.viewer, today=clock.today(), codes=codes[:MOST])
    context = {"form": form, "lines": lines, "error": error, "empty": not codes}
    return render(request, "web/order_leave.html", context, status=status)


def _forgo(request: Request, form: ForgoForm) -> str:
    values = form.cleaned_data
    until = values["until"] if values["how"] == "until" else None
    count = forgo(
        commitments=values["commitments"],
        reason=values["reason"],
        until=until,
        by=request.viewer,
        at=clock.now(),
    )
    said = f"{count} 项任务的这一步" + (f"暂缓到 {until}。" if until else "不采取，理由已记录。")
    messages.success(request, said)
    return said
