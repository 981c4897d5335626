"""Parts of a page that depend on nothing but a few values: drawn once for equal values."""

from functools import lru_cache

from django import template
from django.template.context import RequestContext
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import override

from yinuo.parties.viewer import ANYONE
from yinuo.web.language import current

register = template.Library()

MOST = 3_000
"""Parts kept: lines of lists with 1 KB each, and a few as large as the goals of a board, 100 KB."""


@lru_cache(maxsize=MOST)
def _drawn(name: str, language: str, values: tuple[tuple[str, object], ...]) -> SafeString:
    with override(language):
        return render_to_string(name, dict(values))


@register.simple_tag
def drawn(name: str, **values: object) -> SafeString:
    """A template that is given these values and nothing else: no request, no viewer.

    Equal values give the same bytes, so nothing can be stale. They have to be hashable. What a
    law may order to be erased is none of them: it would stay in memory for a while.
    """
    return _drawn(name, current(), tuple(sorted(values.items())))


@register.simple_tag(takes_context=True)
def nav(context: RequestContext) -> SafeString:
    """The ways from every page, the one taken marked: few for the public, more for a duty."""
    match = getattr(context.get("request"), "resolver_match", None)
    viewer = context.get("viewer") or ANYONE
    return drawn(
        "web/parts/nav.html",
        at=match.url_name if match else None,
        signed_in=viewer.signed_in,
        administers=bool(viewer.administrator_of),
        audits=bool(viewer.auditor_of),
        protects=bool(viewer.protector_of),
    )
