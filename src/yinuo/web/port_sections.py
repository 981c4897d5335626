"""The sections of a page of clearance times, drawn once for each stored result.

Charts and tables are nine tenths of such a page and follow from the result, which never changes.
Whatever else stands in them is part of what they are kept by: titles, which a law may order to be
erased, among it.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache

from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from yinuo.goals.port.catalogue import Catalogue
from yinuo.goals.port.scope import ScopeKind, Subject
from yinuo.goals.port.stored import Time
from yinuo.goals.queries.port import Clearance, StatedYear
from yinuo.web.port_charts import show

MOST = 64
"""Pages kept, of about 60 KB each."""


@dataclass(frozen=True)
class Section:
    """Import or export as it stands on the page."""

    slug: str
    title: str
    sentence: str
    trim: str
    html: SafeString


@dataclass(frozen=True, kw_only=True)
class Asked:
    """Everything that the sections of one page follow from."""

    language: str
    result: str
    """SHA-256 of the stored result."""
    simulated: bool
    subject: Subject
    time: Time
    catalogue: Catalogue
    titles: tuple[tuple[str, str], ...]
    """Code and title of the commitments that the viewer may see."""
    stated: tuple[tuple[StatedYear, ...], ...]
    """What other sources stated, by direction."""
    download: str
    only: str
    """Code of the one commitment behind all measures; empty where there are several."""
    found: Clearance = field(compare=False)
    place: str = field(compare=False)
    name: Callable[[str], str] = field(compare=False)
    """A name of the tables in the language of the page."""


@lru_cache(maxsize=MOST)
def sections(asked: Asked) -> tuple[Section, ...]:
    """Import and export, drawn."""
    found = asked.found
    drawn = []
    for view in found.directions:
        shown = show(found, view, place=asked.place, name=asked.name, download=asked.download)
        context = {
            "each": shown,
            "it": found,
            "only": asked.only,
            "whole": asked.subject.scope.kind is ScopeKind.DISTRICT,
        }
        html = render_to_string("web/parts/port_direction.html", context)
        drawn.append(Section(shown.slug, shown.title, shown.sentence, view.trim, html))
    return tuple(drawn)
