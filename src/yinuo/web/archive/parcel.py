"""Folder, sums and ZIP file of an archive: whole or not at all, same bytes for same files."""

import hashlib
import os
import shutil
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from yinuo.kernel.durable import whole_or_not
from yinuo.kernel.errors import YinuoError
from yinuo.kernel.instants import SHANGHAI

SUMS = "SHA256SUMS"
READABLE = 0o100644 << 16
"""Mode of a plain file as ZIP keeps it."""
UNIX = 3


class ArchiveExists(YinuoError):
    """The place is taken; archives are kept, not overwritten."""

    code = "WEB-E012"
    status = 409

    def __init__(self, place: Path) -> None:
        super().__init__(
            "这里已有文件，不会覆盖", place=str(place), next_step="请换一个目录名或文件名"
        )


class ArchiveUnwritable(YinuoError):
    """The archive cannot be written where it should be."""

    code = "WEB-E013"
    status = 500

    def __init__(self, place: Path, why: str) -> None:
        super().__init__(
            f"无法写入归档：{why}", place=str(place), next_step="请检查权限和剩余空间，再运行一次"
        )


@contextmanager
def new_folder(target: Path) -> Iterator[Path]:
    """A folder to write into, which takes its name only once the block ends without an error.

    Raises `ArchiveExists` unless the name is free or an empty folder, and `ArchiveUnwritable`.
    """
    if target.exists() and not (target.is_dir() and not any(target.iterdir())):
        raise ArchiveExists(target)
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        work = Path(tempfile.mkdtemp(dir=target.parent, prefix=f".{target.name}."))
        try:
            yield work
            work.chmod(0o755)
            work.replace(target)
        finally:
            shutil.rmtree(work, ignore_errors=True)
    except OSError as error:
        raise ArchiveUnwritable(target, str(error)) from error


def files(folder: Path) -> list[str]:
    """Every file below a folder, in order of its path, which is joined by `/`."""
    return sorted(
        path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()
    )


def write_sums(folder: Path) -> None:
    """Write `SHA256SUMS` over all other files, as `sha256sum -c` reads it."""
    lines = [
        f"{hashlib.sha256((folder / name).read_bytes()).hexdigest()}  {name}\n"
        for name in files(folder)
        if name != SUMS
    ]
    (folder / SUMS).write_text("".join(lines), encoding="utf-8")


def write_zip(folder: Path, target: Path, *, inside: str, at: datetime) -> None:
    """Pack a folder as `inside/…`, every file dated `at`.

    Raises `ArchiveExists` and `ArchiveUnwritable`.
    """
    if target.exists():
        raise ArchiveExists(target)
    try:
        with whole_or_not(target) as file:
            os.fchmod(file.fileno(), 0o644)  # public, unlike most that is written so
            with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as parcel:
                for path in files(folder):
                    _pack(parcel, f"{inside}/{path}", (folder / path).read_bytes(), at)
    except OSError as error:
        raise ArchiveUnwritable(target, str(error)) from error


def _pack(parcel: zipfile.ZipFile, name: str, content: bytes, at: datetime) -> None:
    member = zipfile.ZipInfo(name, _zip_time(at))
    member.external_attr, member.create_system = READABLE, UNIX
    member.compress_type = zipfile.ZIP_DEFLATED
    parcel.writestr(member, content)


def _zip_time(at: datetime) -> tuple[int, int, int, int, int, int]:
    """The time on China's clocks; ZIP keeps even seconds and no zone."""
    local = at.astimezone(SHANGHAI)
    return (local.year, local.month, local.day, local.hour, local.minute, local.second // 2 * 2)
