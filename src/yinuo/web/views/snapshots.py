"""调度会数据: the list, taking one, its board, and the papers made from it."""

import io
from datetime import date
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import FileResponse, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_POST, require_safe

from yinuo.commitments.errors import Invalid
from yinuo.kernel.errors import YinuoError
from yinuo.kernel.instants import civil_date
from yinuo.parties.viewer import NotAllowed
from yinuo.supervision.commands import snapshots as commands
from yinuo.supervision.errors.snapshots import SnapshotInvalid
from yinuo.supervision.papers.paper import Paper
from yinuo.supervision.printing import as_pdf, as_word
from yinuo.supervision.queries import snapshots as queries
from yinuo.supervision.queries.snapshots import Shown
from yinuo.supervision.snapshots.bulletin import bulletin, overall
from yinuo.web import clock
from yinuo.web.files import store
from yinuo.web.forms.snapshots import ReleaseForm, TakeForm
from yinuo.web.media_types import XLSX
from yinuo.web.request import Request, signed_in
from yinuo.web.snapshot_board import board
from yinuo.web.snapshot_workbook import workbook
from yinuo.web.views.steps import INVALID, OK, attempt

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
PDF = "application/pdf"


@signed_in
def snapshots(request: Request) -> HttpResponseBase:
    """Those the viewer may open; a supervisor takes a new one here."""
    offices = queries.offices_to_take_for(viewer=request.viewer)
    form: TakeForm | None = None
    error: YinuoError | None = None
    status = OK
    if offices:
        form = TakeForm(request.POST or None, offices=offices, today=clock.today())
    if request.method == "POST":
        if form is None:
            raise NotAllowed("只有督查单位的督查人可以生成调度会数据")
        filled, status = form, INVALID
        if form.is_valid():
            code, error, status = attempt(form, lambda: _take(request, filled))
            if code:
                messages.success(request, f"{code} 已生成，从现在起不再改动。")
                return redirect("snapshot", code=code)
    found = queries.snapshots(viewer=request.viewer)
    context = {"snapshots": found, "form": form, "error": error}
    return render(request, "web/snapshots.html", context, status=status)


def _take(request: Request, form: TakeForm) -> str:
    values, at = form.cleaned_data, clock.now()
    try:
        commands.check(meeting=values["meeting"], as_of=values["as_of"], today=civil_date(at))
        drawn = queries.draft(
            office=values["office"],
            as_of=values["as_of"],
            city=settings.YINUO_CITY,
            simulated=bool(settings.YINUO_DEMO_DATE),
            store=store(),
            viewer=request.viewer,
            at=at,
        )
        return commands.take(
            draft=drawn, meeting=values["meeting"], store=store(), by=request.viewer, at=at
        )
    except SnapshotInvalid as invalid:
        raise Invalid("调度会数据", invalid.faults) from invalid


@signed_in
@require_safe
def snapshot(request: Request, code: str) -> HttpResponse:
    """The board of a meeting, frozen."""
    found = _shown(request, code)
    return render(request, "web/snapshot.html", _page(found, ReleaseForm()))


def _page(found: Shown, form: ReleaseForm, error: YinuoError | None = None) -> dict[str, Any]:
    return {
        "view": found.view,
        "content": found.content,
        "hidden": found.hidden,
        "overall": overall(found.content.total),
        "board": board(found.content),
        "form": form,
        "error": error,
    }


@signed_in
@require_POST
def release(request: Request, code: str) -> HttpResponseBase:
    """Open it to the units that are called in."""
    form = ReleaseForm(request.POST)
    error: YinuoError | None = None
    status = INVALID
    if form.is_valid():
        done, error, status = attempt(form, lambda: _release(request, code, form))
        if done:
            messages.success(request, done)
            return redirect("snapshot", code=code)
    page = _page(_shown(request, code), form, error)
    return render(request, "web/snapshot.html", page, status=status)


def _release(request: Request, code: str, form: ReleaseForm) -> str:
    found = _shown(request, code)
    units = [part.code for part in found.content.units if part.code]
    commands.release(
        snapshot=code,
        series=form.cleaned_data["series"].strip(),
        to_units=units,
        by=request.viewer,
        at=clock.now(),
    )
    return f"{code} 已发放，各单位现在可以看到。"


def _shown(request: Request, code: str) -> Shown:
    return queries.snapshot(code=code, store=store(), viewer=request.viewer)


@signed_in
@require_safe
def bulletin_word(request: Request, code: str) -> FileResponse:
    """The bulletin in Word, on the city's own template where it has one."""
    paper = _bulletin(request, _shown(request, code))
    return _file(as_word(paper), f"{code}.docx", WORD)


@signed_in
@require_safe
def bulletin_pdf(request: Request, code: str) -> FileResponse:
    """The bulletin as PDF."""
    return _file(as_pdf(_bulletin(request, _shown(request, code))), f"{code}.pdf", PDF)


@signed_in
@require_safe
def figures(request: Request, code: str) -> FileResponse:
    """Every figure and every item in Excel."""
    found = _shown(request, code)
    return _file(workbook(found.content, meeting=found.view.meeting), f"{code}.xlsx", XLSX)


def _bulletin(request: Request, found: Shown) -> Paper:
    address = f"{reverse('ledger_check')}?{urlencode({'code': found.content.check_code})}"
    return bulletin(
        found.content,
        number=found.view.paper_number,
        signed_date=_signed(found),
        check_address=request.build_absolute_uri(address),
    )


def _signed(found: Shown) -> date:
    """The bulletin bears the day of its release; before that, the day it was taken."""
    return civil_date(found.view.released_at or found.view.taken_at)


def _file(data: bytes, name: str, kind: str) -> FileResponse:
    return FileResponse(io.BytesIO(data), as_attachment=True, filename=name, content_type=kind)
