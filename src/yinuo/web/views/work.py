"""What waits for the person who is signed in."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from yinuo.commitments.queries.observed import waiting_observations
from yinuo.commitments.queries.work import MOST
from yinuo.commitments.queries.work import work as query
from yinuo.parties.queries import public_units
from yinuo.web import clock
from yinuo.web.request import Request, signed_in


@signed_in
@require_safe
def work(request: Request) -> HttpResponse:
    """The viewer's tasks in both duties, by deadline."""
    viewer = request.viewer
    units = public_units()
    reviewed = waiting_observations(viewer=viewer) if viewer.supervisor_of else 0
    context = {
        "work": query(viewer=viewer, today=clock.today()),
        "observations_to_publish": reviewed,
        "officer_units": [unit for unit in units if unit.code in viewer.officer_of],
        "supervisor_units": [unit for unit in units if unit.code in viewer.supervisor_of],
        "administers": bool(viewer.administrator_of),
        "audits": bool(viewer.auditor_of),
        "most": MOST,
    }
    return render(request, "web/work.html", context)
