"""Reading a backup and checking all of it before anything is changed."""

import hashlib
import json
import zlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from zipfile import BadZipFile, ZipFile

from django.apps import apps
from django.db.migrations.loader import MigrationLoader

from yinuo.kernel.errors import Finding, YinuoError
from yinuo.project.backup.files import Listed, damaged_files, read_list
from yinuo.project.backup.manifest import (
    FILES,
    MEMBER,
    Manifest,
    NotABackup,
    TableSum,
    our_apps,
    parse,
)
from yinuo.project.backup.structure import models_after, names
from yinuo.project.backup.tables import CHUNK, Table, WrongValue, derived_tables, our_tables
from yinuo.project.home import CONFIG, Home

Progress = Callable[[str, int, int], None]
MOST_A_TABLE = 100
"""Faulty lines named of one table; a table cut in half has thousands."""


class BackupDamaged(YinuoError):
    """The backup is not what was written; every fault is named by table and line."""

    code = "BACKUP-E003"

    def __init__(self, path: Path, findings: Sequence[Finding]) -> None:
        super().__init__(
            f"备份已损坏或被改动：{len(findings):,} 处，没有恢复任何内容",
            place=str(path),
            next_step="请换一份备份",
        )
        self.findings = tuple(findings)


class BackupNewer(YinuoError):
    """The backup was written by a later version of the software."""

    code = "BACKUP-E004"
    status = 409

    def __init__(self, path: Path, wrote: str, unknown: Sequence[str]) -> None:
        super().__init__(
            f"备份由更新的版本 {wrote} 写出，本版本没有其结构更新 {'、'.join(unknown)}",
            place=str(path),
            next_step=f"请安装 yinuo {wrote} 或更新的版本，再运行 yinuo restore",
        )


class BackupOlder(YinuoError):
    """A backup of an earlier version goes into an empty database only."""

    code = "BACKUP-E005"
    status = 409

    def __init__(self, path: Path, wrote: str, missing: Sequence[str]) -> None:
        super().__init__(
            f"备份由较早的版本 {wrote} 写出，缺少结构更新 {'、'.join(missing)}，"
            "不能恢复到已有内容的数据库",
            place=str(path),
            next_step="请另设一个空的 YINUO_HOME（和空的 DATABASE_URL），恢复到那里",
        )


@dataclass(frozen=True)
class Checked:
    """A backup whose every line was read and found as it was written."""

    path: Path
    manifest: Manifest
    home: Home
    tables: Sequence[Table]
    """Those of the version that wrote it."""
    derived: Sequence[Table]
    """Those that it leaves out, because they are made from the ledger again."""
    missing: tuple[str, ...] = ()
    """What this version's tables have beyond that; the rows are brought up to it afterwards."""

    def rows(self, table: Table) -> Iterator[list[Any]]:
        """The rows of a table, read again. Raises `BackupDamaged` if the file changed since."""
        due = next(t for t in self.manifest.tables if t.name == table.name)
        digest = hashlib.sha256()
        with ZipFile(self.path) as archive, archive.open(table.member) as file:
            for line in file:
                digest.update(line)
                yield table.read(line)
        if digest.hexdigest() != due.sha256:
            raise BackupDamaged(
                self.path, [_finding(self.path, due.name, "", "E023", "读取时变了")]
            )


def _finding(  # noqa: PLR0917  # where, from wide to narrow, then what
    path: Path, table: str, line: str, code: str, rule: str, field: str = ""
) -> Finding:
    return Finding(
        code=f"BACKUP-{code}",
        file=path.name,
        sheet=table,
        cell=line,
        field=field,
        rule=rule,
        next_step="请换一份备份",
    )


def check_backup(path: Path, *, progress: Progress = lambda _step, _done, _total: None) -> Checked:
    """Read the whole file: every line, hash and number of rows. Changes nothing.

    Raises `NotABackup`, `BackupNewer`, or `BackupDamaged` with all findings.
    """
    try:
        with ZipFile(path) as archive:
            manifest = parse(archive.read(MEMBER), path=str(path))
            missing = _check_version(path, manifest)
            models = models_after(manifest.migrations) if missing else apps
            tables = our_tables(models)
            home, found = _check_home(path, archive, manifest)
            listed, faults = _check_list(path, archive, manifest)
            found += faults
            found += _check_names(path, archive, manifest, listed, tables)
            due = {table.name: table for table in manifest.tables}
            for table in tables:
                if table.name in due and table.member in archive.namelist():
                    found += _check_table(path, archive, table, due[table.name], progress)
            found += [
                _finding(path, FILES, digest, "E028", what)
                for digest, what in damaged_files(archive, listed, progress)
            ]
    except FileNotFoundError as error:
        raise NotABackup(str(path), "没有这个文件") from error
    except (BadZipFile, KeyError, EOFError, zlib.error) as error:
        raise NotABackup(str(path), f"压缩包不完整（{error}）") from error
    if found or home is None:
        raise BackupDamaged(path, found)
    return Checked(path, manifest, home, tables, derived_tables(models), missing)


def _check_version(path: Path, manifest: Manifest) -> tuple[str, ...]:
    """The changes of structure that came after the backup. Raises `BackupNewer`."""
    loader = MigrationLoader(None)  # what is on disk: there may be no database yet
    ours = {key for key in loader.disk_migrations if key[0] in our_apps()}
    its = {(app, name) for app, names in manifest.migrations.items() for name in names}
    unknown, missing = sorted(its - ours), sorted(ours - its)
    if unknown:
        raise BackupNewer(path, manifest.yinuo, names(unknown))
    return names(missing)


def _check_home(
    path: Path, archive: ZipFile, manifest: Manifest
) -> tuple[Home | None, list[Finding]]:
    try:
        data = archive.read(CONFIG)
        home = Home(**json.loads(data))
    except (KeyError, BadZipFile, zlib.error, TypeError, ValueError) as error:
        return None, [_finding(path, CONFIG, "", "E023", f"无法读取：{error}")]
    if hashlib.sha256(data).hexdigest() != manifest.home_sha256:
        return home, [_finding(path, CONFIG, "", "E023", "内容与所记的 SHA-256 不符")]
    return home, []


def _check_list(
    path: Path, archive: ZipFile, manifest: Manifest
) -> tuple[list[Listed], list[Finding]]:
    try:
        return read_list(archive, manifest.files), []
    except (KeyError, BadZipFile, zlib.error, ValueError):
        return [], [_finding(path, FILES, "", "E023", "内容与所记的 SHA-256 不符")]


def _check_names(
    path: Path,
    archive: ZipFile,
    manifest: Manifest,
    listed: list[Listed],
    tables: Sequence[Table],
) -> list[Finding]:
    """Tables that are unknown, missing or of other columns, and files that belong to none."""
    ours = {table.name: table for table in tables}
    its = {table.name: table for table in manifest.tables}
    found = [_finding(path, name, "", "E025", "不认识的表") for name in its.keys() - ours.keys()]
    found += [
        _finding(path, name, "", "E026", "备份里没有这张表") for name in ours.keys() - its.keys()
    ]
    for name in its.keys() & ours.keys():
        if list(its[name].columns) != [column.name for column in ours[name].columns]:
            found.append(_finding(path, name, "", "E027", "列与本版本的不同"))
        if ours[name].member not in archive.namelist():
            found.append(_finding(path, name, "", "E026", "备份里没有这张表的内容"))
    known = {MEMBER, CONFIG, *(table.member for table in ours.values())}
    if manifest.files is not None:
        known |= {FILES, *(one.member for one in listed)}
    found += [_finding(path, n, "", "E025", "多出的文件") for n in set(archive.namelist()) - known]
    return sorted(found, key=lambda finding: (finding.sheet, finding.code))


def _check_table(
    path: Path, archive: ZipFile, table: Table, due: TableSum, progress: Progress
) -> list[Finding]:
    found: list[Finding] = []
    rows = 0
    digest = hashlib.sha256()
    try:
        with archive.open(table.member) as file:
            for line in file:
                rows += 1
                digest.update(line)
                if rows % CHUNK == 0:
                    progress(f"检查 {table.name}", rows, due.rows)
                try:
                    table.read(line)
                except WrongValue as wrong:
                    if len(found) < MOST_A_TABLE:
                        place = f"第 {rows} 行"
                        found.append(
                            _finding(path, table.name, place, "E022", str(wrong), wrong.column)
                        )
    except (BadZipFile, EOFError, zlib.error) as error:
        # The container's own check sum fails at the end of the table, or its bytes do not unpack.
        found.append(_finding(path, table.name, f"第 {rows} 行之后", "E021", f"无法解压：{error}"))
    if rows != due.rows:
        found.append(
            _finding(path, table.name, "", "E024", f"应有 {due.rows:,} 行，实有 {rows:,} 行")
        )
    if digest.hexdigest() != due.sha256:
        found.append(_finding(path, table.name, "", "E023", "内容与所记的 SHA-256 不符"))
    return found


def as_data(manifest: Manifest) -> dict[str, Any]:
    """The manifest for `--json`."""
    data: dict[str, Any] = json.loads(manifest.as_bytes())
    return {"rows": manifest.rows, **data}
