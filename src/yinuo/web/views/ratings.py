"""Ratings (好差评): given by applicants, counted for everybody, bad ones followed up."""

import csv
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Any, TypeAlias

from django.http import HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from yinuo.cases.commands import ratings as commands
from yinuo.cases.errors.cases import UnknownTrack
from yinuo.cases.queries.ratings import (
    LEAST,
    PAYLOAD,
    PEOPLE,
    bad_ratings,
    exported,
    exported_people,
    public_ratable,
    public_ratings,
)
from yinuo.cases.queries.ratings import rectification as query
from yinuo.content.calendars import working_calendar
from yinuo.kernel.errors import YinuoError
from yinuo.kernel.spreadsheet.plain_text import plain_text
from yinuo.parties.viewer import Viewer
from yinuo.web import clock
from yinuo.web.forms.base import PlainForm, VersionedForm
from yinuo.web.forms.ratings import CallBackForm, ContactedForm, RateForm, RectifyForm
from yinuo.web.offered import Offered, by_name, chosen
from yinuo.web.request import Request, public, signed_in
from yinuo.web.track_session import private, tracked, tracked_case
from yinuo.web.views.steps import OK, handed_in

LONGEST = 20
BOM = "\ufeff"


@public
@require_safe
def ratings_public(request: Request) -> HttpResponse:
    """How many rated, how content, and what became of the bad ones; by unit and by item."""
    context = {"it": public_ratings(today=clock.today()), "least": LEAST, "today": clock.today()}
    return render(request, "web/ratings_public.html", context)


@public
def case_rate(request: Request, contact: str) -> HttpResponseBase:
    """Rate one contact of the case that this browser follows."""
    track, case = tracked(request), tracked_case(request)
    if not track or case is None:
        return redirect("track")
    offered = {one.contact: one for one in public_ratable(case=case)}
    one = offered.get(contact)
    if one is None or (request.method != "POST" and not one.open):
        return redirect("track")
    form = RateForm(request.POST if request.method == "POST" else None)
    done, error, status = handed_in(request, form, lambda: _rate(track, contact, form))
    if done:
        return redirect("track")
    context = {"form": form, "error": error, "contact": one, "case": case}
    return private(render(request, "web/rating.html", context, status=status))


def _rate(track: str, contact: str, form: PlainForm) -> str:
    values = form.cleaned_data
    try:
        commands.rate(
            track=track,
            contact=contact,
            level=values["level"],
            said=values["said"],
            calendar=working_calendar(),
            at=clock.now(),
        )
    except UnknownTrack:
        return ""
    return gettext("谢谢您的评价。")


# ── for offices and units ────────────────────────────────────────────────────────────────────────


@signed_in
@require_safe
def ratings(request: Request) -> HttpResponse:
    """Bad ratings with the step that is due."""
    state = request.GET.get("state", "")[:LONGEST]
    cursor = request.GET.get("after", "")[:LONGEST]
    page = bad_ratings(viewer=request.viewer, today=clock.today(), state=state, cursor=cursor)
    context = {
        "page": page,
        "state": state,
        "later": bool(cursor),
        "may_export": bool(request.viewer.supervisor_of | request.viewer.administrator_of),
    }
    return render(request, "web/ratings.html", context)


class _Echo:
    """A file that hands back what is written to it, for a stream."""

    def write(self, value: str) -> str:
        """The line."""
        return value


def csv_file(name: str, head: Iterable[str], rows: Iterable[Iterable[object]]) -> HttpResponseBase:
    """A CSV for Excel, line by line."""
    writer = csv.writer(_Echo())
    lines = (writer.writerow([_harmless(cell) for cell in row]) for row in (head, *rows))
    answer = StreamingHttpResponse(
        (BOM + next(lines), *lines), content_type="text/csv; charset=utf-8"
    )
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def _harmless(cell: object) -> object:
    """What a spreadsheet would take for a formula stays text."""
    return plain_text(cell) if isinstance(cell, str) else cell


@signed_in
@require_safe
def ratings_csv(request: Request) -> HttpResponseBase:
    """All ratings for the national exchange; with `part=people` who gave them, apart."""
    if request.GET.get("part") == "people":
        rows = exported_people(viewer=request.viewer)
        return csv_file("ratings-people.csv", PEOPLE, rows)
    return csv_file("ratings.csv", PAYLOAD, exported(viewer=request.viewer))


Step: TypeAlias = Offered[VersionedForm, Callable[[str, Mapping[str, Any], Viewer, datetime], str]]
"""One step after a bad rating."""


def _contact(code: str, values: Mapping[str, Any], by: Viewer, at: datetime) -> str:
    commands.contact(
        rectification=code, note=values["note"], by=by, at=at, version=values["version"]
    )
    return "联系情况已记下。"


def _rectify(code: str, values: Mapping[str, Any], by: Viewer, at: datetime) -> str:
    commands.rectify(
        rectification=code,
        true_reason=values["true_reason"] == "yes",
        note=values["note"],
        by=by,
        at=at,
        version=values["version"],
    )
    return "整改情况已记下，由主管单位回访。"


def _call_back(code: str, values: Mapping[str, Any], by: Viewer, at: datetime) -> str:
    commands.call_back(
        rectification=code,
        content=values["content"] == "yes",
        note=values["note"],
        by=by,
        at=at,
        version=values["version"],
    )
    return "回访结果已记下。"


STEPS = by_name(
    Step(
        name="contact",
        title="联系评价人",
        button="已联系",
        after="接着整改，十五个工作日内完成",
        form=ContactedForm,
        run=_contact,
    ),
    Step(
        name="rectify",
        title="整改",
        button="整改完成",
        after="由主管单位的督查人回访，本单位不能自己回访",
        form=RectifyForm,
        run=_rectify,
    ),
    Step(
        name="call_back",
        title="回访",
        button="记下回访",
        after="不认可的退回继续整改",
        form=CallBackForm,
        run=_call_back,
    ),
)


@signed_in
def rectification(request: Request, code: str) -> HttpResponseBase:
    """One bad rating with its clocks and the next step."""
    viewer = request.viewer
    it = query(code=code, viewer=viewer, today=clock.today())
    now = [name for name in STEPS if name == it.step]
    refusal = "这条差评现在没有您要做的事"
    step = chosen(request, STEPS, now, first=next(iter(now), ""), refusal=refusal, place=code)
    form: VersionedForm | None = None
    error: YinuoError | None = None
    status = OK
    if step is not None:
        typed = request.POST if request.method == "POST" else None
        form = step.form(typed, initial={"version": it.version})
        done, error, status = handed_in(
            request, form, lambda: step.run(code, form.cleaned_data, viewer, clock.now())
        )
        if done:
            return redirect("rectification", code=code)
    context = {"it": it, "row": it.row, "step": step, "form": form, "error": error}
    return render(request, "web/rectification.html", context, status=status)
