"""Firms and citizens sign in with the identity platform, and out again."""

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from yinuo.credit.commands.subjects import put_subject
from yinuo.kernel.instants import civil_date
from yinuo.web import clock
from yinuo.web import subject as session
from yinuo.web.identity.flow import begin, finish
from yinuo.web.request import Request, public


@public
@require_safe
def subject_sign_in(request: Request) -> HttpResponse:
    """The page with one button; the button leads to the identity platform."""
    context = {"provider": session.provider(), "subject": session.signed_in_subject(request)}
    return render(request, "web/subject_sign_in.html", context)


@public
@require_safe
def subject_go(request: Request) -> HttpResponse:
    """On to the identity platform. A link: forms of ours are sent to this site alone (CSP)."""
    provider = session.provider()
    if provider is None:
        return redirect("subject_sign_in")
    address, pending = begin(provider, back_to=_back_to(request))
    session.keep_pending(request, pending, request.session.get(session.NEXT) or reverse("mine"))
    return redirect(address)


def _back_to(request: Request) -> str:
    return request.build_absolute_uri(reverse("subject_back").removeprefix("/en"))


@public
@require_safe
def subject_back(request: Request) -> HttpResponse:
    """Where the identity platform sends the browser back to. Raises `NotIdentified`."""
    provider = session.provider()
    pending, after = session.take_pending(request)
    if provider is None or pending is None:
        return redirect("subject_sign_in")
    at = clock.now()
    found = finish(
        provider,
        pending,
        state=request.GET.get("state", ""),
        code=request.GET.get("code", ""),
        back_to=_back_to(request),
        today=civil_date(at),
    )
    code = put_subject(
        kind=found.kind,
        number=found.number,
        name=found.name,
        at=at,
        simulated=bool(settings.YINUO_DEMO_DATE),
    )
    session.sign_in(request, subject=code, agent=found.agent)
    return redirect(after or "mine")


@public
@require_POST
def subject_sign_out(request: Request) -> HttpResponse:
    """End it, as on a computer that others use."""
    session.sign_out(request)
    return redirect("subject_sign_in")
