"""How one government unit keeps its word: its own profile, for everybody."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from yinuo.credit.queries.unit_profile import public_unit_profile
from yinuo.web import clock
from yinuo.web.request import Request, public


@public
@require_safe
def unit_kept(request: Request, code: str) -> HttpResponse:
    """Kept, kept late, broken, moved, and the share by the original date, kind by kind."""
    today = clock.today()
    context = {"it": public_unit_profile(unit=code, today=today), "today": today}
    return render(request, "web/unit_credit.html", context)
