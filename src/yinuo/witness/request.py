"""The body of `POST /add-checkpoint`.

    old 20852014
    PlRNCrwHpqhGrupue0L7gxbjbMiKA9temvuZZDDpkaw=

    example.com/behind-the-sofa
    20852163
    …

Source: C2SP tlog-witness.
"""

import re
from dataclasses import dataclass

from yinuo.kernel.errors import YinuoError
from yinuo.ledger.tlog.note import decode_base64
from yinuo.ledger.tlog.tree import HASH_SIZE

MOST_HASHES = 63
_OLD = re.compile(r"old (0|[1-9][0-9]{0,18})")


class MalformedRequest(YinuoError):
    """A body that is not what the protocol asks for."""

    code = "WITNESS-E007"

    def __init__(self, what: str, *, line: int) -> None:
        super().__init__(
            what,
            place=f"请求第 {line} 行",
            next_step="应为：old 记录数、至多 63 行证明、一个空行、存证校验点（C2SP tlog-witness）",
        )


@dataclass(frozen=True)
class Request:
    """A checkpoint to be cosigned, and the proof that it continues an earlier one."""

    old: int
    """Number of entries at the earlier checkpoint; 0 for none."""
    proof: tuple[bytes, ...]
    note: str


def parse(body: bytes) -> Request:
    """The request in a body; its note is not looked into. Raises `MalformedRequest`."""
    try:
        text = body.decode()
    except UnicodeDecodeError:
        raise MalformedRequest("不是 UTF-8", line=1) from None
    head, blank, note = text.partition("\n\n")
    if not blank or not note:
        raise MalformedRequest("没有空行和存证校验点", line=head.count("\n") + 1)
    first, *lines = head.split("\n")
    old = _OLD.fullmatch(first)
    if old is None:
        raise MalformedRequest("应为 old 和不带前导零的记录数", line=1)
    if len(lines) > MOST_HASHES:
        raise MalformedRequest(f"证明多于 {MOST_HASHES} 行", line=MOST_HASHES + 2)
    hashes = [_hash(line, number) for number, line in enumerate(lines, start=2)]
    return Request(int(old[1]), tuple(hashes), note)


def _hash(line: str, number: int) -> bytes:
    data = decode_base64(line)
    if data is None or len(data) != HASH_SIZE:
        raise MalformedRequest(f"不是 Base64 的 {HASH_SIZE} 字节", line=number)
    return data
