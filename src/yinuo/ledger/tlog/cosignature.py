"""Cosignatures: what a witness (见证单位) signs under a checkpoint, and when.

    cosignature/v1
    time 1679315147
    example.com/behind-the-sofa
    20852163
    CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=

It says: at that time, this was the largest tree of this log that I had seen, and it continued
every earlier one. Source: C2SP tlog-cosignature, the Ed25519 type.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from yinuo.kernel.errors import YinuoError
from yinuo.ledger.tlog import checkpoint
from yinuo.ledger.tlog.note import (
    COSIGNATURE_KEY,
    BadKey,
    Signature,
    key_id,
    read_vkey,
    require_name,
    signature_line,
    split_note,
    write_vkey,
)

HEADER = "cosignature/v1"
TIME_BYTES = 8
SIGNATURE_BYTES = 64
LATEST = (1 << 63) - 1
"""The last time a cosignature can carry, in seconds since 1970."""


class BadCosignature(YinuoError):
    """A line that names a known witness but was not made by it over this checkpoint."""

    code = "TLOG-E020"
    status = 409

    def __init__(self, witness: str, text: str) -> None:
        super().__init__(
            f"见证单位 {witness} 的签名与存证校验点不符",
            place="见证签名",
            next_step="请重新取得原文；若仍不符，则存证校验点或见证签名已被改动或伪造",
        )
        self.witness = witness
        self.text = text


class TimeOutOfRange(YinuoError):
    """A time that a cosignature cannot carry."""

    code = "TLOG-E021"

    def __init__(self, time: int) -> None:
        super().__init__(
            f"见证时间 {time} 不可用",
            place="见证签名",
            next_step="应为自 1970 年起的整秒数，不得为负；请检查本机时钟",
        )


@dataclass(frozen=True)
class CosignatureVerifier:
    """A witness's name and the public key known, from elsewhere, to be its own."""

    name: str
    public_key: Ed25519PublicKey

    def __post_init__(self) -> None:
        """Raise `BadKey` for a name that no note can carry."""
        require_name(self.name)

    @classmethod
    def from_vkey(cls, vkey: str) -> "CosignatureVerifier":
        """Read `name+id+key` as published, of type 0x04. Raises `BadKey`."""
        return cls(*read_vkey(vkey, COSIGNATURE_KEY, of="见证单位"))

    @property
    def key_id(self) -> bytes:
        """Four bytes that name the key in a signature."""
        return key_id(self.name, self.public_key.public_bytes_raw(), COSIGNATURE_KEY)

    @property
    def label(self) -> str:
        """Name and key id for people: `witness.example+8d66cf3f`."""
        return f"{self.name}+{self.key_id.hex()}"

    @property
    def vkey(self) -> str:
        """The public key as published: `name+id+key`."""
        return write_vkey(self.name, self.public_key, COSIGNATURE_KEY)

    def verify(self, text: str, signature: bytes) -> int:
        """The time, if the key made `signature` (8 bytes of time, 64 of Ed25519) over `text`.

        Seconds since 1970. Raises `BadCosignature`.
        """
        time = int.from_bytes(signature[:TIME_BYTES], "big")
        if len(signature) != TIME_BYTES + SIGNATURE_BYTES or time > LATEST:
            raise BadCosignature(self.label, text)
        try:
            self.public_key.verify(signature[TIME_BYTES:], _message(text, time))
        except InvalidSignature:
            raise BadCosignature(self.label, text) from None
        return time


@dataclass(frozen=True)
class Cosigner:
    """A witness's name and its private key. One key serves one name: the message names nobody."""

    name: str
    private_key: Ed25519PrivateKey = field(repr=False)

    def __post_init__(self) -> None:
        """Raise `BadKey` for a name that no note can carry."""
        require_name(self.name)

    @property
    def verifier(self) -> CosignatureVerifier:
        """The public half, to be given to others."""
        return CosignatureVerifier(self.name, self.private_key.public_key())


@dataclass(frozen=True)
class Cosigned:
    """One verified cosignature."""

    witness: str
    """Name and key id: `witness.example+8d66cf3f`."""
    time: int
    """When, by the witness's clock, in seconds since 1970."""
    line: str
    """The signature line, newline included."""


def _message(text: str, time: int) -> bytes:
    return f"{HEADER}\ntime {time}\n{text}".encode()


def cosign(note_text: str, cosigner: Cosigner, time: int) -> str:
    """The signature line, newline included, of a witness under a checkpoint.

    `note_text` is the text of the opened note with its final newline; `time` is in seconds
    since 1970. Raises `MalformedCheckpoint` for anything but a checkpoint, `TimeOutOfRange`.
    """
    checkpoint.parse(note_text)
    if not 0 <= time <= LATEST:
        raise TimeOutOfRange(time)
    signature = cosigner.private_key.sign(_message(note_text, time))
    stamped = time.to_bytes(TIME_BYTES, "big") + signature
    return signature_line(cosigner.name, cosigner.verifier.key_id, stamped)


def _by_key(
    verifiers: Iterable[CosignatureVerifier],
) -> dict[tuple[str, bytes], CosignatureVerifier]:
    known: dict[tuple[str, bytes], CosignatureVerifier] = {}
    for verifier in verifiers:
        if known.setdefault((verifier.name, verifier.key_id), verifier) != verifier:
            raise BadKey("两把不同的公钥名称和编号相同，无从分辨", verifier.label)
    return known


def read_cosignatures(note: str, verifiers: Iterable[CosignatureVerifier]) -> list[Cosigned]:
    """What the given witnesses signed under a note, in the order of its lines.

    Of several lines of one witness the latest counts. Lines of others are passed over, the
    log's own included: `open_note` reads that. Raises `MalformedNote`, `MalformedCheckpoint`,
    `BadCosignature` if any line of a given witness is wrong, and `BadKey` if two verifiers
    cannot be told apart.
    """
    known = _by_key(verifiers)
    text, signatures = split_note(note)
    checkpoint.parse(text)
    found: dict[str, Cosigned] = {}
    for name, number, signature in signatures:
        if (name, number) not in known:
            continue
        witness = known[name, number]
        time = witness.verify(text, signature)
        cosigned = Cosigned(witness.label, time, signature_line(name, number, signature))
        if witness.label not in found or found[witness.label].time < time:
            found[witness.label] = cosigned
    return list(found.values())


def add_cosignatures(note: str, lines: Iterable[str]) -> str:
    """The note with further signature lines under those it has; a line it has is not repeated.

    Verifies nothing. Raises `MalformedNote` if a line is no signature, or there are too many.
    """
    text, signatures = split_note(note)
    for line in lines:
        _text, added = split_note(f"{text}\n{line}")
        signatures += [signature for signature in added if signature not in signatures]
    whole = f"{text}\n" + "".join(_line(signature) for signature in signatures)
    split_note(whole)
    return whole


def _line(signature: Signature) -> str:
    return signature_line(signature.name, signature.key_id, signature.signature)
