"""Who follows a problem: a browser in which its 查询码 was typed or given, for half an hour.

As with cases the code lies in a signed cookie of that browser and stands in no address.
"""

from django.http import HttpRequest, HttpResponseBase

from yinuo.web.cookies import Cookie

SALT = "yinuo.web.problem"
FOLLOWED, RECEIPT = Cookie("problem", SALT), Cookie("problem_receipt", SALT)


def follow(answer: HttpResponseBase, track: str) -> None:
    """Let this browser follow the problem of `track` from now on."""
    FOLLOWED.keep(answer, track)


def followed(request: HttpRequest) -> str:
    """The 查询码 typed in this browser; empty for none, or after half an hour."""
    return FOLLOWED.kept(request)


def hand_receipt(answer: HttpResponseBase, track: str) -> None:
    """Let this browser show the code of what was just raised."""
    RECEIPT.keep(answer, track)
    follow(answer, track)


def receipt(request: HttpRequest) -> str:
    """The 查询码 of what was just raised here; empty for none."""
    return RECEIPT.kept(request)


def forget(answer: HttpResponseBase) -> None:
    """End following, as on a computer that others use."""
    for cookie in (FOLLOWED, RECEIPT):
        cookie.forget(answer)
