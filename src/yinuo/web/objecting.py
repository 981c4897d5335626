"""Anybody may object to a list without signing in, but not without end.

Counted like wrong passwords, by network address, in the same tables (django-axes).
"""

from axes.handlers.proxy import AxesProxyHandler
from axes.helpers import get_cool_off
from django.http import HttpRequest
from django.utils.translation import gettext

from yinuo.kernel.errors import YinuoError

OBJECTIONS = "公示异议"
"""Stands where a sign-in has the user name."""
TOO_MANY = 429


class TooManyObjections(YinuoError):
    """Too many objections from one address."""

    code = "WEB-E085"
    status = TOO_MANY

    def __init__(self, minutes: int) -> None:
        super().__init__(
            gettext("您的网络地址上提出的异议太多，请 %(minutes)s 分钟后再提")
            % {"minutes": minutes},
            next_step=gettext("急的请直接与兑现单位联系"),
        )


def check_may_object(request: HttpRequest) -> None:
    """Raises `TooManyObjections` while the address has to wait."""
    if not AxesProxyHandler.is_allowed(request, {"username": OBJECTIONS}):
        pause = get_cool_off(request)
        raise TooManyObjections(int(pause.total_seconds() // 60) if pause else 15)


def note_objection(request: HttpRequest) -> None:
    """One more from this address."""
    AxesProxyHandler.user_login_failed(__name__, {"username": OBJECTIONS}, request)
    # The page about wrong passwords is not ours; the next attempt finds the pause.
    request.axes_locked_out = False  # type: ignore[attr-defined]
