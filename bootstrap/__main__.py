"""Finds a Python that can run Yinuo, then hands over to `bootstrap.verbs`.

Written so that a Python far too old can still read it and say so.
"""

import importlib
import os
import shutil
import subprocess
import sys

OLDEST = (3, 11)
NEWEST = (3, 14)
"""The last Python for which every dependency has been installed and tested."""
NAMES = ["python3.%d" % minor for minor in range(NEWEST[1], OLDEST[1] - 1, -1)]  # noqa: UP031


def supported_python():
    # type: () -> str | None
    """A supported Python on PATH under its versioned name. A shim that does not run is passed by."""
    for name in NAMES:
        path = shutil.which(name)
        if path is not None and subprocess.call([path, "-c", ""], stderr=subprocess.DEVNULL) == 0:
            return path
    return None


def main():
    # type: () -> None
    """Run the verb with this Python, or with a better one."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
    version = sys.version_info[:2]
    if not OLDEST <= version <= NEWEST:
        other = supported_python()
        if other is not None:
            os.execv(other, [other, "-m", "bootstrap"] + sys.argv[1:])  # noqa: RUF005, S606
    if version < OLDEST:
        sys.exit(
            "这里的 Python 是 %d.%d，一诺需要 3.11 或更高版本，PATH 上也没有 python3.11–3.14。\n"  # noqa: UP031
            "请安装 Python 3.11 后重试；若已装在别处：make setup PYTHON=/路径/python3.11" % version
        )
    importlib.import_module("bootstrap.verbs").main(sys.argv[1:])


if __name__ == "__main__":
    main()
