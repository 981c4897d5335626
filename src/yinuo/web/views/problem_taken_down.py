"""A problem that came by phone, on paper or in person: an officer writes it down for who has it."""

import secrets

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse

from yinuo.cases.commands.problem_taken_down import take_down
from yinuo.cases.commands.problems import Raised
from yinuo.cases.in_force.problems import areas
from yinuo.cases.problems.areas import Areas
from yinuo.cases.problems.life import CHANNELS
from yinuo.content.calendars import working_calendar
from yinuo.parties.queries import public_unit_names
from yinuo.parties.viewer import NotAllowed
from yinuo.web import clock
from yinuo.web.forms.problems import TakeDownForm
from yinuo.web.request import Request, signed_in
from yinuo.web.track_session import private
from yinuo.web.views.steps import INVALID, OK, attempt

LAST = "problem_taken_down"
"""In the session: mark of the form that was sent last."""


@signed_in
def problem_take_down(request: Request) -> HttpResponseBase:
    """The form for an officer; ends with the receipt, which shows the 查询码 once."""
    units = _units(request)
    known = areas(clock.today())
    typed = (request.POST,) if request.method == "POST" else ()
    initial = {"told_at": clock.now(), "once": secrets.token_hex(8)}
    offered = [
        (area.code, f"{area.name}（{area.hint}）" if area.hint else area.name) for area in known
    ]
    form = TakeDownForm(*typed, areas=offered, units=units, initial=initial)
    error, status = None, OK
    if request.method == "POST":
        if _sent_before(request):
            messages.info(request, "这张表已经登记过，没有再登记一次。")
            return redirect("problems")
        status = INVALID
        if form.is_valid():
            made: list[Raised] = []
            done, error, status = attempt(form, lambda: _take_down(request, form, known, made))
            if done:
                request.session[LAST] = form.cleaned_data["once"]
                return _receipt(request, form, made[0])
    context = {"form": form, "error": error}
    return render(request, "web/problem_take_down.html", context, status=status)


def _units(request: Request) -> list[tuple[str, str]]:
    """The units for which the viewer may write one down. Raises `NotAllowed` without any."""
    names = public_unit_names()
    held = sorted(
        request.viewer.held_for & (request.viewer.officer_of | request.viewer.supervisor_of)
    )
    if not held:
        raise NotAllowed(
            "只有单位的工作人员可以代人登记问题", next_step="您自己的问题，请在“提出问题”页面提出"
        )
    return [(code, names.get(code, code)) for code in held]


def _sent_before(request: Request) -> bool:
    once = request.POST.get("once", "")
    return bool(once) and request.session.get(LAST) == once


def _take_down(request: Request, form: TakeDownForm, known: Areas, made: list[Raised]) -> str:
    values = form.cleaned_data
    made.append(
        take_down(
            new=form.new(about=""),
            channel=values["channel"],
            unit=values["unit"],
            told_at=values["told_at"],
            areas=known,
            calendar=working_calendar(),
            by=request.viewer,
            at=clock.now(),
            simulated=bool(settings.YINUO_DEMO_DATE),
        )
    )
    return made[0].code


def _receipt(request: Request, form: TakeDownForm, made: Raised) -> HttpResponse:
    """Shown in answer to the form itself: the code stands in no address and in no cookie here."""
    values = form.cleaned_data
    context = {
        "made": made,
        "title": values["title"],
        "channel": CHANNELS[values["channel"]][0],
        "unit": public_unit_names()[values["unit"]],
        "address": request.build_absolute_uri(reverse("problem_track")),
    }
    return private(render(request, "web/problem_taken_down.html", context))
