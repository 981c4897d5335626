"""A checkpoint as a code to be printed, read aloud and typed in again (存证校验码).

20852163-1CA6-39GR-… -ZK        size - 8 groups that begin the root - 2 check characters

The digits of the root are Crockford's Base32, which has no I, L, O or U. 160 bits stand for the
root, so that nobody can prepare two histories for one code. The check characters depend on the
log's origin too: the code of another city is refused as mistyped.
"""

import re
import unicodedata
from dataclasses import dataclass
from hashlib import sha256

from yinuo.kernel.errors import YinuoError
from yinuo.ledger.tlog.checkpoint import Checkpoint

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's Base32: each character is five bits."""
PREFIX_BYTES = 20
GROUP = 4
ROOT_CHARACTERS = PREFIX_BYTES * 8 // 5
CHECK_CHARACTERS = 2
CHARACTERS = ROOT_CHARACTERS + CHECK_CHARACTERS

_MEANT = {**{c: c for c in ALPHABET}, "O": "0", "I": "1", "L": "1"}
_HYPHENS = frozenset("-‐‑‒–—―−")
"""What keyboards and word processors make of a hyphen."""
_SIZE = re.compile(r"0|[1-9][0-9]{0,18}")


class CodeRejected(YinuoError):
    """A text that is no code of this log's checkpoints."""

    code = "TLOG-E030"


class CodeWithoutSize(CodeRejected):
    """The number of entries in front of the first hyphen is missing."""

    code = "TLOG-E031"

    def __init__(self, found: str) -> None:
        super().__init__(
            f"开头“{found}”不是条数" if found else "开头没有条数",
            place="存证校验码",
            next_step="校验码以账本的条数和一个连字符开头，例如 20852-1CA6-…；请从条数起输入",
        )


class WrongCodeLength(CodeRejected):
    """Characters are missing, or there are too many."""

    code = "TLOG-E032"

    def __init__(self, found: int) -> None:
        how = "不完整" if found < CHARACTERS else "过长"
        super().__init__(
            f"校验码{how}：条数之后应有 {CHARACTERS} 个字符，实有 {found} 个",
            place="存证校验码",
            next_step="条数之后是 8 组、每组 4 个字符，再加 2 个字符；请对照原件补全",
        )
        self.found = found


class UnknownCharacter(CodeRejected):
    """A character that no code contains."""

    code = "TLOG-E033"

    def __init__(self, character: str, position: int) -> None:
        super().__init__(
            f"第 {position} 个字符“{character}”不会出现在校验码里",
            place="存证校验码",
            next_step="校验码只用数字和字母，没有 I、L、O、U；请对照原件改正这个字符",
        )
        self.character = character
        self.position = position


class CodeMistyped(CodeRejected):
    """The check characters do not fit the rest: a slip in typing, or the code of another log."""

    code = "TLOG-E034"

    def __init__(self, origin: str) -> None:
        super().__init__(
            "末尾两个检验字符与前面对不上",
            place="存证校验码",
            next_step="多半是抄错了一处，请对照原件逐组核对；"
            f"也可能是另一座城市的校验码（本账本是 {origin}）",
        )


@dataclass(frozen=True)
class Code:
    """What a code says of a log: it had `size` entries, and its root began like this."""

    size: int
    root_prefix: bytes
    """The first 20 bytes of the root."""

    def matches(self, root: bytes) -> bool:
        """Whether the root of the tree of `size` leaves is the one that was printed."""
        return root[:PREFIX_BYTES] == self.root_prefix


def _base32(data: bytes, characters: int) -> str:
    """The first bits of `data` as Base32, five a character."""
    number = int.from_bytes(data, "big") >> (len(data) * 8 - characters * 5)
    shifts = range((characters - 1) * 5, -1, -5)
    return "".join(ALPHABET[number >> shift & 31] for shift in shifts)


def _check(origin: str, size: int, prefix: bytes) -> str:
    digest = sha256(f"{origin}\n{size}\n".encode() + prefix).digest()
    return _base32(digest, CHECK_CHARACTERS)


def encode(checkpoint: Checkpoint) -> str:
    """The code of a checkpoint, as printed.

    >>> from yinuo.ledger.tlog.tree import EMPTY_ROOT
    >>> encode(Checkpoint("city.example/ledger", 0, EMPTY_ROOT))
    '0-WERC-8GMR-ZGE1-96QV-YK49-JVXS-4GKT-WGF4-CK'
    """
    prefix = checkpoint.root[:PREFIX_BYTES]
    root = _base32(prefix, ROOT_CHARACTERS)
    groups = [root[start : start + GROUP] for start in range(0, ROOT_CHARACTERS, GROUP)]
    check = _check(checkpoint.origin, checkpoint.size, prefix)
    return "-".join([str(checkpoint.size), *groups, check])


def _characters(text: str) -> list[tuple[str, int]]:
    """The characters meant, each with its position from 1: no spaces, capitals, plain hyphens."""
    return [
        ("-" if character in _HYPHENS else character, position)
        for position, typed in enumerate(text, start=1)
        for character in unicodedata.normalize("NFKC", typed).upper()
        if not character.isspace()
    ]


def _meant(characters: list[tuple[str, int]]) -> str:
    for character, position in characters:
        if character not in _MEANT:
            raise UnknownCharacter(character, position)
    return "".join(_MEANT[character] for character, _position in characters)


def decode(text: str, origin: str) -> Code:
    """Read a code as people type it.

    Small letters, full-width characters, spaces, O for 0 and I or L for 1 are understood, and
    groups need no hyphens; the hyphen after the size must be there. Raises a `CodeRejected` that
    says what is wrong: `UnknownCharacter`, `CodeWithoutSize`, `WrongCodeLength`, `CodeMistyped`.
    """
    characters = _characters(text)
    hyphens = [at for at, (character, _) in enumerate(characters) if character == "-"]
    head = characters[: hyphens[0]] if hyphens else []
    rest = _meant([c for c in characters[len(head) :] if c[0] != "-"])
    size = _meant(head)
    if not _SIZE.fullmatch(size):
        raise CodeWithoutSize(size)
    if len(rest) != CHARACTERS:
        raise WrongCodeLength(len(rest))
    number = 0
    for character in rest[:ROOT_CHARACTERS]:
        number = number << 5 | ALPHABET.index(character)
    code = Code(int(size), number.to_bytes(PREFIX_BYTES, "big"))
    if rest[ROOT_CHARACTERS:] != _check(origin, code.size, code.root_prefix):
        raise CodeMistyped(origin)
    return code
