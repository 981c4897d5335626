"""The sealer's own memory: the last checkpoint it signed, kept outside the database.

A database can be restored from yesterday's backup; this file must not be. With it the sealer
notices that entries it once signed for are gone, and refuses to sign a second history.
"""

import os
from dataclasses import dataclass
from pathlib import Path

from yinuo.kernel.durable import write_through
from yinuo.kernel.errors import YinuoError
from yinuo.ledger.tlog import checkpoint
from yinuo.ledger.tlog.checkpoint import Checkpoint
from yinuo.ledger.tlog.note import split_note

RECOVER = "请运行 yinuo ledger recover，按提示补回缺失的记录，或另立账本并公开说明原因"


class SealingRefused(YinuoError):
    """The sealer will not sign, because it might sign a second history."""

    code = "LEDGER-E006"
    status = 503


class MemoryMissing(SealingRefused):
    """The file of the sealer's memory is gone."""

    code = "LEDGER-E007"

    def __init__(self, path: Path) -> None:
        super().__init__(
            "封存记忆文件不存在，无法得知以前签到哪里", place=str(path), next_step=RECOVER
        )


class MemoryOfAnother(SealingRefused):
    """The memory belongs to a log of another name."""

    code = "LEDGER-E008"

    def __init__(self, path: Path, found: str, expected: str) -> None:
        super().__init__(
            f"封存记忆属于账本 {found}，本安装的账本是 {expected}",
            place=str(path),
            next_step="请检查 YINUO_SEALER_MEMORY 是否指向了另一个安装的文件",
        )


class MemoryDamaged(SealingRefused):
    """The memory's file cannot be read as a signed checkpoint."""

    code = "LEDGER-E013"

    def __init__(self, path: Path, why: str) -> None:
        super().__init__(f"封存记忆文件损坏：{why}", place=str(path), next_step=RECOVER)


@dataclass(frozen=True)
class Memory:
    """One file that holds the last signed checkpoint; empty before the first."""

    path: Path

    def begin(self) -> None:
        """Start an empty memory. Raises `FileExistsError` rather than forget."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        handle = os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        os.close(handle)

    def read(self, origin: str) -> Checkpoint | None:
        """The last checkpoint signed for this log, or None before the first.

        Raises `MemoryMissing`, `MemoryDamaged` and `MemoryOfAnother`.
        """
        try:
            note = self.path.read_text(encoding="utf-8")
        except FileNotFoundError:
            raise MemoryMissing(self.path) from None
        if not note:
            return None
        try:
            last = checkpoint.parse(split_note(note)[0])
        except YinuoError as error:
            raise MemoryDamaged(self.path, error.what) from error
        if last.origin != origin:
            raise MemoryOfAnother(self.path, last.origin, origin)
        return last

    def remember(self, note: str) -> None:
        """Replace the memory by a newly signed checkpoint, at once or not at all."""
        write_through(self.path, note)
