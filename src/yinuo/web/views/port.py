"""Clearance times for everybody; the batches behind them for whoever has to do with them."""

import csv
import io
import tempfile
from collections.abc import Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from yinuo.goals.commands import port as commands
from yinuo.goals.commands.port import Loaded
from yinuo.goals.errors.port import LogTooLarge
from yinuo.goals.port.catalogue import Catalogue
from yinuo.goals.port.scope import Measure, ScopeKind, Subject
from yinuo.goals.port.stored import Time
from yinuo.goals.queries import port as queries
from yinuo.goals.queries.port import BatchView, Clearance
from yinuo.kernel.errors import YinuoError
from yinuo.kernel.spreadsheet.plain_text import plain_text
from yinuo.parties.viewer import NotAllowed
from yinuo.web import clock
from yinuo.web.files import store
from yinuo.web.forms.port import (
    LARGEST,
    AskWithdrawalForm,
    DecideWithdrawalForm,
    LogForm,
    ReleaseForm,
)
from yinuo.web.language import ENGLISH, current
from yinuo.web.port import catalogue, means
from yinuo.web.port_sections import Asked, Section, sections
from yinuo.web.request import Request, public, signed_in
from yinuo.web.views.steps import INVALID, OK, attempt, handed_in

LONGEST = 40
MOST_SAMPLES = 20
BOM = "\ufeff"


# ── for everybody ──────────────────────────────────────────────────────────────────────────────


def _time(request: Request) -> Time:
    asked = request.GET.get("time", "")
    return Time(asked) if asked in set(Time) else Time.CALENDAR


def _shown(request: Request, measure: Measure) -> tuple[Catalogue, str, Subject, Time]:
    """What the address names: one measure, one scope. Raises `Http404` for an unknown port."""
    tables = catalogue()
    code = request.GET.get("port", "").strip()[:LONGEST]
    scope = tables.scope(code)
    if scope is None:
        raise Http404(code)
    return tables, code, Subject(measure, scope), _time(request)


def _name(tables: Catalogue, name: str) -> str:
    return tables.english(name) if current() == ENGLISH else name


def _page(request: Request, measure: Measure) -> HttpResponse:
    tables, code, subject, time = _shown(request, measure)
    found = queries.clearance(
        subject=subject, time=time, catalogue=tables, store=store(), viewer=request.viewer
    )
    chosen = {"port": code, "time": "" if time is Time.CALENDAR else str(time)}
    query = urlencode({name: value for name, value in chosen.items() if value})
    behind = {action.commitment for action in tables.actions}
    seen = dict(found.commitments) if found else {}
    only = next(iter(seen)) if len(behind) == 1 and seen else ""
    context = {
        "it": found,
        "only": only,
        "only_title": seen.get(only, ""),
        "measure": str(measure),
        "port": code,
        "place": _name(tables, subject.scope.name),
        "whole": subject.scope.kind is ScopeKind.DISTRICT,
        "time": str(time),
        "ports": tables.ports,
        "area": _name(tables, tables.area),
        "directions": _sections(found, tables, query=query, only=only) if found else (),
        "aspects": _aspects(found, tables),
        "inside": request.viewer.signed_in and queries.has_part(viewer=request.viewer),
    }
    return render(request, "web/port.html", context)


def _sections(found: Clearance, tables: Catalogue, *, query: str, only: str) -> tuple[Section, ...]:
    subject = found.subject
    address = reverse("port_csv" if subject.measure is Measure.OVERALL else "port_customs_csv")
    return sections(
        Asked(
            language=current(),
            result=found.made.sha256,
            simulated=found.made.simulated,
            subject=subject,
            time=found.time,
            catalogue=tables,
            titles=tuple(sorted(found.commitments.items())),
            stated=tuple(view.stated for view in found.directions),
            download=f"{address}?{query}" if query else address,
            only=only,
            found=found,
            place=_name(tables, subject.scope.name),
            name=partial(_name, tables),
        )
    )


def _aspects(found: Clearance | None, tables: Catalogue) -> Mapping[str, int]:
    """How many measures each aspect has."""
    counts: dict[str, int] = {}
    if found is not None and found.subject.measure is Measure.OVERALL:
        for action in tables.actions:
            counts[action.aspect] = counts.get(action.aspect, 0) + 1
    return counts


@public
@require_safe
def port(request: Request) -> HttpResponse:
    """整体通关时间: months, target, distribution, steps with the measures, by mode, port, class."""
    return _page(request, Measure.OVERALL)


@public
@require_safe
def customs(request: Request) -> HttpResponse:
    """海关作业时间: another indicator, on a page of its own."""
    return _page(request, Measure.CUSTOMS)


HEAD = (
    *("指标", "范围", "时间算法", "月份", "是否满月", "平均（小时）", "未去极端值的平均（小时）"),
    *(
        "中位数（小时）",
        "第90百分位（小时）",
        "报关单",
        "去掉的极端值",
        "件数少",
        "数据",
        "计算结果",
    ),
)


def _csv(request: Request, measure: Measure) -> HttpResponse:
    tables, _code, subject, time = _shown(request, measure)
    found = queries.clearance(
        subject=subject, time=time, catalogue=tables, store=store(), viewer=request.viewer
    )
    text = io.StringIO()
    text.write(BOM)
    writer = csv.writer(text)
    writer.writerow(HEAD)
    for view in found.directions if found else ():
        for row in view.months:
            line = row.line
            writer.writerow(
                [
                    *(view.name, subject.scope.name, str(time), line.key),
                    *("是" if row.complete else "否", line.mean, line.full_mean, line.median),
                    *(line.p90, line.stats.count, line.stats.left_out),
                    *("是" if line.small else "否",),
                    "演示数据" if found and found.made.simulated else "",
                    found.made.code if found else "",
                ]
            )
    answer = HttpResponse(text.getvalue(), content_type="text/csv; charset=utf-8")
    name = "port" if measure is Measure.OVERALL else "port-customs"
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return answer


@public
@require_safe
def port_csv(request: Request) -> HttpResponse:
    """The months of 整体通关时间 as CSV."""
    return _csv(request, Measure.OVERALL)


@public
@require_safe
def customs_csv(request: Request) -> HttpResponse:
    """The months of 海关作业时间 as CSV."""
    return _csv(request, Measure.CUSTOMS)


# ── batches ────────────────────────────────────────────────────────────────────────────────────


def _require_part(request: Request) -> None:
    if not queries.has_part(viewer=request.viewer):
        raise NotAllowed("只有填报、督查、管理和审计职责可以看通关数据批次")


@signed_in
def batches(request: Request) -> HttpResponseBase:
    """The batches and results that the viewer has to do with, and the way in for a log."""
    _require_part(request)
    units = queries.loadable_units(viewer=request.viewer)
    status, error = OK, None
    typed = (request.POST, request.FILES) if request.method == "POST" else ()
    form = LogForm(*typed, units=units) if units else None
    if request.method == "POST":
        if form is None:
            raise NotAllowed("只有填报人和管理员可以装入通关数据")
        status = INVALID
        if form.is_valid():
            made: list[Loaded] = []

            def take_in() -> str:
                made.append(_load(request, form))
                return _said(made[0])

            done, error, status = attempt(form, take_in)
            if done:
                messages.success(request, done)
                return redirect("port_batch", code=made[0].batch)
    context = {
        "batches": queries.batches(viewer=request.viewer),
        "results": queries.results(viewer=request.viewer),
        "form": form,
        "error": error,
        "release": ReleaseForm(),
    }
    return render(request, "web/port_batches.html", context, status=status)


def _load(request: Request, form: LogForm) -> Loaded:
    """Take in the file of a valid form."""
    values = form.cleaned_data
    file = values["file"]
    name = Path(file.name or "log.csv").name
    if (file.size or 0) > LARGEST:
        raise LogTooLarge(name, file.size or 0, LARGEST)
    with tempfile.TemporaryDirectory(prefix="yinuo-port-") as folder:
        # The reader goes by the ending; the rest of the name is the user's and stays out of paths.
        path = Path(folder) / f"log{Path(name).suffix.lower()}"
        with path.open("wb") as kept:
            for piece in file.chunks():
                kept.write(piece)
        return commands.load(
            files=[path],
            names=[name],
            unit=values["unit"],
            simulated=values["simulated"] or bool(settings.YINUO_DEMO_DATE),
            means=means(),
            by=request.viewer,
            at=clock.now(),
            mixed_zones=values["mixed_zones"],
        )


def _said(done: Loaded) -> str:
    if done.already:
        return f"这个文件已作为批次 {done.batch} 装入，没有任何变化。"
    return (
        f"批次 {done.batch}：读 {done.read:,} 行，装入 {done.accepted:,}，"
        f"放在一边 {done.quarantined:,}，重复 {done.duplicate:,}。"
        f"计算结果 {done.result}，待另一名督查人审查公开。"
    )


FORMS: dict[str, type[AskWithdrawalForm | DecideWithdrawalForm]] = {
    "ask": AskWithdrawalForm,
    "decide": DecideWithdrawalForm,
}


def _step(request: Request, shown: BatchView) -> str:
    """The step that was submitted, though it may come too late; else the one that is open."""
    asked = request.GET.get("do", "")
    if request.method == "POST" and asked in FORMS:
        return asked
    return "ask" if shown.may_ask else "decide" if shown.may_decide else ""


@signed_in
def batch(request: Request, code: str) -> HttpResponseBase:
    """One batch: its receipt, what was put aside and why, and its withdrawal."""
    _require_part(request)
    shown = queries.batch(code=code, viewer=request.viewer)
    step = _step(request, shown)
    form: AskWithdrawalForm | DecideWithdrawalForm | None = None
    status: int = OK
    error: YinuoError | None = None
    if step:
        typed = request.POST if request.method == "POST" else None
        form = filled = FORMS[step](typed, initial={"version": shown.version})
        done, error, status = handed_in(request, form, lambda: _act(request, code, filled))
        if done:
            return redirect("port_batch", code=code)
    elif request.method == "POST":
        raise NotAllowed("这个批次现在没有您要做的事", place=code)
    samples = queries.put_aside(code=code, lake=settings.YINUO_LAKE, viewer=request.viewer)
    context = {
        "it": shown,
        "step": step,
        "form": form,
        "error": error,
        "samples": [row for row, _ in zip(samples, range(MOST_SAMPLES), strict=False)],
    }
    return render(request, "web/port_batch.html", context, status=status)


def _act(request: Request, code: str, form: AskWithdrawalForm | DecideWithdrawalForm) -> str:
    values = form.cleaned_data
    common: dict[str, Any] = {
        "batch": code,
        "reason": values["reason"],
        "by": request.viewer,
        "at": clock.now(),
        "version": values["version"],
    }
    if isinstance(form, DecideWithdrawalForm):
        approve = values["decision"] == "approve"
        commands.decide_withdrawal(approve=approve, **common)
        if not approve:
            return f"批次 {code} 不撤回。"
        return f"批次 {code} 已撤回。请装入单位运行 yinuo port measure 重新计算。"
    commands.ask_withdrawal(**common)
    return "已申请撤回，待督查人决定。"


@signed_in
@require_safe
def quarantine(request: Request, code: str) -> HttpResponseBase:
    """Every row of a batch that was put aside, as CSV."""
    _require_part(request)
    rows = queries.put_aside(code=code, lake=settings.YINUO_LAKE, viewer=request.viewer)
    answer = StreamingHttpResponse(_written(rows), content_type="text/csv; charset=utf-8")
    answer.headers["Content-Disposition"] = f'attachment; filename="{code}-quarantine.csv"'
    return answer


def _written(rows: Iterator[dict[str, Any]]) -> Iterator[str]:
    yield BOM
    for place, row in enumerate(rows):
        text = io.StringIO()
        writer = csv.writer(text)
        if place == 0:
            writer.writerow(row)
        writer.writerow([_plain(value) for value in row.values()])
        yield text.getvalue()


def _plain(value: object) -> object:
    """A cell that a spreadsheet takes for text, even where somebody planted a formula."""
    return plain_text(value) if isinstance(value, str) else value


@signed_in
@require_POST
def release(request: Request, code: str) -> HttpResponseBase:
    """Open a result to the public."""
    form = ReleaseForm(request.POST)
    version = form.cleaned_data["version"] if form.is_valid() else None
    commands.release(result=code, by=request.viewer, at=clock.now(), version=version)
    messages.success(request, f"{code} 已公开。")
    return redirect("port_batches")
