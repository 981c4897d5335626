"""What may be one matter given twice, for those who may merge it."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from yinuo.commitments.queries.alike import MOST
from yinuo.commitments.queries.alike import duplicates as query
from yinuo.web.request import Request, signed_in

LONGEST = 32


@signed_in
@require_safe
def duplicates(request: Request) -> HttpResponse:
    """Pairs of open commitments from different documents, the likeliest first."""
    unit = request.GET.get("unit", "").strip()[:LONGEST].replace("\0", "")
    viewer = request.viewer
    context = {
        "found": query(viewer=viewer, unit=unit),
        "unit": unit,
        "most": MOST,
        "may_merge": bool(viewer.supervisor_of or viewer.administrator_of),
    }
    return render(request, "web/duplicates.html", context)
