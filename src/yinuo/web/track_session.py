"""Who follows a case: a browser in which the 查询码 was typed, for half an hour.

The code itself lies in a signed cookie of that browser and nowhere on the server, which keeps only
its hash; it stands in no address, so no log has it.
"""

from dataclasses import dataclass, fields

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.urls import reverse

from yinuo.cases.errors.cases import UnknownTrack
from yinuo.cases.queries.tracking import TrackedCase, public_case, public_tracked_code
from yinuo.web import clock
from yinuo.web.cookies import Cookie

SALT = "yinuo.web.track"
FOLLOWED, RECEIPT = Cookie("track", SALT), Cookie("receipt", SALT)
APPLYING, STEPS = "case_form", ("track_step", "track_step_of")
"""Names of the addresses where applicants hand in files."""


def open_track(answer: HttpResponseBase, track: str) -> None:
    """Let this browser follow the case of `track` from now on."""
    FOLLOWED.keep(answer, track)


def close_track(answer: HttpResponseBase) -> None:
    """Forget it."""
    for cookie in (FOLLOWED, RECEIPT):
        cookie.forget(answer)


def tracked(request: HttpRequest) -> str:
    """The 查询码 that was typed in this browser; empty for none, or after half an hour."""
    return FOLLOWED.kept(request)


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
    RECEIPT.keep(answer, f"{code} {track} {once}")


def receipt(request: HttpRequest) -> Held | None:
    """The receipt this browser may show, or None."""
    parts = RECEIPT.kept(request).split(" ")
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
