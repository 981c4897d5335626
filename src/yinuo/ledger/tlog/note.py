"""Signed notes: a text, a blank line, and who signed it. Source: C2SP signed-note.

一段文字，以换行结尾

— dalian.example/ledger Az3grlgtzPIC…
"""

import base64
import binascii
from collections.abc import Iterable
from dataclasses import dataclass, field
from hashlib import sha256
from typing import NamedTuple

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import (
    Ed25519PrivateKey,
    Ed25519PublicKey,
)

from yinuo.kernel.errors import YinuoError

LOG_KEY = 0x01
"""Signature type of a log: Ed25519 over the text."""
COSIGNATURE_KEY = 0x04
"""Signature type of a witness: Ed25519 over a time and the text (C2SP tlog-cosignature)."""
KEY_ID_SIZE = 4
PUBLIC_KEY_SIZE = 32
MAX_SIGNATURES = 100
SIGNATURE_MARK = "—"


class MalformedNote(YinuoError):
    """A text that is not a signed note, or cannot become one."""

    code = "TLOG-E011"

    def __init__(self, what: str, *, line: int | None = None) -> None:
        super().__init__(
            what,
            place=f"第 {line} 行" if line else "签名文本",
            next_step="请原样取得全文：文字、一个空行、每行一个签名，均以换行结尾",
        )


class UnknownSigner(YinuoError):
    """None of the signatures is by a key that was given."""

    code = "TLOG-E012"

    def __init__(self, signers: Iterable[str], trusted: Iterable[str]) -> None:
        self.signers, self.trusted = tuple(signers), tuple(trusted)
        super().__init__(
            f"签名来自 {'、'.join(self.signers)}，不在信任的密钥之列："
            f"{'、'.join(self.trusted) or '未给出密钥'}",
            place="签名文本",
            next_step="请从另一途径取得并核对对方的公钥，再行验证",
        )


class BadSignature(YinuoError):
    """A signature that names a known key but was not made by it over this text."""

    code = "TLOG-E013"
    status = 409

    def __init__(self, signer: str, text: str) -> None:
        super().__init__(
            f"{signer} 的签名与文字不符",
            place="签名文本",
            next_step="请重新取得原文；若仍不符，则文字或签名已被改动",
        )
        self.signer = signer
        self.text = text


class BadKey(YinuoError):
    """A key name or encoded public key that cannot be used."""

    code = "TLOG-E014"

    def __init__(self, what: str, place: str) -> None:
        super().__init__(
            what, place=place, next_step="公钥写作 名称+8 位十六进制编号+Base64，请原样复制"
        )


def key_id(name: str, public_key: bytes, key_type: int = LOG_KEY) -> bytes:
    """The four bytes by which a signature names its key.

    SHA-256(name ‖ 0x0A ‖ type ‖ public key)[:4]. Source: C2SP signed-note.
    """
    return sha256(name.encode() + b"\n" + bytes([key_type]) + public_key).digest()[:KEY_ID_SIZE]


def decode_base64(text: str) -> bytes | None:
    """The bytes, or None unless `text` is their one standard encoding."""
    try:
        data = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return None
    return data if base64.b64encode(data).decode() == text else None


def _is_plain(text: str) -> bool:
    """Valid UTF-8 without control characters but newline."""
    if any(character < " " and character != "\n" for character in text):
        return False
    return not any("\ud800" <= character <= "\udfff" for character in text)


def _is_name(name: str) -> bool:
    return bool(name) and _is_plain(name) and not any(c.isspace() or c == "+" for c in name)


def require_name(name: str) -> None:
    """Raise `BadKey` for a name that no note can carry."""
    if not _is_name(name):
        raise BadKey(f"密钥名称 {name!r} 不可用：不得为空，不得含空格、加号或控制字符", "密钥名称")


def read_vkey(vkey: str, key_type: int, *, of: str) -> tuple[str, Ed25519PublicKey]:
    """Name and key of a published `name+id+key`; `of` is whose key it must be, for the message.

    Raises `BadKey`.
    """
    name, number, encoded = (*vkey.strip().split("+", 2), "", "")[:3]
    data = decode_base64(encoded)
    if not _is_name(name) or not data:
        raise BadKey("不是公钥的写法", vkey)
    if data[0] != key_type:
        raise BadKey(f"密钥类型为 0x{data[0]:02x}，{of}密钥须为 0x{key_type:02x}", vkey)
    if len(data) != 1 + PUBLIC_KEY_SIZE:
        raise BadKey("不是公钥的写法", vkey)
    expected = key_id(name, data[1:], key_type).hex()
    if number != expected:
        raise BadKey(f"公钥编号应为 {expected}，写作 {number}", vkey)
    return name, Ed25519PublicKey.from_public_bytes(data[1:])


def write_vkey(name: str, public_key: Ed25519PublicKey, key_type: int) -> str:
    """The public key as published: `name+id+key`."""
    raw = public_key.public_bytes_raw()
    encoded = base64.b64encode(bytes([key_type]) + raw).decode()
    return f"{name}+{key_id(name, raw, key_type).hex()}+{encoded}"


@dataclass(frozen=True)
class Verifier:
    """A name and the public key known, from elsewhere, to be its own."""

    name: str
    public_key: Ed25519PublicKey

    def __post_init__(self) -> None:
        """Raise `BadKey` for a name that no note can carry."""
        require_name(self.name)

    @classmethod
    def from_vkey(cls, vkey: str) -> "Verifier":
        """Read `name+id+key` as published. Raises `BadKey`."""
        return cls(*read_vkey(vkey, LOG_KEY, of="账本"))

    @property
    def key_id(self) -> bytes:
        """Four bytes that name the key in a signature."""
        return key_id(self.name, self.public_key.public_bytes_raw())

    @property
    def label(self) -> str:
        """Name and key id for people: `sum.golang.org+033de0ae`."""
        return f"{self.name}+{self.key_id.hex()}"

    @property
    def vkey(self) -> str:
        """The public key as published: `name+id+key`."""
        return write_vkey(self.name, self.public_key, LOG_KEY)

    def verify(self, text: str, signature: bytes) -> None:
        """Return if the key made `signature` (64 bytes) over `text`. Raises `BadSignature`."""
        try:
            self.public_key.verify(signature, text.encode())
        except InvalidSignature:
            raise BadSignature(self.label, text) from None


@dataclass(frozen=True)
class Signer:
    """A name and its private key."""

    name: str
    private_key: Ed25519PrivateKey = field(repr=False)

    def __post_init__(self) -> None:
        """Raise `BadKey` for a name that no note can carry."""
        require_name(self.name)

    @property
    def verifier(self) -> Verifier:
        """The public half, to be given to others."""
        return Verifier(self.name, self.private_key.public_key())


class Signature(NamedTuple):
    """One signature line, not yet verified."""

    name: str
    key_id: bytes
    signature: bytes

    @property
    def label(self) -> str:
        """Name and key id for people."""
        return f"{self.name}+{self.key_id.hex()}"


def sign(text: str, signer: Signer) -> str:
    """The text as a signed note. Raises `MalformedNote` if it cannot be one."""
    if not text.endswith("\n"):
        raise MalformedNote("文字须以换行结尾")
    if not _is_plain(text):
        raise MalformedNote("文字含有控制字符或不完整的字符")
    signature = signer.private_key.sign(text.encode())
    return f"{text}\n{signature_line(signer.name, signer.verifier.key_id, signature)}"


def signature_line(name: str, number: bytes, signature: bytes) -> str:
    """A signature as a line of a note, newline included."""
    return f"{SIGNATURE_MARK} {name} {base64.b64encode(number + signature).decode()}\n"


def _read_signature(line: str, number: int) -> Signature:
    mark, name, encoded = (*line.split(" ", 2), "", "")[:3]
    if mark != SIGNATURE_MARK or not _is_name(name):
        raise MalformedNote("签名行应为：破折号、空格、名称、空格、签名", line=number)
    data = decode_base64(encoded)
    if data is None or len(data) <= KEY_ID_SIZE:
        raise MalformedNote("签名不是 Base64，或过短", line=number)
    return Signature(name, data[:KEY_ID_SIZE], data[KEY_ID_SIZE:])


def split_note(note: str) -> tuple[str, list[Signature]]:
    """The text of a note, final newline included, and its signatures, none of them verified.

    Raises `MalformedNote`.
    """
    if not _is_plain(note):
        raise MalformedNote("含有控制字符或不完整的字符")
    text, blank, block = note.rpartition("\n\n")
    if not blank or not block:
        raise MalformedNote("没有空行和签名")
    if not block.endswith("\n"):
        raise MalformedNote("最后一行没有换行，可能不全")
    text += "\n"
    lines = block[:-1].split("\n")
    if len(lines) > MAX_SIGNATURES:
        raise MalformedNote(f"签名多于 {MAX_SIGNATURES} 个")
    first = text.count("\n") + 2
    return text, [_read_signature(line, first + at) for at, line in enumerate(lines)]


def _by_key(verifiers: Iterable[Verifier]) -> dict[tuple[str, bytes], Verifier]:
    known: dict[tuple[str, bytes], Verifier] = {}
    for verifier in verifiers:
        if known.setdefault((verifier.name, verifier.key_id), verifier) != verifier:
            raise BadKey("两把不同的公钥名称和编号相同，无从分辨", verifier.label)
    return known


def open_note(note: str, verifiers: Iterable[Verifier]) -> str:
    """The text of a note that at least one of the verifiers signed, final newline included.

    Signatures of other keys are passed over. Raises `MalformedNote`, `UnknownSigner` if no
    signature is by a given key, `BadSignature` if any signature by a given key is wrong, and
    `BadKey` if two verifiers cannot be told apart. Source: C2SP signed-note.
    """
    known = _by_key(verifiers)
    text, signatures = split_note(note)
    signed = [s for s in signatures if (s.name, s.key_id) in known]
    if not signed:
        raise UnknownSigner(
            [signature.label for signature in signatures], [v.label for v in known.values()]
        )
    for name, number, signature in signed:
        known[name, number].verify(text, signature)
    return text
