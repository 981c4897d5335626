"""Files under what they were handed in with."""

from collections.abc import Mapping
from typing import Any

from django import template

from yinuo.commitments.queries.evidence import EvidenceOf, EvidenceView

register = template.Library()
NONE = EvidenceOf(files={}, withdrawn=(), addable=frozenset())


def _context(files: tuple[EvidenceView, ...], more: Mapping[str, Any]) -> dict[str, Any]:
    return {"files": files, **more}


@register.inclusion_tag("web/parts/evidence.html")
def evidence_with_report(found: EvidenceOf | None, report: str, commitment: str) -> dict[str, Any]:
    """The files of one report."""
    here, to = found or NONE, f"report:{report}"
    return _context(
        here.files.get(to, ()),
        {"to": to, "addable": to in here.addable, "commitment": commitment},
    )


@register.inclusion_tag("web/parts/evidence.html")
def evidence_with_delivery(found: EvidenceOf | None, commitment: str) -> dict[str, Any]:
    """The files of the delivery, and what was public once."""
    here, to = found or NONE, f"commitment:{commitment}"
    return _context(
        here.files.get(to, ()),
        {
            "to": to,
            "addable": to in here.addable,
            "commitment": commitment,
            "delivery": True,
            "withdrawn": here.withdrawn,
        },
    )


@register.inclusion_tag("web/parts/evidence.html")
def evidence_all(found: EvidenceOf | None) -> dict[str, Any]:
    """Every file, for whoever judges."""
    here = found or NONE
    return _context(tuple(file for files in here.files.values() for file in files), {"all": True})


@register.inclusion_tag("archive/evidence.html")
def archived_with_report(found: EvidenceOf | None, report: str) -> dict[str, Any]:
    """The files of one report, as the archive tells them."""
    return _context((found or NONE).files.get(f"report:{report}", ()), {})


@register.inclusion_tag("archive/evidence.html")
def archived_with_delivery(found: EvidenceOf | None, commitment: str) -> dict[str, Any]:
    """The files of the delivery, as the archive tells them."""
    return _context((found or NONE).files.get(f"commitment:{commitment}", ()), {})


@register.filter
def shortened(digest: str) -> str:
    """The first characters of a hash, enough to tell files of one page apart.

    >>> shortened("0123456789abcdef0123")
    '01234567 89abcdef…'
    """
    return f"{digest[:8]} {digest[8:16]}…"
