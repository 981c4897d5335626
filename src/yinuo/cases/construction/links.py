"""The link by which a utility without an account answers: signed, with an end. Pure.

The address holds the code of the notice and a signature over its present nonce; a new link has a
new nonce, so the one before it opens nothing any more.
"""

import hashlib
import hmac
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass, field
from typing import Self

SIGNATURE = 32
DAYS = 30
"""How long a link opens its notice."""


@dataclass(frozen=True)
class LinkKey:
    """The installation's key for links to utilities."""

    key: bytes = field(repr=False)

    @classmethod
    def of(cls, secret_key: str) -> Self:
        """A key of its own, made from the one that signs sessions."""
        return cls(hmac.digest(secret_key.encode(), b"yinuo.utility/1", "sha256"))

    def token(self, code: str, nonce: str) -> str:
        """What stands in the address."""
        return urlsafe_b64encode(self._signature(code, nonce) + code.encode()).decode().rstrip("=")

    def is_signed(self, token: str, code: str, nonce: str) -> bool:
        """Whether the token is the one for that notice; takes equally long either way."""
        right = self.token(code, nonce).encode()
        return bool(nonce) and hmac.compare_digest(token.encode(), right)

    def _signature(self, code: str, nonce: str) -> bytes:
        return hmac.digest(self.key, f"{code}\n{nonce}".encode(), hashlib.sha256)


@dataclass(frozen=True)
class LinkVisit:
    """Who comes by a link: the token of the address and the installation's key."""

    token: str
    key: LinkKey


def code_in(token: str) -> str:
    """The code of the notice that a token claims to be for; empty where it is no token."""
    try:
        data = urlsafe_b64decode(token + "=" * (-len(token) % 4))
        return data[SIGNATURE:].decode()
    except ValueError:
        return ""
