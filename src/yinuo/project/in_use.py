"""Whether anybody else works with the database now, such as a site that was not stopped."""

import fcntl
from pathlib import Path

from django.db import connection

from yinuo.kernel.errors import YinuoError

OPEN = 128
"""The byte of SQLite's shared-memory file on which every open connection holds a read lock.

Source: `UNIX_SHM_DMS` in SQLite's `os_unix.c`; part of the file format of WAL, so permanent.
"""


class InUse(YinuoError):
    """Another process works with the database."""

    code = "UPGRADE-E001"
    status = 409

    def __init__(self, place: str) -> None:
        super().__init__(
            "数据库正在使用，没有改动任何内容",
            place=place,
            next_step="请先停止 yinuo serve 和定时运行的 yinuo 命令，再重试",
        )


def require_alone() -> None:
    """Raise `InUse` if another process has this database open. Closes our own connection."""
    connection.close()
    place = str(connection.settings_dict["NAME"])
    busy = _sessions() if connection.vendor == "postgresql" else _is_open(Path(place))
    if busy:
        raise InUse(place)


def _sessions() -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
            " AND backend_type = 'client backend' AND pid <> pg_backend_pid()"
        )
        (others,) = cursor.fetchone()
    return bool(others)


def _is_open(database: Path) -> bool:
    """Locks of a process go when it closes the file: none of ours may be open meanwhile."""
    shared = Path(f"{database}-shm")
    if not shared.exists():
        return False
    with shared.open("r+b") as file:
        try:
            fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB, 1, OPEN)
        except BlockingIOError:
            return True
    return False
