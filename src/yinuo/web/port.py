"""Where the logs of declarations lie, and what their steps are called in this city."""

from functools import lru_cache
from importlib.metadata import version
from pathlib import Path

from django.conf import settings

from yinuo.content.calendars import working_calendar
from yinuo.goals.commands.port import Means
from yinuo.goals.port.catalogue import FILES, FOLDER, Catalogue, read
from yinuo.kernel.content import content_dir
from yinuo.web.files import store


def _folders() -> tuple[Path, ...]:
    return settings.YINUO_CONTENT, content_dir()


@lru_cache(maxsize=4)
def _catalogue(folders: tuple[Path, ...], _ages: tuple[int, ...]) -> Catalogue:
    return read(folders)


def catalogue() -> Catalogue:
    """The city's steps, ports and measures, read once a change. Raises `BadCatalogue`."""
    folders = _folders()
    paths = [folder / FOLDER / file for folder in folders for file in FILES]
    ages = tuple(path.stat().st_mtime_ns if path.is_file() else 0 for path in paths)
    return _catalogue(folders, ages)


def means() -> Means:
    """Everything that loading and measuring needs."""
    settings.YINUO_LAKE.mkdir(parents=True, exist_ok=True, mode=0o700)
    return Means(
        lake=settings.YINUO_LAKE,
        store=store(),
        catalogue=catalogue(),
        calendar=working_calendar(),
        made_with=version("yinuo"),
    )
