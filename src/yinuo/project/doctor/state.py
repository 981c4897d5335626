"""The database and the log as they are: does it answer, is it of this version, is it whole."""

from datetime import datetime

from django.db import connection

from yinuo.ledger.commands.recovering import look as compare
from yinuo.ledger.memory import Memory
from yinuo.ledger.queries import public_status
from yinuo.ledger.recover import Standing
from yinuo.project.backup.structure import Structure
from yinuo.project.doctor.finding import Seen, bad, look, well

LATE = 60.0
"""Seconds after which an entry that waits is an alarm, as on `/health`."""


def tables(found: Structure) -> Seen:
    """Whether the database has the structure of this version."""
    if found.unknown:
        said = f"数据库已由更新的版本升级过：{'、'.join(found.unknown)}"
        return bad("tables", "数据库", said, "请装回较新的版本")
    if found.missing:
        said = f"数据库缺少 {len(found.missing)} 项结构更新"
        return bad("tables", "数据库", said, "请停止站点，运行 yinuo upgrade")
    return well("tables", "数据库", "数据库结构是本版本的")


def database_now() -> datetime:
    """What the database's clock says, which is the clock of every entry. Raises `DatabaseError`."""
    read = "now()" if connection.vendor == "postgresql" else "strftime('%Y-%m-%dT%H:%M:%f+00:00')"
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {read}")  # one of two words of ours
        (found,) = cursor.fetchone()
    return found if isinstance(found, datetime) else datetime.fromisoformat(found)


def log(*, origin: str, memory: Memory, now: datetime) -> list[Seen]:
    """How the log stands to what the sealer remembers, and whether sealing keeps up."""
    seen = compare(origin=origin, memory=memory)
    if seen.standing is Standing.SOUND:
        found = [well("log", "存证账本", f"封存 {seen.tree_size:,} 条，与封存记忆一致")]
    else:
        found = [bad("log", "存证账本", seen.standing.value, "请运行 yinuo ledger recover")]
    waiting = public_status().oldest_unsealed_at
    age = (now - waiting).total_seconds() if waiting else 0.0
    if age > LATE:
        said = f"{seen.unsealed:,} 条记录待封存，最早的已等 {age / 60:,.0f} 分钟"
        found.append(look("sealing", "存证账本", said, "请看 yinuo serve 是否在运行"))
    return found
