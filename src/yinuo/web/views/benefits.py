"""惠企政策 for everybody: what there is, for whom, how much, and what was paid."""

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from yinuo.benefits.commands.reviewing import object_to
from yinuo.benefits.commands.screening import table_of
from yinuo.benefits.errors import NoPolicyTable
from yinuo.benefits.queries.listed import public_listed, public_listed_award
from yinuo.benefits.queries.policies import PolicyView, public_policies, public_policy
from yinuo.content.queries import public_data
from yinuo.web import clock, objecting
from yinuo.web.files import store
from yinuo.web.forms.benefits import ObjectForm
from yinuo.web.request import Request, public
from yinuo.web.rulebooks import Looked, look
from yinuo.web.views.steps import INVALID, OK, attempt

LONGEST = 60


@public
@require_safe
def benefits(request: Request) -> HttpResponse:
    """Every policy that was published; those in force first."""
    found = public_policies(on=clock.today())
    context = {
        "policies": found,
        "in_force": sum(one.in_force for one in found),
        "simulated": any(one.simulated for one in found),
    }
    return render(request, "web/benefits.html", context)


@public
@require_safe
def benefit(request: Request, code: str) -> HttpResponse:
    """One policy: its conditions as the table has them, its money, its versions."""
    it = public_policy(code=code, on=clock.today())
    context = {
        "it": it,
        "line": it.line,
        "made": it.definition,
        "looked": conditions(it),
        "listed": public_listed(policy=code, on=clock.today()).total,
    }
    return render(request, "web/benefit.html", context)


def conditions(it: PolicyView) -> Looked | None:
    """The decision table by which the newest version decides; None where it is gone."""
    number = it.versions[0].table_publication
    try:
        table = table_of(it.definition, publication=number, on=clock.today())
    except NoPolicyTable:
        return None
    return look(table.sha256, lambda: public_data(table, store=store()))


@public
@require_safe
def benefit_list(request: Request, code: str) -> HttpResponse:
    """The list that is up: who gets how much; everybody may object."""
    cursor = request.GET.get("after", "")[:LONGEST].replace("\0", "")
    page = public_listed(policy=code, on=clock.today(), cursor=cursor)
    return render(request, "web/benefit_list.html", {"page": page, "later": bool(cursor)})


@public
def benefit_object(request: Request, code: str, award: str) -> HttpResponseBase:
    """Object to one of them, without saying who one is; so many times from one address."""
    today = clock.today()
    page = public_listed(policy=code, on=today)
    line = public_listed_award(policy=code, code=award, on=today)
    form = ObjectForm(request.POST or None)
    error, status = None, OK
    if request.method == "POST":
        status = INVALID
        objecting.check_may_object(request)
        if form.is_valid():
            reason = form.cleaned_data["reason"]

            def change() -> str:
                object_to(award=award, reason=reason, today=today, at=clock.now())
                return gettext("异议已收到。兑现单位核对以前，这一家不会被批准。")

            done, error, status = attempt(form, change)
            if done:
                objecting.note_objection(request)
                messages.success(request, done)
                return redirect("benefit_list", code)
    context = {"page": page, "line": line, "form": form, "error": error}
    return render(request, "web/benefit_object.html", context, status=status)
