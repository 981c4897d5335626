"""How pages of items write time limits."""

from django import template
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext, ngettext

from yinuo.cases.items.lengths import length
from yinuo.kernel.limits import DayType, UnknownLimit
from yinuo.web.qr import qr_inline

register = template.Library()


@register.filter
def limit(text: str) -> str:
    """A limit in the language of the page; what cannot be read stays as it is.

    >>> limit("8wd"), limit("即办"), limit("")
    ('8 个工作日', '即办', '')
    """
    try:
        found = length(text)
    except UnknownLimit:
        return text
    if not found.number:
        return gettext("即办")
    return _spoken(found.day_type, found.number) % {"n": found.number}


def _spoken(day_type: DayType, n: int) -> str:
    match day_type:
        case DayType.WORKING_DAY:
            return ngettext("%(n)d 个工作日", "%(n)d 个工作日", n)
        case DayType.CALENDAR_DAY:
            return ngettext("%(n)d 天（自然日）", "%(n)d 天（自然日）", n)
        case DayType.HOUR:
            return ngettext("%(n)d 小时", "%(n)d 小时", n)
        case DayType.MONTH:
            return ngettext("%(n)d 个月", "%(n)d 个月", n)
        case DayType.YEAR:
            return ngettext("%(n)d 年", "%(n)d 年", n)


@register.filter
def percent(permille: int | None) -> str:
    """Thousandths as percent, such as 40 or 42.9; empty for none.

    >>> percent(400), percent(429), percent(None)
    ('40', '42.9', '')
    """
    if permille is None:
        return ""
    whole, rest = divmod(permille, 10)
    return f"{whole}.{rest}" if rest else str(whole)


@register.simple_tag
def qr_picture(address: str, title: str) -> SafeString:
    """The QR code of an address, as markup."""
    return mark_safe(qr_inline(address, title))  # noqa: S308  # drawn by segno, the title escaped
