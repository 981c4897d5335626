"""Programs that tests drive, from Debian's packages where that is possible."""

import os
import shutil
import subprocess


def install(package: str) -> str:
    """Try to install a package; return why not, or an empty string."""
    apt = shutil.which("apt-get")
    if apt is None:
        return f"本机没有 apt-get，请自行安装 {package}"
    if os.geteuid() != 0:
        return f"安装软件需要 root，请运行 sudo apt-get install {package}"
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for arguments in (["update"], ["install", "-y", "--no-install-recommends", package]):
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
