"""What the log is, how far it is sealed, and what that proves."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from yinuo.web.request import Request, public


@public
@require_safe
def ledger(request: Request) -> HttpResponse:
    """Size, checkpoint and what waits, with what is proven and what is not."""
    return render(request, "web/ledger.html")
