"""How pages of items write time limits."""

from django import template
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext

from yinuo.cases.items.lengths import length
from yinuo.cases.shown.spoken import in_units
from yinuo.commitments.spoken import spoken
from yinuo.kernel.limits import UNIT_WORDS, UnknownLimit
from yinuo.web.qr import qr_inline

register = template.Library()
UNITS = {word: unit for unit, word in UNIT_WORDS.items()}


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
    return in_units(found.number, found.day_type)


@register.filter
def in_unit(number: int, unit: str) -> str:
    """A number of a unit that a clock names, in the language of the page.

    >>> in_unit(3, "个工作日")
    '3 个工作日'
    """
    return in_units(number, UNITS[unit])


@register.filter
def served(text: str) -> str:
    """For whom an item is, in the language of the page.

    >>> served("自然人、法人")
    '自然人、法人'
    """
    return gettext("、").join(spoken("served", word) for word in text.split("、") if word)


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
