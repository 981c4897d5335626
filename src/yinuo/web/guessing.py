"""Codes that open something without a sign-in may not be tried without end.

Counted like wrong passwords, by network address, in the same tables (django-axes): after so many
wrong codes the address waits. What protects a case is the length of its code; this keeps machines
from trying at all.
"""

from axes.handlers.proxy import AxesProxyHandler
from axes.helpers import get_cool_off
from axes.utils import reset
from django.http import HttpRequest
from django.utils.translation import gettext

from yinuo.kernel.errors import YinuoError

CODES = "查询码"
"""Stands where a sign-in has the user name: all codes of one address are counted together."""
TOO_MANY = 429


class TooManyCodes(YinuoError):
    """Too many wrong codes from one address."""

    code = "WEB-E080"
    status = TOO_MANY

    def __init__(self, minutes: int) -> None:
        self.minutes = minutes
        super().__init__(
            gettext("查询码输错的次数太多，您的网络地址上暂停查询 %(minutes)s 分钟")
            % {"minutes": minutes},
            next_step=gettext("请等一会儿再试，或到窗口凭身份证件查询"),
        )


def check_may_try(request: HttpRequest) -> None:
    """Raises `TooManyCodes` while the address has to wait."""
    if not AxesProxyHandler.is_allowed(request, {"username": CODES}):
        pause = get_cool_off(request)
        raise TooManyCodes(int(pause.total_seconds() // 60) if pause else 15)


def note_wrong(request: HttpRequest) -> None:
    """A code was wrong."""
    AxesProxyHandler.user_login_failed(__name__, {"username": CODES}, request)
    # The page about wrong passwords is not ours; the next attempt finds the pause.
    request.axes_locked_out = False  # type: ignore[attr-defined]


def note_right(request: HttpRequest) -> None:
    """A code was right: what went wrong before is forgotten."""
    AxesProxyHandler.update_request(request)
    reset(ip=request.axes_ip_address, username=CODES)  # type: ignore[attr-defined]
