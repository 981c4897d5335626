"""Writing a backup: one moment of the database as one file, whole or not at all."""

import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import asdict, replace
from datetime import datetime
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

from django.db import connection

from yinuo.kernel.durable import whole_or_not
from yinuo.kernel.errors import YinuoError
from yinuo.kernel.filestore import FileStore
from yinuo.kernel.instants import instant_text
from yinuo.ledger.commands.recovering import look
from yinuo.ledger.export import one_moment
from yinuo.ledger.files import files
from yinuo.project.backup.files import write_files
from yinuo.project.backup.manifest import (
    FORMAT,
    MEMBER,
    LogSum,
    Manifest,
    TableSum,
    applied_migrations,
    software,
)
from yinuo.project.backup.tables import CHUNK, Table, our_tables
from yinuo.project.home import CONFIG, Home

Progress = Callable[[str, int, int], None]
"""Told step, done and total."""


class BackupExists(YinuoError):
    """A file of this name exists already."""

    code = "BACKUP-E001"
    status = 409

    def __init__(self, path: Path) -> None:
        super().__init__("已有同名的文件，不会覆盖", place=str(path), next_step="请换一个文件名")


class FolderMissing(YinuoError):
    """The folder for the backup does not exist."""

    code = "BACKUP-E009"
    status = 404

    def __init__(self, path: Path) -> None:
        super().__init__("没有这个目录", place=str(path), next_step="请先建立目录，或换一个位置")


def _write_table(archive: ZipFile, table: Table, progress: Progress) -> TableSum:
    total, rows = table.count(), 0
    digest = hashlib.sha256()
    with archive.open(table.member, "w", force_zip64=True) as file:
        for line in table.lines():
            file.write(line)
            digest.update(line)
            rows += 1
            if rows % CHUNK == 0:
                progress(f"备份 {table.name}", rows, total)
    names = [column.name for column in table.columns]
    return TableSum(table.name, names, rows, digest.hexdigest())


def home_bytes(home: Home) -> bytes:
    """The file `home.json` as a backup carries it."""
    return f"{json.dumps(asdict(home), ensure_ascii=False, indent=2)}\n".encode()


def write_backup(
    path: Path,
    *,
    home: Home,
    at: datetime,
    store: FileStore | None = None,
    tables: Sequence[Table] | None = None,
    progress: Progress = lambda _step, _done, _total: None,
) -> Manifest:
    """Write every table of ours, as of one moment, with `home.json` and `manifest.json`.

    With a store, the files that the rows of that moment name follow; what nobody names any more
    stays out. `tables` are those of the database where it is not at this version. Holds neither
    keys nor the sealer's memory. Needs the memory of one chunk of rows.
    Raises `BackupExists` and `FolderMissing`.
    """
    if path.exists():
        raise BackupExists(path)
    if not path.parent.is_dir():
        raise FolderMissing(path.parent)
    config = home_bytes(home)
    with (
        whole_or_not(path) as file,
        ZipFile(file, "w", ZIP_DEFLATED, compresslevel=1) as archive,
    ):
        archive.writestr(CONFIG, config)
        with one_moment():
            manifest = Manifest(
                format=FORMAT,
                yinuo=software(),
                origin=home.origin,
                city=home.city,
                taken_at=instant_text(at),
                engine=connection.vendor,
                migrations=applied_migrations(),
                log=_log_sum(),
                home_sha256=hashlib.sha256(config).hexdigest(),
                tables=[
                    _write_table(archive, table, progress)
                    for table in (our_tables() if tables is None else tables)
                ],
            )
            named = files().named.keys()
        if store is not None:
            kept = write_files(archive, named, store=store, progress=progress)
            manifest = replace(manifest, files=kept)
        archive.writestr(MEMBER, manifest.as_bytes())
    return manifest


def _log_sum() -> LogSum:
    seen = look()
    return LogSum(seen.tree_size, seen.unsealed, seen.note)
