"""Content as the pages use it: the city's own files before the shipped ones, read once a change."""

from functools import lru_cache
from pathlib import Path

from django.conf import settings

from yinuo.commitments import sources as table
from yinuo.commitments.registry import planned_kinds
from yinuo.commitments.sources import Source, UnknownSource
from yinuo.kernel.content import content_file

SOURCES = ("rosters", "sources.csv")


def _age(path: Path) -> int:
    """When the file was last written; 0 for one that is missing, which loading then reports."""
    return path.stat().st_mtime_ns if path.is_file() else 0


@lru_cache(maxsize=4)
def _sources(path: Path, _age: int) -> dict[str, Source]:
    return table.load(path, kinds=planned_kinds())


def sources() -> dict[str, Source]:
    """Where tasks come from, by name. Raises `BadSources`, `SourcesUnreadable`."""
    path = content_file(*SOURCES, own=settings.YINUO_CONTENT)
    return _sources(path, _age(path))


def source_named(name: str) -> Source:
    """One source. Raises `UnknownSource`, and what `sources` raises."""
    found = sources()
    if name not in found:
        raise UnknownSource(name, found)
    return found[name]
