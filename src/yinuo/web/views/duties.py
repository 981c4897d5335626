"""Who may do what for whom: asked by one administrator, approved by another."""

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from yinuo.content.queries import may_watch, waiting_count
from yinuo.parties import commands
from yinuo.parties.queries import duties as query
from yinuo.parties.queries import public_units
from yinuo.parties.sign_ins import watches_sign_ins
from yinuo.parties.viewer import NotAllowed
from yinuo.web import clock
from yinuo.web.forms.duties import AskDutyForm
from yinuo.web.request import Request, signed_in
from yinuo.web.views.steps import handed_in


@signed_in
@require_safe
def duties(request: Request) -> HttpResponse:
    """The duties of the units the viewer administers or audits, those waiting first."""
    found = query(viewer=request.viewer)
    context = {
        "duties": found,
        "administers": bool(request.viewer.administrator_of),
        "watches_sign_ins": watches_sign_ins(request.viewer),
        "watches_content": may_watch(viewer=request.viewer),
        "publications_waiting": waiting_count(viewer=request.viewer),
    }
    return render(request, "web/duties.html", context)


def _ask(request: Request, form: AskDutyForm) -> str:
    values = form.cleaned_data
    number = commands.ask_duty(
        username=values["username"],
        role=values["role"],
        unit=values["unit"],
        by=request.viewer,
        at=clock.now(),
    )
    return f"职责 {number} 已申请，需要另一名管理员批准后生效。"


@signed_in
def ask(request: Request) -> HttpResponseBase:
    """The form that asks for a duty for somebody."""
    administered = request.viewer.administrator_of
    if not administered:
        raise NotAllowed("只有管理员可以申请授予职责")
    units = {unit.code: unit.name for unit in public_units() if unit.code in administered}
    form = AskDutyForm(request.POST or None, units=units)
    done, error, status = handed_in(request, form, lambda: _ask(request, form))
    if done:
        return redirect("duties")
    context = {"form": form, "error": error}
    return render(request, "web/duty_form.html", context, status=status)


@signed_in
@require_POST
def approve(request: Request, number: int) -> HttpResponseBase:
    """Let a duty take effect, as the second person."""
    commands.approve_duty(duty=number, by=request.viewer, at=clock.now())
    messages.success(request, f"职责 {number} 已生效。")
    return redirect("duties")


@signed_in
@require_POST
def end(request: Request, number: int) -> HttpResponseBase:
    """End a duty, or turn down one that waits."""
    commands.end_duty(duty=number, by=request.viewer, at=clock.now())
    messages.success(request, f"职责 {number} 已结束。")
    return redirect("duties")
