"""Running pip for .venv, and saying in plain words why it failed."""

import os
import re
import subprocess
import sys
from collections.abc import Mapping, Sequence

from bootstrap.places import LOG, PYTHON, ROOT
from bootstrap.terminal import Failure, show_progress

OLDEST_PIP = (22, 3)
"""The first pip with `--python`."""
TAIL = 15
MISPLACING = ("PIP_PREFIX", "PIP_REQUIRE_VIRTUALENV", "PIP_TARGET", "PIP_USER", "PYTHONHOME")
"""Settings of the user's that would send packages elsewhere than .venv."""

UNREACHABLE = re.compile(
    r"NewConnectionError|NameResolutionError|name resolution|ConnectTimeout|ReadTimeout|ProxyError"
    r"|Network is unreachable|Connection refused|Max retries exceeded|Could not fetch URL"
)
CAUSES: tuple[tuple[re.Pattern[str], str, str], ...] = (
    (
        re.compile("DO NOT MATCH THE HASHES"),
        "下载到的包与锁定文件的哈希不符：镜像不完整，或包被改动过",
        "请换一个软件源（pip config set global.index-url …）后重试",
    ),
    (
        re.compile("No space left on device"),
        "磁盘已满",
        "请腾出约 1 GB 空间后重试",
    ),
    (
        UNREACHABLE,
        "无法连接 Python 软件源",
        "请检查网络或代理；在内网请先用 pip config 指向内部镜像，再重试",
    ),
    (
        re.compile("No matching distribution found"),
        "软件源里没有锁定的版本，或它没有适合本机的安装包",
        "请核对软件源是否完整，Python 是否为 3.11–3.14",
    ),
)


def _system_pip() -> list[str] | None:
    asked = subprocess.run(
        [sys.executable, "-m", "pip", "--version"], capture_output=True, text=True, check=False
    )
    version = re.match(r"pip (\d+)\.(\d+)", asked.stdout)
    if version is None or (int(version[1]), int(version[2])) < OLDEST_PIP:
        return None
    return [sys.executable, "-m", "pip", "--python", str(PYTHON)]


def find_pip() -> list[str] | None:
    """The pip that installs into .venv: its own, else this Python's."""
    asked = subprocess.run([PYTHON, "-m", "pip", "--version"], capture_output=True, check=False)
    return [str(PYTHON), "-m", "pip"] if asked.returncode == 0 else _system_pip()


def _pip() -> list[str]:
    command = find_pip()
    if command is None:
        message = f"{sys.executable} 没有 ensurepip，也没有 pip 22.3 以上版本，无法安装依赖"
        raise Failure(
            message,
            "请安装其中之一后重试：Debian/Ubuntu 用 apt install python3-venv，"
            "Fedora/openEuler 用 dnf install python3-pip",
        )
    return command


def explain(output: str) -> Failure:
    """The failure behind pip's output."""
    for line in output.splitlines():
        if "FrontEndMissing: " in line:
            return Failure(line.partition("FrontEndMissing: ")[2], f"详见 {LOG.relative_to(ROOT)}")
    for pattern, what, next_step in CAUSES:
        if pattern.search(output):
            return Failure(what, f"{next_step}（全部输出见 {LOG.relative_to(ROOT)}）")
    tail = "\n".join(output.strip().splitlines()[-TAIL:])
    return Failure(f"安装依赖失败：\n{tail}", f"全部输出见 {LOG.relative_to(ROOT)}")


def install(arguments: Sequence[str], *, environment: Mapping[str, str] | None = None) -> None:
    """Run `pip install`, keeping its output in .venv/setup.log. Raises `Failure`."""
    command = [*_pip(), "install", "--no-input", "--retries=2", *arguments]
    kept = {name: value for name, value in os.environ.items() if name not in MISPLACING}
    kept["PIP_DISABLE_PIP_VERSION_CHECK"] = "1"
    lines: list[str] = []
    with (
        LOG.open("a", encoding="utf-8") as log,
        subprocess.Popen(
            command,
            cwd=ROOT,
            env={**kept, **(environment or {})},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            errors="replace",
        ) as process,
    ):
        assert process.stdout is not None  # noqa: S101  # asked for above
        for line in process.stdout:
            log.write(line)
            lines.append(line)
            if line.startswith("Collecting "):
                show_progress(line.strip().removeprefix("Collecting "))
    if process.returncode != 0:
        raise explain("".join(lines))
