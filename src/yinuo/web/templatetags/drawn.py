"""Parts of a page that depend on nothing but a few values: drawn once for equal values."""

from functools import lru_cache

from django import template
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import override

from yinuo.web.language import current

register = template.Library()

MOST = 200
"""Parts kept; the largest, the goals of a board, has about 100 KB."""


@lru_cache(maxsize=MOST)
def _drawn(name: str, language: str, values: tuple[tuple[str, object], ...]) -> SafeString:
    with override(language):
        return render_to_string(name, dict(values))


@register.simple_tag
def drawn(name: str, **values: object) -> SafeString:
    """A template that is given these values and nothing else: no request, no viewer.

    Equal values give the same bytes, so nothing can be stale. They have to be hashable.
    """
    return _drawn(name, current(), tuple(sorted(values.items())))
