"""Faults of the machine, not of ours, in words: a full disk, a database that does not answer."""

from django.conf import settings
from django.db import OperationalError

from yinuo.kernel.durable import FULL
from yinuo.kernel.errors import YinuoError

SQLITE_FULL = ("database or disk is full", "disk I/O error")


class DiskFull(YinuoError):
    """The disk took no more."""

    code = "HOME-E020"
    status = 507

    def __init__(self, place: str, why: str) -> None:
        super().__init__(
            f"磁盘写不进去了：{why}",
            place=place,
            next_step="请腾出空间后重试；没有做完的不会留下半截。yinuo doctor 会列出每块磁盘",
        )


class DatabaseUnreachable(YinuoError):
    """The database does not answer, or has no tables."""

    code = "HOME-E021"
    status = 503

    def __init__(self, place: str, why: str) -> None:
        super().__init__(
            f"数据库不能用：{why}",
            place=place,
            next_step="请看数据库是否在运行、DATABASE_URL 和 YINUO_HOME 是否正确",
        )


def of_the_machine(fault: BaseException) -> YinuoError | None:
    """Our words for a fault of the machine; None for any other, which keeps its trace."""
    if isinstance(fault, OSError) and fault.errno in FULL:
        return DiskFull(str(fault.filename or settings.HOME), str(fault.strerror))
    if isinstance(fault, OperationalError):
        why = " ".join(str(fault).split())
        place = settings.DATABASES["default"]
        where = str(place.get("HOST") or place["NAME"])
        if any(said in why for said in SQLITE_FULL):
            return DiskFull(where, why)
        return DatabaseUnreachable(where, why)
    return None
