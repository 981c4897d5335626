"""Keys and signatures of a subscription.

They are worked out from the installation's key and a random number of the subscription, so that
the database holds nothing that signs or opens anything.

The headers are those of *Standard Webhooks*: `webhook-id`, `webhook-timestamp`,
`webhook-signature: v1,<base64 of HMAC-SHA-256 over "id.timestamp.body">`.
"""

import hashlib
import hmac
from base64 import b64decode, b64encode, urlsafe_b64encode
from dataclasses import dataclass, field
from datetime import datetime
from typing import Self

PREFIX = "whsec_"


@dataclass(frozen=True)
class Keys:
    """The key from which those of all subscriptions are made."""

    key: bytes = field(repr=False)

    @classmethod
    def of(cls, secret_key: str) -> Self:
        """A key of its own, made from the one that signs sessions."""
        return cls(hmac.digest(secret_key.encode(), b"yinuo.hooks/1", "sha256"))

    def _part(self, purpose: str, nonce: str) -> bytes:
        return hmac.digest(self.key, f"{purpose}:{nonce}".encode(), "sha256")

    def secret(self, nonce: str) -> str:
        """The secret that the receiver checks signatures with: `whsec_` and base64."""
        return PREFIX + b64encode(self._part("sign", nonce)).decode()

    def token(self, nonce: str) -> str:
        """The bearer token with which events are fetched instead."""
        return urlsafe_b64encode(self._part("pull", nonce)).decode().rstrip("=")


def token_mark(token: str) -> str:
    """Under which a token of 256 bits is found again."""
    return hashlib.sha256(token.encode()).hexdigest()


def signature(secret: str, *, event: str, at: datetime, body: bytes) -> str:
    """The value of `webhook-signature`."""
    key = b64decode(secret.removeprefix(PREFIX))
    said = f"{event}.{int(at.timestamp())}.".encode() + body
    return "v1," + b64encode(hmac.digest(key, said, "sha256")).decode()
