"""QR codes as pictures that can be printed at any size."""

from io import BytesIO

import segno

QUIET_MODULES = 4
"""White border without which a scanner does not find the code. Source: ISO/IEC 18004."""


def qr_svg(content: str, *, title: str) -> bytes:
    """An SVG file of the QR code for a text, black on white whatever the page's colours.

    `title` is what a screen reader says. Bears the loss of 15 % of its area.
    """
    out = BytesIO()
    picture = segno.make_qr(content, error="m")
    picture.save(
        out,
        kind="svg",
        border=QUIET_MODULES,
        dark="#000",
        light="#fff",
        omitsize=True,
        title=title,
        xmldecl=False,
    )
    return out.getvalue()
