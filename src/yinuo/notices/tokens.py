"""The secret parts of links and codes, worked out anew each time from a key. Pure.

Nothing that opens anything is stored: the database holds a random number a link or code, the
installation's key stands elsewhere, and only both together give the secret part. A plain hash of
six digits would be undone in a second by whoever reads the table.
"""

import hashlib
import hmac
import secrets
from base64 import urlsafe_b64encode
from dataclasses import dataclass, field
from typing import Self

CODE_DIGITS = 6


def fresh_nonce() -> str:
    """256 random bits, as they are stored."""
    return secrets.token_hex(32)


def fingerprint(secret: str) -> str:
    """Hex of SHA-256: under which a secret of 256 bits is found again."""
    return hashlib.sha256(secret.encode()).hexdigest()


@dataclass(frozen=True)
class Secret:
    """The installation's key for links and codes."""

    key: bytes = field(repr=False)

    @classmethod
    def of(cls, secret_key: str) -> Self:
        """A key of its own, made from the one that signs sessions."""
        return cls(hmac.digest(secret_key.encode(), b"yinuo.notices/1", "sha256"))

    def _part(self, purpose: str, nonce: str) -> bytes:
        return hmac.digest(self.key, f"{purpose}:{nonce}".encode(), "sha256")

    def token(self, nonce: str) -> str:
        """The secret part of a link: 256 bits, 43 characters fit for an address."""
        return urlsafe_b64encode(self._part("link", nonce)).decode().rstrip("=")

    def one_time_code(self, nonce: str) -> str:
        """Six digits, each equally likely as far as 2^128 permits."""
        number = int.from_bytes(self._part("code", nonce)[:16]) % 10**CODE_DIGITS
        return f"{number:0{CODE_DIGITS}d}"

    def is_code(self, typed: str, nonce: str) -> bool:
        """Whether the code is right; takes equally long either way. Without a nonce none is."""
        right = hmac.compare_digest(typed.encode(), self.one_time_code(nonce).encode())
        return bool(nonce) and right
