"""责任领导、联络员: who answers for a unit's tasks, named for several in one go."""

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse

from yinuo.commitments.commands.assign import assign as command
from yinuo.commitments.queries.office import assignable
from yinuo.kernel.errors import YinuoError
from yinuo.parties.queries import public_units
from yinuo.parties.viewer import NotAllowed
from yinuo.web import clock
from yinuo.web.forms.office import AssignForm
from yinuo.web.request import Request, signed_in
from yinuo.web.views.steps import INVALID, OK, attempt


def _unit(request: Request) -> str:
    """The unit of the viewer that the address names; its only or first one without."""
    held = sorted(request.viewer.officer_of)
    if not held:
        raise NotAllowed("只有填报人可以指定责任人")
    asked = request.GET.get("unit", "")
    if asked and asked not in held:
        raise NotAllowed("只有本单位的填报人可以指定责任人", place=f"unit:{asked}")
    return asked or held[0]


@signed_in
def assign(request: Request) -> HttpResponseBase:
    """The tasks of one unit with who is named; `?code=` ticks one of them, `?all=1` every one."""
    unit = _unit(request)
    rows = assignable(unit=unit, viewer=request.viewer, today=clock.today())
    codes = [one.row.code for one in rows]
    form = AssignForm(codes=codes, chosen="all" in request.GET)
    if request.GET.get("code"):
        form.fields["codes"].initial = [request.GET["code"]]
    error: YinuoError | None = None
    status = OK
    if request.method == "POST":
        form, status = AssignForm(request.POST, codes=codes), INVALID
        if form.is_valid():
            done, error, status = attempt(form, lambda: _run(request, unit, form))
            if done:
                messages.success(request, done)
                return redirect(f"{reverse('assign')}?unit={unit}")
    context = {
        "rows": rows,
        "form": form,
        "error": error,
        "unit": unit,
        "units": [u for u in public_units() if u.code in request.viewer.officer_of],
    }
    return render(request, "web/assign.html", context, status=status)


def _run(request: Request, unit: str, form: AssignForm) -> str:
    values = form.cleaned_data
    command(
        commitments=values["codes"],
        unit=unit,
        leader=values["leader"],
        liaison=values["liaison"],
        by=request.viewer,
        at=clock.now(),
    )
    return f"已指定 {len(values['codes'])} 项任务的责任人。"
