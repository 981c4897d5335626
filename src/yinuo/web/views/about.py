"""How to read this site: what counts, and how the public score is reckoned."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from yinuo.web.request import Request, public


@public
@require_safe
def about(request: Request) -> HttpResponse:
    """The words and the rules behind the numbers."""
    return render(request, "web/about.html")
