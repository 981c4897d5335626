"""Who signed in and who tried, for those who answer for the whole city."""

from datetime import datetime

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.dateparse import parse_datetime
from django.views.decorators.http import require_safe

from yinuo.parties.commands import SIGN_INS_KEPT
from yinuo.parties.sign_ins import OUTCOMES, counts
from yinuo.parties.sign_ins import sign_ins as query
from yinuo.web import guessing, objecting
from yinuo.web.request import Request, signed_in

WORDS = (guessing.CODES, objecting.OBJECTIONS)


@signed_in
@require_safe
def sign_ins(request: Request) -> HttpResponse:
    """The newest first, of one user name and one outcome if asked, and what was before."""
    viewer, who = request.viewer, request.GET.get("who", "").strip()
    asked = request.GET.get("outcome", "")
    outcome = asked if asked in OUTCOMES else ""
    number = counts(viewer=viewer, username=who)
    context = {
        "found": query(
            viewer=viewer, username=who, outcome=outcome, before=_before(request), words=WORDS
        ),
        "kept_days": SIGN_INS_KEPT.days,
        "who": who,
        "outcome": outcome,
        "links": [
            ("", "全部", sum(number.values()), not outcome),
            *((name, label, number[name], name == outcome) for name, label in OUTCOMES.items()),
        ],
    }
    return render(request, "web/sign_ins.html", context)


def _before(request: Request) -> datetime | None:
    try:
        found = parse_datetime(request.GET.get("before", ""))
    except ValueError:
        return None
    return found if found and found.tzinfo else None
