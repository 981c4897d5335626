"""What was only reported, apart from promises."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from yinuo.commitments.queries.contestable import contestable_observations
from yinuo.commitments.queries.observed import observations as query
from yinuo.goals.queries.plans import public_goals
from yinuo.supervision.queries.contests import contests_about
from yinuo.web import clock
from yinuo.web.request import Request, public
from yinuo.web.views.listing import LONGEST


def asked_for(request: Request) -> dict[str, str]:
    """Goal and text that the address names."""
    return {
        "heading": request.GET.get("goal", "").strip()[:LONGEST].replace("\0", ""),
        "text": request.GET.get("text", "").strip()[:LONGEST].replace("\0", ""),
    }


@public
@require_safe
def observations(request: Request) -> HttpResponse:
    """Figures and events that sources state; promised to nobody, never counted as kept."""
    asked = asked_for(request)
    cursor = request.GET.get("after", "").replace("\0", "")
    found = query(
        viewer=request.viewer, cursor=cursor, heading=asked["heading"], text=asked["text"]
    )
    codes = [row.code for row in found.rows]
    context = {
        "page": found,
        "contests": contests_about(
            subjects=[f"observation:{code}" for code in codes],
            viewer=request.viewer,
            today=clock.today(),
        ),
        "contestable": {
            f"observation:{code}"
            for code in contestable_observations(codes=codes, viewer=request.viewer)
        },
        "asked": asked,
        "filtered": any(asked.values()),
        "later": bool(cursor),
        "goals": public_goals(),
    }
    return render(request, "web/observations.html", context)
