"""The Chromium that browser tests drive: found on the machine, installed where that is possible."""

import os
import shutil

from bootstrap import debian

SHELL = "chromium-headless-shell"
"""The same engine without the browser around it: pages need a third less of the processor."""
NAMES = (SHELL, "chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
VARIABLE = "YINUO_CHROMIUM"


def find() -> str | None:
    """The path of a Chromium: the one that YINUO_CHROMIUM names, else the first on PATH."""
    named = os.environ.get(VARIABLE)
    if named:
        return named if shutil.which(named) else None
    return next((path for name in NAMES if (path := shutil.which(name))), None)


def install() -> str:
    """Try to install Chromium from Debian's packages; return why not, or an empty string."""
    if os.environ.get(VARIABLE):
        return f"{VARIABLE} 所指的文件不能运行"
    return debian.install(SHELL) and debian.install("chromium")
