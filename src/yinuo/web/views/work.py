"""What waits for the person who is signed in."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from yinuo.commitments.queries.observed import waiting_observations
from yinuo.commitments.queries.signing import to_sign, to_sign_count, unsigned, unsigned_counts
from yinuo.commitments.queries.sources import source_counts
from yinuo.commitments.queries.waits import wait_work
from yinuo.commitments.queries.work import MOST
from yinuo.commitments.queries.work import work as query
from yinuo.content.queries import waiting_count
from yinuo.parties.queries import public_units
from yinuo.web import clock
from yinuo.web.forms.office import SignForm
from yinuo.web.inbox import inbox
from yinuo.web.request import Request, signed_in

FIRST = 20
"""Lines of signatures here; a page of their own lists all."""


def office_work(request: Request) -> dict[str, Any]:
    """Signatures that the viewer's units owe, and what the viewer's office waits for."""
    viewer, today = request.viewer, clock.today()
    found: dict[str, Any] = {"officer": bool(viewer.officer_of)}
    if viewer.officer_of:
        owed = to_sign(viewer=viewer, today=today, most=FIRST)
        found |= {
            "to_sign": owed,
            "to_sign_total": to_sign_count(viewer=viewer),
            "form": SignForm(codes=[view.code for view in owed]),
        }
    if viewer.supervisor_of:
        found |= {
            "office": True,
            "unsigned": unsigned(viewer=viewer, today=today, most=FIRST),
            "unsigned_total": unsigned_counts(viewer=viewer, today=today)[""],
            "sources": source_counts(viewer=viewer, today=today),
        }
    return found


@signed_in
@require_safe
def work(request: Request) -> HttpResponse:
    """The viewer's tasks in both duties, by deadline."""
    viewer = request.viewer
    units = public_units()
    waits = query(viewer=viewer, today=clock.today())
    office = office_work(request)
    reviewed = waiting_observations(viewer=viewer) if viewer.supervisor_of else 0
    context = {
        "inbox": inbox(
            viewer=viewer,
            today=clock.today(),
            work=waits,
            to_sign=office.get("to_sign", ()),
        ),
        "work": waits,
        "wait_work": wait_work(viewer=viewer, today=clock.today()),
        "office_work": office,
        "observations_to_publish": reviewed,
        "officer_units": [unit for unit in units if unit.code in viewer.officer_of],
        "supervisor_units": [unit for unit in units if unit.code in viewer.supervisor_of],
        "administers": bool(viewer.administrator_of),
        "audits": bool(viewer.auditor_of),
        "publications_waiting": waiting_count(viewer=viewer),
        "most": MOST,
    }
    return render(request, "web/work.html", context)
