"""What every request passes: from where it comes, who is looking, and errors as pages."""

import logging
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render

from yinuo.kernel.errors import YinuoError
from yinuo.kernel.proxies import client_address
from yinuo.parties.queries import public_viewer
from yinuo.parties.viewer import ANYONE, Viewer
from yinuo.web import clock
from yinuo.web.subject import SUBJECT
from yinuo.web.typed import typed_words

Respond = Callable[[HttpRequest], HttpResponseBase]

SERVER_FAULT = 500
log = logging.getLogger(__name__)


def behind(respond: Respond) -> Respond:
    """Give every request the address of who asks, and HTTPS where the site is behind it."""

    def run(request: HttpRequest) -> HttpResponseBase:
        meta = request.META
        meta["REMOTE_ADDR"] = client_address(
            meta.get("REMOTE_ADDR", ""),
            meta.get("HTTP_X_FORWARDED_FOR", ""),
            settings.YINUO_PROXIES,
        )
        if settings.YINUO_HTTPS:
            # By this Django knows the scheme: of addresses it writes, and of forms it takes.
            meta["wsgi.url_scheme"] = "https"
        return respond(request)

    return run


def _viewer_of(request: HttpRequest) -> Viewer:
    account = request.user
    if not account.is_authenticated or account.pk is None:
        return ANYONE
    return public_viewer(account.pk)


def viewer(respond: Respond) -> Respond:
    """Put on every request who is looking, `viewer`, the civil date in China, `today`, and `at`."""

    def run(request: HttpRequest) -> HttpResponseBase:
        request.viewer = _viewer_of(request)  # type: ignore[attr-defined]
        request.today = clock.today()  # type: ignore[attr-defined]
        request.at = clock.now()  # type: ignore[attr-defined]
        response = respond(request)
        # Files of the log have no session: they are the same for everybody.
        named = request.viewer.signed_in or SUBJECT in getattr(request, "session", ())  # type: ignore[attr-defined]
        if named:
            # What one person may see must not stay in a shared cache.
            response.headers.setdefault("Cache-Control", "private, no-store")
        return response

    return run


def error_page(request: HttpRequest, error: YinuoError) -> HttpResponse:
    """An error as a page: what, where, what now, the code to quote, and what was typed."""
    context = {"error": error, "typed": typed_words(request)}
    return render(request, "web/error.html", context, status=error.status)


class _Errors:
    """Turns the errors that Yinuo raises on purpose into pages; others stay Django's."""

    def __init__(self, respond: Respond) -> None:
        self.respond = respond

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.respond(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Called by Django with what a view raised."""
        if not isinstance(error, YinuoError):
            return None
        if error.status >= SERVER_FAULT:
            log.error("%s", error, exc_info=error)
        return error_page(request, error)


def errors(respond: Respond) -> Respond:
    """Show every `YinuoError` with its own HTTP status."""
    return _Errors(respond)
