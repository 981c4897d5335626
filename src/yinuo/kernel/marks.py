"""Keyed hashes by which a person, firm or account is found again: nothing can be read from them.

The key is a file of the home that is never changed, because what is stored was made with it.
"""

import hmac
import os
import secrets
from contextlib import suppress
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from tempfile import NamedTemporaryFile

from yinuo.kernel.durable import sync_folder

BEFORE = "secret.key"
"""Beside the key: what marks were made with before they had a key of their own."""


def keyed_mark(salt: str, value: str, *, key_file: Path) -> str:
    """64 hexadecimal digits; `salt` says what for, so that marks of two kinds never meet.

    The key is made at the first need. The hash is that of Django's `salted_hmac`. Source: ADR 56.
    """
    key = sha256((salt + _key(key_file)).encode()).digest()
    return hmac.digest(key, value.encode(), "sha256").hex()


@lru_cache(maxsize=2)
def _key(path: Path) -> str:
    make_key(path)
    return path.read_text(encoding="utf-8")


def make_key(path: Path) -> None:
    """Make the key unless it is there: as a copy of `secret.key` beside it where there is one.

    So marks that were made with that one stay right, and it may be changed from then on.
    """
    if path.exists():
        return
    before = path.with_name(BEFORE)
    text = before.read_text(encoding="utf-8") if before.exists() else secrets.token_urlsafe(48)
    with NamedTemporaryFile("w", dir=path.parent, encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
        with suppress(FileExistsError):  # another process was quicker
            path.hardlink_to(file.name)
    sync_folder(path.parent)
