"""惠企政策 for everybody: what there is, for whom, how much, and what was paid."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from yinuo.benefits.commands.screening import table_of
from yinuo.benefits.errors import NoPolicyTable
from yinuo.benefits.queries.policies import PolicyView, public_policies, public_policy
from yinuo.content.queries import public_data
from yinuo.web import clock
from yinuo.web.files import store
from yinuo.web.request import Request, public
from yinuo.web.rulebooks import Looked, look


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
    context = {"it": it, "line": it.line, "made": it.definition, "looked": conditions(it)}
    return render(request, "web/benefit.html", context)


def conditions(it: PolicyView) -> Looked | None:
    """The decision table by which the newest version decides; None where it is gone."""
    number = it.versions[0].table_publication
    try:
        table = table_of(it.definition, publication=number, on=clock.today())
    except NoPolicyTable:
        return None
    return look(table.sha256, lambda: public_data(table, store=store()))
