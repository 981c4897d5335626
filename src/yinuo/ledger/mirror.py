"""A folder that holds a published log: written so that a crash or a reader sees only whole files.

Every file goes under another name first, is flushed to the disk, and is then renamed.
"""

import fcntl
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from yinuo.kernel.durable import sync_folder
from yinuo.kernel.errors import YinuoError
from yinuo.ledger.openings import FORMAT

README = "README.txt"
CLOSED = """\
本目录是存证账本的完整镜像，含有未公开的内容，必须保密：不得放到网站上，不得交给他人。
This folder opens every entry of the log, closed ones included. It must stay closed.
"""
FULL_HEAD = f'{{"format":"{FORMAT}","full":true,'.encode()
UNFINISHED = ".yinuo-part"
OPENINGS, FIRST_OPENINGS = "openings", "openings/000"
PARTS = ("tile", OPENINGS)
"""The folders of a log; beside them a mirror may stand among other files of a site."""


class MirrorOfOtherKind(YinuoError):
    """A public export was asked for where a full one is, or the other way round."""

    code = "LEDGER-E021"
    status = 409

    def __init__(self, folder: Path, *, full: bool) -> None:
        super().__init__(
            "目录里已有别的内容，不能再作完整镜像：完整镜像须独占一个目录"
            if full
            else "目录里是含未公开内容的完整镜像，不能当作公开导出",
            place=str(folder),
            next_step="请换一个空目录",
        )


class MirrorBusy(YinuoError):
    """Another export is writing to the folder."""

    code = "LEDGER-E022"
    status = 409

    def __init__(self, folder: Path) -> None:
        super().__init__(
            "另一个导出正在写这个目录", place=str(folder), next_step="请等它结束后再运行"
        )


class MirrorUnwritable(YinuoError):
    """The folder cannot be read or written."""

    code = "LEDGER-E023"
    status = 500

    def __init__(self, place: Path, why: str) -> None:
        super().__init__(
            f"无法写入导出目录：{why}",
            place=str(place),
            next_step="请检查权限和剩余空间，再运行一次；已写好的文件不会重写",
        )


class Mirror:
    """The files of a published log under one folder, named by the paths of the log."""

    def __init__(self, folder: Path, *, full: bool) -> None:
        self.folder = folder
        self.full = full
        self._touched: set[Path] = set()

    def read(self, path: str) -> bytes | None:
        """The content of a file, or None if there is none."""
        try:
            return (self.folder / path).read_bytes()
        except (FileNotFoundError, NotADirectoryError):
            return None

    def write(self, path: str, content: bytes) -> None:
        """Put a file in its place, whole or not at all."""
        target = self.folder / path
        self._make(target.parent)
        handle, name = tempfile.mkstemp(
            dir=target.parent, prefix=f".{target.name}.", suffix=UNFINISHED
        )
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            if not self.full:
                os.fchmod(file.fileno(), 0o644)  # mkstemp lets nobody else read
            os.fsync(file.fileno())
        Path(name).replace(target)
        self._touched.add(target.parent)

    def settle(self) -> None:
        """See onto the disk that the files written so far stand in their folders."""
        for folder in self._touched:
            sync_folder(folder)
        self._touched.clear()

    def paths(self) -> list[str]:
        """Every file that is there under `tile` and `openings`, in order."""
        return sorted(
            path.relative_to(self.folder).as_posix()
            for part in PARTS
            for path in self._in(part, "*")
            if path.is_file()
        )

    def _make(self, folder: Path) -> None:
        if folder.is_dir():
            return
        self._make(folder.parent)
        folder.mkdir(mode=0o700 if self.full else 0o755, exist_ok=True)
        self._touched.add(folder.parent)

    def sweep(self) -> None:
        """Remove what an export that was killed had not finished."""
        left = f".*{UNFINISHED}"
        for path in (*self.folder.glob(left), *(p for d in PARTS for p in self._in(d, left))):
            path.unlink()

    def _in(self, part: str, pattern: str) -> Iterator[Path]:
        """What is under one of our own folders, however deep."""
        return (self.folder / part).rglob(pattern)

    def require_kind(self) -> None:
        """Raise `MirrorOfOtherKind` rather than mix closed and public files."""
        first = self.read(FIRST_OPENINGS) or b""
        is_full = self.read(README) == CLOSED.encode() or first.startswith(FULL_HEAD)
        holds_others = not is_full and any(self.folder.iterdir())
        if holds_others if self.full else is_full:
            raise MirrorOfOtherKind(self.folder, full=self.full)

    def close_to_others(self) -> None:
        """Make a full mirror readable by its owner alone, and say so in it."""
        self.folder.chmod(0o700)
        if self.read(README) is None:
            self.write(README, CLOSED.encode())


@contextmanager
def open_mirror(folder: Path, *, full: bool) -> Iterator[Mirror]:
    """The folder, made if need be, to be written by nobody else meanwhile.

    Raises `MirrorOfOtherKind`, `MirrorBusy`, and `MirrorUnwritable` for any fault of the disk.
    """
    try:
        folder.mkdir(mode=0o700 if full else 0o755, parents=True, exist_ok=True)
        handle = os.open(folder, os.O_RDONLY)
        try:
            _lock(handle, folder)
            mirror = Mirror(folder, full=full)
            mirror.sweep()
            mirror.require_kind()
            if full:
                mirror.close_to_others()
            yield mirror
        finally:
            os.close(handle)
    except OSError as error:
        raise MirrorUnwritable(folder, str(error)) from error


def _lock(handle: int, folder: Path) -> None:
    """Keep others out until the handle is closed, also by a crash."""
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise MirrorBusy(folder) from None
