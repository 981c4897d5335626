"""How pages write instants, amounts and files."""

import hashlib
from datetime import datetime
from functools import cache
from pathlib import Path

from django import template
from django.contrib.staticfiles import finders
from django.forms.boundfield import BoundWidget
from django.templatetags.static import static
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import pgettext

from yinuo.commitments.figures import say
from yinuo.kernel.instants import SHANGHAI
from yinuo.web.browsers import browser_words
from yinuo.web.choices import options
from yinuo.web.days import day, thousands
from yinuo.web.lines import mark_html, promise_heads, promise_line
from yinuo.web.markup import markup
from yinuo.web.meanwhile import meanwhile
from yinuo.web.styles import style_sheet

register = template.Library()


@register.filter
def moment(value: datetime | None) -> str:
    """An instant on the clocks of China, to the minute; empty for none."""
    if value is None:
        return ""
    local = value.astimezone(SHANGHAI)
    return pgettext("moment", "%(day)s %(time)s") % {"day": day(local), "time": f"{local:%H:%M}"}


@register.filter
def amount(value: str, unit: str) -> str:
    """A canonical decimal with its unit, as people say it.

    >>> amount("3105", "个")
    '3,105 个'
    """
    return say(value, unit)


@cache
def _found(path: str) -> str:
    """URL of a static file with a mark of its content, empty where the file is missing."""
    file = finders.find(path)
    if not isinstance(file, str):
        return ""
    digest = hashlib.sha256(Path(file).read_bytes()).hexdigest()[:8]
    return f"{static(path)}?{digest}"


@register.simple_tag
def asset(path: str) -> str:
    """URL of a static file, new whenever its content is; empty where the file is missing."""
    return _found(path)


@register.simple_tag
def styles() -> str:
    """URL of the style sheet, new whenever its content is."""
    return reverse("styles", args=[style_sheet().digest])


@register.simple_tag
def option_input(option: BoundWidget) -> SafeString:
    """The box or button of one choice: the bytes of Django's template, without the template."""
    given = option.data
    said = {"type": given["type"], "name": given["name"], "value": given["value"], **given["attrs"]}
    parts = [
        markup(" {}", name) if value is True else markup(' {}="{}"', name, value)
        for name, value in said.items()
        if value is not False and value is not None
    ]
    return markup("<input{}>", SafeString("".join(parts)))


register.filter(day)
register.filter("browser", browser_words)
register.filter(thousands)
register.simple_tag(mark_html, name="mark")
register.simple_tag(options)
register.simple_tag(meanwhile)
register.simple_tag(promise_line)
register.simple_tag(promise_heads)
