"""The structure of the database: brought to this version, or found to be of another one.

Apart from what founds an installation, because every command asks and few of them found one.
"""

from collections.abc import Sequence
from importlib.metadata import version

from django.apps import apps
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from yinuo.kernel.errors import YinuoError
from yinuo.project.rendering import drawn_alone

OURS = frozenset(c.label for c in apps.get_app_configs() if c.name.startswith("yinuo."))
"""Labels of our own apps."""


class TablesOutdated(YinuoError):
    """The database has not the tables that this version needs."""

    code = "HOME-E005"
    status = 500

    def __init__(self, missing: int) -> None:
        super().__init__(
            f"数据库缺少 {missing} 项结构更新",
            next_step="请停止站点，运行 yinuo upgrade：它先备份，再更新，最后核对",
        )


class DatabaseNewer(YinuoError):
    """The database was brought up to a later version than this one."""

    code = "UPGRADE-E002"
    status = 409

    def __init__(self, unknown: Sequence[str]) -> None:
        super().__init__(
            f"数据库已由更新的版本升级过，本版本 {version('yinuo')} 不认识 {'、'.join(unknown)}",
            place="数据库",
            next_step="请装回较新的版本；要退回本版本，见 docs/how-to/upgrade.md",
        )


def make_tables() -> None:
    """Bring the database to the structure of this version."""
    with drawn_alone():
        call_command("migrate", verbosity=0, interactive=False, skip_checks=True)


def check_tables() -> None:
    """Raises `TablesOutdated` if a migration is missing, `DatabaseNewer` if one is unknown."""
    executor = MigrationExecutor(connection)
    loader = executor.loader
    known = loader.disk_migrations.keys()
    unknown = sorted(k for k in loader.applied_migrations.keys() - known if k[0] in OURS)
    if unknown:
        raise DatabaseNewer([".".join(key) for key in unknown])
    missing = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if missing:
        raise TablesOutdated(len(missing))
