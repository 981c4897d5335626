"""Who is at the link of a message, as far as a request shows."""

from django.http import HttpRequest

from yinuo.notices.errors import DeadLink
from yinuo.notices.queries.links import public_link
from yinuo.notices.visits import Visit
from yinuo.parties.viewer import ANYONE
from yinuo.web import clock

COOKIE = "go"
"""Holds the pass of the browser in which the right code was typed; sent to that link alone."""


def visit_of(request: HttpRequest, token: str) -> Visit:
    """Who is at the link, as far as this request shows."""
    return Visit(
        token=token,
        viewer=getattr(request, "viewer", ANYONE),
        browser_pass=request.COOKIES.get(COOKIE, ""),
    )


def may_upload(request: HttpRequest) -> bool:
    """Whether somebody without a session may bring files: at a link, after the right code."""
    match = request.resolver_match
    if match is None or match.url_name != "go":
        return False
    try:
        opened = public_link(visit=visit_of(request, match.kwargs["token"]), at=clock.now())
    except DeadLink:
        return False
    return opened.person is not None
