"""Reporting units: how long each exists, and who owes in its place once it has ended."""

from collections.abc import Callable
from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from yinuo.commitments.commands.succession import carry_out
from yinuo.commitments.queries.succession import MOST, preview
from yinuo.kernel.errors import YinuoError
from yinuo.parties import commands
from yinuo.parties.errors import InvalidSuccession, UnknownSuccession
from yinuo.parties.queries import (
    SuccessorView,
    UnitView,
    public_successor,
    public_units,
    succession,
    successions,
)
from yinuo.parties.viewer import NotAllowed
from yinuo.web import clock
from yinuo.web.forms.base import PlainForm
from yinuo.web.forms.units import DecideSuccessionForm, SuccessionForm
from yinuo.web.request import Request, signed_in
from yinuo.web.views.steps import INVALID, OK, attempt


@dataclass(frozen=True)
class UnitLine:
    """A unit, and what became of it."""

    unit: UnitView
    parent_name: str
    successor: SuccessorView | None


@signed_in
@require_safe
def units(request: Request) -> HttpResponse:
    """Every unit with its validity, and the successions the viewer may see."""
    found = successions(viewer=request.viewer)
    every = public_units()
    names = {unit.code: unit.name for unit in every}
    today = clock.today()
    lines = [
        UnitLine(
            unit,
            names.get(unit.parent or "", ""),
            public_successor(unit.code, today) if unit.valid_to else None,
        )
        for unit in every
    ]
    context = {
        "lines": lines,
        "successions": found,
        "administers": bool(request.viewer.administrator_of),
    }
    return render(request, "web/units.html", context)


def _filled(form: PlainForm, change: Callable[[], str]) -> tuple[str, YinuoError | None, int]:
    """Run a command; faults of its fields go to the fields."""
    done, error, status = attempt(form, change)
    if isinstance(error, InvalidSuccession):
        form.add_faults(error.faults)
        return done, None, INVALID
    return done, error, status


def _ask(request: Request, form: SuccessionForm) -> str:
    values = form.cleaned_data
    number = commands.ask_succession(
        units=values["units"],
        successor=values["successor"],
        effective_date=values["effective_date"],
        basis_title=values["basis_title"],
        basis_number=values["basis_number"],
        by=request.viewer,
        at=clock.now(),
    )
    return f"申请已提出，编号 S{number}，现在等待另一名管理员批准。"


@signed_in
def ask(request: Request) -> HttpResponseBase:
    """The form that asks that units end and another owe in their place."""
    administered = request.viewer.administrator_of
    if not administered:
        raise NotAllowed("只有管理员可以申请单位承接")
    offered = tuple(u for u in public_units() if u.code in administered and u.valid_to is None)
    form = SuccessionForm(request.POST or None, offered=offered)
    error: YinuoError | None = None
    status = OK
    if request.method == "POST":
        status = INVALID
        if form.is_valid():
            done, error, status = _filled(form, lambda: _ask(request, form))
            if done:
                messages.success(request, done)
                return redirect("units")
    context = {"form": form, "error": error}
    return render(request, "web/succession_form.html", context, status=status)


def _decide(request: Request, form: DecideSuccessionForm, number: int) -> str:
    if form.cleaned_data["decision"] == "refuse":
        reason = form.cleaned_data["reason"]
        commands.refuse_succession(number=number, reason=reason, by=request.viewer, at=clock.now())
        return "未批准，单位和承诺都没有变动。"
    passed = carry_out(number=number, by=request.viewer, at=clock.now())
    return (
        f"已批准：移交承诺 {passed.led:,} 项，督查 {passed.supervised:,} 项，"
        f"配合 {passed.cooperations:,} 项，重新请签收 {passed.signings:,} 个，"
        f"卡点 {passed.waits:,} 个。人员职责没有移交，请按下面的清单重新授予。"
    )


@signed_in
def decide(request: Request, number: int) -> HttpResponseBase:
    """One succession with all that it would pass on, and the form for the second person."""
    found = succession(number=number, viewer=request.viewer)
    if found is None:
        raise UnknownSuccession(number)
    form = DecideSuccessionForm(request.POST or None)
    error: YinuoError | None = None
    status = OK
    if request.method == "POST":
        status = INVALID
        if form.is_valid():
            done, error, status = _filled(form, lambda: _decide(request, form, number))
            if done:
                messages.success(request, done)
                return redirect("succession", number=number)
    today = clock.today()
    context = {
        "it": found,
        "preview": preview(succession=found, viewer=request.viewer, today=today),
        "early": found.effective_date > today,
        "form": form,
        "error": error,
        "most": MOST,
    }
    return render(request, "web/succession.html", context, status=status)
