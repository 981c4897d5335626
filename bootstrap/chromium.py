"""The Chromium that browser tests drive: found on the machine, installed where that is possible."""

import os
import shutil
import subprocess

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
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
    apt = shutil.which("apt-get")
    if apt is None:
        return "本机没有 apt-get，请自行安装 Chromium 或 Chrome"
    if os.geteuid() != 0:
        return "安装软件需要 root，请运行 sudo apt-get install chromium"
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for arguments in (["update"], ["install", "-y", "--no-install-recommends", "chromium"]):
        done = subprocess.run(
            [apt, "-q", *arguments],
            env=environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode != 0:
            reason = (done.stderr or done.stdout).strip().splitlines()
            return f"apt-get {arguments[0]} 失败：{reason[-1] if reason else done.returncode}"
    return ""
