"""What is left after a loss, compared: database, sealer's memory, published log. Pure.

published log   ●●●●●●●●●●●●   what others hold
memory          ●●●●●●●●●●●●   what was signed
database        ●●●●●●●○○      sealed ● and waiting ○ entries
"""

from dataclasses import dataclass
from enum import Enum

from yinuo.kernel.errors import YinuoError
from yinuo.ledger.tlog.checkpoint import Checkpoint


class Standing(Enum):
    """How the database stands to what was signed before, with what can be done about it."""

    SOUND = "数据库与封存记忆一致，不需要恢复"
    LOG_BEHIND = "数据库是旧的：此前签过的记录不在其中"
    FORKED = "数据库中的记录与此前签名的不同：历史已分叉"
    MEMORY_LOST = "封存记忆不见了或读不出，数据库本身不能说明以前签到哪里"
    MEMORY_BEHIND = "封存记忆是旧的：数据库里有更新的签名"


@dataclass(frozen=True)
class Situation:
    """What was found. Changes nothing."""

    tree_size: int
    """Entries with a place in the database's tree, signed or not."""
    root: bytes
    """Root of that tree."""
    unsealed: int
    note: str
    """The database's newest signed checkpoint; empty before the first."""
    signed_size: int
    """Its size."""
    memory: Checkpoint | None = None
    """What the sealer remembers; None for nothing."""
    memory_fault: str = ""
    """Why the memory cannot be read; empty while it can."""
    root_at_memory: bytes = b""
    """Root of the database's tree at the size that is remembered; empty if it has not so many."""

    @property
    def standing(self) -> Standing:
        """How database and memory stand to each other."""
        if self.memory_fault:
            return Standing.MEMORY_LOST
        if (self.memory.size if self.memory else 0) < self.signed_size:
            return Standing.MEMORY_BEHIND
        if self.memory is None:
            return Standing.SOUND
        if self.memory.size > self.tree_size:
            return Standing.LOG_BEHIND
        return Standing.SOUND if self.root_at_memory == self.memory.root else Standing.FORKED

    @property
    def behind(self) -> int:
        """Entries that were signed for and are not in the database, as far as memory knows."""
        return max(0, (self.memory.size if self.memory else 0) - self.tree_size)

    @property
    def known_size(self) -> int:
        """The largest size known to have been signed."""
        return max(self.signed_size, self.memory.size if self.memory else 0)


class OtherLog(YinuoError):
    """A checkpoint of a log of another name."""

    code = "LEDGER-E030"
    status = 409

    def __init__(self, place: str, found: str, ours: str) -> None:
        super().__init__(
            f"这是账本 {found} 的，不是本账本 {ours} 的",
            place=place,
            next_step="请换成本账本已公布的内容",
        )


class SourceBehind(YinuoError):
    """The published log is shorter than what is known to have been signed."""

    code = "LEDGER-E031"
    status = 409

    def __init__(self, place: str, size: int, known: int) -> None:
        super().__init__(
            f"它只有 {size:,} 条，而已知签到 {known:,} 条",
            place=place,
            next_step="请找一份更新的：站点镜像、见证单位、月度存档或他人下载的副本；"
            "都没有时用 yinuo ledger recover --new-origin",
        )


class LogForked(YinuoError):
    """Two histories under one name: what is published is not what the database or memory holds."""

    code = "LEDGER-E032"
    status = 409

    def __init__(self, place: str, size: int, ours: bytes, theirs: bytes, whose: str) -> None:
        super().__init__(
            f"前 {size:,} 条的根哈希，{whose}为 {ours.hex()}，对方为 {theirs.hex()}：历史已分叉",
            place=place,
            next_step="请保存双方的存证校验点，查明哪一份被改过；不要继续封存",
        )
        self.size, self.ours, self.theirs = size, ours, theirs


def require_same(place: str, size: int, *, ours: bytes, theirs: bytes, whose: str) -> None:
    """Raise `LogForked` unless two roots of one size are equal; `whose` names ours."""
    if ours != theirs:
        raise LogForked(place, size, ours, theirs, whose)
