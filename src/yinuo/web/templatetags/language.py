"""What pages say of their language, and of words that stay in another."""

from django import template
from django.template.context import RequestContext
from django.utils.safestring import SafeString, mark_safe

from yinuo.commitments.spoken import spoken
from yinuo.kernel.errors import YinuoError
from yinuo.web.faults import Told, told
from yinuo.web.language import (
    CHINESE,
    IN_CHINESE,
    TAGS,
    Edition,
    current,
    editions,
    mixed,
    zh_text,
)

register = template.Library()


@register.simple_tag
def page_lang() -> str:
    """The tag of the language being spoken, for `<html lang>`."""
    return TAGS[current()]


@register.simple_tag(name="zh")
def zh_attribute() -> SafeString:
    """` lang="zh-Hans"` for an element whose text stays Chinese; nothing on a Chinese page."""
    return mark_safe("" if current() == CHINESE else IN_CHINESE)  # noqa: S308  # a constant


@register.filter(name="spoken")
def spoken_word(word: str, context: str) -> str:
    """A word of ours from a table of `tools/messages.py`, in the language of the page."""
    return spoken(context, word) if word else ""


register.filter("zh", zh_text)
register.filter("mixed", mixed)


@register.simple_tag
def fault(error: YinuoError) -> Told:
    """An error in the language of the page."""
    return told(error)


@register.simple_tag(takes_context=True, name="editions")
def page_editions(context: RequestContext) -> tuple[Edition, ...]:
    """This page in every language; empty where there is only this one."""
    request = context.get("request")
    return editions(request) if request else ()
