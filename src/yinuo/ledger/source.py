"""A published log as others read it: files under a folder, or the same paths over HTTP."""

from http import HTTPStatus
from pathlib import Path
from typing import Protocol
from urllib.error import HTTPError, URLError
from urllib.parse import quote
from urllib.request import Request, urlopen

from yinuo.kernel.errors import YinuoError
from yinuo.ledger.tlog.tile import WIDTH, ReadTile, tile_path

TIMEOUT_SECONDS = 30
LARGEST = 64 << 20
"""Bytes of one answer that are read at most."""


class SourceUnreadable(YinuoError):
    """A published log that cannot be reached, or lacks a file it must have."""

    code = "LEDGER-E012"
    status = 502

    def __init__(self, place: str, why: str) -> None:
        super().__init__(
            f"无法读取已公布的账本：{why}",
            place=place,
            next_step="请核对地址或目录，须是含有 checkpoint 和 tile 的那一层",
        )


class Source(Protocol):
    """Where a published log stands."""

    where: str

    def get(self, path: str) -> bytes | None:
        """The content of a file, or None if there is none. Raises `SourceUnreadable`."""


class Folder:
    """A log as files."""

    def __init__(self, folder: Path) -> None:
        self.where = str(folder)
        self._folder = folder

    def get(self, path: str) -> bytes | None:
        """The content of a file, or None if there is none. Raises `SourceUnreadable`."""
        try:
            return (self._folder / path).read_bytes()
        except FileNotFoundError:
            return None
        except OSError as error:
            raise SourceUnreadable(str(self._folder / path), str(error)) from error


class Site:
    """A log over HTTP, at a prefix such as `https://city.example/log/`."""

    def __init__(self, url: str) -> None:
        self.where = url.rstrip("/")

    def get(self, path: str) -> bytes | None:
        """The content at a path, or None for 404 and 410. Raises `SourceUnreadable`."""
        url = f"{self.where}/{quote(path)}"
        try:
            request = Request(url, headers={"Accept-Encoding": "identity"})  # noqa: S310
            with urlopen(request, timeout=TIMEOUT_SECONDS) as answer:  # noqa: S310
                content: bytes = answer.read(LARGEST + 1)
        except HTTPError as error:
            if error.code in (HTTPStatus.NOT_FOUND, HTTPStatus.GONE):
                return None
            raise SourceUnreadable(url, f"HTTP {error.code}") from error
        except (URLError, OSError, ValueError) as error:
            raise SourceUnreadable(url, str(error)) from error
        if len(content) > LARGEST:
            raise SourceUnreadable(url, f"超过 {LARGEST >> 20} MiB")
        return content


def open_source(where: str) -> Source:
    """The log at an http(s) URL or in a folder. Raises `SourceUnreadable` without a folder."""
    if where.startswith(("http://", "https://")):
        return Site(where)
    folder = Path(where)
    if not folder.is_dir():
        raise SourceUnreadable(where, "没有这个目录")
    return Folder(folder)


def require(source: Source, path: str) -> bytes:
    """The content of a file that a log must have. Raises `SourceUnreadable`."""
    content = source.get(path)
    if content is None:
        raise SourceUnreadable(f"{source.where}/{path}", "没有这个文件")
    return content


def tiles_of(source: Source, size: int) -> ReadTile:
    """Read tiles of the tree of `size` leaves, for `tlog.proof` and `tlog.tile`.

    A partial tile may have been dropped once it was full, so the full one is tried too.
    """

    def read(level: int, index: int, width: int) -> bytes:
        del width  # the width it has in this tree is the one under which it is published
        full_size = min(WIDTH, (size >> 8 * level) - WIDTH * index)
        content = source.get(tile_path(level, index, full_size))
        if content is None and full_size < WIDTH:
            content = source.get(tile_path(level, index))
        if content is None:
            raise SourceUnreadable(f"{source.where}/{tile_path(level, index, full_size)}", "缺失")
        return content

    return read
