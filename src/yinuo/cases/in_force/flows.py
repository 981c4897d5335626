"""The approval flows in use: the city's own tables before the shipped ones, read once a change."""

from functools import lru_cache
from pathlib import Path

from django.conf import settings

from yinuo.cases.construction.catalogue import FILES, FOLDER, read_flows
from yinuo.cases.construction.flow import Flow
from yinuo.cases.errors.construction import UnknownFlow
from yinuo.kernel.content import content_file


def flows() -> tuple[Flow, ...]:
    """Every flow. Raises `BadFlow` with every fault of the tables."""
    paths = tuple(content_file(FOLDER, file, own=settings.YINUO_CONTENT) for file in FILES)
    ages = tuple(path.stat().st_mtime_ns if path.is_file() else 0 for path in paths)
    return _flows(paths, ages)


@lru_cache(maxsize=4)
def _flows(paths: tuple[Path, ...], _ages: tuple[int, ...]) -> tuple[Flow, ...]:
    texts = {
        path.name: path.read_text(encoding="utf-8-sig") if path.is_file() else "" for path in paths
    }
    return read_flows(texts)


def flow_named(code: str) -> Flow:
    """The flow of that code. Raises `UnknownFlow`, `BadFlow`."""
    found = next((flow for flow in flows() if flow.code == code), None)
    if found is None:
        raise UnknownFlow(code)
    return found
