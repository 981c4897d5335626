"""Breaking a task down to many units: line by line, or pasted from a spreadsheet."""

from dataclasses import dataclass, replace
from typing import TypeAlias

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase, QueryDict
from django.shortcuts import redirect, render

from yinuo.commitments.commands.breakdown import break_down
from yinuo.commitments.default_clock import SIGN_BY, sign_by_date
from yinuo.commitments.errors import Invalid, UnknownCommitment
from yinuo.commitments.queries.detail import detail
from yinuo.commitments.queries.listing import Row
from yinuo.commitments.queries.office import Office, office
from yinuo.commitments.shares import MOST_SHARES, BadShares, Share
from yinuo.content.calendars import working_calendar
from yinuo.kernel.errors import YinuoError
from yinuo.parties.queries import public_units
from yinuo.parties.viewer import NotAllowed
from yinuo.web import clock
from yinuo.web.content import sources
from yinuo.web.days import day
from yinuo.web.forms.office import BreakdownForm
from yinuo.web.pasted import FIELDS, LABELS, Typed, read_lines, read_share, too_wide
from yinuo.web.request import Request, signed_in
from yinuo.web.views.steps import INVALID, OK, NotNow

BLANK = 3
"""Empty lines at the end of the form."""
TITLE = "任务分解"
Faults: TypeAlias = list[tuple[int, str, str]]
"""(number of the line from 1, field, what is wrong)."""
FORM_FIELD = {"operator": "figure", "value": "figure", "measure": "figure"}
"""Field of a share → field of the form, where they differ."""


def typed_rows(data: QueryDict) -> list[Typed]:
    """The lines of the form in which something stands, numbered anew from 1."""
    count = data.get("rows", "")
    total = min(int(count), MOST_SHARES) if count.isascii() and count.isdigit() else 0
    rows = [
        Typed(number, {name: data.get(f"{name}-{number}", "") for name in FIELDS})
        for number in range(1, total + 1)
    ]
    filled = [row for row in rows if not row.is_empty]
    return [replace(row, line=number) for number, row in enumerate(filled, start=1)]


def with_blanks(rows: list[Typed]) -> list[Typed]:
    """The lines with some empty ones behind them."""
    blank = dict.fromkeys(FIELDS, "")
    return rows + [Typed(len(rows) + n, blank) for n in range(1, BLANK + 1)]


def marked(rows: list[Typed], faults: Faults) -> list[Typed]:
    """The lines with what is wrong with each."""
    found: dict[int, dict[str, tuple[str, ...]]] = {}
    for number, name, what in faults:
        fields = found.setdefault(number, {})
        field = FORM_FIELD.get(name, name)
        fields[field] = (*fields.get(field, ()), what)
    return [replace(row, faults=found.get(row.line, {})) for row in rows]


def _read(rows: list[Typed], units: dict[str, str]) -> tuple[list[Share], Faults]:
    """The lines as shares, and every fault with the number of its line."""
    shares: list[Share] = []
    faults: Faults = []
    for row in rows:
        share, wrong = read_share(row, units)
        shares.append(share)
        faults += [(row.line, field, what) for field, what in wrong]
    return shares, faults


def pasted_rows(text: str, units: dict[str, str]) -> tuple[list[Typed], list[str]]:
    """The pasted lines as lines of the form, and what keeps them from being read."""
    pasted = read_lines(text)
    _shares, faults = _read(pasted, units)
    wrong = [f"第 {number} 行 {LABELS[field]}：{what}" for number, field, what in faults]
    wrong += [f"第 {number} 行的列太多，请只留 {len(FIELDS)} 列" for number in too_wide(text)]
    if text.strip() and not pasted:
        wrong.append("只有表头，没有内容")
    rows = []
    for row in pasted:
        share, _ = read_share(row, units)
        due = share.due.isoformat() if share.due else row.values["due"]
        rows.append(replace(row, values={**row.values, "unit": share.unit, "due": due}))
    return rows, wrong


@dataclass(frozen=True)
class _Page:
    """What a request is about."""

    request: Request
    row: Row
    office: Office
    units: dict[str, str]

    def show(
        self,
        form: BreakdownForm,
        rows: list[Typed],
        *,
        error: YinuoError | None = None,
        status: int = OK,
    ) -> HttpResponse:
        """The form with these lines."""
        context = {
            "row": self.row,
            "office": self.office,
            "units": self.units,
            "form": form,
            "rows": with_blanks(rows),
            "wrong": [row for row in rows if row.faults],
            "labels": LABELS,
            "error": error,
        }
        return render(self.request, "web/breakdown.html", context, status=status)


def _opened(request: Request, code: str) -> _Page:
    """Raises `UnknownCommitment`, `NotAllowed`, `NotNow`."""
    shown = detail(code=code, viewer=request.viewer, today=clock.today())
    inner = office(code=code, viewer=request.viewer, today=clock.today())
    if inner is None or not inner.directs:
        raise NotAllowed("只有督查单位的督查人或管理员可以任务分解", place=code)
    if not inner.live:
        raise NotNow(code, TITLE)
    today = clock.today()
    units = {u.code: u.name for u in public_units() if u.valid_to is None or u.valid_to > today}
    return _Page(request, shown.row, inner, units)


def _unchecked(data: QueryDict, **changed: str) -> BreakdownForm:
    """The form with what was typed and without a word about it."""
    kept = {name: data.get(name, "") for name in ("lines", "sign_by")}
    return BreakdownForm(initial={**kept, **changed})


@signed_in
def breakdown(request: Request, code: str) -> HttpResponseBase:
    """The lines of a break-down: GET empty ones; POST adds lines, reads pasted ones, or saves."""
    page = _opened(request, code)
    if request.method != "POST":
        source = sources().get(page.office.source)
        limit = source.sign_by if source else SIGN_BY
        last = sign_by_date(limit, clock.today(), working_calendar())
        return page.show(BreakdownForm(initial={"sign_by": last}), [])
    rows = typed_rows(request.POST)
    do = request.POST.get("do", "")
    if do == "add":
        return page.show(_unchecked(request.POST), rows)
    pasted, wrong = pasted_rows(request.POST.get("lines", ""), page.units)
    every = rows + [replace(row, line=len(rows) + n) for n, row in enumerate(pasted, start=1)]
    form = BreakdownForm(request.POST)
    if wrong:
        for what in wrong:
            form.add_error("lines", what)
        _shares, faults = _read(rows, page.units)
        return page.show(form, marked(rows, faults), status=INVALID)
    if do == "read":
        return page.show(_unchecked(request.POST, lines=""), every)
    return _save(page, form, every)


def _save(page: _Page, form: BreakdownForm, rows: list[Typed]) -> HttpResponseBase:
    """Run the command; what was pasted stands in lines by now, so that faults stand at them."""
    shares, faults = _read(rows, page.units)
    error: YinuoError | None = None
    status = INVALID
    if form.is_valid() and not faults:
        try:
            codes = break_down(
                commitment=page.row.code,
                shares=shares,
                sign_by=form.cleaned_data["sign_by"],
                by=page.request.viewer,
                at=clock.now(),
            )
        except BadShares as found:
            faults = [(fault.line, fault.field, fault.what) for fault in found.faults]
        except Invalid as found:
            form.add_faults(found.faults)
        except UnknownCommitment:
            raise
        except YinuoError as found:
            error, status = found, found.status
        else:
            last = day(form.cleaned_data["sign_by"])
            messages.success(
                page.request, f"已分解为 {len(codes)} 项，已请各单位在{last}之前签收。"
            )
            return redirect("commitment", code=page.row.code)
    shown = page.request.POST.copy()
    shown["lines"] = ""
    again = BreakdownForm(shown)
    again.is_valid()
    for field, whats in form.errors.items():
        if field not in again.errors:
            again.add_error(None if field == "__all__" else field, [*whats])
    return page.show(again, marked(rows, faults), error=error, status=status)
