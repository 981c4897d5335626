"""Rows of credit sources that were put aside: read, corrected, given back, left out."""

import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from yinuo.credit.aside import AsideRow
from yinuo.credit.commands import rows as commands
from yinuo.credit.corrections import write
from yinuo.credit.life import ROW_LABELS, RowState
from yinuo.credit.queries import batches as batch_queries
from yinuo.credit.queries import quarantine as queries
from yinuo.credit.queries import sources as source_queries
from yinuo.credit.queries.quarantine import QuarantinePage
from yinuo.web import clock
from yinuo.web.credit import means
from yinuo.web.credit_asked import page_number, posted
from yinuo.web.credit_words import counted
from yinuo.web.forms.credit import CorrectForm, LeaveForm
from yinuo.web.request import Request, signed_in
from yinuo.web.views.steps import INVALID, OK, attempt, handed_in

LONGEST = 60
EVERY_STATE = "all"


@dataclass(frozen=True)
class Wanted:
    """Which rows a page asks for."""

    reason: str
    batch: str
    state: str
    page: int

    @property
    def row_state(self) -> RowState | None:
        """None for every state."""
        return None if self.state == EVERY_STATE else RowState(self.state)


@dataclass(frozen=True)
class Group:
    """Rows of one batch with the form in which some of them are decided on together."""

    batch: str
    rows: Sequence[AsideRow]
    form: LeaveForm


def _wanted(request: Request) -> Wanted:
    state = request.GET.get("state", "")
    return Wanted(
        reason=request.GET.get("reason", "").strip()[:LONGEST],
        batch=request.GET.get("batch", "").strip()[:LONGEST],
        state=state if state in {*RowState, EVERY_STATE} else RowState.OPEN,
        page=page_number(request),
    )


@signed_in
def rows(request: Request, name: str) -> HttpResponseBase:
    """Rows put aside of a source, some of which are given back or left out together."""
    wanted, given = _wanted(request), means()
    source = source_queries.source(id=name, means=given, on=clock.today(), viewer=request.viewer)
    page = queries.quarantine(
        source=name,
        means=given,
        viewer=request.viewer,
        reason=wanted.reason,
        state=wanted.row_state,
        batch=wanted.batch,
        page=wanted.page,
    )
    groups = _groups(request, page)
    status, error = OK, None
    form = next((each.form for each in groups if each.form.is_bound), None)
    if form is not None:
        picked = request.POST.getlist("rows")
        status = INVALID
        if not picked:
            form.add_error(None, "请先勾选要处理的行")
        elif form.is_valid():
            batch = request.POST["batch"]
            done, error, status = attempt(form, lambda: _leave(request, batch, picked, form))
            if done:
                messages.success(request, done)
                return redirect(request.get_full_path())
    context = {
        "it": source,
        "page": page,
        "wanted": wanted,
        "groups": groups,
        "reasons": counted(page.by_reason, page.reason_words),
        "states": [(each, ROW_LABELS[each], page.by_state.get(each, 0)) for each in RowState],
        "form": form,
        "error": error,
    }
    return render(request, "web/credit_rows.html", context, status=status)


def _groups(request: Request, page: QuarantinePage) -> tuple[Group, ...]:
    """The rows of a page by batch."""
    sent = request.POST.get("batch", "") if request.method == "POST" else ""
    return tuple(
        Group(
            batch,
            tuple(some),
            LeaveForm(request.POST if batch == sent else None, prefix=batch),
        )
        for batch, some in groupby(page.rows, key=lambda row: row.batch)
    )


def _leave(request: Request, batch: str, keys: Sequence[str], form: LeaveForm) -> str:
    back = form.cleaned_data["how"] == "return"
    (commands.give_back if back else commands.waive)(
        batch=batch,
        rows=keys,
        reason=form.cleaned_data["reason"],
        means=means(),
        by=request.viewer,
        at=clock.now(),
    )
    return f"{len(keys):,} 行已退回报送单位。" if back else f"{len(keys):,} 行已记下不再处理。"


@signed_in
def row(request: Request, code: str, key: str) -> HttpResponseBase:
    """One row: as it came, with the wrong field to be put right beside it."""
    given = means()
    batch = batch_queries.batch(code=code, means=given, viewer=request.viewer)
    found = queries.row(batch=code, key=key, means=given, viewer=request.viewer)
    labels = _labels(batch.source)
    correct = CorrectForm(_wrong(request, found, labels), posted(request, "correct"))
    leave = LeaveForm(posted(request, "leave"), prefix="leave")
    form: LeaveForm | CorrectForm = leave if leave.is_bound else correct
    done, error, status = handed_in(request, form, lambda: _decide(request, found, form))
    if done:
        return redirect("credit_row", code, key)
    context = {
        "it": found,
        "batch": batch,
        "raw": [
            (heading, labels.get(heading, ""), text, heading == found.heading)
            for heading, text in found.raw.items()
        ],
        "correct": correct,
        "leave": leave,
        "form": form,
        "error": error,
        "all_fields": "all" in request.GET,
    }
    return render(request, "web/credit_row.html", context, status=status)


def _labels(source: str) -> Mapping[str, str]:
    """Heading → what people call the field."""
    fields = means().sources[source].fields
    return {heading: field.label for field in fields for heading in field.headings}


def _wrong(
    request: Request, found: AsideRow, labels: Mapping[str, str]
) -> list[tuple[str, str, str]]:
    """Heading, label and text of what can be corrected: the wrong field, or all."""
    if found.heading and "all" not in request.GET:
        label = found.field or found.heading
        return [(found.heading, label, found.raw.get(found.heading, found.value))]
    return [
        (heading, labels.get(heading) or heading or "（无表头）", text)
        for heading, text in found.raw.items()
    ]


def _decide(request: Request, found: AsideRow, form: LeaveForm | CorrectForm) -> str:
    if isinstance(form, LeaveForm):
        return _leave(request, found.batch, [found.key], form)
    done = commands.correct(
        batch=found.batch,
        rows={found.key: form.changes},
        reason=form.cleaned_data["reason"],
        means=means(),
        by=request.viewer,
        at=clock.now(),
    )
    return f"已改正并重新装入，更正批次 {done.batch}；下一个数据版本生效。"


@signed_in
@require_safe
def rows_csv(request: Request, name: str) -> HttpResponse:
    """Every open row of a source as CSV, to be corrected there and read in by `credit fix`."""
    found = queries.every(
        source=name,
        means=means(),
        viewer=request.viewer,
        reason=request.GET.get("reason", "").strip()[:LONGEST],
    )
    with tempfile.TemporaryDirectory(prefix="yinuo-credit-") as folder:
        path = Path(folder) / "rows.csv"
        write(found, path)
        answer = HttpResponse(path.read_bytes(), content_type="text/csv; charset=utf-8")
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}-rows.csv"'
    return answer
