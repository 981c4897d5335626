"""What pages show of the newest checkpoint."""

from django import template
from django.template.context import RequestContext
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext, ngettext

from yinuo.ledger.printed import Printed, public_printed
from yinuo.ledger.witnessed import Witnessed, public_witnessed
from yinuo.web.qr import qr_inline

register = template.Library()


@register.simple_tag
def printed() -> Printed | None:
    """The newest checkpoint as it is printed; None before the first."""
    return public_printed()


@register.simple_tag
def witnessed() -> Witnessed:
    """How far the log is witnessed."""
    return public_witnessed()


@register.filter
def groups(code: str) -> list[str]:
    """A printed code in pieces between which a line may break, hyphens included.

    >>> groups("12-ABCD-EF")
    ['12-', 'ABCD-', 'EF']
    """
    *head, last = code.split("-")
    return [*(f"{part}-" for part in head), last]


@register.simple_tag(takes_context=True)
def address(context: RequestContext, name: str) -> str:
    """A page's address in full, as it goes on paper: https://yinuo.example/ledger/check/."""
    return address_of(context, reverse(name))


@register.simple_tag(takes_context=True)
def address_of(context: RequestContext, path: str) -> str:
    """A path of this site in full."""
    request = context.get("request")
    return request.build_absolute_uri(path) if request else path


@register.simple_tag(takes_context=True)
def code_picture(context: RequestContext, code: str) -> SafeString:
    """The QR code that opens the check of a printed code, as markup that prints with the page."""
    where = f"{address(context, 'ledger_check')}?{urlencode({'code': code})}"
    picture = qr_inline(where, gettext("二维码，扫描后核对这枚校验码"))
    return mark_safe(picture)  # noqa: S308  # segno escapes the title; the rest is drawing


@register.simple_tag
def entries(count: int) -> SafeString:
    """A number of entries of the log, the number marked as one."""
    said = ngettext(
        '<span class="number">%(number)s</span> 条',
        '<span class="number">%(number)s</span> 条',
        count,
    )
    return mark_safe(said % {"number": f"{count:,}"})  # noqa: S308  # a number and our own words


@register.simple_tag
def log_address() -> str:
    """Where the published form of the log begins: `/log/`."""
    return reverse("thread", args=["x"]).removesuffix("threads/x")
