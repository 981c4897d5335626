"""Who follows a problem: a browser in which its 查询码 was typed or given, for half an hour.

As with cases the code lies in a signed cookie of that browser and stands in no address.
"""

from django.conf import settings
from django.core.signing import BadSignature
from django.http import HttpRequest, HttpResponseBase

from yinuo.web.track_session import MINUTES, PATH

COOKIE, RECEIPT = "problem", "problem_receipt"
SALT = "yinuo.web.problem"


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
    try:
        found = request.get_signed_cookie(name, default="", salt=SALT, max_age=MINUTES * 60)
    except BadSignature:
        return ""
    return str(found)


def follow(answer: HttpResponseBase, track: str) -> None:
    """Let this browser follow the problem of `track` from now on."""
    _keep(answer, COOKIE, track)


def followed(request: HttpRequest) -> str:
    """The 查询码 typed in this browser; empty for none, or after half an hour."""
    return _kept(request, COOKIE)


def hand_receipt(answer: HttpResponseBase, track: str) -> None:
    """Let this browser show the code of what was just raised."""
    _keep(answer, RECEIPT, track)
    follow(answer, track)


def receipt(request: HttpRequest) -> str:
    """The 查询码 of what was just raised here; empty for none."""
    return _kept(request, RECEIPT)


def forget(answer: HttpResponseBase) -> None:
    """End following, as on a computer that others use."""
    for name in (COOKIE, RECEIPT):
        answer.delete_cookie(name, path=PATH)
