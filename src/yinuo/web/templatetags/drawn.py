"""Parts of a page that depend on nothing but a few values: drawn once for equal values."""

from functools import lru_cache

from django import template
from django.http import HttpRequest
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


SECTIONS = {
    "commitments": "commitments",
    "services": "services",
    "benefits": "services",
    "letters": "services",
    "observations": "observations",
    "ledger": "ledger",
    "changes": "what_moved",
    "rosters": "rosters",
    "duties": "duties",
    "erasures": "erasures",
    **dict.fromkeys(
        ("work", "rounds", "orders", "doubts", "contests", "draws", "leads", "waits", "snapshots"),
        "work",
    ),
}
"""First part of an address → the way below which its pages stand."""


def _section(path: str) -> str:
    """The way below which a page stands; empty for none.

    >>> _section("/en/services/kept/"), _section("/about/"), _section("/en"), _section("/")
    ('services', '', '', '')
    """
    parts = [part for part in path.split("/") if part]
    own = parts[1:] if parts[:1] == ["en"] else parts
    return SECTIONS.get(own[0], "") if own else ""


@register.simple_tag(takes_context=True)
def nav(context: RequestContext) -> SafeString:
    """The ways from every page, the one taken marked: few for the public, more for a duty."""
    request: HttpRequest | None = context.get("request")
    match = request.resolver_match if request else None
    viewer = context.get("viewer") or ANYONE
    return drawn(
        "web/parts/nav.html",
        at=match.url_name if match else "",
        within=_section(request.path_info) if request else "",
        signed_in=viewer.signed_in,
        administers=bool(viewer.administrator_of),
        audits=bool(viewer.auditor_of),
        protects=bool(viewer.protector_of),
    )
