"""For which purpose somebody looks at credit records: said once, kept for half an hour.

It lies in a signed cookie of that browser, bound to the account that said it, and stands in no
address. Whoever looks for another purpose says so again; each look is in the read log.
"""

from django.http import HttpResponseBase

from yinuo.web.cookies import Cookie
from yinuo.web.request import Request

COOKIE = Cookie("credit_purpose", "yinuo.web.credit")
BETWEEN = ":"


def keep(answer: HttpResponseBase, request: Request, purpose: str) -> None:
    """Take it that whoever is signed in here looks for `purpose` from now on."""
    COOKIE.keep(answer, f"{request.viewer.account_id}{BETWEEN}{purpose}")


def kept(request: Request) -> str:
    """The purpose said here by the same person; empty for none, or after half an hour."""
    account, _, purpose = COOKIE.kept(request).partition(BETWEEN)
    return purpose if account == str(request.viewer.account_id) else ""


def forget(answer: HttpResponseBase) -> None:
    """Ask again at the next look."""
    COOKIE.forget(answer)
