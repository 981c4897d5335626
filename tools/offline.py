"""Writes the package for machines without a network: programs, hashes, installer, units, documents.

    .venv/bin/python -m tools.offline                       # for machines like this one
    .venv/bin/python -m tools.offline --machine aarch64     # 鲲鹏, 飞腾

It takes what `requirements/run.lock` names, no more, checks every file against it, and adds our own
wheel. The installer needs neither pip's index nor npm.
"""

import argparse
import hashlib
import platform
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Iterable, Sequence
from importlib.metadata import version
from pathlib import Path
from zipfile import ZipFile

ROOT = Path(__file__).resolve().parents[1]
PARTS = Path(__file__).parent / "bundle"
LOCK = ROOT / "requirements" / "run.lock"
SYSTEM = ("yinuo.", "yinuo-backup.", "journald@")
"""Beginnings of the names of what an administrator puts into /etc."""
PLATFORMS = ("manylinux2014", *(f"manylinux_2_{minor}" for minor in range(17, 29)))
"""C libraries up to that of the oldest system meant: 2.28, as in openEuler 20.03 and 麒麟 V10."""


def sha256(path: Path) -> str:
    """The hash of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def download(wheels: Path, *, machine: str, python: str) -> None:
    """Fetch the locked wheels for a machine, each checked against the lock."""
    command = [
        *(sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--require-hashes"),
        *("--only-binary=:all:", "--dest", str(wheels), "--requirement", str(LOCK)),
        *("--implementation", "cp", "--python-version", python),
        *(part for tag in PLATFORMS for part in ("--platform", f"{tag}_{machine}")),
    ]
    subprocess.run(command, cwd=ROOT, check=True)


def build(wheels: Path) -> None:
    """Build our own wheel, front-end packages and translations included."""
    command = (sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps")
    subprocess.run(
        [*command, "--no-build-isolation", "--wheel-dir", str(wheels), str(ROOT)],
        cwd=ROOT,
        check=True,
    )


def name_and_version(wheel: Path) -> tuple[str, str]:
    """What a wheel says it is."""
    with ZipFile(wheel) as archive:
        (found,) = (n for n in archive.namelist() if n.endswith(".dist-info/METADATA"))
        head = archive.read(found).decode().split("\n\n")[0]
    fields = dict(re.findall(r"^(Name|Version): (.+?)\r?$", head, re.MULTILINE))
    return fields["Name"], fields["Version"]


def lock_of(wheels: Iterable[Path]) -> str:
    """Requirements that name exactly these wheels, by hash."""
    lines = []
    for wheel in sorted(wheels):
        name, number = name_and_version(wheel)
        lines.append(f"{name}=={number} --hash=sha256:{sha256(wheel)}\n")
    return "".join(lines)


def assemble(folder: Path, *, wheels: Path, number: str, machine: str, python: str) -> None:
    """Lay everything out as it is unpacked, with a sum for each file."""
    shutil.copytree(wheels, folder / "wheels")
    shutil.copytree(ROOT / "docs", folder / "docs", ignore=shutil.ignore_patterns("images"))
    for name in ("CHANGELOG.md", "LICENSE"):
        shutil.copy(ROOT / name, folder / name)
    (folder / "system").mkdir()
    for part in sorted(PARTS.iterdir()):
        is_system = part.name.startswith(SYSTEM)
        shutil.copy(part, folder / "system" / part.name if is_system else folder / part.name)
    lock = lock_of((folder / "wheels").glob("*.whl"))
    (folder / "wheels.lock").write_text(lock, encoding="utf-8")
    told = f"VERSION={number}\nMACHINE={machine}\nPYTHON={python}\n"
    (folder / "bundle.env").write_text(told, encoding="utf-8")
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    sums = "".join(f"{sha256(path)}  {path.relative_to(folder).as_posix()}\n" for path in files)
    (folder / "SHA256SUMS").write_text(sums, encoding="utf-8")


def _plain(member: tarfile.TarInfo) -> tarfile.TarInfo:
    """The same bytes whoever packs it and when."""
    member.uid = member.gid = member.mtime = 0
    member.uname = member.gname = ""
    member.mode = 0o755 if member.isdir() or member.name.endswith(".sh") else 0o644
    return member


def pack(folder: Path, target: Path) -> None:
    """Pack a laid out folder; wheels are packed already, so this only joins them."""
    with tarfile.open(target, "w") as archive:
        for path in sorted(folder.rglob("*")):
            name = f"{folder.name}/{path.relative_to(folder).as_posix()}"
            archive.add(path, name, recursive=False, filter=_plain)


def _asked(arguments: Sequence[str] | None) -> argparse.Namespace:
    here = "{}.{}".format(*sys.version_info)
    parser = argparse.ArgumentParser(description="离线安装包：在没有网络的机器上安装和升级一诺。")
    parser.add_argument("--machine", default=platform.machine(), help="x86_64 或 aarch64")
    parser.add_argument("--python", default=here, help="目标机器上的 Python，如 3.11")
    parser.add_argument("--wheels", type=Path, help="已经下载好的程序库，不再下载")
    parser.add_argument("--out", type=Path, default=ROOT / "dist", help="写到哪个文件夹")
    return parser.parse_args(arguments)


def main(arguments: Sequence[str] | None = None) -> None:
    """Write `dist/yinuo-<version>-<machine>-py<python>.tar` and say its hash."""
    asked = _asked(arguments)
    number = version("yinuo")
    name = f"yinuo-{number}-{asked.machine}-py{asked.python}"
    asked.out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="yinuo-offline-") as work:
        wheels = Path(work) / "wheels"
        if asked.wheels is None:
            wheels.mkdir()
            download(wheels, machine=asked.machine, python=asked.python)
        else:
            shutil.copytree(asked.wheels, wheels)
        build(wheels)
        folder = Path(work) / name
        folder.mkdir()
        assemble(folder, wheels=wheels, number=number, machine=asked.machine, python=asked.python)
        target = asked.out / f"{name}.tar"
        pack(folder, target)
        print(f"{target}  {target.stat().st_size / 1e6:,.0f} MB")
        print(f"SHA256SUMS 的哈希，请另行告诉安装的人：{sha256(folder / 'SHA256SUMS')}")


if __name__ == "__main__":
    main()
