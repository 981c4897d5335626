"""What a backup says of itself."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from importlib.metadata import version
from typing import Any

from django.apps import apps
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder

from yinuo.kernel.errors import YinuoError

FORMAT = "yinuo.backup/2"
READABLE = (FORMAT, "yinuo.backup/1")
"""The first form had no files; its structure is that of an earlier version anyway."""
MEMBER = "manifest.json"
FILES = "files.txt"
NOT_INSIDE = ("ledger.key", "secret.key", "marks.key", "sealer.checkpoint")
"""Files of the home that no backup holds."""


class NotABackup(YinuoError):
    """The file is no backup, or its list of contents cannot be read."""

    code = "BACKUP-E002"

    def __init__(self, path: str, why: str) -> None:
        super().__init__(
            f"不是可用的备份：{why}", place=path, next_step="请换一份由 yinuo backup 写出的文件"
        )


@dataclass(frozen=True)
class TableSum:
    """One table of a backup."""

    name: str
    columns: Sequence[str]
    rows: int
    sha256: str
    """Of its lines, uncompressed."""


@dataclass(frozen=True)
class FileSum:
    """The files of a backup."""

    count: int
    bytes: int
    sha256: str
    """Of the list of them, `files.txt`."""
    missing: Sequence[str]
    """Files that rows named and that were not in the store, or not as they should be."""


@dataclass(frozen=True)
class LogSum:
    """How far the log was."""

    tree_size: int
    """Entries with a place in the tree, signed or not."""
    unsealed: int
    note: str
    """The newest signed checkpoint; empty before the first."""


@dataclass(frozen=True, kw_only=True)
class Manifest:
    """The contents of a backup."""

    format: str
    yinuo: str
    """Version of the software that wrote it."""
    origin: str
    city: str
    taken_at: str
    engine: str
    migrations: Mapping[str, Sequence[str]]
    """Migrations applied to the tables, by app."""
    log: LogSum
    home_sha256: str
    tables: Sequence[TableSum]
    files: FileSum | None = None
    """None: the files are kept in another way."""

    @property
    def rows(self) -> int:
        """Rows of all tables."""
        return sum(table.rows for table in self.tables)

    def as_bytes(self) -> bytes:
        """The file `manifest.json`."""
        text = json.dumps({**asdict(self), "not_inside": NOT_INSIDE}, ensure_ascii=False, indent=2)
        return f"{text}\n".encode()


def parse(data: bytes, *, path: str) -> Manifest:
    """Read `manifest.json`. Raises `NotABackup`."""
    try:
        fields: dict[str, Any] = json.loads(data)
        if fields.get("format") not in READABLE:
            raise NotABackup(path, f"格式 {fields.get('format')!r} 不是 {FORMAT}")
        fields.pop("not_inside", None)
        log = LogSum(**fields.pop("log"))
        tables = tuple(TableSum(**table) for table in fields.pop("tables"))
        found = fields.pop("files", None)
        files = FileSum(**found) if found else None
        return Manifest(log=log, tables=tables, files=files, **fields)
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise NotABackup(path, f"{MEMBER} 无法读懂（{error}）") from error


def applied_migrations() -> dict[str, list[str]]:
    """The migrations of our apps in this database, by app."""
    applied: dict[str, list[str]] = {}
    for app, name in sorted(MigrationRecorder(connection).applied_migrations()):
        if app in our_apps():
            applied.setdefault(app, []).append(name)
    return applied


def our_apps() -> frozenset[str]:
    """Labels of our own apps."""
    return frozenset(c.label for c in apps.get_app_configs() if c.name.startswith("yinuo."))


def software() -> str:
    """Version of this software."""
    return version("yinuo")
