"""Whether the clock can be believed: a day that is written down wrongly stays so for ever."""

import ctypes
import os
from collections.abc import Callable
from datetime import datetime, timedelta

from yinuo.kernel.instants import instant_text
from yinuo.project.doctor.finding import Seen, bad, look, well

APART = timedelta(seconds=5)
"""Between this machine and the database server."""
BACK = timedelta(minutes=1)
UNSYNCHRONISED = 5
"""`TIME_ERROR` of adjtimex(2): no time service has set the clock, or not for long."""


def clocks(*, here: datetime, database: datetime, newest: datetime | None) -> list[Seen]:
    """Compare this machine, the database's clock and the newest entry of the log."""
    seen = []
    if abs(here - database) > APART:
        gap = abs(here - database).total_seconds()
        seen.append(
            bad(
                "clock",
                "数据库",
                f"数据库服务器的时钟与本机相差 {gap:,.0f} 秒",
                "请让两台机器向同一个时间服务器校时",
            )
        )
    if newest is not None and newest - database > BACK:
        seen.append(_ahead(newest, database))
    return seen or [well("clock", "数据库", f"数据库的时钟 {instant_text(database)} 与本机一致")]


def _ahead(newest: datetime, database: datetime) -> Seen:
    gap = (newest - database).total_seconds() / 60
    return bad(
        "clock",
        "存证账本",
        f"最新的存证记录写于 {instant_text(newest)}，比现在晚 {gap:,.0f} 分钟："
        "时钟曾经快过，或现在慢了",
        "现在慢了，请马上校时；曾经快过，请在追上之前停止办理，"
        "不然其间的记录在核验时都会显示“时间被倒填”",
    )


def synchronised(ask: Callable[[], int] | None = None) -> list[Seen]:
    """What the kernel says of its clock; nothing where it cannot be asked."""
    try:
        state = (ask or _adjtimex)()
    except (OSError, AttributeError):
        return []
    if state == UNSYNCHRONISED:
        return [
            look(
                "time service",
                "本机",
                "时钟没有由时间服务校准",
                "请配置单位的时间服务器（chrony 或 systemd-timesyncd），内网也要有",
            )
        ]
    return [well("time service", "本机", "时钟由时间服务校准")]


def _adjtimex() -> int:
    """The state of the kernel's clock. Raises `OSError` where that is not allowed."""
    state = int(ctypes.CDLL(None, use_errno=True).adjtimex(ctypes.create_string_buffer(512)))
    if state < 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
    return state
