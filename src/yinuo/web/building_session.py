"""Which building project a browser follows: its 查询码 in a signed cookie, for half an hour.

As for a case (`track_session`): the code stands in no address and in no log.
"""

from django.conf import settings
from django.core.signing import BadSignature
from django.http import HttpRequest, HttpResponseBase

COOKIE, SALT, MINUTES = "building", "yinuo.web.building", 30


def open_project(answer: HttpResponseBase, track: str) -> None:
    """Let this browser follow the project of `track` from now on."""
    answer.set_signed_cookie(
        COOKIE,
        track,
        salt=SALT,
        max_age=MINUTES * 60,
        path="/",
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def close_project(answer: HttpResponseBase) -> None:
    """Forget it."""
    answer.delete_cookie(COOKIE, path="/")


def followed(request: HttpRequest) -> str:
    """The 查询码 that was typed in this browser; empty for none, or after half an hour."""
    try:
        kept = request.get_signed_cookie(COOKIE, default="", salt=SALT, max_age=MINUTES * 60)
    except BadSignature:
        return ""
    return str(kept)
