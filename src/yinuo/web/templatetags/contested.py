"""The figure of a unit beside the official one, until it is decided which holds."""

from django import template
from django.template.context import Context

register = template.Library()


@register.inclusion_tag("web/parts/contested.html", takes_context=True)
def contested(context: Context, about: str) -> dict[str, object]:
    """What stands contested of a subject, and the way to contest it.

    The view gives `contests`, as `contests_about` answers, and `contestable`, the subjects of
    which the viewer may contest a figure.
    """
    contests = context.get("contests") or {}
    return {
        "contested": contests.get(about, ()),
        "may_contest": about in (context.get("contestable") or ()),
        "about": about,
    }
