"""Who may look after the window systems: the office, and the window whose system it is."""

from functools import lru_cache
from pathlib import Path

from django.conf import settings
from django.db.models import Q

from yinuo.cases.feed import mapping as table
from yinuo.cases.feed.mapping import Mapping
from yinuo.cases.models import FeedSource
from yinuo.kernel.content import content_file
from yinuo.ledger.commands.recording import By
from yinuo.parties.viewer import NotAllowed, Viewer


def visible_sources(viewer: Viewer) -> Q:
    """The sources a viewer may see."""
    if not viewer.signed_in:
        return Q(pk__in=[])
    wide = viewer.administrator_of | viewer.auditor_of | viewer.supervisor_of
    return Q(office__in=wide) | Q(window__in=wide | viewer.officer_of)


def act_on(source: FeedSource, by: Viewer) -> By:
    """The viewer acting for the office, or for the window. Raises `NotAllowed`."""
    for role, units, unit in (
        ("supervisor", by.supervisor_of, source.office_id),
        ("administrator", by.administrator_of, source.office_id),
        ("officer", by.officer_of, source.window_id),
    ):
        if unit in units:
            return by.acting(role, unit)
    raise NotAllowed("只有主管单位和这个窗口的工作人员可以处理", place=source.code)


def told_by(source: str) -> By:
    """The source itself, known by its key."""
    return By(actor=f"feed:{source}"[:80], capacity="source")


@lru_cache(maxsize=16)
def _mapping(path: Path, _age: int) -> Mapping:
    return table.load(path)


def mapping_named(name: str) -> Mapping:
    """The table of a dialect, the city's own before the shipped one. Raises `BadMapping`."""
    path = content_file("feeds", f"{name}.csv", own=settings.YINUO_CONTENT)
    return _mapping(path, path.stat().st_mtime_ns if path.is_file() else 0)
