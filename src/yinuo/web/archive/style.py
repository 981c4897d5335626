"""The style sheet of an archive: the site's own, in one file, with the fonts of the system."""

from pathlib import Path

from django.contrib.staticfiles import finders

SCREEN = ("yinuo/base.css", "yinuo/layout.css", "yinuo/parts.css", "yinuo/archive.css")
PAPER = "yinuo/print.css"


def _sheet(name: str) -> str:
    found = finders.find(name)
    if not isinstance(found, str):
        raise FileNotFoundError(name)
    return Path(found).read_text(encoding="utf-8")


def style_sheet() -> str:
    """All rules of the site that its pages need; no file beside it is asked for."""
    screen = "\n".join(_sheet(name) for name in SCREEN)
    return f"{screen}\n@media print {{\n{_sheet(PAPER)}\n}}\n"
