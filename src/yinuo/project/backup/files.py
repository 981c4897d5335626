"""The files that rows name, carried in a backup as they are: one member each, named by its hash."""

import hashlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from zipfile import ZIP_STORED, BadZipFile, ZipFile, ZipInfo

from yinuo.kernel.filestore import FileMissing, FileStore, pieces
from yinuo.project.backup.manifest import FILES, FileSum

Progress = Callable[[str, int, int], None]


@dataclass(frozen=True)
class Listed:
    """One line of the list of files."""

    sha256: str
    size: int

    @property
    def member(self) -> str:
        """Where it lies in the backup."""
        return f"files/{self.sha256[:2]}/{self.sha256}"

    @property
    def line(self) -> bytes:
        """As it stands in the list."""
        return f"{self.sha256}  {self.size}\n".encode()


def write_files(
    archive: ZipFile, named: Iterable[str], *, store: FileStore, progress: Progress
) -> FileSum:
    """Write every file that is whole, then the list of them. Needs the memory of one piece."""
    wanted = sorted(named)
    listed: list[Listed] = []
    missing: list[str] = []
    for done, digest in enumerate(wanted, start=1):
        try:
            one = Listed(digest, store.check(digest))
            _write(archive, one, store)
            listed.append(one)
        except FileMissing:
            missing.append(digest)
        progress("备份文件", done, len(wanted))
    content = b"".join(one.line for one in listed)
    archive.writestr(FILES, content)
    return FileSum(
        count=len(listed),
        bytes=sum(one.size for one in listed),
        sha256=hashlib.sha256(content).hexdigest(),
        missing=missing,
    )


def _write(archive: ZipFile, one: Listed, store: FileStore) -> None:
    # Pictures and documents are packed already; packing them again only takes time.
    info = ZipInfo(one.member)
    info.compress_type = ZIP_STORED
    with store.open(one.sha256) as file, archive.open(info, "w", force_zip64=True) as member:
        for piece in pieces(file):
            member.write(piece)


def read_list(archive: ZipFile, due: FileSum | None) -> list[Listed]:
    """The files of a backup. Raises `ValueError` for a list that is not what was written."""
    if due is None:
        return []
    content = archive.read(FILES)
    if hashlib.sha256(content).hexdigest() != due.sha256:
        raise ValueError(FILES)
    parts = [line.split("  ") for line in content.decode().splitlines()]
    return [Listed(digest, int(size)) for digest, size in parts]


def damaged_files(
    archive: ZipFile, listed: list[Listed], progress: Progress
) -> Iterator[tuple[str, str]]:
    """Each file of the backup that is not what its name says: (SHA-256, what is wrong)."""
    there = set(archive.namelist())
    for done, one in enumerate(listed, start=1):
        if one.member not in there:
            yield one.sha256, "备份里没有这份文件"
            continue
        hashed = hashlib.sha256()
        try:
            with archive.open(one.member) as file:
                for piece in pieces(file):  # type: ignore[arg-type]  # a binary file all the same
                    hashed.update(piece)
        except (BadZipFile, EOFError) as error:
            yield one.sha256, f"无法读取：{error}"
            continue
        if hashed.hexdigest() != one.sha256:
            yield one.sha256, "内容与它的 SHA-256 不符"
        progress("检查文件", done, len(listed))


def put_back(
    archive: ZipFile, listed: list[Listed], *, store: FileStore, progress: Progress
) -> None:
    """Put every file into the store; one that lies there altered is replaced.

    Rows come afterwards: what this leaves behind when interrupted is swept in time.
    """
    for done, one in enumerate(listed, start=1):
        try:
            store.check(one.sha256)
        except FileMissing:
            store.remove(one.sha256)
        with archive.open(one.member) as file:
            store.put(file)  # type: ignore[arg-type]  # a binary file all the same
        progress("恢复文件", done, len(listed))
