"""For which purpose somebody looks at credit records: said once, kept for half an hour.

It lies in a signed cookie of that browser, bound to the account that said it, and stands in no
address. Whoever looks for another purpose says so again; each look is in the read log.
"""

from django.conf import settings
from django.core.signing import BadSignature
from django.http import HttpResponseBase

from yinuo.web.request import Request

MINUTES = 30
COOKIE, PATH, SALT = "credit_purpose", "/", "yinuo.web.credit"
BETWEEN = ":"


def keep(answer: HttpResponseBase, request: Request, purpose: str) -> None:
    """Take it that whoever is signed in here looks for `purpose` from now on."""
    answer.set_signed_cookie(
        COOKIE,
        f"{request.viewer.account_id}{BETWEEN}{purpose}",
        salt=SALT,
        max_age=MINUTES * 60,
        path=PATH,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def kept(request: Request) -> str:
    """The purpose said here by the same person; empty for none, or after half an hour."""
    try:
        said = request.get_signed_cookie(COOKIE, default="", salt=SALT, max_age=MINUTES * 60)
    except BadSignature:
        return ""
    account, _, purpose = str(said).partition(BETWEEN)
    return purpose if account == str(request.viewer.account_id) else ""


def forget(answer: HttpResponseBase) -> None:
    """Ask again at the next look."""
    answer.delete_cookie(COOKIE, path=PATH)
