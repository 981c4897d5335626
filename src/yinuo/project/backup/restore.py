"""Putting a backup back: all of it in one transaction, or nothing."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from zipfile import ZipFile

from django.db import DataError, IntegrityError

from yinuo.kernel.errors import YinuoError
from yinuo.kernel.filestore import FileStore
from yinuo.ledger.commands.restoring import replace_all
from yinuo.project.backup.check import BackupOlder, Checked
from yinuo.project.backup.files import put_back, read_list
from yinuo.project.backup.manifest import applied_migrations
from yinuo.project.backup.structure import make_tables_after, structure
from yinuo.project.backup.tables import CHUNK, Table
from yinuo.project.backup.write import write_backup
from yinuo.project.home import Home, complete, prepare
from yinuo.project.tables import check_tables, make_tables

Progress = Callable[[str, int, int], None]


class DatabaseNotEmpty(YinuoError):
    """There are rows that a restore would remove."""

    code = "BACKUP-E006"
    status = 409

    def __init__(self, rows: int) -> None:
        super().__init__(
            f"数据库里已有 {rows:,} 行，恢复会取代它们",
            place="数据库",
            next_step="确要取代时请加 --replace：会先把现状备份到 backups 目录",
        )


class OtherOrigin(YinuoError):
    """The backup belongs to another log than this home."""

    code = "BACKUP-E007"
    status = 409

    def __init__(self, backup: str, here: str) -> None:
        super().__init__(
            f"备份属于账本 {backup}，本安装的账本是 {here}",
            place="home.json",
            next_step="请把 YINUO_HOME 设为一个新的目录，再恢复到那里",
        )


class DatabaseRefuses(YinuoError):
    """The database does not take a row, or rows do not fit together."""

    code = "BACKUP-E010"
    status = 409

    def __init__(self, why: str) -> None:
        super().__init__(
            f"数据库不接受备份的内容，没有恢复任何内容：{why}",
            place="数据库",
            next_step="请换一份备份；若每一份都这样，请把这条消息报告给开发者",
        )


@dataclass(frozen=True)
class Target:
    """Where to restore to."""

    path: Path
    """The folder of the installation."""
    home: Home | None
    """The installation that is there, if any."""


def require_fitting(checked: Checked, target: Target) -> None:
    """Raise `OtherOrigin` if the home is that of another log."""
    if target.home is not None and target.home.origin != checked.home.origin:
        raise OtherOrigin(checked.home.origin, target.home.origin)


def _make_fitting_tables(checked: Checked, target: Target) -> None:
    """Give the rows the tables they were written from. Raises `TablesOutdated`, `BackupOlder`."""
    if target.home is None:
        prepare(target.path)
    is_empty = structure().is_empty
    if not checked.missing:
        if is_empty:
            make_tables()
        check_tables()
    elif is_empty:
        make_tables_after(checked.manifest.migrations)
    elif applied_migrations() != checked.manifest.migrations:
        raise BackupOlder(checked.path, checked.manifest.yinuo, checked.missing)


def restore(
    checked: Checked,
    target: Target,
    *,
    replace: bool,
    at: datetime,
    store: FileStore | None = None,
    progress: Progress = lambda _step, _done, _total: None,
) -> Path | None:
    """Replace what the database holds by a checked backup; make the home if there is none.

    With a store, the backup's files go there first; none that is there is taken away.

    With `replace`, returns where the present state was backed up first. The backup of an earlier
    version is put into tables of its own shape, which are then brought up to this version. Raises
    `OtherOrigin`, `DatabaseNotEmpty`, `TablesOutdated`, `BackupOlder`, `BackupDamaged` and
    `DatabaseRefuses`. Interrupted anywhere, either the old rows are there or the new ones.
    """
    require_fitting(checked, target)
    _make_fitting_tables(checked, target)
    present = sum(table.count() for table in checked.tables)
    if present and not replace:
        raise DatabaseNotEmpty(present)
    kept = _keep(checked, target, at, progress) if present else None
    if store is not None:
        with ZipFile(checked.path) as archive:
            listed = read_list(archive, checked.manifest.files)
            put_back(archive, listed, store=store, progress=progress)
    try:
        replace_all(
            tables=[
                (table.model, [c.name for c in table.columns], _told(checked, table, progress))
                for table in checked.tables
            ]
            + [(table.model, [], ()) for table in checked.derived]
        )
    except (DataError, IntegrityError) as error:
        raise DatabaseRefuses(str(error).strip()) from error
    if checked.missing:
        make_tables()
    if target.home is None:
        complete(target.path, checked.home)
    return kept


def _keep(checked: Checked, target: Target, at: datetime, progress: Progress) -> Path:
    """Back the present state up, without files: a restore takes none of them away.

    A home half made by an interrupted restore has no config yet.
    """
    folder = target.path / "backups"
    folder.mkdir(mode=0o700, exist_ok=True)
    path = folder / f"before-restore-{at:%Y%m%dT%H%M%S%fZ}.zip"
    home = target.home or checked.home
    write_backup(path, home=home, at=at, tables=checked.tables, progress=progress)
    return path


def _told(checked: Checked, table: Table, progress: Progress) -> Iterator[list[Any]]:
    total = next(t.rows for t in checked.manifest.tables if t.name == table.name)
    for done, row in enumerate(checked.rows(table), start=1):
        yield row
        if done % CHUNK == 0:
            progress(f"恢复 {table.name}", done, total)
