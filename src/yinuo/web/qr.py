"""QR codes as pictures that can be printed at any size."""

from functools import lru_cache

import segno

QUIET_MODULES = 4
"""White border without which a scanner does not find the code. Source: ISO/IEC 18004."""
NAMESPACE = "http://www.w3.org/2000/svg"


def qr_svg(content: str, *, title: str) -> bytes:
    """An SVG file of the QR code for a text, black on white whatever the page's colours.

    `title` is what a screen reader says. Bears the loss of 15 % of its area.
    """
    # A file of its own needs the namespace that markup inside a page does without.
    return qr_inline(content, title).replace("<svg ", f'<svg xmlns="{NAMESPACE}" ', 1).encode()


@lru_cache(maxsize=64)
def qr_inline(content: str, title: str) -> str:
    """The same picture as markup for a page; every page of a site prints the one newest code."""
    picture = segno.make_qr(content, error="m")
    return picture.svg_inline(
        border=QUIET_MODULES, dark="#000", light="#fff", omitsize=True, title=title
    )
