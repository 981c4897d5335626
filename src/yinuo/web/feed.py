"""What moved as an Atom feed. Source: RFC 4287; identifiers by RFC 4151."""

import re
from collections.abc import Sequence
from datetime import datetime
from urllib.parse import quote
from xml.etree import ElementTree as ET

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext

from yinuo.commitments.queries.moved import Moved, Step
from yinuo.kernel.instants import civil_date, instant_text
from yinuo.web.language import TAGS, current

NAMESPACE = "http://www.w3.org/2005/Atom"
NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
NO_LOG = "yinuo.invalid"
"""Names the feed of an installation that has no log yet."""


def entry_id(row: Moved) -> str:
    """`tag:<log>,<day asked>:change:<code>/v<version>`: never another entry's, never changed.

    A decision is a further version of the same subject on the ledger, so it is news of its own.
    """
    authority = (settings.YINUO_ORIGIN or NO_LOG).lower()
    day = civil_date(row.asked.at).isoformat()
    return f"tag:{authority},{day}:change:{quote(row.code)}/v{row.version}"


def _title(row: Moved) -> str:
    late = gettext("（逾期后提出）") if row.after_the_fact else ""
    return gettext("：").join((row.state, f"{row.label}{late}", row.title))


def _said(step: Step, what: str) -> str:
    day = civil_date(step.at).isoformat()
    return gettext("%(day)s %(who)s%(what)s：%(why)s") % {
        "day": day,
        "who": step.who,
        "what": what,
        "why": step.why,
    }


def _lines(row: Moved) -> list[str]:
    lines = [f"{d.label}{gettext('：')}{d.old} → {d.new}" for d in row.differences]
    lines.append(_said(row.asked, gettext("提出")))
    if row.decided:
        lines.append(_said(row.decided, gettext("决定")))
    if row.moved_count and row.due and row.due_original:
        lines.append(
            gettext("原定 %(original)s，现定 %(due)s，共调整 %(times)s 次，累计 %(days)s 天。")
            % {
                "original": row.due_original.isoformat(),
                "due": row.due.isoformat(),
                "times": row.moved_count,
                "days": row.delay_days,
            }
        )
    return lines


def feed(request: HttpRequest, rows: Sequence[Moved], *, updated: datetime) -> bytes:
    """The document, newest first as given."""
    ET.register_namespace("", NAMESPACE)
    root = ET.Element(_tag("feed"), {"xml:lang": TAGS[current()]})
    city = f"{settings.YINUO_CITY}一诺"
    demo = gettext("（演示数据）") if settings.YINUO_DEMO_DATE else ""
    here = request.build_absolute_uri(reverse("what_moved_feed"))
    _add(root, "title", gettext("%(site)s：变更") % {"site": city} + demo)
    _add(root, "id", f"tag:{(settings.YINUO_ORIGIN or NO_LOG).lower()},2024:changes")
    _add(root, "updated", instant_text(updated))
    _link(root, "self", here, "application/atom+xml")
    _link(root, "alternate", request.build_absolute_uri(reverse("what_moved")), "text/html")
    author = ET.SubElement(root, _tag("author"))
    _add(author, "name", city)
    for row in rows:
        entry = ET.SubElement(root, _tag("entry"))
        _add(entry, "id", entry_id(row))
        _add(entry, "title", _title(row) + demo)
        _add(entry, "updated", instant_text(row.at))
        _add(entry, "published", instant_text(row.asked.at))
        page = reverse("commitment", args=[row.commitment])
        _link(entry, "alternate", request.build_absolute_uri(page), "text/html")
        ET.SubElement(entry, _tag("category"), {"term": row.kind, "label": row.label})
        _add(entry, "summary", "\n".join(_lines(row)))
    written: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return written


def _tag(name: str) -> str:
    return f"{{{NAMESPACE}}}{name}"


def _add(parent: ET.Element, name: str, text: str) -> None:
    """An element with a text, without what XML cannot hold: somebody may have pasted anything."""
    ET.SubElement(parent, _tag(name)).text = NOT_XML.sub("", text)


def _link(parent: ET.Element, rel: str, href: str, kind: str) -> None:
    ET.SubElement(parent, _tag("link"), {"rel": rel, "href": href, "type": kind})
