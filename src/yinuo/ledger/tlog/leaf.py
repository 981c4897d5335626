"""The leaf: what the public tree knows of an entry, which is nothing but a time and a hash."""

import json
import re
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from yinuo.kernel.errors import YinuoError
from yinuo.ledger.tlog.tree import HASH_SIZE, WrongHashLength

FORMAT = "yinuo.entry/1"
SALT_SIZE = 32
MAX_SIZE = 1024
"""Far above any leaf; nothing longer is even parsed."""
FIELDS = ("format", "hash", "recorded_at")

_INSTANT = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{6}Z")
_HEX = re.compile(r"[0-9a-f]{64}")


class WrongSalt(YinuoError):
    """A salt of another length than 32 bytes, under which salt and body could trade places."""

    code = "TLOG-E016"

    def __init__(self, length: int) -> None:
        super().__init__(
            f"盐应为 {SALT_SIZE} 字节，实为 {length} 字节",
            next_step="写入时请用 secrets.token_bytes(32)；核验时请重新取得盐",
        )
        self.length = length


class MalformedLeaf(YinuoError):
    """Bytes or values that are not a leaf of this format."""

    code = "TLOG-E017"

    def __init__(self, what: str, *, field: str = "", value: object = None) -> None:
        super().__init__(
            what if value is None else f"{what}：{value!r}",
            place=f"叶 · {field}" if field else "叶",
            next_step='应为 {"format":"yinuo.entry/1","hash":"64 位十六进制",'
            '"recorded_at":"2024-02-08T08:30:00.000000Z"}，不增减一个字节',
        )
        self.field = field


@dataclass(frozen=True, slots=True)
class Leaf:
    """A leaf that was read."""

    recorded_at: str
    """When the ledger took the entry: UTC, microseconds, `Z`."""
    hash: bytes
    """`commitment_hash` of the entry's salt and body."""


def commitment_hash(salt: bytes, body: bytes) -> bytes:
    """SHA-256(salt ‖ body): names a body without giving anything away.

    Raises `WrongSalt` unless the salt is 32 bytes.
    """
    if len(salt) != SALT_SIZE:
        raise WrongSalt(len(salt))
    return sha256(salt + body).digest()


def _require_instant(text: str) -> None:
    try:
        valid = _INSTANT.fullmatch(text) is not None and datetime.fromisoformat(text)
    except ValueError:
        valid = False
    if not valid:
        raise MalformedLeaf("时间须为 UTC、精确到微秒、以 Z 结尾", field="recorded_at", value=text)


def leaf_text(recorded_at: str, hidden: str) -> bytes:
    """The bytes of a leaf for values already known to be well formed; `hidden` is hex.

    Written out because verifying a log runs it for every entry; a property test holds it equal
    to `canonical_bytes` of the same three fields, which takes eight times as long.
    """
    return f'{{"format":"{FORMAT}","hash":"{hidden}","recorded_at":"{recorded_at}"}}'.encode()


def leaf_bytes(*, recorded_at: str, hash: bytes) -> bytes:  # noqa: A002 (the field's name)
    """The bytes of a leaf, to be hashed into the tree and published.

    `recorded_at` is an instant as `kernel.instants.instant_text` writes it. Raises
    `MalformedLeaf` and `WrongHashLength`.
    """
    _require_instant(recorded_at)
    if len(hash) != HASH_SIZE:
        raise WrongHashLength(len(hash))
    return leaf_text(recorded_at, hash.hex())


def _fields(data: bytes) -> dict[str, str]:
    if len(data) > MAX_SIZE:
        raise MalformedLeaf(f"有 {len(data)} 字节，过长")
    try:
        fields = json.loads(data)
    except ValueError:
        raise MalformedLeaf("不是 JSON") from None
    if not isinstance(fields, dict):
        raise MalformedLeaf("不是 JSON 对象")
    for name in (*fields, *FIELDS):
        if name not in FIELDS:
            raise MalformedLeaf("多出的字段", field=name)
        if not isinstance(fields.get(name), str):
            raise MalformedLeaf("缺少，或不是字符串", field=name, value=fields.get(name))
    return fields


def parse_leaf(data: bytes) -> Leaf:
    """Read the bytes of a leaf. Raises `MalformedLeaf` for any byte that is not as written."""
    fields = _fields(data)
    if fields["format"] != FORMAT:
        raise MalformedLeaf("不认识的格式", field="format", value=fields["format"])
    if not _HEX.fullmatch(fields["hash"]):
        raise MalformedLeaf("不是 64 位小写十六进制", field="hash", value=fields["hash"])
    leaf = Leaf(fields["recorded_at"], bytes.fromhex(fields["hash"]))
    if leaf_bytes(recorded_at=leaf.recorded_at, hash=leaf.hash) != data:
        raise MalformedLeaf("字节与规范写法不同：次序、空格或重复字段")
    return leaf
