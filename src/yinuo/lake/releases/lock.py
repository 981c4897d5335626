"""One at a time: whoever changes releases holds the lake, and says who it is."""

import fcntl
import json
import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from yinuo.kernel.canonical import Canonical, canonical_bytes
from yinuo.kernel.errors import YinuoError

LOCK = ".releases.lock"


class Busy(YinuoError):
    """Somebody else is changing the releases of this lake."""

    code = "LAKE-E052"
    status = 409

    def __init__(self, path: Path, holder: str) -> None:
        step = "等它做完再试；确认那个进程已不在，再试一次即可，锁会自己放开"
        super().__init__(f"数据湖正被使用：{holder}", place=str(path), next_step=step)


@contextmanager
def held(lake: Path, what: str, at: datetime) -> Iterator[None]:
    """Hold the lake alone. The lock goes with the process, so a killed one leaves none.

    Raises `Busy`, which names the holder.
    """
    lake.mkdir(parents=True, exist_ok=True)
    path = lake / LOCK
    handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Busy(path, _holder(path)) from None
        said: dict[str, Canonical] = {
            "pid": os.getpid(),
            "host": socket.gethostname(),
            "what": what,
            "since": at.isoformat(),
        }
        os.ftruncate(handle, 0)
        os.write(handle, canonical_bytes(said))
        yield
    finally:
        os.close(handle)


def _holder(path: Path) -> str:
    try:
        said = json.loads(path.read_bytes())
        return f"{said['host']} 上的进程 {said['pid']} 自 {said['since']} 起在{said['what']}"
    except (ValueError, KeyError, TypeError):
        # Between taking the lock and writing who it is.
        return "另一个进程刚刚开始"
