"""What the log is, how far it is sealed, what that proves; and what a printed code says of it."""

from dataclasses import dataclass

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from yinuo.kernel.errors import YinuoError
from yinuo.ledger.printed import Asked, public_asked, public_origins, public_printed
from yinuo.ledger.queries import public_recoveries, public_status
from yinuo.ledger.tlog.code import CodeRejected
from yinuo.ledger.witnessed import public_alarms
from yinuo.web.qr import qr_svg
from yinuo.web.request import Request, public

LONGEST = 200
"""Characters of a typed code that are read; a code has about 55."""


class NothingPrinted(YinuoError):
    """There is no checkpoint yet, so there is no code to draw."""

    code = "WEB-E016"
    status = 404

    def __init__(self) -> None:
        super().__init__(
            gettext("还没有存证校验码"),
            next_step=gettext("第一批记录封存之后再来，一般只要几秒"),
        )


@public
@require_safe
def ledger(request: Request) -> HttpResponse:
    """Size, checkpoint and what waits, with what is proven and what is not."""
    shown = {"log": public_status(), "alarms": public_alarms(), "recoveries": public_recoveries()}
    return render(request, "web/ledger.html", shown)


@dataclass(frozen=True)
class _Look:
    """What was typed and what came of it."""

    typed: str = ""
    asked: Asked | None = None
    rejected: CodeRejected | None = None


def _look(request: Request) -> _Look:
    typed = request.GET.get("code", "").strip()[:LONGEST]
    if not typed:
        return _Look()
    try:
        return _Look(typed, asked=public_asked(typed))
    except CodeRejected as rejected:
        return _Look(typed, rejected=rejected)


@public
@require_safe
def check(request: Request) -> HttpResponse:
    """Whether today's log still contains what a printed code names, or what is wrong with it."""
    look = _look(request)
    shown = {"look": look, "names": " ".join(public_origins())}
    return render(request, "web/ledger_check.html", shown)


@public
@require_safe
def code_svg(request: Request) -> HttpResponse:
    """The QR code that opens `check` with the newest code, or with `?code=` of this log.

    Raises `NothingPrinted`, or `CodeRejected` for what is no code.
    """
    printed = public_printed()
    if printed is None:
        raise NothingPrinted
    shown = request.GET.get("code", "")[:LONGEST] or printed.code
    public_asked(shown)
    address = f"{reverse('ledger_check')}?{urlencode({'code': shown})}"
    picture = qr_svg(
        request.build_absolute_uri(address), title=gettext("存证校验码 %(code)s") % {"code": shown}
    )
    return HttpResponse(picture, content_type="image/svg+xml")
