"""Finds a Python that can run Yinuo, then hands over to `bootstrap.verbs`.

Written so that a Python too old for the rest (3.6 and later) can still read it and say so.
"""

import importlib
import os
import shutil
import subprocess
import sys

OLDEST = (3, 11)
NEWEST = (3, 14)
"""The last Python for which every dependency has been installed and tested."""
NAMES = [f"python3.{minor}" for minor in range(NEWEST[1], OLDEST[1] - 1, -1)]


def supported_python() -> "str | None":
    """A supported Python on PATH under its versioned name; shims that do not run are passed by."""
    for name in NAMES:
        path = shutil.which(name)
        if path is not None and subprocess.call([path, "-c", ""], stderr=subprocess.DEVNULL) == 0:
            return path
    return None


def main() -> None:
    """Run the verb with this Python, or with a better one."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
    version = sys.version_info[:2]
    if not OLDEST <= version <= NEWEST:
        other = supported_python()
        if other is not None:
            os.execv(other, [other, "-m", "bootstrap", *sys.argv[1:]])  # noqa: S606
    if version < OLDEST:
        sys.exit(
            f"这里的 Python 是 {version[0]}.{version[1]}，一诺需要 3.11 或更高版本，"
            "PATH 上也没有 python3.11–3.14。\n"
            "→ 请安装 Python 3.11 后重试；若已装在别处：make setup PYTHON=/路径/python3.11"
        )
    importlib.import_module("bootstrap.verbs").main(sys.argv[1:])


if __name__ == "__main__":
    main()
