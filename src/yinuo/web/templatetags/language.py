"""What pages say of their language, and of words that stay in another."""

import re

from django import template
from django.template.context import RequestContext
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe

from yinuo.kernel.errors import YinuoError
from yinuo.web.faults import Told, told
from yinuo.web.language import CHINESE, TAGS, Edition, current, editions, has_han

register = template.Library()

RUN = re.compile(
    r"[\u3400-\u4dbf\u4e00-\u9fff][\u3000-\u303f\u3400-\u4dbf\u4e00-\u9fff\uff00-\uffef·“”—]*"
)
"""Han characters with the punctuation that belongs to them."""
IN_CHINESE = f' lang="{TAGS[CHINESE]}"'


@register.simple_tag
def page_lang() -> str:
    """The tag of the language being spoken, for `<html lang>`."""
    return TAGS[current()]


@register.simple_tag(name="zh")
def zh_attribute() -> SafeString:
    """` lang="zh-Hans"` for an element whose text stays Chinese; nothing on a Chinese page."""
    return mark_safe("" if current() == CHINESE else IN_CHINESE)  # noqa: S308  # a constant


@register.filter(name="zh")
def zh_text(value: object) -> object:
    """Text in the language of its source. On a page in another language it says which it is."""
    if current() == CHINESE or not has_han(str(value)):
        return value
    return format_html('<span lang="{}">{}</span>', TAGS[CHINESE], value)


@register.filter
def mixed(value: str) -> str:
    """A phrase of ours with words from the source: those say on a foreign page what they are."""
    if current() == CHINESE:
        return value
    marked = RUN.sub(lambda run: f"<span{IN_CHINESE}>{run[0]}</span>", conditional_escape(value))
    return mark_safe(marked)  # noqa: S308  # escaped above


@register.simple_tag
def fault(error: YinuoError) -> Told:
    """An error in the language of the page."""
    return told(error)


@register.simple_tag(takes_context=True, name="editions")
def page_editions(context: RequestContext) -> tuple[Edition, ...]:
    """This page in every language; empty where there is only this one."""
    request = context.get("request")
    return editions(request) if request else ()
