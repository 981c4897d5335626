"""Who follows a case: a browser in which the 查询码 was typed, for half an hour.

The code itself lies in a signed cookie of that browser and nowhere on the server, which keeps only
its hash; it stands in no address, so no log has it.
"""

from dataclasses import dataclass, fields
from typing import Any

from django.conf import settings
from django.core.signing import BadSignature
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.urls import reverse

from yinuo.cases.errors.cases import UnknownTrack
from yinuo.cases.queries.tracking import TrackedCase, public_case, public_tracked_code
from yinuo.web import clock

MINUTES = 30
COOKIE, RECEIPT = "track", "receipt"
PATH = "/"
"""Tracking and rating stand at several addresses, in two languages."""
SALT = "yinuo.web.track"
APPLYING, STEPS = "case_form", ("track_step", "track_step_of")
"""Names of the addresses where applicants hand in files."""


def _keep(answer: HttpResponseBase, name: str, value: str) -> None:
    answer.set_signed_cookie(
        name,
        value,
        salt=SALT,
        max_age=MINUTES * 60,
        path=PATH,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def _kept(request: HttpRequest, name: str) -> str:
    """What a cookie of ours holds; empty where it is missing, foreign or too old."""
    try:
        found: Any = request.get_signed_cookie(name, default="", salt=SALT, max_age=MINUTES * 60)
    except BadSignature:
        return ""
    return str(found)


def open_track(answer: HttpResponseBase, track: str) -> None:
    """Let this browser follow the case of `track` from now on."""
    _keep(answer, COOKIE, track)


def close_track(answer: HttpResponseBase) -> None:
    """Forget it."""
    for name in (COOKIE, RECEIPT):
        answer.delete_cookie(name, path=PATH)


def tracked(request: HttpRequest) -> str:
    """The 查询码 that was typed in this browser; empty for none, or after half an hour."""
    return _kept(request, COOKIE)


def tracked_case(request: HttpRequest) -> str | None:
    """The code of the case that this browser follows, or None."""
    track = tracked(request)
    if not track:
        return None
    try:
        return public_tracked_code(track=track)
    except UnknownTrack:
        return None


@dataclass(frozen=True)
class Held:
    """A receipt that this browser may show."""

    code: str
    """办件编号."""
    track: str
    """查询码, as it was handed out."""
    once: str
    """Mark of the form that made the case."""


def hand_receipt(answer: HttpResponseBase, *, code: str, track: str, once: str) -> None:
    """Let this browser show the receipt of what was just taken in."""
    _keep(answer, RECEIPT, f"{code} {track} {once}")


def receipt(request: HttpRequest) -> Held | None:
    """The receipt this browser may show, or None."""
    parts = _kept(request, RECEIPT).split(" ")
    return Held(*parts) if len(parts) == len(fields(Held)) else None


def case_of(track: str) -> TrackedCase:
    """The applicant's view of the case. Raises `UnknownTrack`."""
    return public_case(track=track, at=clock.now())


def address() -> str:
    """Where a 查询码 is typed, in the language of the page; no code stands in it."""
    return reverse("track")


def may_bring(request: HttpRequest) -> bool:
    """Whether somebody without a session may bring files: who applies, or follows a case."""
    match = request.resolver_match
    if match is None:
        return False
    return match.url_name == APPLYING or (match.url_name in STEPS and bool(tracked(request)))


def private(answer: HttpResponse) -> HttpResponse:
    """An answer for this browser alone: kept by nobody on the way, found by no search engine."""
    answer.headers["Cache-Control"] = "private, no-store"
    answer.headers["X-Robots-Tag"] = "noindex"
    return answer
