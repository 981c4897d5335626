"""Checkpoints: the size and root of a log at one moment, as text to be signed.

dalian.example/ledger
20852163
CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=

Source: C2SP tlog-checkpoint.
"""

import base64
import re
from dataclasses import dataclass

from yinuo.kernel.errors import YinuoError
from yinuo.ledger.tlog.note import decode_base64
from yinuo.ledger.tlog.tree import EMPTY_ROOT, HASH_SIZE

_SIZE = re.compile(r"0|[1-9][0-9]{0,18}")


class MalformedCheckpoint(YinuoError):
    """A text or value that is not a checkpoint."""

    code = "TLOG-E015"

    def __init__(self, what: str, *, line: int) -> None:
        super().__init__(
            what,
            place=f"存证校验点第 {line} 行",
            next_step="应为三行：来源、记录数、Base64 的根哈希，均以换行结尾",
        )


@dataclass(frozen=True)
class Checkpoint:
    """A log of `size` leaves whose root is `root`."""

    origin: str
    """The identity of the log, such as `dalian.example/ledger`."""
    size: int
    root: bytes
    extensions: tuple[str, ...] = ()
    """Further lines of other people's logs. Yinuo writes none."""

    def __post_init__(self) -> None:
        """Raise `MalformedCheckpoint` for what could not be written and read back."""
        if not _SIZE.fullmatch(str(self.size)):
            raise MalformedCheckpoint(f"记录数 {self.size} 不可用", line=2)
        if len(self.root) != HASH_SIZE:
            raise MalformedCheckpoint(
                f"根哈希应为 {HASH_SIZE} 字节，实为 {len(self.root)} 字节", line=3
            )
        if self.size == 0 and self.root != EMPTY_ROOT:
            raise MalformedCheckpoint("没有记录的账本，根哈希须为空串的 SHA-256", line=3)
        _require_line(self.origin, 1)
        for number, line in enumerate(self.extensions, start=4):
            _require_line(line, number)


def _require_line(line: str, number: int) -> None:
    if not line or any(character < " " for character in line):
        raise MalformedCheckpoint("不得为空，不得含换行或控制字符", line=number)


def format(checkpoint: Checkpoint) -> str:  # noqa: A001 (read as checkpoint.format)
    """The text that the log signs."""
    root = base64.b64encode(checkpoint.root).decode()
    lines = (checkpoint.origin, str(checkpoint.size), root, *checkpoint.extensions)
    return "".join(f"{line}\n" for line in lines)


def _parse_size(text: str) -> int:
    if not _SIZE.fullmatch(text):
        raise MalformedCheckpoint(f"记录数 {text!r} 不是不带前导零的整数", line=2)
    return int(text)


def _parse_root(text: str) -> bytes:
    root = decode_base64(text)
    if root is None:
        raise MalformedCheckpoint("根哈希不是规范的 Base64", line=3)
    return root


def parse(text: str) -> Checkpoint:
    """The checkpoint in the text of an opened note; extension lines are kept.

    Raises `MalformedCheckpoint`, naming the line. Whether the origin is the expected one is
    for the caller to check.
    """
    if not text.endswith("\n"):
        raise MalformedCheckpoint("没有以换行结尾，可能不全", line=text.count("\n") + 1)
    match text[:-1].split("\n"):
        case [origin, size, root, *extensions]:
            return Checkpoint(origin, _parse_size(size), _parse_root(root), tuple(extensions))
        case lines:
            raise MalformedCheckpoint("不足三行", line=len(lines))
