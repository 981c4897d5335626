"""The style sheet of an archive: the site's own, in one file, with the fonts of the system."""

from yinuo.web.styles import PAPER, on_paper, sheet

SCREEN = ("yinuo/base.css", "yinuo/layout.css", "yinuo/parts.css", "yinuo/archive.css")


def style_sheet() -> str:
    """All rules of the site that its pages need; no file beside it is asked for."""
    screen = "\n".join(map(sheet, SCREEN))
    return f"{screen}\n{on_paper(sheet(PAPER))}"
