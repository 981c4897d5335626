"""How many messages the viewer has not read, in the head of every page."""

from typing import Any

from django import template

from yinuo.notices.queries.inbox import unread_count

register = template.Library()
MOST = 99


@register.simple_tag(takes_context=True)
def unread(context: dict[str, Any]) -> str:
    """The number of unread messages, `99+` for many; empty for none."""
    number = unread_count(viewer=context["viewer"])
    return f"{MOST}+" if number > MOST else str(number or "")
