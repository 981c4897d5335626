"""The file store of this installation, and the copies of its pictures."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

from yinuo.kernel.filestore import FileMissing, FileStore
from yinuo.kernel.media.derived import Derived
from yinuo.ledger.files import files


def store() -> FileStore:
    """Every file by its hash."""
    return FileStore(settings.YINUO_FILES)


def derived() -> Derived:
    """Copies of pictures, in a folder beside it."""
    return Derived(settings.YINUO_FILES.with_name("derived"))


@dataclass(frozen=True)
class Fault:
    """A file that is not as rows say."""

    rows: tuple[str, ...]
    """Who names it, such as `evidence:DL2024-015/E1`."""
    sha256: str
    what: str


@dataclass
class Checked:
    """What a check of all files found."""

    files: int = 0
    size: int = 0
    """Bytes."""
    erased: int = 0
    """Files that are gone by law, as they should be."""


def check(found: Checked) -> Iterator[Fault]:
    """Hash every named file again; give the faults as they are found, and count in `found`."""
    due, here = files(), store()
    for digest, rows in sorted(due.named.items()):
        try:
            found.size += here.check(digest)
        except FileMissing as error:
            yield Fault(tuple(rows), digest, error.what)
        found.files += 1
    for digest, rows in sorted(due.erased.items()):
        if here.path(digest).exists():
            yield Fault(tuple(rows), digest, "已依法删除，文件却还在；请运行 yinuo files sweep")
        found.erased += 1


def sweep(*, older_than: float, only_tell: bool = False) -> tuple[Path, ...]:
    """Remove what no row names, what was erased by law, and copies of either; return it.

    Files changed after `older_than` (seconds since 1970) stay, unless they were erased by law.
    """
    here = store()
    gone = remove_erased(only_tell=only_tell)
    gone += here.sweep(files().named.keys(), older_than=older_than, only_tell=only_tell)
    left = frozenset(here.digests()) - {path.name for path in gone}
    return gone + derived().sweep(left, only_tell=only_tell)


def remove_erased(*, only_tell: bool = False) -> tuple[Path, ...]:
    """Remove the files that were erased by law, with the copies of them; return the files."""
    here = store()
    gone = tuple(
        here.path(digest) for digest in sorted(files().erased) if here.path(digest).exists()
    )
    if gone and not only_tell:
        for path in gone:
            here.remove(path.name)
        derived().sweep(frozenset(here.digests()))
    return gone
