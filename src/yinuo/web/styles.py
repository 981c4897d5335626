"""The style sheets of the site as one file: a page asks for one and not for thirty."""

import gzip
import hashlib
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from django.contrib.staticfiles import finders
from django.templatetags.static import static

FROM_PACKAGES = (
    "vendor/modern-normalize/modern-normalize.css",
    "vendor/noto-sans-sc/index.css",
)
"""Absent where the packages of the browser were not fetched; pages then look plainer."""
SCREEN = (
    "yinuo/base.css",
    "yinuo/layout.css",
    "yinuo/parts.css",
    "yinuo/rosters.css",
    "yinuo/waits.css",
    "yinuo/office.css",
    "yinuo/evidence.css",
    "yinuo/lights.css",
    "yinuo/english.css",
    "yinuo/moved.css",
    "yinuo/contents.css",
    "yinuo/inbox.css",
    "yinuo/doubts.css",
    "yinuo/draws.css",
    "yinuo/orders.css",
    "yinuo/snapshots.css",
    "yinuo/races.css",
    "yinuo/rounds.css",
    "yinuo/projects.css",
    "yinuo/notices.css",
    "yinuo/charts.css",
    "yinuo/port.css",
    "yinuo/indicator-work.css",
    "yinuo/leads.css",
    "yinuo/cases.css",
    "yinuo/services.css",
    "yinuo/building.css",
    "yinuo/credit.css",
)
"""In this order: a later one wins."""
PAPER = "yinuo/print.css"
LOCK = "vendor/package-lock.sha256"
BESIDE = re.compile(r"url\(\./([^)]+)\)")


@dataclass(frozen=True)
class StyleSheet:
    """All rules of the site, and the same packed by gzip."""

    text: bytes
    packed: bytes

    @property
    def digest(self) -> str:
        """Eight hexadecimal digits of its content, which its address bears."""
        return hashlib.sha256(self.text).hexdigest()[:8]


def sheet(name: str) -> str:
    """The text of a static file. Raises `FileNotFoundError`."""
    found = finders.find(name)
    if not isinstance(found, str):
        raise FileNotFoundError(name)
    return Path(found).read_text(encoding="utf-8")


def on_paper(rules: str) -> str:
    """Rules that hold in print alone."""
    return f"@media print {{\n{rules}\n}}\n"


def _of_package(name: str) -> str:
    """The rules of a package; files beside it are named from the root, with a mark of all packages.

    So a font may be kept for ever by whoever has asked for it.
    """
    if finders.find(name) is None:
        return ""
    folder, mark = static(name.rpartition("/")[0]), sheet(LOCK)[:8]
    return BESIDE.sub(rf"url({folder}/\1?{mark})", sheet(name))


@cache
def style_sheet() -> StyleSheet:
    """The style sheet of the site, put together once."""
    rules = (*map(_of_package, FROM_PACKAGES), *map(sheet, SCREEN), on_paper(sheet(PAPER)))
    text = "\n".join(rules).encode()
    return StyleSheet(text, gzip.compress(text, mtime=0))
