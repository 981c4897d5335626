"""The LibreOffice Writer that opens our Word files: not the program that wrote them."""

import shutil
from pathlib import Path

from bootstrap import debian

PACKAGE = "libreoffice-writer-nogui"
"""About 65 MB with what it needs, installed in a quarter of a minute; it has no windows."""
PART = "libswlo.so"
"""Writer itself, beside the program; an office without it starts, but opens no text."""


def find() -> str | None:
    """The path of `soffice`, if it can open texts."""
    path = shutil.which("soffice")
    return path if path and (Path(path).resolve().parent / PART).exists() else None


def install() -> str:
    """Try to install it; return why not, or an empty string."""
    return debian.install(PACKAGE)
