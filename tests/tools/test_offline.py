"""The package for machines without a network: whole, checked first, two versions deep."""

import base64
import hashlib
import os
import platform
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tools import offline

pytestmark = pytest.mark.slow

HERE = "{}.{}".format(*sys.version_info)
SAYS = "def main():\n    print('一诺 {number}')\n"


def wheel(folder: Path, name: str, number: str, module: str) -> Path:
    """A wheel with one module, and a command of the package's name."""
    info = f"{name}-{number}.dist-info"
    members = {
        f"{name}.py": module,
        f"{info}/METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: {number}\n\nWords.\n",
        f"{info}/WHEEL": "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
        f"{info}/entry_points.txt": f"[console_scripts]\n{name} = {name}:main\n",
    }
    record = "".join(
        f"{member},sha256={_digest(text)},{len(text.encode())}\n"
        for member, text in members.items()
    )
    path = folder / f"{name}-{number}-py3-none-any.whl"
    with zipfile.ZipFile(path, "w") as archive:
        for member, text in {**members, f"{info}/RECORD": record + f"{info}/RECORD,,\n"}.items():
            archive.writestr(member, text)
    return path


def _digest(text: str) -> str:
    digest = hashlib.sha256(text.encode()).digest()
    return base64.urlsafe_b64encode(digest).decode().rstrip("=")


def laid_out(folder: Path, number: str, *, machine: str = "", python: str = HERE) -> Path:
    """A package of two small programs, laid out as the real one is."""
    wheels, made = folder / f"wheels-{number}", folder / f"yinuo-{number}"
    wheels.mkdir()
    made.mkdir()
    wheel(wheels, "yinuo", number, SAYS.format(number=number))
    wheel(wheels, "needed", "2.0", "")
    offline.assemble(
        made,
        wheels=wheels,
        number=number,
        machine=machine or platform.machine(),
        python=python,
    )
    return made


def install(package: Path, prefix: Path) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        ["/bin/sh", package / "install.sh", "--prefix", prefix, "--python", sys.executable],
        capture_output=True,
        text=True,
        check=False,
        # Whatever the machine says of indexes must not matter.
        env={"PATH": os.environ["PATH"], "PIP_INDEX_URL": "http://127.0.0.1:1/simple"},
    )


def says(prefix: Path) -> str:
    found = prefix / "current" / "bin" / "yinuo"
    return subprocess.run([found], capture_output=True, text=True, check=True).stdout.strip()


def test_two_versions_stand_side_by_side(tmp_path: Path) -> None:
    prefix = tmp_path / "opt"
    for number in ("1.0", "1.1"):
        done = install(laid_out(tmp_path, number), prefix)
        assert done.returncode == 0, done.stderr
        assert says(prefix) == f"一诺 {number}"
    assert {path.name for path in prefix.iterdir()} == {"1.0", "1.1", "current"}
    again = install(tmp_path / "yinuo-1.1", prefix)
    assert again.returncode == 1
    assert "已经存在" in again.stderr
    assert says(prefix) == "一诺 1.1"


def test_an_altered_file_is_found_before_anything_is_done(tmp_path: Path) -> None:
    package = laid_out(tmp_path, "1.0")
    wheel(package / "wheels", "needed", "2.0", "print('not what was packed')\n")
    done = install(package, tmp_path / "opt")
    assert done.returncode == 1
    assert "wheels/needed-2.0-py3-none-any.whl" in done.stderr
    assert "不是原来的" in done.stderr
    assert not (tmp_path / "opt").exists()


@pytest.mark.parametrize(
    ("facts", "words"),
    [({"python": "3.99"}, "没有找到 Python 3.99"), ({"machine": "sparc"}, "是为 sparc 准备的")],
)
def test_another_machine_is_named(tmp_path: Path, facts: dict[str, str], words: str) -> None:
    done = install(laid_out(tmp_path, "1.0", **facts), tmp_path / "opt")
    assert done.returncode == 1
    assert words in done.stderr
    assert not (tmp_path / "opt").exists()


def test_what_was_left_unfinished_is_made_anew(tmp_path: Path) -> None:
    prefix = tmp_path / "opt"
    (prefix / "1.0" / "bin").mkdir(parents=True)
    done = install(laid_out(tmp_path, "1.0"), prefix)
    assert done.returncode == 0, done.stderr
    assert says(prefix) == "一诺 1.0"


def test_a_program_that_does_not_start_is_not_put_into_use(tmp_path: Path) -> None:
    prefix = tmp_path / "opt"
    assert install(laid_out(tmp_path, "1.0"), prefix).returncode == 0
    package = tmp_path / "bad"
    package.mkdir()
    wheels = tmp_path / "bad-wheels"
    wheels.mkdir()
    wheel(wheels, "yinuo", "1.1", "def main():\n    raise SystemExit(3)\n")
    offline.assemble(package, wheels=wheels, number="1.1", machine=platform.machine(), python=HERE)
    done = install(package, prefix)
    assert done.returncode == 1
    assert "不能启动" in done.stderr
    assert says(prefix) == "一诺 1.0"
    assert {path.name for path in prefix.iterdir()} == {"1.0", "current"}


def test_every_file_of_the_package_has_its_sum(tmp_path: Path) -> None:
    package = laid_out(tmp_path, "1.0")
    summed = {line.split("  ")[1] for line in (package / "SHA256SUMS").read_text().splitlines()}
    there = {path.relative_to(package).as_posix() for path in package.rglob("*") if path.is_file()}
    assert there - summed == {"SHA256SUMS"}
    assert {"install.sh", "README.txt", "system/yinuo.service", "docs/README.md"} <= summed


def test_the_same_package_is_the_same_bytes(tmp_path: Path) -> None:
    package = laid_out(tmp_path, "1.0")
    offline.pack(package, tmp_path / "a.tar")
    for path in package.rglob("*"):
        os.utime(path, (1, 1))
    offline.pack(package, tmp_path / "b.tar")
    assert (tmp_path / "a.tar").read_bytes() == (tmp_path / "b.tar").read_bytes()
