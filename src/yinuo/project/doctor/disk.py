"""Room on the disks on which an installation writes."""

import shutil
from collections.abc import Callable, Iterable
from pathlib import Path

from yinuo.project.doctor.finding import Seen, bad, look, well

GIB = 1 << 30
LEAST_SHARE, LEAST = 0.10, 5 * GIB
"""Below both it is worth a look."""
TOO_LITTLE = GIB // 2
"""Below this the next write may fail."""

Usage = Callable[[Path], tuple[int, int, int]]
"""Total, used and free bytes of the disk under a folder."""


def disks(folders: Iterable[tuple[str, Path]], *, usage: Usage = shutil.disk_usage) -> list[Seen]:
    """One for each folder that is there, by the words for it."""
    return [_disk(what, path, usage) for what, path in folders if path.exists()]


def _disk(what: str, path: Path, usage: Usage) -> Seen:
    total, _used, free = usage(path)
    said = f"{what}所在的磁盘还有 {free / GIB:,.1f} GB，共 {total / GIB:,.1f} GB"
    if free < TOO_LITTLE:
        return bad("disk", str(path), said, "请马上腾出空间：写不进去时办理会停下，已记下的不会丢")
    if free < LEAST and free < LEAST_SHARE * total:
        return look("disk", str(path), said, "请腾出空间，或把旧备份移走")
    return well("disk", str(path), said)


def apart(memory: Path, database: Path) -> Seen:
    """Whether the sealer's memory would survive what puts an old database back: another disk."""
    same = memory.exists() and database.exists() and memory.stat().st_dev == database.stat().st_dev
    if same:
        return look(
            "memory",
            str(memory),
            "封存记忆与数据库在同一块磁盘上，整盘还原会把两者一起退回，谁也看不出来",
            "请用 YINUO_SEALER_MEMORY 把它放到另一块磁盘",
        )
    return well("memory", str(memory), "封存记忆不与数据库同在一块磁盘")
