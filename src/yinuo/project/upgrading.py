"""Bringing an installation to this version: backed up first, proven afterwards.

    old tables ──backup──→ file ──migrate──→ new tables ──replay, verify──→ proven

Until the last step is clean, the file is the way back.
"""

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.db import DatabaseError, connection

from yinuo.kernel.errors import YinuoError
from yinuo.ledger.commands.recovering import log_keys, look
from yinuo.ledger.memory import Memory
from yinuo.ledger.recover import Situation
from yinuo.ledger.replay import replay
from yinuo.ledger.verify import Fault, Report, verify
from yinuo.project.backup.structure import Structure, models_as_applied, structure
from yinuo.project.backup.tables import our_tables
from yinuo.project.backup.write import write_backup
from yinuo.project.home import Home
from yinuo.project.in_use import require_alone
from yinuo.project.tables import DatabaseNewer, make_tables

Progress = Callable[[str, int, int], None]
TIMES_THE_DATABASE = 2
"""SQLite writes a changed table anew beside the old one and keeps both until the commit."""


class NoRoom(YinuoError):
    """The disk cannot hold the backup and the tables that are written anew."""

    code = "UPGRADE-E003"
    status = 507

    def __init__(self, folder: Path, free: int, wanted: int) -> None:
        mib = 1024 * 1024
        super().__init__(
            f"磁盘只剩 {free // mib:,} MB，升级大约要 {wanted // mib:,} MB，没有改动任何内容",
            place=str(folder),
            next_step="请腾出空间后重试，旧的备份可以移到别处",
        )


class UpgradeStopped(YinuoError):
    """The database refused one of the changes; what came before it stands."""

    code = "UPGRADE-E004"
    status = 500

    def __init__(self, kept: Path, why: str) -> None:
        super().__init__(
            f"更新数据库结构时停下了：{why}",
            place="数据库",
            next_step="排除原因后再运行一次 yinuo upgrade，会从停下的地方继续；"
            f"要退回，用升级前的备份 {kept}，见 docs/how-to/upgrade.md",
        )


@dataclass(frozen=True)
class Upgraded:
    """What an upgrade did and how it was proven."""

    changes: tuple[str, ...]
    kept: Path
    """The backup of everything as it was before, but for files, which an upgrade leaves alone."""
    before: Situation
    after: Situation
    known: tuple[Fault, ...]
    """Faults that the log had before."""
    reports: dict[str, Report]

    @property
    def faults(self) -> tuple[Fault, ...]:
        """Every fault that came with the upgrade; empty for a proven one."""
        every = [fault for report in self.reports.values() for fault in report.faults]
        found = [fault for fault in every if fault not in self.known]
        if (self.before.tree_size, self.before.root) != (self.after.tree_size, self.after.root):
            found.append(Fault("账本", "升级前后的条数或根哈希不同"))
        return tuple(found)


def require_known(found: Structure) -> None:
    """Raise `DatabaseNewer` rather than work with tables that this version does not know."""
    if found.unknown:
        raise DatabaseNewer(found.unknown)


def upgrade(
    *,
    home: Home,
    folder: Path,
    memory: Memory,
    at: datetime,
    progress: Progress = lambda _step, _done, _total: None,
) -> Upgraded:
    """Back up, bring the tables to this version, and prove that the log and every row are the same.

    Run again after an interruption, it goes on where it stopped. Nobody else may work meanwhile.
    Raises `DatabaseNewer`, `InUse`, `NoRoom` and `UpgradeStopped`.
    """
    found = structure()
    require_known(found)
    require_alone()
    _require_room(folder)
    before = look(origin=home.origin, memory=memory)
    known = _known_faults(found, home.origin, progress)
    kept = _keep(home, folder, at, progress)
    try:
        make_tables()
    except DatabaseError as error:
        raise UpgradeStopped(kept, str(error).strip()) from error
    return Upgraded(
        changes=found.missing,
        kept=kept,
        before=before,
        after=look(origin=home.origin, memory=memory),
        known=known,
        reports=_prove(home.origin, progress),
    )


def _prove(origin: str, progress: Progress) -> dict[str, Report]:
    """Replay every row and verify the log; by the words for each."""
    return {
        "重放记录": replay(progress=lambda done: progress("重放记录", done, 0)),
        "核验账本": _verify(origin, progress),
    }


def _verify(origin: str, progress: Progress) -> Report:
    (key, *_) = log_keys(present=None, origin=origin)
    return verify(verifier=key, progress=lambda done: progress("核验账本", done, 0))


def _known_faults(found: Structure, origin: str, progress: Progress) -> tuple[Fault, ...]:
    """What is wrong with the log already; not asked where its own tables are of another shape."""
    if any(change.startswith("ledger.") for change in found.missing):
        return ()
    return tuple(_verify(origin, progress).faults)


def _require_room(folder: Path) -> None:
    name = connection.settings_dict["NAME"]
    if connection.vendor != "sqlite":
        return  # where the server keeps its tables is not for us to see
    wanted = TIMES_THE_DATABASE * Path(name).stat().st_size
    free = shutil.disk_usage(folder).free
    if free < wanted:
        raise NoRoom(folder, free, wanted)


def _keep(home: Home, folder: Path, at: datetime, progress: Progress) -> Path:
    """Write the rows in the tables they stand in, so that the version before reads them."""
    backups = folder / "backups"
    backups.mkdir(mode=0o700, exist_ok=True)
    path = backups / f"before-upgrade-{at:%Y%m%dT%H%M%S%fZ}.zip"
    tables = our_tables(models_as_applied())
    write_backup(path, home=home, at=at, tables=tables, progress=progress)
    return path
