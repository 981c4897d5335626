"""A person's number for the time that it waits: sealed by a key that stands apart from the rows."""

import hmac
from base64 import urlsafe_b64encode

from cryptography.fernet import Fernet, InvalidToken
from django.conf import settings

PURPOSE = b"yinuo.credit.sealed_number/1"


def sealed(number: str) -> str:
    """The number as it may stand in a row; another text each time."""
    return _box().encrypt(number.encode()).decode()


def opened(text: str) -> str | None:
    """The number again; None where the key was changed meanwhile."""
    try:
        return _box().decrypt(text.encode()).decode()
    except InvalidToken:
        return None


def _box() -> Fernet:
    key = hmac.digest(settings.SECRET_KEY.encode(), PURPOSE, "sha256")
    return Fernet(urlsafe_b64encode(key))
