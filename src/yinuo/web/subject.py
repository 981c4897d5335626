"""Which firm or citizen a browser speaks for: signed in with the identity platform, for an hour."""

from collections.abc import Callable
from dataclasses import asdict
from datetime import datetime, timedelta
from functools import wraps
from typing import Any, cast

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme

from yinuo.credit.queries.subjects import SubjectView, public_subject
from yinuo.web import clock
from yinuo.web.identity.flow import Pending
from yinuo.web.identity.provider import Provider, load_provider
from yinuo.web.request import View

SUBJECT, PENDING, NEXT = "subject", "identity_pending", "identity_next"
LASTS = timedelta(hours=1)


def provider() -> Provider | None:
    """The identity platform of this installation. Raises `BadProvider`."""
    return load_provider(settings.YINUO_IDENTITY)


def keep_pending(request: HttpRequest, pending: Pending, after: str) -> None:
    """A sign-in has begun in this browser; afterwards it goes on to `after`, a path of ours."""
    request.session[PENDING] = asdict(pending)
    local = url_has_allowed_host_and_scheme(after, allowed_hosts=None)
    request.session[NEXT] = after if local and after.startswith("/") else ""


def take_pending(request: HttpRequest) -> tuple[Pending | None, str]:
    """The sign-in that was begun here, once, and where to go on."""
    kept: Any = request.session.pop(PENDING, None)
    after = request.session.pop(NEXT, "")
    return (Pending(**kept) if kept else None), after


def sign_in(request: HttpRequest, *, subject: str, agent: str) -> None:
    """Let this browser speak for a subject; an officer's session in it ends."""
    request.session.flush()
    request.session[SUBJECT] = {"code": subject, "agent": agent, "at": clock.now().isoformat()}


def sign_out(request: HttpRequest) -> None:
    """End it."""
    request.session.flush()


def signed_in_subject(request: HttpRequest) -> SubjectView | None:
    """Who this browser speaks for; None for nobody, after an hour, or where there is no session."""
    kept: Any = request.session.get(SUBJECT) if hasattr(request, "session") else None
    if not kept or clock.now() - datetime.fromisoformat(kept["at"]) > LASTS:
        return None
    return public_subject(code=kept["code"])


def agent_of(request: HttpRequest) -> str:
    """The natural person who acts for a firm, as the platform says; empty for none."""
    kept: Any = request.session.get(SUBJECT) or {}
    return str(kept.get("agent", ""))


class SubjectRequest(HttpRequest):
    """A request of somebody who signed in for themselves."""

    subject: SubjectView


def subject_only(view: Callable[..., HttpResponseBase]) -> View:
    """Mark a page that a signed-in firm or citizen opens about itself; others sign in first."""

    @wraps(view)
    def run(request: Any, *args: Any, **kwargs: Any) -> HttpResponseBase:  # noqa: ANN401
        subject = signed_in_subject(request)
        if subject is None:
            request.session[NEXT] = request.get_full_path() if request.method == "GET" else ""
            return redirect("subject_sign_in")
        request.subject = subject
        answer = view(request, *args, **kwargs)
        answer.headers["Cache-Control"] = "private, no-store"
        return answer

    run.access = "subject"  # type: ignore[attr-defined]
    return cast("View", run)
